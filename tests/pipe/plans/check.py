import collections, csv, datetime as dt, json, math

rows = [r for r in map(json.loads, open("records")) if r["rec"] == "petition"]


def at(r, f):
    return dt.datetime.fromisoformat(r[f]) if len(r.get(f, "")) >= 16 else None


def noon(t):
    return (t + dt.timedelta(hours=12)).date().isoformat()


def week(t):
    y, w, _ = t.isocalendar()
    return f"{y}-W{w:02}"


name = {"daily": noon, "weekly": week, "quarterly": lambda t: f"{t.year}-Q{(t.month + 2) // 3}",
        "yearly": lambda t: str(t.year)}
for plan, of in name.items():
    want = collections.Counter(of(at(r, "received_at")) for r in rows if at(r, "received_at"))
    got = {r["period"]: int(r["received"]) for r in csv.DictReader(open(plan + ".csv")) if r["received"] != "0"}
    got.pop("", None)
    assert got == want, (plan, set(got.items()) ^ set(want.items()))
    print(plan, len(want))

words = "扬言", "供暖", "消防安全", "供水"
want = collections.Counter(
    noon(at(r, "received_at")) for r in rows if at(r, "received_at") and
    any(w in r.get("category_given", "") or w in r.get("tags", []) for w in words))
got = collections.Counter()
for r in csv.DictReader(open("sensitive.csv")):
    got[r["period"]] += int(r["received"])
got = {k: v for k, v in got.items() if k and v}
assert got == want, (got, want)
print("sensitive", sum(want.values()))

end = dt.datetime(2026, 3, 1)
want = collections.defaultdict(lambda: [0] * 5)
for r in rows:
    t, z = at(r, "received_at"), at(r, "closed_at")
    if not t or t >= end or (z and z < end) or (not z and r.get("status") == "closed"):
        continue
    unit = r.get("lead_org") or r["subdistrict"]
    for i, days in enumerate((0, 7, 30, 90, 365)):
        want[unit][i] += t < end - dt.timedelta(days=days)
got = {r["whose"]: [int(r[k]) for k in ("open", "over_7", "over_30", "over_90", "over_365")]
       for r in csv.DictReader(open("age.csv")) if r["row"] == "body"}
assert got == want, (got, dict(want))
print("age", len(got))

feb = [at(r, "received_at") and at(r, "received_at").strftime("%Y-%m") == "2026-02" for r in rows]
service = {}
for r in rows:
    c = r.get("category_given", "").split("->")[0]
    s = service.setdefault(c, dict(i=0, o=0, d=0, m=0, n=0, t=[]))
    t, z = at(r, "received_at"), at(r, "closed_at")
    s["i"] += bool(t and t.strftime("%Y-%m") == "2026-02")
    if z and z.strftime("%Y-%m") == "2026-02":
        s["o"] += 1
        if at(r, "due_given"):
            s["d"] += 1
            s["m"] += z <= at(r, "due_given")
        if t and z >= t:
            s["t"].append(z - t)
            s["n"] += z - t < dt.timedelta(minutes=10)
n = 0
for r in csv.DictReader(open("service.csv")):
    if r["row"] != "body" or r["category1"] == "(not given)":
        continue
    s = service[r["category1"]]
    s["t"].sort()
    days = lambda q: round(s["t"][math.ceil(len(s["t"]) * q) - 1].total_seconds() / 86400, 1)
    assert (int(r["received"]), int(r["closed"]), int(r["due_printed"]), int(r["on_time"]), int(r["instant"])) == \
        (s["i"], s["o"], s["d"], s["m"], s["n"]), (r, s)
    if s["t"]:
        assert abs(float(r["close_time_median"]) - days(.5)) < .051 and abs(float(r["close_time_p90"]) - days(.9)) < .051, (r, days(.5))
    if s["d"]:
        assert abs(float(r["on_time_rate"]) - 100 * s["m"] / s["d"]) < .051
    assert bool(r["behind"]) == (s["i"] - s["o"] >= 10 and 10 * (s["i"] - s["o"]) > s["i"])
    n += 1
print("service", n)
