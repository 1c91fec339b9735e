#include "cli/commands/cluster.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/decision_input.hpp"
#include "cli/files.hpp"
#include "cli/roster_step.hpp"
#include "cli/text/width.hpp"

namespace hufu::cli {
namespace {

Try<Member> read_card(const std::string& path) {
  const Try<Bytes> content = read_file(path, limits::kDocumentBytes);
  if (!content) return content.error();
  return node_card_from_json(as_text(*content), path);
}

Trouble no_such_node(const RosterStanding& roster, const std::string& name) {
  std::string names;
  for (const Member& member : roster.members) names += (names.empty() ? "" : ", ") + member.name;
  return {.error = Error::not_found,
          .what = fmt::format("the ledger has no node {}", text::printable(name)),
          .why = "it has " + names};
}

// Without the node of this name, if it has one.
bool drop(RosterStanding& roster, const std::string& name) {
  return std::erase_if(roster.members, [&](const Member& member) { return member.name == name; }) > 0;
}

void take_in(RosterStanding& roster, Member member) {
  const auto at = std::lower_bound(roster.members.begin(), roster.members.end(), member.id,
                                   [](const Member& each, std::uint64_t id) { return each.id < id; });
  roster.members.insert(at, std::move(member));
}

// The roster of the next epoch, as `change` makes it of today's.
int propose_roster(const std::function<Try<void>(RosterStanding& roster)>& change,
                   const ProposeOptions& options, const Session& session) {
  const auto make = [&](const Standing* target, CivilDay, const std::string&) -> Try<DecisionBody> {
    const auto& before = std::get<RosterStanding>(target->detail);
    RosterStanding after = before;
    ++after.epoch;
    if (const Try<void> done = change(after); !done) return done.error();
    const Try<Genesis> genesis = load_genesis(session);
    if (!genesis) return genesis.error();
    const Try<std::unique_ptr<Client>> client = connect(session, *genesis);
    if (!client) return client.error();
    if (const Try<void> safe = check_step(**client, before, after, Step::propose, session); !safe)
      return safe.error();
    return DecisionBody(RosterEntry{.roster = std::move(after), .recovery = std::nullopt});
  };
  return propose(roster_subject(), make, options, session);
}

}  // namespace

int run(const ClusterAdd& options, const Session& session) {
  Try<Member> card = read_card(options.card);
  if (!card) return session.fail(card.error());
  return propose_roster(
      [&](RosterStanding& roster) -> Try<void> {
        take_in(roster, std::move(*card));
        return {};
      },
      options.propose, session);
}

int run(const ClusterRemove& options, const Session& session) {
  return propose_roster(
      [&](RosterStanding& roster) -> Try<void> {
        if (!drop(roster, options.name)) return no_such_node(roster, options.name);
        return {};
      },
      options.propose, session);
}

int run(const NodeReplace& options, const Session& session) {
  Try<Member> card = read_card(options.card);
  if (!card) return session.fail(card.error());
  if (card->name != options.name) {
    return session.fail(
        {.error = Error::usage,
         .what = fmt::format("the card is of {}, not of {}", card->name, text::printable(options.name)),
         .next = fmt::format("hufu node init DIR --join --name {} …", options.name)});
  }
  return propose_roster(
      [&](RosterStanding& roster) -> Try<void> {
        if (!drop(roster, options.name)) return no_such_node(roster, options.name);
        take_in(roster, std::move(*card));
        return {};
      },
      options.propose, session);
}

}  // namespace hufu::cli
