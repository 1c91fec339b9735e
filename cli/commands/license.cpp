#include "cli/commands/license.hpp"

#include <fmt/format.h>

#include "cli/changes.hpp"
#include "cli/text/width.hpp"

namespace hufu::cli {
namespace {

// The license type as the province of the signing agency uses it.
Try<CatalogueStanding> catalogue_of(Desk& desk, const SubjectKey& license, const Session& session) {
  const Try<Standing> agency = current_standing(desk, {SubjectKind::agency, desk.signatory.agency}, session);
  if (!agency) return agency.error();
  const std::string& province = std::get<AgencyStanding>(agency->detail).province;
  const SubjectKey key{SubjectKind::catalogue,
                       fmt::format("{}/{}", province, split_license_id(license.id)->type)};
  Try<std::optional<Standing>> entry = find_standing(*desk.client, key, session);
  if (!entry) return entry.error();
  if (!*entry) {
    return Trouble{
        .error = Error::not_found,
        .what = fmt::format("{} has no entry for this type in its catalogue", province),
        .why = "so its status codes have no meaning on the ledger",
        .next = "name the act instead: hufu suspend, revoke, rescind, cancel; or hufu catalogue set",
        .exit = kRules};
  }
  return std::get<CatalogueStanding>((*entry)->detail);
}

}  // namespace

Try<LicenseAction> action_of_code(const CatalogueStanding& type, const std::string& code) {
  std::string known;
  for (const StatusCode& each : type.status_codes) {
    if (each.code == code) return each.action;
    known +=
        fmt::format("{}{} ({})", known.empty() ? "" : ", ", text::printable(each.code), verb_of(each.action));
  }
  return Trouble{
      .error = Error::field_invalid,
      .what = fmt::format("{} has no status code {}", text::printable(type.name), text::printable(code)),
      .why = known.empty() ? "the catalogue lists none" : "the catalogue lists " + known,
      .exit = kRules};
}

int run(const TransferOut& options, const Session& session) {
  const Try<SubjectKey> license = license_named(options.id);
  if (!license) return session.fail(license.error());
  Try<Desk> desk = open_desk(options.submit, session);
  if (!desk) return session.fail(desk.error());
  const int exit =
      submit_act(*desk, *license, LicenseTransferOut{.province = options.province, .agency = options.agency},
                 "transfer out", session);
  if (exit == kOk && !options.agency.empty()) {
    session.say(fmt::format(
        fmt::runtime(session.tr("it stays in force until {} takes it over: hufu transfer in FIELDS --from {}",
                                "在 {} 接收前继续有效：hufu transfer in 字段 --from {}")),
        options.agency, license->id));
  }
  return exit;
}

int run(const CorrectLicense& options, const Session& session) {
  const Try<SubjectKey> license = license_named(options.id);
  if (!license) return session.fail(license.error());
  const Try<SubjectKey> replacement = license_named(options.replacement);
  if (!replacement) return session.fail(replacement.error());
  Try<Desk> desk = open_desk(options.submit, session);
  if (!desk) return session.fail(desk.error());
  return submit_act(*desk, *license, LicenseCorrection{.replacement = *replacement}, "correct", session);
}

int run(const SetStatus& options, const Session& session) {
  const Try<SubjectKey> license = license_named(options.id);
  if (!license) return session.fail(license.error());
  Try<Desk> desk = open_desk(options.submit, session);
  if (!desk) return session.fail(desk.error());
  const Try<CatalogueStanding> type = catalogue_of(*desk, *license, session);
  if (!type) return session.fail(type.error());
  const Try<LicenseAction> action = action_of_code(*type, options.code);
  if (!action) return session.fail(action.error());
  return submit_act(*desk, *license, LicenseChange{.action = *action}, std::string(verb_of(*action)),
                    session);
}

}  // namespace hufu::cli
