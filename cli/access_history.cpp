#include "cli/access_history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include "cli/files.hpp"
#include "cli/ledger_access.hpp"
#include "ledger/trace/frame.hpp"

namespace hufu::cli {
namespace {

constexpr std::size_t kReadAtOnce = 1 << 20;

Trouble alarm(const std::string& whose, std::uint64_t entry, Error error) {
  return {.error = error,
          .what = fmt::format("the access log of {} is not sound", whose),
          .why = fmt::format("entry {}: {}", entry, describe(error).en),
          .next = "keep it as it is, and ask the operator of the node",
          .exit = kIntegrityAlarm};
}

// The member that signed, in a file that does not say whose it is.
const Member* signer_of(const Genesis& genesis, const LedgerId& ledger, const SignedEntry& entry) {
  const auto& members = genesis.roster.members;
  const auto signer = std::find_if(members.begin(), members.end(), [&](const Member& member) {
    return check_entry({.genesis = ledger.genesis, .member = member.id}, entry, member.cosign_key)
        .has_value();
  });
  return signer == members.end() ? nullptr : &*signer;
}

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

Try<AccessHistory> access_history(Client& client, const Genesis& genesis, const SeeEntry& see,
                                  const Session& session) {
  const LedgerId ledger = ledger_id(genesis);
  std::optional<AccessChain> chain;
  const Member* member = nullptr;
  for (;;) {
    const std::uint64_t from = chain ? chain->next() : 0;
    const Reply<AccessPage> page = client.traces(from);
    if (!page) return trouble_of(page.error(), session, "cannot read the access log");
    if (!chain) {
      member = find_member(genesis.roster, page->member);
      if (member == nullptr) return alarm(client.last_url(), 0, Error::key_unknown);
      chain.emplace(AccessKeeper{.genesis = ledger.genesis, .member = member->id});
    }
    // Another node's log is another log: the client may have gone on to a node that answers.
    if (page->member != member->id) {
      return Trouble{.error = Error::ledger_unavailable,
                     .what = fmt::format("{} stopped answering in the middle of its log", member->name),
                     .next = "ask it again, by its address, with --node"};
    }
    if (page->entries.empty()) {
      if (page->total > chain->next()) return alarm(member->name, chain->next(), Error::truncated);
      return AccessHistory{.node = member->name, .entries = chain->next()};
    }
    for (const SignedEntry& entry : page->entries) {
      if (const Result<void> checked = chain->check(entry, member->cosign_key); !checked)
        return alarm(member->name, from, checked.error());
      see(member->name, entry);
    }
  }
}

Try<AccessHistory> access_history(const std::string& path, const Genesis& genesis, const SeeEntry& see) {
  const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rb"));
  if (!file) return file_trouble(Error::file_unreadable, path, "the access log");
  const LedgerId ledger = ledger_id(genesis);
  std::optional<AccessChain> chain;
  const Member* member = nullptr;
  Bytes window;
  for (bool more = true; more;) {
    Bytes piece(kReadAtOnce);
    piece.resize(std::fread(piece.data(), 1, piece.size(), file.get()));
    if (std::ferror(file.get()) != 0) return file_trouble(Error::file_unreadable, path, "the access log");
    more = !piece.empty();
    window.insert(window.end(), piece.begin(), piece.end());
    ByteSpan rest = window;
    for (auto payload = frame_at(rest); payload; payload = frame_at(rest)) {
      const Result<SignedEntry> entry = decode<SignedEntry>(*payload);
      if (!entry) return alarm(path, chain ? chain->next() : 0, entry.error());
      if (!chain) {
        member = signer_of(genesis, ledger, *entry);
        if (member == nullptr) return alarm(path, 0, Error::signature_invalid);
        chain.emplace(AccessKeeper{.genesis = ledger.genesis, .member = member->id});
      }
      if (const Result<void> checked = chain->check(*entry, member->cosign_key); !checked)
        return alarm(path, chain->next(), checked.error());
      see(member->name, *entry);
      rest = rest.subspan(kFrameHeadBytes + payload->size());
    }
    window = to_bytes(rest);
    if (window.size() > kFrameBytes) return alarm(path, chain ? chain->next() : 0, Error::storage_corrupt);
  }
  if (!window.empty() && any_frame_in(ByteSpan(window).subspan(1)))
    return alarm(path, chain ? chain->next() : 0, Error::storage_corrupt);
  return AccessHistory{.node = member == nullptr ? path : member->name, .entries = chain ? chain->next() : 0};
}

}  // namespace hufu::cli
