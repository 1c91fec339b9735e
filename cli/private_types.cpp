#include "cli/private_types.hpp"

#include <fmt/format.h>

#include "cli/ledger_access.hpp"

namespace hufu::cli {

Try<std::string> PrivateTypes::province_of(const std::string& agency) {
  const auto known = provinces_.find(agency);
  if (known != provinces_.end()) return known->second;
  const Reply<api::StandingAnswer> answer = client_.standing({SubjectKind::agency, agency});
  if (!answer) return trouble_of(answer.error(), session_, fmt::format("cannot look up agency {}", agency));
  const auto* const standing =
      answer->standing ? std::get_if<AgencyStanding>(&answer->standing->detail) : nullptr;
  if (standing == nullptr) {
    return Trouble{.error = Error::issuer_unknown,
                   .what = fmt::format("agency {} is not on the ledger", agency)};
  }
  return provinces_.emplace(agency, standing->province).first->second;
}

Try<bool> PrivateTypes::has(const std::string& agency, const std::string& type) {
  if (wish_ != Blinding::as_catalogued) return wish_ == Blinding::always;
  const Try<std::string> province = province_of(agency);
  if (!province) return province.error();
  const SubjectKey key{SubjectKind::catalogue, *province + "/" + type};
  const auto known = private_.find(key.id);
  if (known != private_.end()) return known->second;
  const Reply<api::StandingAnswer> answer = client_.standing(key);
  if (!answer) {
    return trouble_of(answer.error(), session_,
                      fmt::format("cannot find out whether type {} is private", type));
  }
  const auto* const entry =
      answer->standing ? std::get_if<CatalogueStanding>(&answer->standing->detail) : nullptr;
  return private_.emplace(key.id, entry != nullptr && entry->private_keys).first->second;
}

Try<Blinding> blinding_of(bool hidden, bool open) {
  if (hidden && open)
    return Trouble{.error = Error::usage, .what = "--private and --public contradict each other"};
  if (hidden) return Blinding::always;
  return open ? Blinding::never : Blinding::as_catalogued;
}

}  // namespace hufu::cli
