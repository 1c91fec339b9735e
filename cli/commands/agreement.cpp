#include "cli/commands/agreement.hpp"

#include <fmt/format.h>

#include "cli/decision_input.hpp"
#include "cli/files.hpp"
#include "cli/text/width.hpp"

namespace hufu::cli {

int run(const RecognitionPropose& options, const Session& session) {
  const Try<Bytes> content = read_file(options.file, limits::kDocumentBytes);
  if (!content) return session.fail(content.error());
  const Try<AgreementDraft> draft = agreement_from_json(as_text(*content), options.file);
  if (!draft) return session.fail(draft.error());
  const auto make = [&](const Standing*, CivilDay, const std::string&) -> Try<DecisionBody> {
    return DecisionBody(draft->text);
  };
  return propose(draft->subject, make, options.propose, session);
}

int run(const RecognitionEnd& options, const Session& session) {
  const SubjectKey subject{SubjectKind::agreement, options.issuer + "/" + options.verifier};
  const auto make = [&](const Standing* target, CivilDay, const std::string& signer) -> Try<DecisionBody> {
    if (target == nullptr) {
      return Trouble{.error = Error::not_found,
                     .what = fmt::format("no agreement {} is on this ledger", text::printable(subject.id)),
                     .next = "hufu recognition list"};
    }
    return DecisionBody(AgreementEnd{.by = signer});
  };
  return propose(subject, make, options.propose, session);
}

int run(const CatalogueSet& options, const Session& session) {
  const Try<Bytes> content = read_file(options.file, limits::kDocumentBytes);
  if (!content) return session.fail(content.error());
  const Try<CatalogueDraft> draft = catalogue_from_json(as_text(*content), options.file);
  if (!draft) return session.fail(draft.error());
  const auto make = [&](const Standing*, CivilDay, const std::string&) -> Try<DecisionBody> {
    return DecisionBody(draft->entry);
  };
  return propose(draft->subject, make, options.propose, session);
}

}  // namespace hufu::cli
