#!/usr/bin/env python3
"""Writes genesis/sample: the records of three invented provinces' offices, for the demo and the tests.

Everything is synthetic. Organisation codes carry XT where real ones have a registration body, citizen numbers carry areas
99xxxx, which do not exist, and names are put together from the word lists below. The run is deterministic: one seed, one
generator of our own, no clock; the files in git are what this script writes.

    python3 genesis/make_sample.py            writes genesis/sample
    python3 genesis/make_sample.py --check    fails if the files differ from what would be written
"""

import datetime
import hashlib
import json
import pathlib
import sys

SEED = 0x48554655
TODAY = datetime.date(2025, 6, 30)
LICENSES = 270
INVOICES = 270
LEGACY_ROWS = 120

PROVINCES = [("310000", "上海市", "沪"), ("320000", "江苏省", "苏"), ("330000", "浙江省", "浙")]
REGIONS = {
    "310000": [("310104", "徐汇区"), ("310115", "浦东新区"), ("310120", "奉贤区")],
    "320000": [("320102", "南京市"), ("320508", "苏州市"), ("320583", "昆山市")],
    "330000": [("330105", "杭州市"), ("330302", "温州市"), ("330702", "金华市")],
}
NATIONAL_TYPES = [
    ("11100000MB0143028R001", "营业执照", "O", 0, "11100000MB0143028R"),
    ("11100000000013338W009", "建筑工程施工许可证", "O", 0, "11100000000013338W"),
    ("11100000000013338W011", "建筑施工企业安全生产管理人员考核合格证书", "P", 3, "11100000000013338W"),
    ("11100000000013338W032", "建筑施工特种作业操作资格证书", "P", 2, "11100000000013338W"),
    ("11100000MB03271699001", "中华人民共和国不动产权证", "B", 0, "11100000MB03271699"),
]
TRADES = ["商贸", "物流", "科技", "环保", "电气", "餐饮管理", "文化传媒", "建筑工程", "信息技术"]
WORDS = ["松石", "云帆", "青禾", "明渠", "白鹭", "南岭", "北辰", "竹溪", "金砂", "远山"]
FORMS = ["有限公司", "有限责任公司", "股份有限公司", "（集团）有限公司"]
FAMILY = "甲乙丙丁戊己庚辛壬癸"
GIVEN = ["山", "河", "云", "松", "竹", "禾", "石", "雨桐", "子轩", "䶮", "㛃", "𬭎"]  # the last three need GB 18030
ITEMS = [("*餐饮服务*餐费", 6), ("*住宿服务*住宿费", 6), ("*计算机设备*笔记本电脑", 13), ("*信息技术服务*软件服务费", 6),
         ("*农产品*大米", 0), ("*办公用品*纸张", 13)]
STATES = {"01": "有效", "02": "暂扣", "03": "撤销", "04": "注销", "05": "失效", "06": "转出", "07": "吊销"}

USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Chance:
    """xorshift64*: the same numbers on every version of Python."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state ^= self.state >> 12
        self.state = (self.state ^ (self.state << 25)) & (2**64 - 1)
        self.state ^= self.state >> 27
        return ((self.state * 0x2545F4914F6CDD1D) & (2**64 - 1)) // 2**16 % n

    def one(self, items):
        return items[self.below(len(items))]

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def percent(self, share):
        return self.below(100) < share

    def hex(self, n):
        return "".join("0123456789abcdef"[self.below(16)] for _ in range(2 * n))


chance = Chance(SEED)


def mod37_36(text):
    p = 36
    for c in text:
        p = (p + BASE36.index(c)) % 36 or 36
        p = p * 2 % 37
    return BASE36[(37 - p) % 36]


def mod11_2(digits):
    p = 0
    for c in digits:
        p = (p + int(c)) * 2 % 11
    return "0123456789X"[(12 - p) % 11]


def with_uscc_check(first17):
    total = sum(USCC.index(c) * w for c, w in zip(first17, WEIGHTS))
    return first17 + USCC[(31 - total % 31) % 31]


organisations = 0


def organisation_code(sort, region):
    """A USCC whose nine characters of organisation are XT and a number; its own check place is any character."""
    global organisations
    organisations += 1
    return with_uscc_check(f"{sort}{region}XT{organisations:06d}{USCC[organisations % 31]}")


def digest(*parts):
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def fen(amount):
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02d}"


def company(region_name):
    place = region_name[:-1] if region_name.endswith(("市", "区")) else region_name
    return place + chance.one(WORDS) + chance.one(TRADES) + chance.one(FORMS)


def person():
    return chance.one(FAMILY) + chance.one(GIVEN)


def citizen_number():
    born = datetime.date(1960, 1, 1) + datetime.timedelta(days=chance.below(15000))
    first = f"99{chance.below(10000):04d}{born:%Y%m%d}{chance.below(1000):03d}"
    return first + mod11_2(first)


# ---- reference ----


def make_agencies():
    agencies, local_types = [], []
    offices = ["市场监督管理局", "住房和城乡建设局", "住房和城乡建设厅", "住房和城乡建设厅", "自然资源和规划局"]
    for province, name, _ in PROVINCES:
        for kind, office in zip(NATIONAL_TYPES, offices):
            region, city = chance.one(REGIONS[province])
            full = name + (REGIONS[province][0][1] if office.endswith("局") else "") + office
            agencies.append({"code": organisation_code("11", region), "name": full, "province": province,
                             "region": region, "city": city, "typeCodes": [kind[0]], "validFrom": "2018-01-01",
                             "status": "granted"})
        region, city = chance.one(REGIONS[province])
        code = organisation_code("11", region)
        local_types.append({"typeCode": code + "001", "name": "食品小作坊登记证", "holder": "O", "years": 3,
                            "origin": "synthetic-local", "definedBy": code, "province": province})
        agencies.append({"code": code, "name": name + "市场监督管理局（省定类型）", "province": province, "region": region,
                         "city": city, "typeCodes": [code + "001"], "validFrom": "2018-01-01", "status": "granted"})
    types = [{"typeCode": c, "name": n, "holder": h, "years": y, "origin": "public-code", "definedBy": d}
             for c, n, h, y, d in NATIONAL_TYPES]
    return agencies, types + local_types


def make_agreements(types):
    local = {t["province"]: t for t in types if "province" in t}
    out = []
    for a, _, _ in PROVINCES:
        for b, _, _ in PROVINCES:
            if a == b:
                continue
            entries = [{"typeCode": t[0], "localName": t[1], "scenarios": ["行政许可", "招标投标"], "statusMaxAgeHours": 24}
                       for t in NATIONAL_TYPES[:4]]
            if {a, b} == {"310000", "330000"}:
                entries.append({"typeCode": local[a]["typeCode"], "localName": local[b]["name"], "scenarios": ["行政许可"],
                                "mapsTo": local[b]["typeCode"], "statusMaxAgeHours": 24})
            out.append({"agreementId": f"AGR-{a[:2]}-{b[:2]}-2024", "issuer": a, "verifier": b, "validFrom": "2024-05-01",
                        "validTo": "2029-04-30", "minAssurance": "L2", "entries": entries})
    return out


# ---- licenses ----


def license_number(kind, province, region, issued, serial):
    abbr = next(a for p, _, a in PROVINCES if p == province)
    if kind.endswith("W009"):
        return f"{region}{issued:%Y%m%d}{serial % 10000:04d}"
    if kind.endswith("W011"):
        return f"{abbr}建安{chance.one(['A', 'B', 'C1', 'C2', 'C3'])}（{issued.year}）{serial:07d}"
    if kind.endswith("W032"):
        return f"{abbr}A{chance.between(1, 11):02d}{issued.year}{serial:06d}"
    if kind.endswith("99001"):
        return f"{abbr}（{issued.year}）{REGIONS[province][0][1]}不动产权第{serial:07d}号"
    return f"{abbr}XZF{province[:2]}{serial:08d}"


def license_record(agency, kind, serial, version, issued, first, years, holder, number, previous):
    until = "长期" if years == 0 else (datetime.date(issued.year + years, issued.month, min(issued.day, 28))
                                     - datetime.timedelta(days=1)).isoformat()
    body = f"{kind['typeCode']}{agency['code']}{serial}{version}"
    record = {
        "certIdentifier": f"1.2.156.3005.2.{kind['typeCode']}.{agency['code']}.{serial}.{version}.{mod37_36(body)}",
        "certTypeCode": kind["typeCode"], "certTypeName": kind["name"], "certNumber": number, "certVersion": version,
        "issuerName": agency["name"], "issuerCode": agency["code"], "issueDate": issued.isoformat(),
        "firstIssueDate": first.isoformat(), "holderName": holder[0], "holderCode": holder[1],
        "holderTypeCode": holder[2], "holderTypeName": "统一社会信用代码" if holder[2] == "001" else "公民身份号码",
        "validFrom": issued.isoformat(), "validTo": until, "areaCode": agency["province"], "salt": chance.hex(16)}
    record["faceDigest"] = digest("face", *record.values())
    record["fileDigest"] = digest("file", record["certIdentifier"], record["salt"])
    record.update(associatedCertId=previous, state="01", stateName="", assurance=chance.one(["L1", "L2", "L2", "L3"]))
    return record


def make_licenses(agencies, types):
    by_type = {t["typeCode"]: t for t in types}
    records, events = [], []

    def event(day, what, record, code, **more):
        events.append({"at": day.isoformat(), "event": what, "certIdentifier": record["certIdentifier"],
                       "agency": record["issuerCode"], "operateType": code, **more})

    def issue(day, what, record, code, previous):
        records.append(record)
        event(day, what, record, code, prev=previous, fileDigest=record["fileDigest"], faceDigest=record["faceDigest"])

    serial = 0
    while len(records) < LICENSES:
        serial += 1
        agency = agencies[chance.below(len(agencies))]
        kind = by_type[agency["typeCodes"][0]]
        issued = datetime.date(2019, 1, 1) + datetime.timedelta(days=chance.below(2340))
        region, city = chance.one(REGIONS[agency["province"]])
        organisation = kind["holder"] == "O" or (kind["holder"] == "B" and chance.percent(40))
        holder = ((company(city), organisation_code("91", region), "001") if organisation
                  else (person(), citizen_number(), "111"))
        number = holder[1] if kind["name"] == "营业执照" else license_number(kind["typeCode"], agency["province"], region,
                                                                       issued, serial)
        name = f"{issued.year}{serial:06d}"
        record = license_record(agency, kind, name, "001", issued, issued, kind["years"], holder, number, "")
        issue(issued, "ISSUE", record, "01", "")
        day = issued + datetime.timedelta(days=chance.between(20, 300))
        if chance.percent(8) and day <= TODAY and (record["validTo"] == "长期" or day.isoformat() < record["validTo"]):
            later = license_record(agency, kind, name, "002", day, issued, kind["years"], holder, number,
                                   record["certIdentifier"])
            change = record["validTo"] == "长期"
            issue(day, "CHANGE" if change else "RENEW", later, "09" if change else "02", record["certIdentifier"])
            record["state"] = "05"
            record = later
            day += datetime.timedelta(days=chance.between(20, 300))
        live_a_life(record, day, event)
    for record in records:
        record["stateName"] = STATES[record["state"]]
    return records, number_events(events)


def live_a_life(record, day, event):
    def alive(on):
        return on <= TODAY and (record["validTo"] == "长期" or on.isoformat() < record["validTo"])

    if chance.percent(8) and alive(day):
        event(day, "SUSPEND", record, "03")
        record["state"] = "02"
        day += datetime.timedelta(days=chance.between(5, 60))
        if chance.percent(60) and alive(day):
            event(day, "RESUME", record, "06")
            record["state"] = "01"
            day += datetime.timedelta(days=chance.between(5, 60))
    if chance.percent(10) and alive(day):
        what, code, state = chance.one([("REVOKE", "05", "07"), ("CANCEL", "05", "04"), ("CANCEL", "05", "04"),
                                        ("RESCIND", "05", "03")])
        event(day, what, record, code)
        record["state"] = state
    elif record["validTo"] != "长期" and record["validTo"] < TODAY.isoformat():
        event(datetime.date.fromisoformat(record["validTo"]) + datetime.timedelta(days=1), "EXPIRE", record, "04")
        record["state"] = "05"


def number_events(events):
    events.sort(key=lambda e: e["at"][:10])  # stable: what happened on one day stays in order
    for seq, e in enumerate(events, 1):
        e["seq"] = seq
    return events


# ---- invoices ----


def in_chinese(amount):
    digits, units = "零壹贰叁肆伍陆柒捌玖", ["", "拾", "佰", "仟"]
    negative, amount = amount < 0, abs(amount)
    yuan, jiao, cents = amount // 100, amount // 10 % 10, amount % 10

    def group(n):
        out, gap = "", False
        for i in (3, 2, 1, 0):
            d = n // 10**i % 10
            if d:
                out += ("零" if gap and out else "") + digits[d] + units[i]
            gap = d == 0
        return out

    high, low = yuan // 10000, yuan % 10000
    text = (group(high) + "万" if high else "") + ("零" if high and 0 < low < 1000 else "") + group(low)
    text = (text or "零") + "圆"
    text += (digits[jiao] + "角" if jiao else ("零" if cents else "")) + (digits[cents] + "分" if cents else "")
    return ("（负数）" if negative else "") + text + ("" if jiao or cents else "整")


def invoice_record(number, kind, when, seller, buyer, lines, province, original="", confirm=""):
    amount, tax = sum(line[3] for line in lines), sum(line[5] for line in lines)
    record = {
        "invoiceNumber": number, "kindCode": kind[0], "kind": kind[1], "blue": amount >= 0,
        "issueTime": when.strftime("%Y-%m-%dT%H:%M:%S+08:00"), "sellerName": seller[0], "sellerTaxId": seller[1],
        "buyerName": buyer[0], "buyerTaxId": buyer[1], "amount": fen(amount), "tax": fen(tax), "total": fen(amount + tax),
        "totalChinese": in_chinese(amount + tax),
        "lines": [{"item": i, "qty": q, "unitPrice": fen(p), "amount": fen(a), "taxRate": f"0.{r:02d}", "tax": fen(t)}
                  for i, q, p, a, r, t in lines],
        "remark": f"被红冲蓝字数电票号码：{original} 红字发票信息确认单编号：{confirm}" if original else "",
        "originalInvoice": original, "redConfirmNo": confirm, "fpzt": "0", "rzzt": "01", "redLock": "N",
        "areaCode": province}
    record["digest"] = digest(json.dumps(record, ensure_ascii=False))
    return record


def make_invoices():
    records, events = [], []

    def event(at, what, **more):
        events.append({"at": at, "event": what, **more})

    places = [(p, r, c) for p, _, _ in PROVINCES for r, c in REGIONS[p]]
    sellers = [(p, (company(c), organisation_code("91", r))) for p, r, c in places for _ in range(4)]
    buyers = [(company(c), organisation_code("91", r)) for _, r, c in places for _ in range(3)]
    sequence = {p: chance.between(528_540_000, 528_590_000) for p, _, _ in PROVINCES}

    def next_number(province, year):
        sequence[province] += chance.between(3, 40)
        return f"{year % 100:02d}{province[:2]}2{sequence[province]:015d}"

    while len(records) < INVOICES:
        province, seller = chance.one(sellers)
        buyer = (person(), "") if chance.percent(20) else chance.one(buyers)
        day = datetime.date(2024, 1, 1) + datetime.timedelta(days=chance.below(500))
        when = datetime.datetime.combine(day, datetime.time(chance.between(9, 18), chance.below(60), chance.below(60)))
        kind = ("01", "电子发票（增值税专用发票）") if buyer[1] and chance.percent(45) else ("02", "电子发票（普通发票）")
        lines = []
        for _ in range(chance.one([1, 1, 2])):
            item, rate = chance.one(ITEMS)
            qty, price = chance.between(1, 30), chance.between(1000, 300000)
            lines.append((item, qty, price, qty * price, rate, (qty * price * rate + 50) // 100))
        record = invoice_record(next_number(province, day.year), kind, when, seller, buyer, lines, province)
        records.append(record)
        event(record["issueTime"], "INV_ISSUE", invoiceNumber=record["invoiceNumber"], by=seller[1], total=record["total"],
              digest=record["digest"])
        day += datetime.timedelta(days=chance.between(2, 30))
        claimed = chance.percent(45)
        if claimed:
            by = buyer[1] or chance.one(buyers)[1]
            event(day.isoformat(), "INV_CLAIM", invoiceNumber=record["invoiceNumber"], by=by,
                  unit=f"部门{chance.between(1, 4):02d}", voucher=f"记-{day:%Y%m}-{chance.below(10000):04d}")
            record["rzzt"] = "02"
            day += datetime.timedelta(days=chance.between(1, 5))
            if chance.percent(10):
                event(day.isoformat(), "INV_UNCLAIM", invoiceNumber=record["invoiceNumber"], by=by, reason="入账错误")
                record["rzzt"], claimed = "03", False
            elif chance.percent(40):
                event((day + datetime.timedelta(days=30)).isoformat(), "INV_ARCHIVE",
                      invoiceNumber=record["invoiceNumber"], by=by, archiveNo=f"DA{day.year}{chance.below(1000000):06d}")
        if chance.percent(7):
            records.append(redden(record, lines, day, province, seller, buyer, claimed, event, next_number))
    return records, number_events(events)


def redden(blue, lines, day, province, seller, buyer, claimed, event, next_number):
    """A red invoice over the blue one, whole or its first line: confirmed by both sides when claimed."""
    confirm = f"{seller[1][2:8]}{day:%y%m}{chance.below(10**10):010d}"
    both = claimed
    event(day.isoformat(), "RED_REQUEST", invoiceNumber=blue["invoiceNumber"], by=seller[1], confirmNo=confirm,
          reason=chance.one(["01", "02", "03"]), state="02" if both else "01")
    if both:
        event(day.isoformat(), "RED_CONFIRM", invoiceNumber=blue["invoiceNumber"], by=buyer[1], confirmNo=confirm,
              state="04")
    part = lines[:1] if len(lines) > 1 else lines
    when = datetime.datetime.combine(day, datetime.time(11, chance.below(60), chance.below(60)))
    red = invoice_record(next_number(province, day.year), (blue["kindCode"], blue["kind"]), when, seller, buyer,
                         [(i, -q, p, -a, r, -t) for i, q, p, a, r, t in part], province, blue["invoiceNumber"], confirm)
    event(red["issueTime"], "RED_ISSUE", invoiceNumber=red["invoiceNumber"], of=blue["invoiceNumber"], confirmNo=confirm,
          total=red["total"], digest=red["digest"])
    blue["fpzt"] = "7" if len(part) < len(lines) else "8"
    return red


# ---- legacy: what an office's own system exports, and what is true of each record ----


def write_date(day, notes):
    """One of the shapes dates come in; the notes an importer owes for it are added."""
    shape = chance.below(9)
    if shape == 7:
        notes.append("EXCEL_SERIAL_DATE")
        return str((day - datetime.date(1899, 12, 30)).days)
    if shape == 8:
        notes.append("AMBIGUOUS_DATE")
        return f"{day.day}/{day.month}/{day:%y}"
    return [f"{day.isoformat()}", f"{day:%Y%m%d}", f"{day:%Y.%m.%d}", f"{day.year}/{day.month}/{day.day}",
            f"{day.year}年{day.month}月{day.day}日", f"{day.isoformat()} 00:00:00",
            f"{day.isoformat()}T00:00:00.000+0800"][shape]


def write_sum(text):
    shape, negative = chance.below(7), text.startswith("-")
    if shape == 0:
        return "￥" + text
    if shape == 1:
        return text + "元"
    if shape == 2:
        whole, cents = text.lstrip("-").split(".")
        return ("-" if negative else "") + f"{int(whole):,}.{cents}"
    if shape == 3 and negative:
        return f"({text[1:]})"
    return text


def cell(text, delimiter):
    if any(c in text for c in ('"', "\n", delimiter)):
        return '"' + text.replace('"', '""') + '"'
    return text


def table(rows, delimiter):
    return "".join(delimiter.join(cell(c, delimiter) for c in row) + "\r\n" for row in rows)


def full_width(text):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def other_character(c, alphabet):
    return alphabet[(alphabet.index(c) + chance.between(1, len(alphabet) - 1)) % len(alphabet)]


LICENSE_DEFECTS = [
    "FULLWIDTH", "LEADING_APOSTROPHE", "NAME_SPACING_BRACKETS", "ID_LOWERCASE", "ID_CHECK_CHAR", "ID_CHECK_MISSING",
    "ID_MISSING", "STATE_UNKNOWN", "RAGGED_SHORT", "RAGGED_LONG", "HOLDER_CONFUSABLE_O0", "HOLDER_CHECK_CHAR",
    "SCIENTIFIC_NOTATION_LOSS", "DUPLICATE_EXACT", "DUPLICATE_CONFLICT"]
VERDICT = {
    "FULLWIDTH": "REPAIR", "LEADING_APOSTROPHE": "REPAIR", "NAME_SPACING_BRACKETS": "REPAIR", "ID_LOWERCASE": "REPAIR",
    "ID_CHECK_MISSING": "REPAIR", "HOLDER_CONFUSABLE_O0": "REPAIR", "NUMBER_SPACED": "REPAIR",
    "HOLDER_CHECK_CHAR": "WARN", "SELLER_CHECK_CHAR": "WARN", "ARITHMETIC": "WARN", "ID_MISSING": "REVIEW",
    "STATE_UNKNOWN": "REVIEW", "LEGACY_CODE_8": "REVIEW", "DUPLICATE_CONFLICT": "REVIEW", "ID_CHECK_CHAR": "REJECT",
    "RAGGED_SHORT": "REJECT", "NUMBER_LENGTH": "REJECT", "NUMBER_AREA": "REJECT", "DUPLICATE_EXACT": "SKIP",
    "DUPLICATE_SAME_NUMBER": "SKIP", "BLANK_ROW": "SKIP", "SUBTOTAL_ROW": "SKIP", "FOOTER": "SKIP"}


class Truth:
    def __init__(self, key):
        self.key, self.lines = key, []

    def say(self, record, name, notes, verdict=None):
        verdict = verdict or next((VERDICT[n] for n in notes if n in VERDICT), "ACCEPT")
        self.lines.append({self.key: name, "notes": notes, "record": record, "verdict": verdict})


def license_row(n, r, notes):
    state = {"01": ["有效", "在用", "正常", "1"], "02": ["暂扣", "冻结", "暂时失效"], "05": ["失效", "过期", "已过期"]}
    date = datetime.date.fromisoformat
    issued = write_date(date(r["issueDate"]), notes)
    until = (chance.one(["长期", "长期有效", "9999-12-31", "2099/12/31", "----", ""]) if r["validTo"] == "长期"
             else write_date(date(r["validTo"]), notes))
    return [str(n), r["certTypeName"], r["certNumber"], r["certIdentifier"], r["holderName"], r["holderCode"],
            r["issuerName"], issued, until, chance.one(state.get(r["state"], [r["stateName"]])),
            chance.one(["", "", "—", "NULL", "含,逗号", '含"引号"', "多行\n备注"])]


def spoil_license(defect, row, r):
    """Puts the defect into the row; False when the row has nothing to spoil."""
    organisation = r["holderTypeCode"] == "001"
    if defect == "FULLWIDTH":
        row[5] = full_width(row[5])
    elif defect == "LEADING_APOSTROPHE":
        row[3] = "'" + row[3]
    elif defect == "NAME_SPACING_BRACKETS":
        row[4] = " " + row[4].replace("（", "(").replace("）", ")") + "\u3000"
    elif defect == "ID_LOWERCASE":
        row[3] = row[3].lower()
    elif defect == "ID_CHECK_CHAR":
        row[3] = row[3][:-1] + other_character(row[3][-1], BASE36)
    elif defect == "ID_CHECK_MISSING":
        row[3] = row[3][:-2]
    elif defect == "ID_MISSING":
        row[3] = ""
    elif defect == "STATE_UNKNOWN":
        row[9] = chance.one(["99", "其他", "待定", ""])
    elif defect == "RAGGED_SHORT":
        del row[chance.between(5, 9):]
    elif defect == "RAGGED_LONG":
        row += ["", "多余列"]
    elif defect == "HOLDER_CONFUSABLE_O0":
        if not organisation:
            return False
        at = row[5].index("0")
        row[5] = row[5][:at] + "O" + row[5][at + 1:]
    elif defect == "HOLDER_CHECK_CHAR":
        row[5] = row[5][:-1] + other_character(row[5][-1], USCC if organisation else "0123456789X")
    elif defect == "SCIENTIFIC_NOTATION_LOSS":
        if organisation:
            return False
        row[5] = f"{row[5][0]}.{row[5][1:6]}E+17"
    return True


def make_legacy_licenses(licenses):
    header = ["序号", "证照名称", "证照编号", "电子证照标识", "持证人", "证件号码/统一社会信用代码", "发证机关", "发证日期",
              "有效期至", "状态", "备注"]
    rows, truth = [["沪苏浙电子证照台账（导出时间：2025/7/1 9:05）"], header], Truth("certIdentifier")
    turn = 0
    for n, r in enumerate(licenses[:LEGACY_ROWS], 1):
        dates = []
        row = license_row(n, r, dates)
        defect = LICENSE_DEFECTS[turn % len(LICENSE_DEFECTS)] if n % 2 == 0 else ""
        again = list(row) if defect.startswith("DUPLICATE") else None
        spoiled = bool(defect) and not again and spoil_license(defect, row, r)
        turn += spoiled or again is not None
        if defect == "RAGGED_SHORT":
            row[7:9] = [r["issueDate"], "长期"][: len(row[7:9])]  # nobody can know what shape a lost date had
            dates = []
        rows.append(row)
        truth.say(len(rows), r["certIdentifier"], [defect] * spoiled + dates,
                  "REVIEW" if spoiled and defect == "SCIENTIFIC_NOTATION_LOSS" else None)
        if again:
            if defect == "DUPLICATE_CONFLICT":
                again[9] = "吊销" if r["state"] == "04" else "注销"
            rows.append(again)
            truth.say(len(rows), r["certIdentifier"], [defect])
        if n == 60:
            rows.append([""] * len(header))
            truth.say(len(rows), "", ["BLANK_ROW"])
            rows.append(["小计"] + [""] * 3 + ["60"] + [""] * 6)
            truth.say(len(rows), "", ["SUBTOTAL_ROW"])
    rows.append(["以上数据仅供内部使用"])
    truth.say(len(rows), "", ["FOOTER"])
    return table(rows, ","), truth.lines


INVOICE_DEFECTS = ["NUMBER_SPACED", "SCIENTIFIC_NOTATION_LOSS", "NUMBER_LENGTH", "NUMBER_AREA", "LEGACY_CODE_8",
                   "SELLER_CHECK_CHAR", "ARITHMETIC", "DUPLICATE_EXACT", "DUPLICATE_SAME_NUMBER"]


def invoice_row(n, r, notes):
    state = {"0": ["正常"], "7": ["部分红冲"], "8": ["已红冲", "全额红冲", "已红冲-全额"]}
    kind = r["kind"].replace("电子发票", chance.one(["电子发票", "数电票"]))
    day = datetime.date.fromisoformat(r["issueTime"][:10])
    return [str(n), "", r["invoiceNumber"], kind, write_date(day, notes), chance.one(state[r["fpzt"]]), r["buyerName"],
            r["buyerTaxId"], r["sellerName"], r["sellerTaxId"], write_sum(r["amount"]), write_sum(r["tax"]),
            write_sum(r["total"]), r["remark"]]


def spoil_invoice(defect, row, r):
    number = row[2]
    if defect == "NUMBER_SPACED":
        row[2] = f"{number[:4]} {number[4:12]} {number[12:]}"
    elif defect == "SCIENTIFIC_NOTATION_LOSS":
        row[2] = f"{number[0]}.{number[1:6]}E+19"
    elif defect == "NUMBER_LENGTH":
        row[2] = number[:-1] if chance.percent(50) else number + "0"
    elif defect == "NUMBER_AREA":
        row[2] = number[:2] + "99" + number[4:]
    elif defect == "LEGACY_CODE_8":
        row[1], row[2] = f"0{number[2:4]}00{number[:2]}00111", number[-8:]
    elif defect == "SELLER_CHECK_CHAR":
        row[9] = row[9][:-1] + other_character(row[9][-1], USCC)
    elif defect == "ARITHMETIC":
        total = int(r["total"].replace(".", "")) + 1
        row[12] = fen(total)


def make_legacy_invoices(invoices, delimiter):
    header = ["序号", "发票代码", "发票号码", "发票种类", "开票日期", "发票状态", "购方名称", "购方税号", "销方名称", "销方税号",
              "不含税金额", "税额", "价税合计", "备注"]
    unit = "单位：测试单位（盖章）" + "," * 13
    rows = [["进项发票台账"], [unit] if delimiter != "," else unit.split(","), header]
    truth, page, turn = Truth("invoiceNumber"), 0, 0
    for n, r in enumerate(invoices, 1):
        dates = []
        row = invoice_row(n, r, dates)
        defect = INVOICE_DEFECTS[turn % len(INVOICE_DEFECTS)] if n % 3 == 0 else ""
        turn += n % 3 == 0
        again = None
        if defect == "DUPLICATE_EXACT":
            again = list(row)
        elif defect == "DUPLICATE_SAME_NUMBER":
            again = list(row)
            while again[4] == row[4]:
                again[4] = write_date(datetime.date.fromisoformat(r["issueTime"][:10]), [])
        elif defect:
            spoil_invoice(defect, row, r)
        rows.append(row)
        truth.say(len(rows), r["invoiceNumber"], ([defect] if defect and not again else []) + dates,
                  "REJECT" if defect == "SCIENTIFIC_NOTATION_LOSS" else None)
        if again:
            rows.append(again)
            truth.say(len(rows), r["invoiceNumber"], [defect])
        page += int(r["total"].replace(".", ""))
        if n % 60 == 0:
            rows.append(["本页合计"] + [""] * 11 + [fen(page), ""])
            truth.say(len(rows), "", ["SUBTOTAL_ROW"])
            page = 0
    return table(rows, delimiter), truth.lines


# ---- files ----


def xml_invoice(r):
    def tag(name, *inner):
        return f"<{name}>{''.join(inner)}</{name}>"

    items = "".join(tag("IssuItemInformation", tag("ItemName", i["item"]), tag("Quantity", str(i["qty"])),
                        tag("UnPrice", i["unitPrice"]), tag("Amount", i["amount"]), tag("TaxRate", i["taxRate"]),
                        tag("ComTaxAm", i["tax"])) for i in r["lines"])
    red = tag("SpecificInformation", tag("RedEInvoice", tag("OriginalInvoiceCode", r["originalInvoice"]),
                                         tag("CreditNoteNumber", r["redConfirmNo"]))) if r["originalInvoice"] else ""
    basic = tag("BasicInformation", tag("TotalAmWithoutTax", r["amount"]), tag("TotalTaxAm", r["tax"]),
                tag("TotalTax-includedAmount", r["total"]), tag("TotalTax-includedAmountInChinese", r["totalChinese"]))
    data = tag("EInvoiceData",
               tag("SellerInformation", tag("SellerIdNum", r["sellerTaxId"]), tag("SellerName", r["sellerName"])),
               tag("BuyerInformation", tag("BuyerIdNum", r["buyerTaxId"]), tag("BuyerName", r["buyerName"])), basic, items,
               red, tag("AdditionalInformation", tag("Remark", r["remark"])))
    label = tag("InherentLabel", tag("InIssuType", tag("LabelCode", "Y" if r["blue"] else "N")),
                tag("GeneralOrSpecialVAT", tag("LabelCode", r["kindCode"])))
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<!-- synthetic -->\n'
            + tag("EInvoice", tag("Header", tag("EIid", r["invoiceNumber"]), label), data,
                  tag("TaxSupervisionInfo", tag("InvoiceNumber", r["invoiceNumber"]), tag("IssueTime", r["issueTime"][:10])))
            + "\n")


def lines(records):
    return "".join(json.dumps(r, ensure_ascii=False, separators=(",", ":")) + "\n" for r in records).encode()


def all_files():
    agencies, types = make_agencies()
    licenses, license_events = make_licenses(agencies, types)
    invoices, invoice_events = make_invoices()
    license_csv, license_truth = make_legacy_licenses(licenses)
    invoice_csv, invoice_truth = make_legacy_invoices(invoices[:LEGACY_ROWS], ",")
    invoice_txt, invoice_txt_truth = make_legacy_invoices(invoices[LEGACY_ROWS:2 * LEGACY_ROWS], "\t")
    blue = next(r for r in invoices if r["blue"])
    red = next(r for r in invoices if not r["blue"])
    provinces = [{"code": c, "name": n, "abbr": a} for c, n, a in PROVINCES]
    return {
        "reference/provinces.json": (json.dumps(provinces, ensure_ascii=False, indent=1) + "\n").encode(),
        "reference/license_types.jsonl": lines(types),
        "reference/agencies.jsonl": lines(agencies),
        "reference/agreements.jsonl": lines(make_agreements(types)),
        "canonical/licenses.jsonl": lines(licenses),
        "canonical/license_events.jsonl": lines(license_events),
        "canonical/invoices.jsonl": lines(invoices),
        "canonical/invoice_events.jsonl": lines(invoice_events),
        "legacy/证照台账_GB18030.csv": license_csv.encode("gb18030"),
        "legacy/licenses_truth.jsonl": lines(license_truth),
        "legacy/发票台账_GB18030.csv": invoice_csv.encode("gb18030"),
        "legacy/invoices_truth.jsonl": lines(invoice_truth),
        "legacy/发票台账_UTF16.txt": b"\xff\xfe" + invoice_txt.encode("utf-16-le"),
        "legacy/invoices_utf16_truth.jsonl": lines(invoice_txt_truth),
        f"xml/{blue['invoiceNumber']}.xml": xml_invoice(blue).encode(),
        f"xml/{red['invoiceNumber']}.xml": xml_invoice(red).encode(),
    }


def main():
    folder = pathlib.Path(__file__).resolve().parent / "sample"
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
