#!/usr/bin/env python3
"""Writes genesis/five: five invented provinces, and every answer that a counter can get between them.

Shanghai, Jiangsu and Zhejiang recognise each other's business licenses and workshop registrations. Anhui maps Shanghai's
workshop registration to a type of its own and wants the highest assurance; its agreement with Jiangsu has ended. Shandong
has agreed with nobody. Lives, cases and what must be refused are told one by one below; identifiers, names and sums come from
the functions of make_sample.py, as synthetic as there.

    python3 genesis/make_five.py            writes genesis/five
    python3 genesis/make_five.py --check    fails if the files differ from what would be written
"""

import datetime
import json
import pathlib
import sys

import make_sample as sample

sample.chance = sample.Chance(0x46495645)

A, B, C, D, E = "310000", "320000", "330000", "340000", "370000"
PROVINCES = [(A, "上海市", "沪", "310115"), (B, "江苏省", "苏", "320102"), (C, "浙江省", "浙", "330105"),
             (D, "安徽省", "皖", "340102"), (E, "山东省", "鲁", "370102")]
NAMES = {code: name for code, name, _, _ in PROVINCES}
REGION = {code: region for code, _, _, region in PROVINCES}
BUSINESS = ("11100000MB0143028R001", "营业执照")
SAFETY = ("11100000000013338W011", "建筑施工企业安全生产管理人员考核合格证书")
WORKSHOP = "食品小作坊登记证"


def digest(*parts):
    return sample.digest("five", *parts)


class World:
    """What happens, in the order in which it is told; the files are sorted by day."""

    def __init__(self):
        self.agencies, self.types, self.agreements = [], [], []
        self.licenses, self.license_events = [], []
        self.invoices, self.invoice_events = [], []
        self.rejects, self.cases = [], []
        self.serial = 0
        self.sequence = 528_600_000

    # ---- who ----

    def agency(self, province, office, *types, withdrawn=None):
        code = sample.organisation_code("11", REGION[province])
        agency = {"code": code, "name": NAMES[province] + office, "province": province, "typeCodes": list(types),
                  "validFrom": "2018-01-01"}
        if withdrawn:
            agency["withdrawnAt"] = withdrawn
        self.agencies.append(agency)
        return agency

    def local_type(self, agency, name):
        code = agency["code"] + "001"
        self.types.append({"typeCode": code, "name": name, "province": agency["province"]})
        agency["typeCodes"].append(code)
        return (code, name)

    def agree(self, issuer, verifier, assurance, entries, valid=("2024-05-01", "2029-04-30")):
        self.agreements.append({
            "agreementId": f"AGR-{issuer[:2]}-{verifier[:2]}-{valid[0][:4]}", "issuer": issuer, "verifier": verifier,
            "validFrom": valid[0], "validTo": valid[1], "minAssurance": assurance,
            "contact": NAMES[issuer] + "政务服务办公室", "entries": entries})

    # ---- licenses ----

    def event(self, day, what, license, **more):
        self.license_events.append({"at": day, "event": what, "certIdentifier": license["certIdentifier"],
                                    "agency": license["issuerCode"], **more})

    def license(self, agency, kind, day, until="长期", assurance="L2", what="ISSUE", previous=None,
                valid_from=None):
        if previous is not None and what != "TRANSFER_IN":
            serial, version = previous["certIdentifier"].split(".")[7:9]
            version = f"{int(version) + 1:03d}"
        else:
            self.serial += 1
            serial, version = f"{day[:4]}{self.serial:06d}", "001"
        body = f"{kind[0]}{agency['code']}{serial}{version}"
        holder = (sample.company("安宁区"), sample.organisation_code("91", REGION[agency["province"]]))
        record = {
            "certIdentifier": f"1.2.156.3005.2.{kind[0]}.{agency['code']}.{serial}.{version}.{sample.mod37_36(body)}",
            "certTypeCode": kind[0], "certTypeName": kind[1], "certNumber": f"XT{serial}", "certVersion": version,
            "issuerName": agency["name"], "issuerCode": agency["code"], "issueDate": day,
            "holderName": previous["holderName"] if previous else holder[0],
            "holderCode": previous["holderCode"] if previous else holder[1], "holderTypeCode": "001",
            "holderTypeName": "统一社会信用代码", "validFrom": valid_from or day, "validTo": until, "areaCode": agency["province"],
            "assurance": assurance}
        record["faceDigest"] = digest("face", *record.values())
        record["fileDigest"] = digest("file", record["certIdentifier"])
        self.licenses.append(record)
        more = {"prev": previous["certIdentifier"]} if previous else {}
        self.event(day, what, record, **more)
        return record

    def case(self, license, verifier, day, verdict, *reasons, face=None, maps_to=None, scenario=None):
        case = {"certIdentifier": license["certIdentifier"], "verifier": verifier, "at": day,
                "presentedFaceDigest": face or license["faceDigest"], "verdict": verdict, "reasons": list(reasons)}
        if maps_to:
            case["mapsTo"] = maps_to
        if scenario:
            case["scenario"] = scenario
        self.cases.append(case)

    def reject(self, reason, event, **fields):
        self.rejects.append({"expect": "REJECT", "reason": reason, "event": event, **fields})

    # ---- invoices ----

    def invoice_event(self, at, what, invoice, **more):
        self.invoice_events.append({"at": at, "event": what, "invoiceNumber": invoice["invoiceNumber"], **more})

    def invoice(self, province, day, seller, buyer, price, original=None, sheet=""):
        self.sequence += 7
        number = f"{day[2:4]}{province[:2]}2{self.sequence:015d}"
        when = datetime.datetime.fromisoformat(day + "T10:00:00")
        lines = [("*信息技术服务*软件服务费", 1, abs(price), price, 6, price * 6 // 100)]
        record = sample.invoice_record(number, ("02", "电子发票（普通发票）"), when, seller, buyer, lines, province,
                                       original["invoiceNumber"] if original else "", sheet)
        self.invoices.append(record)
        if original:
            self.invoice_event(record["issueTime"], "RED_ISSUE", record, of=original["invoiceNumber"], confirmNo=sheet,
                               total=record["total"])
        else:
            self.invoice_event(record["issueTime"], "INV_ISSUE", record, by=seller[1], total=record["total"])
            self.invoice_event(day, "INV_DELIVER", record, by="税务数字账户")
        return record


def entry(kind, maps_to=None, scenarios=("行政许可", "招标投标")):
    found = {"typeCode": kind[0], "localName": maps_to[1] if maps_to else kind[1], "scenarios": list(scenarios),
             "statusMaxAgeHours": 24}
    if maps_to:
        found["mapsTo"] = maps_to[0]
    return found


def tell(w):
    office = {p: w.agency(p, "市场监督管理局", BUSINESS[0]) for p in (A, B, C, D, E)}
    safety = w.agency(A, "住房和城乡建设厅", SAFETY[0])
    ended = w.agency(B, "行政审批局", BUSINESS[0], withdrawn="2024-12-31")
    w.types += [{"typeCode": BUSINESS[0], "name": BUSINESS[1]}, {"typeCode": SAFETY[0], "name": SAFETY[1]}]
    workshop = w.local_type(office[A], WORKSHOP)
    workshop_of_d = w.local_type(office[D], "食品生产加工小作坊登记证")

    for issuer in (A, B, C):
        for verifier in (A, B, C):
            if issuer != verifier:
                w.agree(issuer, verifier, "L2", [entry(BUSINESS)])
    w.agree(A, D, "L3", [entry(BUSINESS), entry(workshop, workshop_of_d, ("行政许可",))])
    w.agree(B, D, "L2", [entry(BUSINESS)], valid=("2022-01-01", "2023-12-31"))

    now = "2025-03-01"
    accept, not_here, refuse = "ACCEPT", "AUTHENTIC_NOT_RECOGNIZED", "REFUSE"

    # One license, seen from all sides.
    good = w.license(office[A], BUSINESS, "2020-06-01")
    w.case(good, A, now, accept)
    w.case(good, B, now, accept)
    w.case(good, C, now, accept, scenario="招标投标")
    w.case(good, C, now, not_here, "SCENARIO_NOT_COVERED", scenario="银行开户")
    w.case(good, D, now, not_here, "ASSURANCE_TOO_LOW")
    w.case(good, E, now, not_here, "NO_AGREEMENT")
    w.case(good, B, "2020-05-31", refuse, "NOT_FOUND")
    w.case(good, B, now, refuse, "CONTENT_MISMATCH", face=digest("altered"))
    w.case(good, E, now, refuse, "CONTENT_MISMATCH", "NO_AGREEMENT", face=digest("altered"))

    # Anhui's own words for it.
    strong = w.license(office[A], BUSINESS, "2021-02-01", assurance="L3")
    w.case(strong, D, now, accept)
    mapped = w.license(office[A], workshop, "2023-05-10", until="2026-05-09", assurance="L3")
    w.case(mapped, D, now, accept, maps_to=workshop_of_d[0], scenario="行政许可")
    w.case(mapped, D, now, not_here, "SCENARIO_NOT_COVERED", scenario="招标投标")
    w.case(mapped, B, now, not_here, "TYPE_NOT_RECOGNIZED")
    w.case(mapped, D, "2026-06-01", refuse, "EXPIRED", maps_to=workshop_of_d[0])
    weak = w.license(office[A], workshop, "2023-06-10", until="2026-06-09", assurance="L1")
    w.case(weak, D, now, not_here, "ASSURANCE_TOO_LOW")
    outside = w.license(office[B], BUSINESS, "2021-01-15")
    w.case(outside, D, now, not_here, "AGREEMENT_EXPIRED")
    w.case(outside, D, "2023-06-01", accept)
    person = w.license(safety, SAFETY, "2024-02-01", until="2027-01-31")
    w.case(person, C, now, not_here, "TYPE_NOT_RECOGNIZED")

    # Every way in which a life goes on or ends.
    expired = w.license(office[C], BUSINESS, "2021-03-01", until="2024-02-29")
    w.event("2024-03-01", "EXPIRE", expired)
    w.case(expired, A, "2024-02-29", not_here, "NO_AGREEMENT")
    w.case(expired, A, now, refuse, "EXPIRED")
    suspended = w.license(office[C], BUSINESS, "2021-04-01")
    w.event("2024-07-01", "SUSPEND", suspended)
    w.event("2024-09-01", "RESUME", suspended)
    w.case(suspended, B, "2024-08-01", refuse, "SUSPENDED")
    w.case(suspended, B, now, accept)
    changed = w.license(office[B], BUSINESS, "2020-09-01")
    newer = w.license(office[B], BUSINESS, "2024-10-10", what="CHANGE", previous=changed)
    w.case(changed, A, "2024-10-09", accept)
    w.case(changed, A, now, refuse, "SUPERSEDED")
    w.case(newer, A, now, accept)
    renewed = w.license(office[A], workshop, "2022-01-10", until="2025-01-09", assurance="L3")
    longer = w.license(office[A], workshop, "2024-12-20", until="2027-12-19", assurance="L3", what="RENEW",
                       previous=renewed)
    w.case(renewed, D, "2025-01-05", refuse, "SUPERSEDED", maps_to=workshop_of_d[0])
    w.case(renewed, D, now, refuse, "EXPIRED", maps_to=workshop_of_d[0])
    w.case(longer, D, now, accept, maps_to=workshop_of_d[0])
    for what, reason in (("REVOKE", "REVOKED"), ("RESCIND", "RESCINDED"), ("CANCEL", "CANCELLED")):
        license = w.license(office[C], BUSINESS, "2021-05-01")
        w.event("2025-01-20", what, license)
        w.case(license, A, "2025-01-19", accept)
        w.case(license, A, now, refuse, reason)
        w.case(license, E, now, refuse, reason, "NO_AGREEMENT")
        w.reject("LIC_TERMINAL", "RESUME", certIdentifier=license["certIdentifier"], agency=office[C]["code"])
    early = w.license(office[C], BUSINESS, "2025-02-20", valid_from="2025-04-01")
    w.case(early, A, now, refuse, "NOT_YET_VALID")
    disputed = w.license(office[A], BUSINESS, "2021-06-01")
    w.event("2025-02-01", "DISPUTE_OPEN", disputed)
    w.case(disputed, B, now, accept)  # a note, no reason

    # From one province to another: an offer, taken over in one act.
    leaving = w.license(office[A], BUSINESS, "2019-11-01")
    w.event("2025-01-05", "TRANSFER_OUT", leaving, toProvince=B, toAgency=office[B]["code"])
    arrived = w.license(office[B], BUSINESS, "2025-01-08", what="TRANSFER_IN", previous=leaving)
    w.case(leaving, B, "2025-01-07", accept)
    w.case(leaving, B, now, refuse, "TRANSFERRED")
    w.case(arrived, C, now, accept)
    gone = w.license(office[B], BUSINESS, "2019-12-01")
    w.event("2025-01-15", "TRANSFER_OUT", gone)
    w.case(gone, A, now, refuse, "TRANSFERRED")

    # An agency whose authority ended: what it issued before stays good.
    before = w.license(ended, BUSINESS, "2024-06-01")
    after = w.license(ended, BUSINESS, "2025-02-10")
    w.case(before, A, now, accept)
    w.case(after, A, now, refuse, "ISSUER_NOT_AUTHORIZED")

    # No identifiers at all.
    unknown = dict(good, certIdentifier=good["certIdentifier"][:-1] + ("0" if good["certIdentifier"][-1] != "0" else "1"))
    w.case(unknown, B, now, refuse, "ID_CHECK_CHAR")
    w.case(dict(good, certIdentifier="1.2.156.3005.2.nothing"), B, now, refuse, "ID_MALFORMED")

    w.reject("LIC_DUPLICATE_ISSUE", "ISSUE", certIdentifier=good["certIdentifier"], agency=office[A]["code"])
    w.reject("LIC_NOT_ISSUER", "SUSPEND", certIdentifier=good["certIdentifier"], agency=office[C]["code"])
    w.reject("LIC_BAD_TRANSITION", "RESUME", certIdentifier=good["certIdentifier"], agency=office[A]["code"])
    w.reject("ID_CHECK_CHAR", "ISSUE", certIdentifier=unknown["certIdentifier"], agency=office[A]["code"])
    w.reject("LIC_TERMINAL", "CANCEL_TRANSFER", certIdentifier=leaving["certIdentifier"], agency=office[A]["code"])
    tell_of_invoices(w)


def tell_of_invoices(w):
    seller = (sample.company("安宁区"), sample.organisation_code("91", REGION[C]))
    buyer = (sample.company("安宁区"), sample.organisation_code("91", REGION[A]))
    other = (sample.company("安宁区"), sample.organisation_code("91", REGION[B]))

    booked = w.invoice(C, "2024-11-01", seller, buyer, 1_000_000)
    w.invoice_event("2024-11-20", "INV_CLAIM", booked, by=buyer[1], voucher="记-202411-0001")
    w.invoice_event("2024-11-21", "INV_UNCLAIM", booked, by=buyer[1], reason="入账错误")
    w.invoice_event("2024-11-22", "INV_CLAIM", booked, by=buyer[1], voucher="记-202411-0002")
    w.invoice_event("2024-12-31", "INV_ARCHIVE", booked, by=buyer[1])
    w.reject("INV_ALREADY_CLAIMED", "INV_CLAIM", invoiceNumber=booked["invoiceNumber"], by=buyer[1])
    w.reject("INV_NOT_BUYER", "INV_CLAIM", invoiceNumber=booked["invoiceNumber"], by=other[1])

    # Taken back in two parts: the booked one needs the buyer's word.
    returned = w.invoice(C, "2024-12-01", seller, buyer, 500_000)
    w.invoice_event("2024-12-10", "INV_CLAIM", returned, by=buyer[1], voucher="记-202412-0003")
    for day, sheet, sum in (("2024-12-15", "33010524120000000001", -200_000), ("2025-01-15", "33010525010000000002", -300_000)):
        w.invoice_event(day, "RED_REQUEST", returned, by=seller[1], confirmNo=sheet, reason="01", state="02")
        w.invoice_event(day, "RED_CONFIRM", returned, by=buyer[1], confirmNo=sheet, state="04")
        red = w.invoice(C, day, seller, buyer, sum, returned, sheet)
    w.reject("INV_FULLY_RED", "INV_CLAIM", invoiceNumber=returned["invoiceNumber"], by=buyer[1])
    w.reject("INV_RED_NOT_CLAIMABLE", "INV_CLAIM", invoiceNumber=red["invoiceNumber"], by=buyer[1])
    w.reject("RED_EXCEEDS_REMAINING", "RED_ISSUE", of=returned["invoiceNumber"], invoiceNumber="25332000000999999999",
             total="-1.00")

    # A request that nobody answers holds a claim up for three days.
    waited = w.invoice(C, "2025-01-10", seller, buyer, 300_000)
    w.invoice_event("2025-01-20", "RED_REQUEST", waited, by=seller[1], confirmNo="33010525010000000003", reason="02",
                    state="02")
    w.invoice_event("2025-01-21", "INV_CLAIM", waited, by=buyer[1], voucher="记-202501-0004")
    w.invoice_event("2025-01-23", "RED_EXPIRE", waited, confirmNo="33010525010000000003", state="07")

    locked = w.invoice(C, "2025-02-10", seller, buyer, 400_000)
    w.invoice_event("2025-02-20", "RED_REQUEST", locked, by=seller[1], confirmNo="33010525020000000004", reason="02",
                    state="02")
    w.reject("INV_RED_LOCKED", "INV_CLAIM", invoiceNumber=locked["invoiceNumber"], by=buyer[1])


def all_files():
    w = World()
    tell(w)

    def lines(objects):
        return "".join(json.dumps(o, ensure_ascii=False) + "\n" for o in objects).encode()

    provinces = [{"code": c, "name": n, "abbr": a} for c, n, a, _ in PROVINCES]
    return {
        "reference/provinces.json": (json.dumps(provinces, ensure_ascii=False, indent=1) + "\n").encode(),
        "reference/license_types.jsonl": lines(w.types),
        "reference/agencies.jsonl": lines(w.agencies),
        "reference/agreements.jsonl": lines(w.agreements),
        "canonical/licenses.jsonl": lines(w.licenses),
        "canonical/license_events.jsonl": lines(sample.number_events(w.license_events)),
        "canonical/invoices.jsonl": lines(w.invoices),
        "canonical/invoice_events.jsonl": lines(sample.number_events(w.invoice_events)),
        "canonical/reject_events.jsonl": lines(w.rejects),
        "canonical/verify_cases.jsonl": lines(w.cases),
    }


def main():
    folder = pathlib.Path(__file__).resolve().parent / "five"
    files = all_files()
    if "--check" in sys.argv[1:]:
        wrong = [name for name, data in files.items()
                 if not (folder / name).is_file() or (folder / name).read_bytes() != data]
        sys.exit("differs: " + ", ".join(wrong) if wrong else 0)
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    print(f"{len(files)} files, {sum(map(len, files.values()))} bytes in {folder}")


if __name__ == "__main__":
    main()
