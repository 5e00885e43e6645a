#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Complaints before and after decisions, on made-up towns with a known effect.

Every row of the report is worked out again here, in floating point and with no tally
between. Over many decisions without an effect the interval holds 1 in about 95 of 100.
"""
import csv
import io
import json
import math
import os
import random
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.abspath(os.environ.get("O", os.path.join(TOP, "build")))
done = failed = 0
# The 97.5 % points of Student's t for 4 to 22 degrees of freedom, and of the normal.
STUDENT = [2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139, 2.200985, 2.178813,
           2.160369, 2.144787, 2.131450, 2.119905, 2.109816, 2.100922, 2.093024, 2.085963, 2.079614,
           2.073873]
MONTHS = [f"{y}-{m:02d}" for y in (2022, 2023, 2024) for m in range(1, 13)]


def ok(good, what, why=""):
    global done, failed
    done += 1
    failed += not good
    print(("" if good else "not ") + f"ok {done} - {what}")
    if not good and why != "":
        print(f"#   {why}")


def run(tool, *args, text=""):
    p = subprocess.run([os.path.join(BUILD, tool), *args], input=text, text=True, encoding="utf-8",
                       capture_output=True, check=False)
    if p.returncode:
        ok(False, f"{tool} {' '.join(args)}", p.stderr.strip() or p.returncode)
    return p.stdout


def poisson(rng, mean):
    limit, n, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        n += 1
        product *= rng.random()
    return n


def worked_out(before, after):
    """The ratio and its bounds from [(here, elsewhere), ...]."""
    hb, eb = map(sum, zip(*before))
    ha, ea = map(sum, zip(*after))
    x2, df = 0, 0
    for span in (before, after):
        share = sum(h for h, _ in span) / sum(h + e for h, e in span)
        if 0 < share < 1:
            x2 += sum((h - (h + e) * share) ** 2 / ((h + e) * share * (1 - share))
                      for h, e in span if h + e)
        df += sum(h + e > 0 for h, e in span) - 1
    wide = x2 / df
    half = (STUDENT[df - 4] * math.sqrt(wide) if wide > 1 else 1.959964) * math.sqrt(
        sum(1 / (x + .5) for x in (hb, eb, ha, ea)))
    middle = (ha + .5) * (eb + .5) / ((hb + .5) * (ea + .5))
    ratio = ha * eb / (hb * ea)
    return hb, ha, eb, ea, ratio, min(ratio, middle * math.exp(-half)), middle * math.exp(half)


def town(rng, number, effect):
    """One category in eight places, one of which decides something: records, and the row."""
    lines, count = [], {}
    decided = rng.randrange(15, 24)
    burst = decided - rng.randrange(1, 4)
    for place in range(8):
        for m in range(36):
            mean = 8 * (1 + .5 * math.sin(m / 12 * 2 * math.pi))
            if place == 0:
                mean *= 3 if burst <= m <= decided else effect if m > decided else 1
            count[place, m] = poisson(rng, mean)
    count[0, burst] += 1
    serial = 0
    for (place, m), n in count.items():
        for _ in range(n):
            serial += 1
            # The very first of its month is the one that the item names.
            day = 1 if (place, m) == (0, burst) else rng.randrange(1, 29)
            lines.append({"rec": "petition", "petition_id": f"{number}-{place}-{m}-{serial}",
                          "received_at": f"{MONTHS[m]}-{day:02d}", "community": f"社区{place}",
                          "category_given": f"类{number}/子"})
    named = next(x["petition_id"] for x in lines
                 if x["petition_id"].startswith(f"{number}-0-{burst}-"))
    lines += [{"rec": "agenda_item", "agenda_id": f"A{number:04d}", "title": f"议题{number}",
               "category_given": f"类{number}", "petition_ids": [named],
               "collected_at": f"{MONTHS[decided]}-02"},
              {"rec": "meeting", "meeting_id": f"M{number}", "held_at": f"{MONTHS[decided]}-10"},
              {"rec": "resolution", "resolution_id": f"R{number}", "agenda_id": f"A{number:04d}",
               "meeting_id": f"M{number}", "passed": "yes"}]
    before = range(max(0, burst - 12), burst)
    after = range(decided + 1, min(36, decided + 13))
    pairs = [[(count[0, m], sum(count[p, m] for p in range(1, 8))) for m in span]
             for span in (before, after)]
    return lines, (f"{len(before)} / {len(after)}", *worked_out(*pairs))


def follow(tally, *args):
    return list(csv.DictReader(io.StringIO(
        run("gz-report", "-t", "csv", "--table", "follow", *args, text=tally))))


def agree(row, want):
    counts = ("here_before", "here_after", "other_before", "other_after")
    return ((row["periods"], *(int(row[c]) for c in counts)) == want[:5] and
            all(abs(float(row[c]) - x) <= .00501
                for c, x in zip(("ratio", "low", "high"), want[5:])))


def whole_town(effect, towns, seed):
    rng, lines, want = random.Random(seed), [], {}
    for i in range(towns):
        some, row = town(rng, i, effect)
        lines += some
        want[f"议题{i}"] = row
    records = run("gz-link", "--joins-only",
                  text="".join(json.dumps(x, ensure_ascii=False) + "\n" for x in lines))
    rows = follow(run("gz-tally", "--plan", "deliberation", text=records))
    ok(len(rows) == towns, f"{towns} decisions have a row", len(rows))
    ok([r["item"] for r in rows if not agree(r, want[r["item"]])] == [],
       f"each as worked out here, effect {effect}")
    return records, rows


# No effect: the interval holds 1.
records, rows = whole_town(1, 120, 7)
holds = sum(float(r["low"]) <= 1 <= float(r["high"]) for r in rows)
ok(.90 * len(rows) <= holds <= .99 * len(rows), "without an effect 1 lies within in 95 %", holds)
ok(sum(r["reading"] == "no difference to be told" for r in rows) >= holds - 2, "and that is said")

# Half as many: found, and the interval holds a half.
records, rows = whole_town(.5, 40, 8)
holds = sum(float(r["low"]) <= .5 <= float(r["high"]) for r in rows)
ok(.85 * len(rows) <= holds, "a half lies within where it is the truth", holds)
ok(sum(r["reading"] == "fewer than elsewhere" for r in rows) >= 36, "and most are said to be fewer")

# The counts merge: any cut of the records gives the same.
lines = records.splitlines(True)
parts = [run("gz-tally", "--plan", "deliberation", text="".join(lines[i::3])) for i in range(3)]
ok(follow(run("gz-tally", text="".join(parts))) == rows, "three tallies merged say the same")
months = [run("gz-tally", "--plan", "deliberation", "--period", m, text=records)
          for m in MONTHS]
ok(follow("".join(months)) == rows, "and so do thirty-six of a month each")


# What is silent, and why.
def small(n_before, n_after, elsewhere, *, item=None, months=24):
    lines = []
    for m in range(months):
        where = n_before if m < 12 else n_after
        for k in range(where):
            lines.append({"rec": "petition", "petition_id": f"h{m}-{k}", "community": "甲",
                          "received_at": f"{MONTHS[m]}-05", "category_given": "噪声"})
        for k in range(elsewhere):
            lines.append({"rec": "petition", "petition_id": f"e{m}-{k}", "community": "乙",
                          "received_at": f"{MONTHS[m]}-05", "category_given": "噪声"})
    lines.append({"rec": "agenda_item", "agenda_id": "A", "title": "题", "community": "甲",
                  "category_given": "噪声", "decided_at": "2022-12-20",
                  "collected_at": "2022-12-01", **(item or {})})
    text = "".join(json.dumps(x, ensure_ascii=False) + "\n" for x in lines)
    return run("gz-tally", "--plan", "deliberation", text=text)


def reading(*args, lang="en", **more):
    rows = follow(small(*args, **more), "--lang", lang)
    return (rows[0]["reading"], rows[0]["ratio"]) if rows else None


ok(reading(20, 5, 50)[0] == "fewer than elsewhere", "a clear fall is told")
ok(reading(20, 5, 50, lang="zh")[0] == "相对别处减少", "in Chinese, too")
ok(reading(1, 1, 50) == ("too few to tell", ""), "nine complaints are too few")
ok(reading(20, 5, 0) == ("too few to tell", ""), "nothing elsewhere is nothing to compare with")
ok(reading(20, 5, 50, months=14) == ("too few periods to tell", ""), "two months are too few")
zero = follow(small(20, 0, 50))[0]
ok((zero["ratio"], zero["low"], zero["reading"]) == ("0.00", "0.00", "fewer than elsewhere"),
   "none at all after is a fall", zero)
ok("After the decisions" not in run("gz-report", text=small(20, 5, 50, item={"decision": "rejected"})),
   "what was rejected has no after")
guarded = follow(small(20, 5, 50))[0]["periods"]
ok(guarded == "8 / 12", "without linked complaints three periods are left out", guarded)

report = run("gz-report", text=small(20, 5, 50)) + run("gz-report", "--lang", "zh", text=small(20, 5, 50))
ok("不作因果判断" in re.sub(r"\s+", "", report) and "does not tell why" in " ".join(report.split()), "it is said that no cause is told")
ok(not re.search(r"caus(e|ed|es)\b|because of|thanks to|due to the decision|得益于|归功", report),
   "no word tells a cause")

print(f"1..{done}")
sys.exit(failed > 0)
