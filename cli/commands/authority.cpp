#include "cli/commands/authority.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/decision_input.hpp"
#include "cli/text/width.hpp"

namespace hufu::cli {
namespace {

SubjectKey agency_key(const std::string& code) { return {SubjectKind::agency, code}; }

Trouble unknown_agency(const std::string& code) {
  return {.error = Error::issuer_unknown,
          .what = fmt::format("no agency {} is on this ledger", text::printable(code)),
          .next = "hufu agency add registers one"};
}

// A decision about an agency that is there.
int propose_for_agency(const std::string& code, const DecisionBody& body, const ProposeOptions& options,
                       const Session& session) {
  const auto make = [&](const Standing* target, CivilDay, const std::string&) -> Try<DecisionBody> {
    if (target == nullptr) return unknown_agency(code);
    return body;
  };
  return propose(agency_key(code), make, options, session);
}

std::vector<AgencyKey> agency_keys(const std::vector<PublicKey>& keys) {
  std::vector<AgencyKey> out;
  for (const PublicKey& key : keys) out.push_back({.key = key});
  return out;
}

// The key of a file that is opened, or written out.
Try<PublicKey> next_key(const KeyRotate& options, const Session& session) {
  if (const Result<PublicKey> key = public_key_from_hex(options.next)) return *key;
  KeyOptions next = options.submit.key;
  next.key = options.next;
  const Try<KeyFile> file = chosen_key(next, session);
  if (!file) return file.error();
  return SigningKey(file->seed).public_key();
}

}  // namespace

int run(const AgencyAdd& options, const Session& session) {
  const Try<std::vector<PublicKey>> keys = public_keys_of(options.keys);
  if (!keys) return session.fail(keys.error());
  const auto make = [&](const Standing* target, CivilDay day, const std::string&) -> Try<DecisionBody> {
    if (target != nullptr) {
      return Trouble{.error = Error::already_exists,
                     .what = fmt::format("agency {} is registered already", options.code),
                     .next = fmt::format("hufu agency regrant {}, or key-add", options.code),
                     .exit = kRules};
    }
    Try<std::vector<Grant>> grants = grants_of(options.grants, day);
    if (!grants) return grants.error();
    return DecisionBody(AgencyEntry{.name = options.name,
                                    .province = options.province,
                                    .grants = std::move(*grants),
                                    .keys = agency_keys(*keys)});
  };
  return propose(agency_key(options.code), make, options.propose, session);
}

int run(const AgencyRegrant& options, const Session& session) {
  const auto make = [&](const Standing* target, CivilDay day, const std::string&) -> Try<DecisionBody> {
    if (target == nullptr) return unknown_agency(options.code);
    const auto& agency = std::get<AgencyStanding>(target->detail);
    Try<std::vector<Grant>> grants = grants_of(options.grants, day);
    if (!grants) return grants.error();
    return DecisionBody(AgencyEntry{.name = options.name.empty() ? agency.name : options.name,
                                    .province = agency.province,
                                    .grants = std::move(*grants),
                                    .keys = {}});
  };
  return propose(agency_key(options.code), make, options.propose, session);
}

int run(const AgencyStepTaken& options, const Session& session) {
  return propose_for_agency(options.code, AgencyChange{.step = options.step}, options.propose, session);
}

int run(const AgencySucceed& options, const Session& session) {
  return propose_for_agency(options.code, AgencySuccessor{.successor = options.successor}, options.propose,
                            session);
}

int run(const AgencyKeyAdd& options, const Session& session) {
  const Try<PublicKey> key = public_key_of(options.key);
  if (!key) return session.fail(key.error());
  AgencyKey entry{.key = *key};
  if (!options.from.empty()) {
    const Try<std::uint64_t> from = moment_of(options.from);
    if (!from) return session.fail(from.error());
    entry.from_ms = *from;
  }
  if (!options.to.empty()) {
    const Try<std::uint64_t> to = moment_of(options.to);
    if (!to) return session.fail(to.error());
    entry.to_ms = *to;
  }
  const auto make = [&](const Standing* target, CivilDay day, const std::string&) -> Try<DecisionBody> {
    if (target == nullptr) return unknown_agency(options.code);
    Try<std::vector<Grant>> scope = grants_of(options.scope, day);
    if (!scope) return scope.error();
    entry.scope = std::move(*scope);
    return DecisionBody(KeyEntry{.key = entry});
  };
  return propose(agency_key(options.code), make, options.propose, session);
}

int run(const AgencyKeyEnd& options, const Session& session) {
  const Try<PublicKey> key = public_key_of(options.key);
  if (!key) return session.fail(key.error());
  KeyEnd end{.key = *key, .compromised_ms = std::nullopt};
  if (!options.compromised_since.empty()) {
    const Try<std::uint64_t> since = moment_of(options.compromised_since);
    if (!since) return session.fail(since.error());
    end.compromised_ms = *since;
  }
  return propose_for_agency(options.code, end, options.propose, session);
}

int run(const ProvinceSet& options, const Session& session) {
  const Try<std::vector<PublicKey>> keys = public_keys_of(options.keys);
  if (!keys) return session.fail(keys.error());
  const auto make = [&](const Standing* target, CivilDay day, const std::string&) -> Try<DecisionBody> {
    if (target == nullptr) {
      return Trouble{.error = Error::not_found,
                     .what = fmt::format("{} is no province of this ledger", text::printable(options.code))};
    }
    const auto& province = std::get<ProvinceStanding>(target->detail);
    ProvinceStanding entry = province;
    if (!options.name.empty()) entry.name = options.name;
    entry.authority_keys = *keys;
    entry.threshold = static_cast<std::uint8_t>(options.threshold);
    if (!options.grants.empty()) {
      Try<std::vector<Grant>> grants = grants_of(options.grants, day);
      if (!grants) return grants.error();
      entry.grants = std::move(*grants);
    }
    return DecisionBody(ProvinceEntry{.entry = std::move(entry)});
  };
  return propose({SubjectKind::province, options.code}, make, options.propose, session);
}

int run(const KeyRotate& options, const Session& session) {
  Try<Desk> desk = open_desk(options.submit, session);
  if (!desk) return session.fail(desk.error());
  const Try<PublicKey> next = next_key(options, session);
  if (!next) return session.fail(next.error());
  const SubjectKey subject = agency_key(desk->signatory.agency);
  const Try<std::optional<Standing>> standing = find_standing(*desk->client, subject, session);
  if (!standing) return session.fail(standing.error());
  if (!*standing) return session.fail(unknown_agency(subject.id));
  const std::vector<AgencyKey>& keys = std::get<AgencyStanding>((*standing)->detail).keys;
  const PublicKey own = desk->signatory.key.public_key();
  const auto held =
      std::find_if(keys.begin(), keys.end(), [&](const AgencyKey& key) { return key.key == own; });
  if (held == keys.end()) {
    return session.fail({.error = Error::key_unknown,
                         .what = fmt::format("{} does not hold this key", subject.id),
                         .next = "pass --key with a key in force, or have the province add one"});
  }
  const AgencyKey entry{.key = *next, .to_ms = held->to_ms, .scope = held->scope};
  const Try<api::Accepted> accepted =
      submit(*desk,
             {{.subject = subject,
               .previous = previous_of(&**standing),
               .effective = desk->day,
               .payload = KeyRotation{.next = entry, .ends_signer = !options.keep}}},
             fmt::format("rotate the key of {}", subject.id), session);
  if (!accepted) return session.fail(accepted.error());
  print_receipt(*accepted, *desk, subject, "key rotate",
                {{"publicKey", to_hex(*next)}, {"endsOld", !options.keep}}, session);
  session.say(
      session.tr("keep the old key file: salts and blinded identifiers of what it issued come from it",
                 "请保留旧密钥文件：此前签发文件的盐值与盲化标识由其派生"));
  return kOk;
}

}  // namespace hufu::cli
