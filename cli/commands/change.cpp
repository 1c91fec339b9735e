#include "cli/commands/change.hpp"

#include "cli/changes.hpp"

namespace hufu::cli {

int run(const ChangeLicense& options, const Session& session) {
  const Try<SubjectKey> license = license_named(options.id);
  if (!license) return session.fail(license.error());
  Try<Desk> desk = open_desk(options.submit, session);
  if (!desk) return session.fail(desk.error());
  return submit_act(*desk, *license, LicenseChange{.action = options.action},
                    std::string(verb_of(options.action)), session);
}

}  // namespace hufu::cli
