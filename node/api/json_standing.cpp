// Standings: what the state says of a subject.
#include "node/api/json_authority.hpp"
#include "node/api/json_value.hpp"

namespace hufu::api {
namespace {

json::value succession_json(const std::optional<Succession>& succession) {
  if (!succession) return nullptr;
  return json::object{{"by", text_json(name_of(succession->kind))},
                      {"subject", subject_json(succession->other)}};
}

json::value offer_json(const std::optional<TransferOffer>& offer) {
  if (!offer) return nullptr;
  return json::object{{"province", text_or_null(offer->province)}, {"agency", text_or_null(offer->agency)}};
}

json::value claim_json(const std::optional<Claim>& claim) {
  if (!claim) return nullptr;
  return json::object{{"entity", hex_json(claim->entity)},
                      {"period", claim->period},
                      {"voucher", hex_json(claim->voucher)},
                      {"day", day_json(claim->day)}};
}

json::value request_json(const std::optional<OpenRedRequest>& request) {
  if (!request) return nullptr;
  return json::object{{"number", text_json(request->number)},
                      {"day", day_json(request->day)},
                      {"byBuyer", request->by_buyer},
                      {"confirmed", request->confirmed}};
}

std::string_view name_of(Redness redness) {
  switch (redness) {
    case Redness::none:
      return "NONE";
    case Redness::partial:
      return "PARTIAL";
    case Redness::full:
      break;
  }
  return "FULL";
}

struct PutDetail {
  json::object& out;

  void operator()(const LicenseStanding& license) const {
    out["kind"] = "license";
    out["state"] = text_json(name_of(license.state));
    out["since"] = day_json(license.since);
    out["issuer"] = text_json(license.issuer);
    out["issued"] = day_json(license.issued);
    out["validFrom"] = day_json(license.valid_from);
    out["validTo"] = day_json(license.valid_to);
    out["assurance"] = assurance_json(license.assurance);
    out["predecessor"] = succession_json(license.predecessor);
    out["successor"] = succession_json(license.successor);
    out["offer"] = offer_json(license.offer);
    out["disputed"] = day_json(license.disputed);
    out["correction"] = subject_json(license.correction);
    out["commitment"] = hex_json(license.commitment);
  }
  void operator()(const InvoiceStanding& invoice) const {
    out["kind"] = "invoice";
    out["issuer"] = text_json(invoice.issuer);
    out["issued"] = day_json(invoice.issued);
    out["blue"] = invoice.blue;
    out["amount"] = yuan_json(invoice.amount_fen);
    out["tax"] = yuan_json(invoice.tax_fen);
    out["seller"] = hash_json(invoice.seller);
    out["buyer"] = hash_json(invoice.buyer);
    out["original"] = subject_json(invoice.original);
    out["redness"] = text_json(name_of(redness(invoice)));
    out["redAmount"] = yuan_json(invoice.red_amount_fen);
    out["redTax"] = yuan_json(invoice.red_tax_fen);
    out["request"] = request_json(invoice.request);
    out["claim"] = claim_json(invoice.claim);
    out["reversalDue"] = reversal_due(invoice);
    out["delivered"] = day_json(invoice.delivered);
    out["archived"] = day_json(invoice.archived);
    out["annulled"] = day_json(invoice.annulled);
    out["commitment"] = hex_json(invoice.commitment);
  }
  void operator()(const AgencyStanding& agency) const {
    out["kind"] = "agency";
    put_agency(out, agency);
  }
  void operator()(const ProvinceStanding& province) const {
    out["kind"] = "province";
    put_province(out, province);
  }
  void operator()(const RosterStanding& roster) const {
    out["kind"] = "roster";
    put_roster(out, roster);
  }
  void operator()(const RequestStanding& request) const {
    out["kind"] = "request";
    out["submission"] = hex_json(request.submission);
    out["place"] = to_json(request.place);
  }
  void operator()(const LineageStanding& lineage) const {
    out["kind"] = "lineage";
    out["newest"] = text_json(lineage.newest);
  }
  void operator()(const DecisionStanding& decision) const {
    out["kind"] = "decision";
    out["target"] = subject_json(decision.target);
    json::array provinces;
    for (const Side& side : decision.sides) provinces.push_back(text_json(side.province));
    out["provinces"] = std::move(provinces);
    json::array approvals;
    for (const Approval& approval : decision.approvals) {
      approvals.push_back(
          json::object{{"province", text_json(approval.province)}, {"key", hex_json(approval.key)}});
    }
    out["approvals"] = std::move(approvals);
  }
  void operator()(const AgreementStanding& agreement) const {
    out["kind"] = "agreement";
    put_agreement(out, agreement);
  }
  void operator()(const CatalogueStanding& entry) const {
    out["kind"] = "catalogue";
    put_catalogue(out, entry);
  }
};

}  // namespace

json::object to_json(const Place& place) {
  json::object out;
  out["height"] = number_json(place.height);
  out["submission"] = place.submission;
  return out;
}

json::object to_json(const Detail& detail) {
  json::object out;
  std::visit(PutDetail{out}, detail);
  return out;
}

json::object to_json(const Standing& standing) {
  json::object out = to_json(standing.detail);
  out["operations"] = standing.count;
  out["last"] = nullptr;
  if (standing.count > 0) out["last"] = hex_json(standing.last);
  return out;
}

}  // namespace hufu::api
