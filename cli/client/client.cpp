#include "cli/client/client.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

#include "cli/client/dialogue.hpp"

namespace hufu::cli {

namespace asio = boost::asio;

namespace {

template <class T>
Failure unreadable(const T& what) {
  return Failure{.problem = api::problem(Error::not_canonical, what), .url = {}, .attempts = {}};
}

}  // namespace

void throw_exception_from_error(const Failure& failure, const boost::source_location& where) {
  throw_exception_from_error(failure.problem.refusal.error, where);
}

// The thread, and what all dialogues share.
class Client::Impl {
 public:
  // One line of work: its connection is kept from call to call.
  struct Line {
    explicit Line(const asio::any_io_executor& executor) : link(executor) {}
    Link link;
    Call call;
  };

  Impl() : thread_([this] { io_.run(); }) {}
  ~Impl() {
    io_.stop();
    thread_.join();
  }

  asio::any_io_executor executor() { return io_.get_executor(); }

  // On any thread; `done` is called on the client's.
  void ask(Line& line, std::function<void(Reply<Bytes>)> done) {
    asio::co_spawn(io_, converse(line, std::move(done)), asio::detached);
  }

  Reply<Bytes> ask_and_wait(Call call) {
    std::promise<Reply<Bytes>> promise;
    std::future<Reply<Bytes>> future = promise.get_future();
    line_.call = std::move(call);
    ask(line_, [&promise](Reply<Bytes> reply) { promise.set_value(std::move(reply)); });
    return future.get();
  }

  // One exchange with this address, without repeating.
  void ask_once(std::size_t address, Line& line, std::function<void(Reply<Bytes>)> done) {
    asio::co_spawn(io_, exchange_once(address, line, std::move(done)), asio::detached);
  }

  Reply<Proof> proof(const SubjectKey& subject, api::ReadWish read, const api::ProofWish& wish);
  Reply<api::Accepted> checked(Reply<api::Accepted> accepted);
  void follow_roster();

  AddressBook book;
  RosterStanding roster;   // in force, as far as this client has followed it
  bool recovered = false;  // without the quorum before it
  std::vector<std::string> urls;
  std::optional<LedgerId> ledger;

 private:
  asio::awaitable<void> converse(Line& line, std::function<void(Reply<Bytes>)> done) {
    Dialogue dialogue(book, line.link, line.call, io_.get_executor());
    Reply<Bytes> reply = co_await dialogue.run();
    done(std::move(reply));
  }

  asio::awaitable<void> exchange_once(std::size_t address, Line& line,
                                      std::function<void(Reply<Bytes>)> done) {
    Exchange exchange = co_await line.link.exchange(book.at(address), line.call, book.options.timeout);
    const std::string& url = book.at(address).url;
    if (exchange.reached != Exchange::Reached::answered) {
      Failure failure{.problem = api::problem(exchange.error, exchange.why), .url = {}, .attempts = {}};
      failure.attempts.push_back(Attempt{.url = url, .error = exchange.error, .why = exchange.why});
      done(std::move(failure));
    } else if (exchange.status != 200 || !exchange.expected) {
      done(Failure{.problem = problem_of(exchange), .url = url, .attempts = {}});
    } else {
      done(std::move(exchange.body));
    }
  }

  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
  Line line_{io_.get_executor()};
  std::thread thread_;  // last: it must not run before the rest is there
};

namespace {

// Canonical, and of this ledger (N3).
bool of_ledger(const LedgerId& ledger, const api::ReceiptAnswer& answer) {
  return !answer.receipt || check_receipt(ledger, *answer.receipt).has_value();
}
bool of_ledger(const LedgerId& ledger, const Evidence& evidence) { return evidence.ledger == ledger; }
bool of_ledger(const LedgerId& ledger, const api::NodeStatus& status) { return status.ledger == ledger; }
template <class T>
bool of_ledger(const LedgerId& /*ledger*/, const T& /*answer*/) {
  return true;  // says nothing of a ledger
}

template <class T>
Reply<T> read_as(const std::optional<LedgerId>& ledger, Reply<Bytes> reply) {
  if (!reply) return reply.error();
  Result<T> value = decode<T>(*reply);
  if (!value)
    return unreadable("the node's answer cannot be read: " + std::string(describe(value.error()).en));
  if (ledger && !of_ledger(*ledger, *value)) {
    return Failure{.problem = api::problem(
                       Error::genesis_mismatch,
                       "the node answers for another ledger, or with a receipt that does not verify"),
                   .url = {},
                   .attempts = {}};
  }
  return *std::move(value);
}

Call get(const api::Question& question, std::string_view expects = api::kBinaryType) {
  return Call{
      .method = api::method_of(question), .target = api::target_of(question), .body = {}, .expects = expects};
}

Call post(Bytes submission, api::WaitWish wait) {
  return Call{.method = api::Method::post,
              .target = api::target_of(api::ask::Submit{.wait = wait}),
              .body = std::move(submission)};
}

Failure dishonest(std::string_view why) {
  return Failure{.problem = api::problem(Error::proof_invalid, why), .url = {}, .attempts = {}};
}

// A page must bring the list further, and hold nothing else.
bool follows(const api::RegistryAnswer& page, const api::ask::Registry& asked) {
  const SubjectKey* before = nullptr;
  for (const api::RegistryEntry& entry : page.entries) {
    const bool behind =
        before != nullptr ? before->id < entry.key.id : asked.after.empty() || asked.after < entry.key.id;
    if (entry.key.kind != asked.kind || !behind) return false;
    before = &entry.key;
  }
  return page.kind == asked.kind && (!page.more || before != nullptr);
}

// The receipt must verify, and be that of what was sent.
Reply<api::Accepted> read_receipt(const std::optional<LedgerId>& ledger, ByteSpan submission,
                                  Reply<Bytes> reply) {
  Reply<api::Accepted> accepted = read_as<api::Accepted>(ledger, std::move(reply));
  if (!accepted) return accepted;
  if (ledger && !check_receipt(*ledger, accepted->receipt))
    return dishonest("the node's receipt does not verify");
  Reader reader(submission);
  SubmissionHeader sent;
  reader& sent;
  if (reader.error() || sent != accepted->receipt.header) {
    return dishonest("the node's receipt is of another submission");
  }
  return accepted;
}

// What the newest operation on the roster says: is it by the authorities' word alone, after the quorum was lost?
bool is_recovered(const Proof& proof) {
  if (proof.evidence.operations.empty()) return false;
  const auto* enact = std::get_if<Enact>(&proof.evidence.operations.back().operation.payload);
  const auto* entry = enact == nullptr ? nullptr : std::get_if<RosterEntry>(&enact->decision.body);
  return entry != nullptr && entry->recovery.has_value();
}

}  // namespace

Reply<Proof> Client::Impl::proof(const SubjectKey& subject, api::ReadWish read, const api::ProofWish& wish) {
  const Reply<Bytes> file =
      ask_and_wait(get(api::ask::ProofOf{.key = subject, .read = read, .wish = wish}, api::kProofType));
  if (!file) return file.error();
  Result<Proof> proof = decode_proof(*file);
  if (!proof)
    return unreadable("the node's proof cannot be read: " + std::string(describe(proof.error()).en));
  if ((ledger && proof->evidence.ledger != *ledger) || proof->evidence.subject.key != subject) {
    return dishonest("the node's proof is of another ledger or another subject");
  }
  return *std::move(proof);
}

// What a receipt says of the quorum must be so.
Reply<api::Accepted> Client::Impl::checked(Reply<api::Accepted> accepted) {
  const std::optional<Genesis>& genesis = book.options.genesis;
  if (!accepted || !accepted->certified || !genesis) return accepted;
  const Receipt& receipt = accepted->receipt;
  const CertifiedCheckpoint cosigned{{receipt.log_size, receipt.log_root}, accepted->cosignatures};
  if (check_certified(genesis->origin, roster, cosigned)) return accepted;
  follow_roster();
  if (check_certified(genesis->origin, roster, cosigned)) return accepted;
  return dishonest("the node calls its receipt certified, and the cosignatures are not a quorum's");
}

// To the roster in force, by the handovers of a proof. After a recovery there is none: then by the roster's own life, which shows
// that as many authorities as it takes, from the founding document on, decided so.
void Client::Impl::follow_roster() {
  const std::optional<Genesis>& genesis = book.options.genesis;
  const Reply<Proof> shown = proof(roster_subject(), api::ReadWish::settled, {});
  if (!genesis || !shown) return;
  const ProofFinding followed = check_proof(founding_anchor(*genesis), *shown);
  if (none_failed(followed.checks)) {
    roster = followed.roster;
    return;
  }
  const auto& standing = shown->evidence.subject.standing;
  const auto* now = standing ? std::get_if<RosterStanding>(&standing->detail) : nullptr;
  if (now == nullptr || !is_recovered(*shown)) return;
  const ProofFinding recovered_finding = check_proof({.genesis = &*genesis, .roster = *now}, *shown);
  if (!none_failed(recovered_finding.checks)) return;
  roster = *now;
  recovered = true;
}

Reply<std::unique_ptr<Client>> Client::make(ClientOptions options) {
  auto impl = std::make_unique<Impl>();
  const Genesis* genesis = options.genesis ? &*options.genesis : nullptr;
  for (const std::string& url : options.urls) {
    auto address = parse_address(url, genesis);
    if (!address) return Failure{.problem = address.error(), .url = {}, .attempts = {}};
    impl->book.addresses.push_back(*std::move(address));
  }
  if (genesis != nullptr) {
    impl->ledger = ledger_id(*genesis);
    impl->roster = genesis->roster;
    impl->book.of_roster = roster_addresses(*genesis);
  }
  if (impl->book.addresses.empty()) impl->book.addresses = std::exchange(impl->book.of_roster, {});
  if (impl->book.addresses.empty()) {
    return Failure{.problem = api::problem(Error::usage, "no node's address is given, and no genesis file"),
                   .url = {},
                   .attempts = {}};
  }
  for (const Address& address : impl->book.addresses) impl->urls.push_back(address.url);
  impl->book.options = std::move(options);
  impl->book.preferred = 0;
  return std::unique_ptr<Client>(new Client(std::move(impl)));
}

Client::Client(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Client::~Client() = default;

Reply<api::Accepted> Client::submit(ByteSpan submission, api::WaitWish wait) {
  return impl_->checked(
      read_receipt(impl_->ledger, submission, impl_->ask_and_wait(post(to_bytes(submission), wait))));
}

Reply<api::StandingAnswer> Client::standing(const SubjectKey& key, api::ReadWish read) {
  return read_as<api::StandingAnswer>(impl_->ledger,
                                      impl_->ask_and_wait(get(api::ask::Standing{.key = key, .read = read})));
}

Reply<Evidence> Client::evidence(const SubjectKey& key, api::ReadWish read) {
  return read_as<Evidence>(impl_->ledger,
                           impl_->ask_and_wait(get(api::ask::Subject{.key = key, .read = read})));
}

Reply<api::HistoryAnswer> Client::history(const SubjectKey& key, api::ReadWish read) {
  return read_as<api::HistoryAnswer>(impl_->ledger,
                                     impl_->ask_and_wait(get(api::ask::History{.key = key, .read = read})));
}

Reply<api::RegistryAnswer> Client::registry(SubjectKind kind, api::ReadWish read) {
  api::ask::Registry asked{.kind = kind, .read = read};
  std::optional<api::RegistryAnswer> all;
  do {
    auto page = read_as<api::RegistryAnswer>(impl_->ledger, impl_->ask_and_wait(get(asked)));
    if (!page) return page;
    if (!follows(*page, asked))
      return unreadable("the node's page of the registry does not follow on the one before");
    if (!all) {
      all = *std::move(page);
    } else {
      std::move(page->entries.begin(), page->entries.end(), std::back_inserter(all->entries));
      all->more = page->more;
    }
    if (all->entries.size() > kRegistry)
      return Failure{.problem =
                         api::problem(Error::oversize, "the registry is longer than this command reads")};
    if (all->more) asked.after = all->entries.back().key.id;
  } while (all->more);
  return *std::move(all);
}

Reply<api::ReceiptAnswer> Client::receipt(const Hash& submission) {
  return read_as<api::ReceiptAnswer>(impl_->ledger,
                                     impl_->ask_and_wait(get(api::ask::ReceiptOf{.submission = submission})));
}

Reply<api::ReceiptAnswer> Client::receipt(std::string_view agency, const RequestId& request_id) {
  api::ask::ReceiptOfRequest asked{.agency = std::string(agency), .request_id = request_id};
  return read_as<api::ReceiptAnswer>(impl_->ledger, impl_->ask_and_wait(get(std::move(asked))));
}

Reply<Bytes> Client::block(std::uint64_t height) {
  return impl_->ask_and_wait(get(api::ask::BlockAt{.height = height}));
}

Reply<api::Head> Client::head(api::ReadWish read) {
  return read_as<api::Head>(impl_->ledger, impl_->ask_and_wait(get(api::ask::HeadNow{.read = read})));
}

Reply<Proof> Client::proof(const SubjectKey& subject, api::ReadWish read, const api::ProofWish& wish) {
  return impl_->proof(subject, read, wish);
}

Reply<std::string> Client::checkpoint_note() {
  const Reply<Bytes> note = impl_->ask_and_wait(get(api::ask::CheckpointNote{}, api::kNoteType));
  if (!note) return note.error();
  return std::string(as_text(*note));
}

Reply<std::vector<Hash>> Client::consistency(std::uint64_t from, std::uint64_t to) {
  auto answer = read_as<api::ConsistencyAnswer>(
      impl_->ledger, impl_->ask_and_wait(get(api::ask::LogConsistency{.from = from, .to = to})));
  if (!answer) return answer.error();
  if (answer->from != from || answer->to != to) return unreadable("the node's path is between other sizes");
  return std::move(answer->path);
}

Reply<SignedEntry> Client::record_trace(const SignedTrace& trace) {
  const api::Question question = api::ask::RecordTrace{};
  auto entry = read_as<SignedEntry>(
      impl_->ledger,
      impl_->ask_and_wait(Call{
          .method = api::method_of(question), .target = api::target_of(question), .body = encode(trace)}));
  if (!entry) return entry.error();
  const auto* written = std::get_if<SignedTrace>(&entry->entry.record);
  if (written == nullptr || *written != trace) return dishonest("the node wrote down another trace");
  return entry;
}

Reply<AccessPage> Client::traces(std::uint64_t from, std::size_t limit) {
  return read_as<AccessPage>(impl_->ledger,
                             impl_->ask_and_wait(get(api::ask::Traces{.from = from, .limit = limit})));
}

Reply<api::ClusterStatus> Client::cluster() {
  return read_as<api::ClusterStatus>(impl_->ledger, impl_->ask_and_wait(get(api::ask::ClusterNow{})));
}

Reply<api::NodeStatus> Client::status() {
  return read_as<api::NodeStatus>(impl_->ledger, impl_->ask_and_wait(get(api::ask::StatusNow{})));
}

Reply<Genesis> Client::genesis() {
  const Reply<Bytes> file = impl_->ask_and_wait(get(api::ask::GenesisFile{}));
  if (!file) return file.error();
  Result<Genesis> genesis = decode_genesis(*file);
  if (!genesis)
    return unreadable("the node's genesis file cannot be read: " + std::string(describe(genesis.error()).en));
  if (impl_->ledger && ledger_id(*genesis) != *impl_->ledger) {
    return Failure{.problem = api::problem(Error::genesis_mismatch, "the node serves another ledger"),
                   .url = {},
                   .attempts = {}};
  }
  return *std::move(genesis);
}

std::vector<NodeReply> Client::status_of_each() {
  const std::size_t count = impl_->urls.size();
  std::vector<std::unique_ptr<Impl::Line>> lines;
  std::vector<std::promise<Reply<Bytes>>> promises(count);
  for (std::size_t i = 0; i < count; ++i) {
    lines.push_back(std::make_unique<Impl::Line>(impl_->executor()));
    lines[i]->call = get(api::ask::StatusNow{});
    impl_->ask_once(i, *lines[i],
                    [&promise = promises[i]](Reply<Bytes> reply) { promise.set_value(std::move(reply)); });
  }
  std::vector<NodeReply> replies;
  for (std::size_t i = 0; i < count; ++i) {
    Reply<Bytes> reply = promises[i].get_future().get();
    replies.push_back(
        {.url = impl_->urls[i], .status = read_as<api::NodeStatus>(impl_->ledger, std::move(reply))});
  }
  // Connections are destroyed where they live.
  std::promise<void> gone;
  asio::post(impl_->executor(), [&] {
    lines.clear();
    gone.set_value();
  });
  gone.get_future().wait();
  return replies;
}

const RosterStanding& Client::roster() const { return impl_->roster; }
bool Client::recovered() const { return impl_->recovered; }

const std::vector<std::string>& Client::urls() const { return impl_->urls; }

std::string Client::last_url() const { return impl_->book.at(impl_->book.preferred).url; }

// ---- pipeline ----

// Shared with the client's thread, which may still be at work when the pipeline is destroyed. The mutex guards `done_` and
// `free_` alone: they are where the two threads meet.
class Pipeline::Impl : public std::enable_shared_from_this<Pipeline::Impl> {
 public:
  Impl(Client::Impl& client, std::size_t window, api::WaitWish wait) : client_(client), wait_(wait) {
    for (std::size_t i = 0; i < window; ++i) {
      free_.push_back(std::make_unique<Client::Impl::Line>(client.executor()));
    }
  }

  void push(std::uint64_t tag, Bytes submission) {
    std::shared_ptr<Client::Impl::Line> line = take_line();
    line->call = post(std::move(submission), wait_);
    ++in_flight_;
    client_.ask(*line, [self = shared_from_this(), line, tag](Reply<Bytes> reply) {
      Reply<api::Accepted> accepted = read_receipt(self->client_.ledger, line->call.body, std::move(reply));
      self->finish(tag, line, std::move(accepted));
    });
  }

  std::optional<Done> next() {
    if (in_flight_ == 0) return std::nullopt;
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return !done_.empty(); });
    Done done = std::move(done_.front());
    done_.pop_front();
    --in_flight_;
    lock.unlock();
    // On this thread: it may have to ask for the roster in force.
    done.reply = client_.checked(std::move(done.reply));
    return done;
  }

  std::size_t in_flight() const { return in_flight_; }

 private:
  std::shared_ptr<Client::Impl::Line> take_line() {
    const std::lock_guard lock(mutex_);
    HUFU_CHECK(!free_.empty());
    auto line = std::move(free_.back());
    free_.pop_back();
    return line;
  }

  void finish(std::uint64_t tag, std::shared_ptr<Client::Impl::Line> line, Reply<api::Accepted> reply) {
    {
      const std::lock_guard lock(mutex_);
      done_.push_back(Done{.tag = tag, .reply = std::move(reply)});
      free_.push_back(std::move(line));
    }
    arrived_.notify_one();
  }

  Client::Impl& client_;
  const api::WaitWish wait_;
  std::size_t in_flight_ = 0;  // of the user's thread
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Done> done_;
  std::vector<std::shared_ptr<Client::Impl::Line>> free_;
};

Pipeline::Pipeline(Client& client, std::size_t window, api::WaitWish wait)
    : window_(std::clamp<std::size_t>(window, 1, 64)),
      impl_(std::make_shared<Impl>(*client.impl_, window_, wait)) {}

Pipeline::~Pipeline() = default;

std::size_t Pipeline::in_flight() const { return impl_->in_flight(); }

void Pipeline::push(std::uint64_t tag, Bytes submission) { impl_->push(tag, std::move(submission)); }

std::optional<Pipeline::Done> Pipeline::next() { return impl_->next(); }

}  // namespace hufu::cli
