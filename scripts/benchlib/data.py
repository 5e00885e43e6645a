# SPDX-License-Identifier: MIT
"""The data of scripts/bench: made from a seed, the same every time."""
import csv
import datetime
import itertools
import os
import random
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NYC = ("Unique Key,Created Date,Closed Date,Agency,Agency Name,Complaint Type,Descriptor,"
       "Location Type,Incident Zip,Incident Address,Street Name,Cross Street 1,"
       "Cross Street 2,Intersection Street 1,Intersection Street 2,Address Type,City,"
       "Landmark,Facility Type,Status,Due Date,Resolution Description,"
       "Resolution Action Updated Date,Community Board,BBL,Borough,"
       "X Coordinate (State Plane),Y Coordinate (State Plane),Open Data Channel Type,"
       "Park Facility Name,Park Borough,Vehicle Type,Taxi Company Borough,"
       "Taxi Pick Up Location,Bridge Highway Name,Bridge Highway Direction,Road Ramp,"
       "Bridge Highway Segment,Latitude,Longitude,Location").split(",")
TYPES = [("NYPD", "Noise - Residential", "Loud Music/Party"),
         ("NYPD", "Illegal Parking", "Blocked Hydrant"),
         ("NYPD", "Blocked Driveway", "No Access"),
         ("HPD", "HEAT/HOT WATER", "ENTIRE BUILDING"),
         ("HPD", "PLUMBING", "WATER SUPPLY"),
         ("HPD", "PAINT/PLASTER", "WALL"),
         ("DSNY", "Dirty Conditions", "Trash"),
         ("DSNY", "Missed Collection", "Recycling"),
         ("DOT", "Street Condition", "Pothole"),
         ("DOT", "Street Light Condition", "Street Light Out"),
         ("DEP", "Water System", "Hydrant Running (WC3)"),
         ("DEP", "Sewer", "Sewer Backup (Use Comments) (SA)"),
         ("DOB", "General Construction/Plumbing", "Illegal Conversion"),
         ("DPR", "Damaged Tree", "Branch or Limb Has Fallen Down"),
         ("TLC", "Taxi Complaint", "Driver Complaint"),
         ("DOHMH", "Rodent", "Rat Sighting")]
STREETS = ["BROADWAY", "GRAND CONCOURSE", "OCEAN PARKWAY", "ATLANTIC AVENUE", "5 AVENUE",
           "FLATBUSH AVENUE", "EASTERN PARKWAY", "HYLAN BOULEVARD", "BEDFORD AVENUE"]
BOROUGHS = ["BRONX", "BROOKLYN", "MANHATTAN", "QUEENS", "STATEN ISLAND"]
ANSWERS = ["The Police Department responded to the complaint and determined that police "
           "action was not necessary.",
           "The Department of Housing Preservation and Development inspected the following "
           "conditions. Violations were issued. Information about specific violations is "
           "available at the website, by number.",
           "The agency inspected the condition, found it, and repaired it the same day.",
           "The Department investigated this complaint and shut the \"running hydrant\", as "
           "it is called.\nNo further action was needed.",
           "Your request was submitted to the agency."]
CN_TEXTS = ["市民反映，{p}楼道卫生长期无人清扫，物业收费却没有减少，多次联系物业没有结果",
            "市民反映，{p}停车位太少，外来车辆随意停放，有人私装地锁，占用消防通道",
            "市民反映，{p}附近工地夜间施工，噪声很大，影响休息，希望尽快处理",
            "市民反映，{p}家里暖气不热，室温只有十五度，家中有老人孩子，供暖公司无人接听",
            "市民反映，{p}垃圾桶满了没有人清运，异味很大，垃圾分类形同虚设",
            "市民反映，{p}旁边工地拖欠工资三个月，涉及二十余人，老板避而不见",
            "市民反映，{p}一层住户私搭乱建，占用公共绿地，要求拆除违法建设",
            "市民反映，{p}污水管道堵塞，污水流到路面上，\n影响出行，请水务部门处理"]
CN_CATEGORIES = ["住房城乡建设->物业管理->服务质量", "住房城乡建设->物业管理->停车管理", "生态环境->噪声->施工噪声",
                 "城市管理->供暖->室温不达标", "城市管理->市容环境->垃圾清运", "劳动和社会保障->拖欠工资->工程建设领域",
                 "城市管理->违法建设->私搭乱建", "水务->供排水->污水"]
CN_HEADER = ["工单编号", "工单类型", "问题分类", "标题", "主要内容", "工单状态", "来电人", "来电人电话/账号", "被反映区",
             "被反映街乡镇", "来电时间", "办结时间", "承办单位", "是否解决", "是否满意", "村/社区"]



def nyc_rows(n, seed):
    rng = random.Random(seed)
    begin = datetime.datetime(2024, 1, 1)
    # What does not identify a row is drawn from 5,000 templates, so that a million rows
    # take a minute and not ten.
    templates = []
    for _ in range(5000):
        agency, kind, detail = rng.choice(TYPES)
        street, cross = rng.choice(STREETS), f"EAST {rng.randrange(1, 250)} STREET"
        number, borough = rng.randrange(1, 3000), rng.choice(BOROUGHS)
        lat, lon = f"40.{rng.randrange(5, 9)}{rng.randrange(10**13):013d}", \
            f"-73.{rng.randrange(7, 9)}{rng.randrange(10**13):013d}"
        answer = rng.choices(ANSWERS, [30, 20, 20, 3, 27])[0]
        place = f"({lat}, {lon})" if rng.random() < 0.45 else ""
        templates.append([
            agency, f"Department {agency} of the City of New York", kind, detail,
            "Residential Building/House", f"{rng.randrange(10001, 11697)}",
            f"{number} {street}", street, cross, f"WEST {rng.randrange(1, 250)} STREET", "", "",
            "ADDRESS", borough, "", "N/A", "Closed" if rng.random() < 0.95 else "Open", "",
            answer, "", f"{rng.randrange(1, 18):02d} {borough}",
            f"{rng.randrange(10**9, 5 * 10**9)}", borough, f"{rng.randrange(913000, 1067000)}",
            f"{rng.randrange(121000, 271000)}", rng.choice(["PHONE", "ONLINE", "MOBILE"]),
            "Unspecified", borough, "", "", "", "", "", "", "", lat, lon, place])
    yield NYC
    for i in range(n):
        t = templates[rng.randrange(5000)]
        made = begin + datetime.timedelta(seconds=rng.randrange(366 * 86400))
        done = made + datetime.timedelta(seconds=rng.randrange(60, 40 * 86400))
        stamp = "%m/%d/%Y %I:%M:%S %p"
        closed = done.strftime(stamp) if t[16] == "Closed" else ""
        yield [str(59000000 + i), made.strftime(stamp), closed, *t[:17],
               closed and made.strftime(stamp), t[18], closed, *t[20:]]


def cn_rows(n, seed):
    rng = random.Random(seed)
    begin = datetime.datetime(2026, 1, 1)
    yield CN_HEADER
    for i in range(n):
        at = rng.randrange(len(CN_TEXTS))
        street = f"{'东西南北中'[rng.randrange(5)]}{'河园桥苑里'[rng.randrange(5)]}街道"
        community = f"第{'一二三四五六七八九'[rng.randrange(9)]}社区"
        made = begin + datetime.timedelta(seconds=rng.randrange(90 * 86400))
        done = made + datetime.timedelta(seconds=rng.randrange(3600, 15 * 86400))
        yield [f"热线-{made:%y%m%d}-{i:06d}", rng.choice(["诉求", "投诉", "求助", "咨询"]),
               CN_CATEGORIES[at] if rng.random() < 0.5 else "", "反映问题",
               CN_TEXTS[at].format(p=community + f"{rng.randrange(1, 60)}号楼") + "，请核实处理并答复。",
               "回复完成", "某某", "138××××", "示范区", street, f"{made:%Y-%m-%d %H:%M:%S}",
               f"{done:%Y-%m-%d %H:%M:%S}", street, rng.choice(["解决", "未解决", "部分解决"]),
               rng.choice(["满意", "基本满意", "不满意"]), community]


def rule_words(seed):
    """2,000 words of two to four characters, from characters that are met often."""
    rng = random.Random(seed)
    chars = "小区物业停车位消防通道电梯供暖水管漏道路灯噪声施工垃圾清运异味违法建设工资拖欠公交站学校医院老人孩子门窗楼顶墙井盖绿化树木广场河污染气味狗市场价格退款合同"
    words = set()
    while len(words) < 2000:
        words.add("".join(rng.choice(chars) for _ in range(rng.randrange(2, 5))))
    return sorted(words)


def rules(n):
    """(pattern, whether it is a regular expression), the first that matches wins: three in
    five are words, one in five is a choice of words, one in five has a gap."""
    rng = random.Random(n)
    words = rule_words(1)
    for i in range(n):
        a, b, c = rng.sample(words, 3)
        yield [(a + b[:2], False), (b + c[:1], False), (c + a[:1], False),
               (f"{a + b[:1]}|{b + c[:2]}", False),
               (f"({a}|{b})[^。]{{0,8}}{c}", True)][i % 5]


def make_pack(folder, n):
    """A pack whose rules are rules(n), weighted so that the first match wins."""
    os.makedirs(folder, exist_ok=True)
    with open(folder + "/categories.csv", "w", encoding="utf-8", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow("code,path,en,zh,synonyms,deadline_class,duty".split(","))
        w.writerows([f"c{i}", f"c{i}", f"c{i}", f"c{i}", "", "", ""] for i in range(n))
    with open(folder + "/rules.csv", "w", encoding="utf-8", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow("id,category,weight,kind,pattern,fields,requires,excludes,valid_from,"
                   "valid_to,note".split(","))
        w.writerows([f"r{i}", f"c{i}", n - i, "regex" if regex else "keyword", pattern,
                     "text", "", "", "", "", ""] for i, (pattern, regex) in enumerate(rules(n)))

    # What follows the category is not compared, so the other sheets are empty.
    for name in ("dispatch", "duties", "referrals", "negations"):
        with open(f"{TOP}/lib/data/pack/{name}.csv", encoding="utf-8") as f:
            head = next(x for x in f if not x.startswith("#"))
        with open(f"{folder}/{name}.csv", "w", encoding="utf-8") as f:
            f.write(head)


def texts(n):
    """Texts of about a hundred characters, in which a rule may or may not hit."""
    rng = random.Random(7)
    words = rule_words(1)
    for _ in range(n):
        yield "，".join("".join(rng.choices(words, k=rng.randrange(2, 6)))
                       for _ in range(rng.randrange(6, 14))) + "。"


def make_texts(path, n):
    """Records with nothing but an id and a text."""
    if os.path.exists(path):
        return
    with open(path + ".tmp", "w", encoding="utf-8") as f:
        for i, text in enumerate(texts(n)):
            f.write(f'{{"rec":"petition","petition_id":"{i:08d}",'
                    f'"title":"反映","text":"{text}"}}\n')
    os.rename(path + ".tmp", path)


def call_rows(n, seed):
    """A Chinese export whose texts are for the rules, and whose orders have no category."""
    calls, told = cn_rows(n, seed), texts(n)
    yield next(calls)
    for row, text in zip(calls, told):
        row[2], row[4] = "", text
        yield row


def make_labelled(folder, n):
    """Texts with their category as the label, for learning (four in five) and for asking,
    for gz-learn and as fastText wants them: its words are the characters."""
    if os.path.exists(folder + "/ask.txt"):
        return
    os.makedirs(folder, exist_ok=True)
    rows = itertools.islice(cn_rows(10**9, 99), 1, None)
    rng = random.Random(5)
    files = {part + form: open(f"{folder}/{part}.{form}", "w", encoding="utf-8")
             for part in ("learn", "ask") for form in ("jsonl", "txt")}
    for i in range(n):
        row = next(r for r in rows if r[2])
        part = "ask" if i % 5 == 0 else "learn"
        # A few of the characters, so that there is something to be wrong about.
        text = "".join(c for c in row[4] if rng.random() < 0.15 and c > " ") or "无"
        files[part + "jsonl"].write(f'{{"rec":"petition","petition_id":"{i:06d}",'
                                    f'"category_given":"{row[2]}","text":"{text}"}}\n')
        files[part + "txt"].write(f"__label__{row[2]} {' '.join(text)}\n")
    for f in files.values():
        f.close()


def make(path, rows, encoding="utf-8"):
    if os.path.exists(path):
        return
    print(f"making {path}", file=sys.stderr)
    with open(path + ".tmp", "w", encoding=encoding, newline="") as f:
        csv.writer(f, lineterminator="\n").writerows(rows)
    os.rename(path + ".tmp", path)


def head_of(path, small, rows, encoding="utf-8"):
    """The first `rows` records of a CSV, as a CSV."""
    if os.path.exists(small):
        return
    with open(path, encoding=encoding, newline="") as f, \
            open(small, "w", encoding=encoding, newline="") as g:
        csv.writer(g, lineterminator="\n").writerows(itertools.islice(csv.reader(f), rows + 1))
