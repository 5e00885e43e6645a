#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The facts of the source documents go through the pipe, and every one has its place.

Each count is worked out again here, from the tables in tests/data/seeds alone.
"""
import csv
import io
import json
import os
import re
import subprocess

from tap import BIN, TOP, finish, ok, same

os.chdir(TOP)
SEEDS = "tests/data/seeds"
FILES = sorted(os.path.join(SEEDS, f) for f in os.listdir(SEEDS))


def run(tool, *args, text=None):
    p = subprocess.run([os.path.join(BIN, tool), *args], input=text, text=True, encoding="utf-8",
                       capture_output=True, check=False)
    if p.returncode:
        ok(False, f"{tool} {' '.join(args[:3])}", p.stderr.strip() or p.returncode)
    return p.stdout


def sheet(name):
    with open(os.path.join(SEEDS, name), encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


# ---- every number of the description has a row ----

WANT = ([f"A1.{n}" for n in range(1, 38)] + [f"A2.{n}" for n in range(1, 24)] +
        [f"A3.{n}" for n in range(1, 22)] + [f"A4.{n}" for n in range(1, 8)] +
        [f"A5.{n}" for n in range(1, 18)] + [f"A6.{n}" for n in range(1, 7)] +
        [f"A7.{n}" for n in range(1, 13)] + ["A8", "A9"] + [f"A10.N{n}" for n in range(1, 47)] +
        [f"A11.{n}" for n in range(1, 11)] + ["A12"])
with open("tests/data/seed-coverage.csv", encoding="utf-8", newline="") as f:
    rows = list(csv.DictReader(f))
same([r["item"] for r in rows], WANT, "each item has one row, in order")

with open("lib/data/schema.csv", encoding="utf-8", newline="") as f:
    FIELDS = {(r["rec"], r["field"]) for r in csv.DictReader(x for x in f if not x.startswith("#"))}
plan = json.loads(run("gz-tally", "--print-plan", "deliberation"))
TABLES = {t["name"] for t in plan["tables"]} | {t["name"] for t in plan["lists"]} | {"-"}
with open("man/gz.7", encoding="utf-8") as f:
    MANUAL = " ".join(x for x in f.read().split("\n") if not x.startswith("."))
gaps = []
for r in rows:
    if r["why"]:
        if r["why"] not in MANUAL or r["rec"]:
            gaps.append(r["item"])
    elif (not (r["rec"], r["field"]) in FIELDS or not r["table"] in TABLES or
          not os.path.exists(r["test"])):
        gaps.append(r["item"])
same(gaps, [], "each row names a field, a table and a test, or a sentence of gz(7)")

# ---- through the pipe ----

records = run("gz-route", text=run("gz-link", text=run("gz-ingest", "-q", *FILES)))
lines = [json.loads(x) for x in records.splitlines()]
by = {}
for x in lines:
    by.setdefault(x["rec"], []).append(x)
same(run("gz-route", text=records), records, "routing twice gives the same bytes")
same([x["layout"] for x in by["source"]],
     ["minutes" if f.endswith("meetings.csv") else "work-order" if f.endswith("petitions.csv") else
      os.path.basename(f)[:-4] for f in FILES], "each table is read by its own layout")
same(by.get("reject", []), [], "nothing is rejected")

tally = run("gz-tally", "--plan", "deliberation", text=records)


def table(name):
    """The rows of a table as gz-tally counted them: key -> measures."""
    out = {}
    for x in map(json.loads, tally.splitlines()):
        if x["rec"] == "tally" and x["table"] == name:
            row = out.setdefault(tuple(x["key"]), {})
            for k, v in x["m"].items():
                row[k] = row.get(k, 0) + v if not isinstance(v, dict) else v
    return out


def one(kind, field, value):
    found = [x for x in by[kind] if x.get(field) == value]
    same(len(found), 1, f"one {kind} with {field} {value}")
    return found[0] if found else {}


# 尚东阁
item = one("agenda_item", "agenda_id", "SDG")
votes = [d for d in sheet("discussions.csv") if d["议题编号"] == "SDG"]
same(item.get("n_meetings"), len({d["会议编号"] for d in votes}), "尚东阁: meetings")
same((item.get("n_meetings"), item.get("n_declined")), (25, 24), "尚东阁: 25, of which 24 go on")
same(sum(d["是否通过"] == "是" for d in votes), 1, "尚东阁: one passes")
same([c for c in item.get("checks", []) if c.startswith("E-")], [], "尚东阁: no fault")
same(item.get("unrecorded"), ["督", "评"], "尚东阁: 督 and 评 are not recorded")
same(item.get("tier"), "community", "尚东阁: at the community")
vote = one("resolution", "resolution_id", "SDG-R1")
same((vote.get("cost_rule"), vote.get("eligible")), ("谁受益谁分摊", 107), "尚东阁: rule and owners")
same(table("item_meetings").get(("25",), {}).get("items"), 1, "one item with 25 meetings")

# 燕翔东里
w = one("whistle", "whistle_id", "YXDL-W1")
same((w.get("n_called"), w.get("called_op"), w.get("n_arrived"), w.get("blower_tier")),
     (5, ">=", 5, "社区"), "燕翔东里: at least five called, all came, the community blew")
same("n_in_time" in w and w["n_in_time"] > 0, False, "燕翔东里: nobody is said to be in time")
same({x.get("mode") for x in by["reportin"]}, {"on_site"}, "燕翔东里: all on site")
p = one("project", "project_id", "YXDL-J")
same(("days_bound" in p, "started_on" in p), (True, False), "燕翔东里: the month is a bound")
same([v for v in table("projects").values() if "build_time" in v], [], "no duration is made of it")
report = run("gz-report", text=tally)
ok(re.search(r"首华物业绿化部门 .*—\[\d\]", report), "燕翔东里: in time is a dash")

# 路见清河
named = {x["campaign_id"]: x for x in by["campaign"]}
same(len(named), 2, "two campaigns")
same(named["QH1"]["aliases"], ["路见清河:共享单车停放于公共空间改善"], "与 and 于 are one campaign")
figures = {x["figure_id"]: x for x in by["figure"]}
parts = [figures["N4a"]["n"], figures["N4b"]["n"]]
same((sum(parts), named["QH1"]["n_valid"], named["QH1"]["n_people"]), (1650, 1650, 1430), "947 + 703")
same([f"{100 * n / sum(parts):.2f}" for n in parts], ["57.39", "42.61"], "their shares")
same((named["QH2"]["n_proposals"], named["QH2"]["n_people"], "n_valid" in named["QH2"]),
     (1285, 1264, False), "微公园: validity is not stated")
same(100 - figures["N6a"]["n"] - figures["N6b"]["n"], 14, "微公园: 14 % unstated")
shown = list(csv.reader(io.StringIO(run("gz-report", "-t", "csv", "--table", "campaigns", text=tally))))
same(shown[-1][0:1] + [x for x in shown[-1] if x in ("1650", "1,650")],
     shown[-1][0:1], "no total of valid over both")

# figures
compounds = [r for r in sheet("figures.csv") if r["属于"] == "N1"]
same(table("figure_parts")[("N1",)]["parts_sum"], sum(int(r["数值"]) for r in compounds), "compounds by type")
same(figures["N1"]["n"], 1504, "1504 compounds")
same((table("figure_parts")[("N10",)]["parts_sum"], figures["N10"]["n"]), (43, 43), "43 = 24 + 19")
ok("Parts of figure N1: 1,504 = 1,504" in report, "the report holds parts against the whole")
same((figures["N19b"]["n"], figures["N19c"]["n"]), (76000000, 1750000000), "7600万, 17.5亿")
funds = table("project_funds")[("丽都商圈城市更新一期", "")]
same((funds["fund_gov_sum"], funds["fund_social_sum"]), (76000000, 1750000000), "丽都 in projects")
hedges = {"N16": ">=", "N18c": ">=", "N19d": "<=", "N25": ">=", "N24": ">=", "N41": ">=", "N22": "<="}
same({k: figures[k].get("n_op") for k in hedges}, hedges, "hedges are kept")
raw = {r["数字编号"]: r["数值"] for r in sheet("figures.csv")}
same([k for k, f in figures.items() if "n" in f and f.get("n_raw", str(f["n"])) != raw[k]], [],
     "as printed")
ok("n" not in figures["N36b"], "a range is no number")
ok("60个 in S3, but 60余项 in S3点评" in report, "what contradicts itself is said")
ok(re.search(r"19729 in 2016-01, and the same in\s+2020-12", report), "19729 has not changed since 2016")
halls = sheet("forums.csv")
same(sum(v.get("virtual", 0) for v in table("forums").values()),
     sum(r["是否虚拟社区"] == "是" for r in halls), "a community without an area")
same(sum(v["forums"] for v in table("forums").values()), len(halls), "halls")
same(table("needs")[("", "", "甲3号楼")]["entries"], 1, "a digit inside a name is no number")

# Parts merge to the whole.
head, tail = records.splitlines(True)[::2], records.splitlines(True)[1::2]
two = [run("gz-tally", "--plan", "deliberation", text="".join(x)) for x in (head, tail)]
same(run("gz-tally", text="".join(two)), tally, "two halves merge to the whole")

finish()
