import csv, json
from decimal import Decimal, ROUND_HALF_UP
from fractions import Fraction as F


def rounded(x, places=1):
    q = Decimal(1).scaleb(-places)
    return (Decimal(x.numerator) / Decimal(x.denominator)).quantize(q, ROUND_HALF_UP)


def month_of(t, first):
    y, m, d = map(int, t[:10].split("-"))
    if d >= first:
        m += 1
    return f"{y + (m > 12)}-{(m - 1) % 12 + 1:02}"


units = {}
for line in open("records"):
    r = json.loads(line)
    if r["rec"] != "petition" or "received_at" not in r:
        continue
    u = units.setdefault((month_of(r["received_at"], 19), r.get("lead_org") or r["subdistrict"]),
                         dict(n=0, valid=0, c=0, s=F(0), m=F(0)))
    u["n"] += 1
    if r.get("fu_valid") == "yes":
        u["valid"] += 1
        u["c"] += r.get("fu_contacted") == "yes"
        u["s"] += r.get("fu_solved") == "yes"
        u["m"] += {"yes": F(1), "basic": F(9, 10)}.get(r.get("fu_satisfied"), F(0))


def group(name):
    if name.endswith(("街道", "镇", "乡", "地区")):
        return "sub-districts and towns"
    return "departments" if name.endswith(("局", "委", "中心", "公司", "队")) else "Other"


def ranking(month):
    out = {}
    for g in ("sub-districts and towns", "departments", "Other"):
        rows = []
        for (m, name), u in units.items():
            if m == month and group(name) == g:
                v = u["valid"]
                u["score"] = rounded((F(u["c"], v) / 10 + u["s"] / v / 2 + u["m"] / v * F(4, 10)) * 100) if v else None
                if v >= 6:
                    rows.append(((-u["score"], -u["n"]), name))
        rows.sort()
        for key, name in rows:
            out[name] = 1 + sum(k < key for k, _ in rows), sum(k > key for k, _ in rows)
    return out


now, then = ranking("2026-02"), ranking("2026-01")
rows = [r for r in csv.DictReader(open("units.csv")) if r["row"] == "body"]
people = {"东河街道": 54000, "北桥街道": 81000}
seen = set()
assert len(rows) == sum(m == "2026-02" for m, _ in units)
for r in rows:
    name = r["unit"]
    u = units["2026-02", name]
    gained = then[name][0] - now[name][0] if name in now and name in then else None
    mates = [n for m, n in units if m == "2026-02" and group(n) == group(name)]
    gains = [then[n][0] - now[n][0] for n in mates if n in now and n in then]
    classes = []
    if name in now and now[name][0] <= 2:
        classes.append("leading")
    if gained and gained > 0 and sum(g > gained for g in gains) < 2:
        classes.append("risen")
    if name in now and now[name][1] < 2:
        classes.append("lagging")
    if sum(units["2026-02", n]["n"] > u["n"] for n in mates) < 2:
        classes.append("most orders")
    old = units.get(("2026-01", name), {}).get("score")
    want = dict(rank=now.get(name, ("",))[0], group=group(name), received=u["n"], score=u["score"],
                rank_change="" if gained is None else gained,
                score_change="" if old is None else u["score"] - old,
                residents=people.get(name, ""),
                per_10000=rounded(F(u["n"] * 10000, people[name])) if name in people else "")
    want["class"] = " / ".join(classes)
    for k, v in want.items():
        assert r[k] == str(v), (name, k, r[k], v)
    seen |= set(classes) | {r["rank"] == ""}
print(len(rows), "units;", *sorted(seen, key=str))
