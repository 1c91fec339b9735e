#include "cli/bench/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <thread>

#include "cli/bench/machine.hpp"
#include "cli/clock.hpp"
#include "node/api/route.hpp"

namespace hufu::cli::bench {
namespace {

// Bijections of 0 … 10^n - 1: the factor has no factor in common with 10.
constexpr std::uint64_t kInvoices = 1'000'000'000'000'000;
constexpr std::uint64_t kLicenses = 1'000'000'000'000;
__extension__ using Wide = unsigned __int128;
constexpr std::uint64_t spread(std::uint64_t number, std::uint64_t range) {
  constexpr std::uint64_t kFactor = 618'033'988'749'893;
  return static_cast<std::uint64_t>(static_cast<Wide>(number) * (kFactor % range) % range);
}

constexpr std::string_view kInvoiceColumns =
    "invoiceNumber,kindCode,kind,blue,issueTime,sellerName,sellerTaxId,buyerName,buyerTaxId,amount,tax,total,"
    "totalChinese,remark,originalInvoice,redConfirmNo,fpzt,rzzt,redLock,areaCode,digest\n";

Hash hash_of(std::string_view what, std::string_view id) {
  return sha256({as_bytes(what), as_bytes("\n"), as_bytes(id)});
}

std::string organisation(std::uint64_t number) {
  const std::string body = fmt::format("91330105XT{:07}", number % 10'000'000);
  return body + uscc_check_char(body).value();
}

Request with_head(std::string head, ByteSpan content) {
  Request request{.wire = {}, .body = head.size()};
  request.wire.reserve(head.size() + content.size());
  std::copy(head.begin(), head.end(), std::back_inserter(request.wire));
  std::copy(content.begin(), content.end(), std::back_inserter(request.wire));
  return request;
}

// Runs piece(0) to piece(count - 1) on all cores.
void on_all_cores(std::size_t count, const std::function<void(std::size_t)>& piece) {
  const std::size_t threads = std::max(1U, cores());
  std::vector<std::thread> workers;
  for (std::size_t first = 0; first < threads; ++first) {
    workers.emplace_back([&piece, first, threads, count] {
      for (std::size_t i = first; i < count; i += threads) piece(i);
    });
  }
  for (std::thread& worker : workers) worker.join();
}

}  // namespace

demo::DataSet bench_data() {
  constexpr CivilDay kLongAgo = 10957;  // 2000-01-01
  const std::string type = "11100000MB0143028R001";
  demo::DataSet data;
  data.provinces = {{"310000", "上海市"},
                    {"320000", "江苏省"},
                    {"330000", "浙江省"},
                    {"340000", "安徽省"},
                    {"350000", "福建省"}};
  for (const auto& [code, name] : data.provinces) {
    data.agencies.push_back({.code = fmt::format("11{}XT00000116", code),
                             .name = name + "市场监督管理局（测试）",
                             .province = code,
                             .types = {type},
                             .from = kLongAgo,
                             .withdrawn = std::nullopt});
  }
  return data;
}

Try<LoadMaker> LoadMaker::make(const demo::Founded& founded, const demo::DataSet& data, SubjectKind kind,
                               const Session& session) {
  LoadMaker maker;
  maker.ledger_ = ledger_id(founded.genesis);
  maker.kind_ = kind;
  maker.today_ = china_today();
  maker.run_ = random_request_id();
  const PassphraseSource source{.descriptor = -1, .file = founded.passphrase_file()};
  const AskAgencies nobody_else = [] { return Try<Agencies>(Agencies()); };
  Try<Keyring> ring =
      Keyring::load({founded.keys_folder()}, source, {}, founded.genesis, nobody_else, session);
  if (!ring) return ring.error();
  maker.keys_ = std::make_shared<const Keyring>(std::move(*ring));
  for (const demo::DataAgency& agency : data.agencies) {
    const std::string code = kind == SubjectKind::invoice ? demo::tax_platform(agency.province) : agency.code;
    maker.signers_.push_back(
        {.signatory = maker.keys_->agency(code), .province = agency.province, .type = agency.types.front()});
  }
  return maker;
}

SubjectKey LoadMaker::subject(std::uint64_t number, std::size_t signer) const {
  const Signer& by = signers_[signer];
  if (kind_ == SubjectKind::invoice) {
    return {kind_, fmt::format("26{}2{:015}", by.province.substr(0, 2), spread(number, kInvoices))};
  }
  const std::string serial = fmt::format("2026{:012}", spread(number, kLicenses));
  const std::string& agency = by.signatory->agency;
  const char check = mod37_36(by.type + agency + serial + "001").value();
  return {kind_, fmt::format("{}{}.{}.{}.001.{}", kLicenseIdRoot, by.type, agency, serial, check)};
}

Operation LoadMaker::issue(std::uint64_t number, std::size_t signer) const {
  Operation operation{
      .subject = subject(number, signer), .previous = std::nullopt, .effective = today_, .payload = {}};
  const std::string& id = operation.subject.id;
  if (kind_ == SubjectKind::invoice) {
    operation.payload = InvoiceIssue{.commitment = hash_of("document", id),
                                     .blue = true,
                                     .amount_fen = 10'000 + static_cast<std::int64_t>(number % 1'000'000),
                                     .tax_fen = 600,
                                     .seller = hash_of("seller", id),
                                     .buyer = hash_of("buyer", id),
                                     .original = std::nullopt};
  } else {
    operation.payload = LicenseIssue{.commitment = hash_of("document", id),
                                     .valid_from = today_,
                                     .valid_to = std::nullopt,
                                     .assurance = Assurance::l2,
                                     .from = std::nullopt};
  }
  return operation;
}

Request LoadMaker::submission(const LoadSize& size, std::size_t index) const {
  const std::size_t signer = signer_of(size, index);
  const std::uint64_t first = size.first + index * size.records_each;
  std::vector<Operation> operations;
  operations.reserve(size.records_each);
  for (std::uint64_t number = first; number < first + size.records_each; ++number) {
    operations.push_back(issue(number, signer));
  }
  const Hash hash = sha256({run_, as_bytes(std::to_string(first))});
  RequestId id{};
  std::copy_n(hash.bytes.begin(), id.size(), id.begin());
  const Signatory& by = *signers_[signer].signatory;
  const Bytes content = encode(sign_submission(ledger_, by.agency, by.key, id, std::move(operations)));
  const api::WaitWish wait = size.certified ? api::WaitWish::certified : api::WaitWish::committed;
  return with_head(fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {}\r\nContent-Type: {}\r\n"
                               "Content-Length: {}\r\n\r\n",
                               api::target_of(api::ask::Submit{.wait = wait}), api::kBinaryType,
                               api::kBinaryType, content.size()),
                   content);
}

std::vector<Request> LoadMaker::submissions(const LoadSize& size) const {
  std::vector<Request> requests(size.submissions);
  on_all_cores(size.submissions, [&](std::size_t i) { requests[i] = submission(size, i); });
  return requests;
}

std::vector<Request> LoadMaker::proofs(const std::vector<LoadSize>& standing, std::size_t count) const {
  std::uint64_t all = 0;
  for (const LoadSize& size : standing) all += size.submissions * size.records_each;
  std::vector<Request> requests(all == 0 ? 0 : count);
  on_all_cores(requests.size(), [&](std::size_t i) {
    std::uint64_t at = spread(i, kLicenses) % all;
    auto size = standing.begin();
    for (; at >= size->submissions * size->records_each; ++size) at -= size->submissions * size->records_each;
    const SubjectKey key = subject(size->first + at, signer_of(*size, at / size->records_each));
    requests[i] = with_head(fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {}\r\n\r\n",
                                        api::target_of(api::ask::ProofOf{.key = key}), api::kBinaryType),
                            {});
  });
  return requests;
}

Try<void> LoadMaker::write_export(const std::string& path, std::uint64_t first, std::size_t rows) const {
  std::ofstream file(path, std::ios::binary);
  file << kInvoiceColumns;
  for (std::uint64_t number = first; number < first + rows; ++number) {
    const std::string& province = signers_[number % signers_.size()].province;
    const std::string id = fmt::format("26{}2{:015}", province.substr(0, 2), spread(number, kInvoices));
    file << fmt::format(
        "{},02,电子发票（普通发票）,True,2026-01-12T09:35:59+08:00,测试销方,{},测试购方,{},100.00,6.00,106."
        "00,"
        "壹佰零陆圆整,,,,0,02,N,{},{}\n",
        id, organisation(number), organisation(number + 1), province, to_hex(hash_of("invoice", id)));
  }
  file.close();
  if (!file) return Trouble{.error = Error::file_unwritable, .what = "cannot write " + path};
  return {};
}

}  // namespace hufu::cli::bench
