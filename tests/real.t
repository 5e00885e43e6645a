#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Real exports, where they lie beside the source tree in ../shared/data, against counts
made from the raw files here, without any of our code."""
import collections
import csv
import datetime
import glob
import json
import os
import subprocess
import tempfile

from tap import ENV, TOP, finish, same, skip_all

DATA = os.path.join(TOP, "../shared/data")


def sh(command, *files, status=(0,), text=None):
    """What a command prints; "$@" are the files."""
    p = subprocess.run(["bash", "-c", "set -o pipefail; " + command, "sh", *files], env=ENV,
                       input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if p.returncode not in status:
        print(f"# {command}: status {p.returncode}: {p.stderr.decode()[:500]}")
    return p.stdout


def records(data, kind="petition"):
    for line in data.splitlines():
        r = json.loads(line)
        if r["rec"] == kind:
            yield r


def tally(stream, *args):
    """{key: {measure: value}} of the one table that --by makes."""
    p = subprocess.run(["gz-tally", *args], env=ENV, input=stream, stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, check=False)
    if p.returncode:
        print(f"# gz-tally {args}: status {p.returncode}: {p.stderr.decode()[:500]}")
    out = {}
    for r in records(p.stdout, "tally"):
        if not r["table"].startswith("_"):
            out[tuple(r["key"]) + ((r["period"],) if "period" in r else ())] = r["m"]
    return out


def counts(stream, *args):
    return {k: m["count"] for k, m in tally(stream, *args, "--measure", "count").items()}


# ---- JSON: council meetings, service requests; budgets ----

def meetings():
    files = sorted(glob.glob(os.path.join(DATA, "legistar/*.jsonl")))
    raw = [json.loads(line) for f in files for line in open(f, encoding="utf-8")]
    got = sh('gz-ingest "$@"', *files)
    same(collections.Counter((r["status"], r["status_raw"]) for r in records(got, "meeting")),
         collections.Counter({("held", "Final"): 1186, ("held", "Recessed"): 5,
                              ("deferred", "Deferred"): 218, ("cancelled", "Cancelled"): 1}),
         "legistar: meetings by status")
    same([(r["meeting_id"], r.get("agenda_id")) for r in records(got, "discussion")],
         [(str(m["ID"]), str(i["MatterID"]) if i.get("MatterID") else None)
          for m in raw for i in m["Items"]], "legistar: every item is a discussion")
    same([r["agenda_id"] for r in records(got, "agenda_item")],
         [str(i["MatterID"]) for m in raw for i in m["Items"] if i.get("MatterID")],
         "legistar: items that are matters are agenda items")
    deliberated(raw, got)
    file = os.path.join(DATA, "oparl/karlsruhe_meetings_sample.jsonl")
    raw = [json.loads(line) for line in open(file, encoding="utf-8")]
    got = sh('gz-ingest "$@"', file)
    same([(r["meeting_id"], r["held_at"]) for r in records(got, "meeting")],
         [(m["id"], m["start"]) for m in raw], "oparl: meetings and their times")
    same(sum(1 for _ in records(got, "discussion")),
         sum(len(m.get("agendaItem") or []) for m in raw), "oparl: items")


def deliberated(raw, stream):
    """Meetings of each matter, those held only; and what the plan counts."""
    met, listed = {}, {}
    for m in raw:
        for i in m["Items"]:
            if i.get("MatterID"):
                listed.setdefault(str(i["MatterID"]), set()).add(m["ID"])
                if m["AgendaStatusName"] in ("Final", "Recessed"):
                    met.setdefault(str(i["MatterID"]), set()).add(m["ID"])
    linked = sh("gz-link | gz-route", text=stream)
    same({r["agenda_id"]: (r["n_meetings"], r["n_listed"]) for r in records(linked, "agenda_item")},
         {k: (len(met.get(k, ())), len(v)) for k, v in listed.items()},
         "legistar: meetings of each item, held and put down")
    rows = [(m["ID"], str(i["MatterID"])) for m in raw for i in m["Items"]
            if i.get("MatterFile") == "Int 0720-2018"]
    same((len(rows), len(met[rows[0][1]])), (36, 30), "legistar: Int 0720-2018, 36 rows of 30 meetings")
    same({r["agenda_id"] for r in records(linked, "agenda_item") if "议" not in r.get("steps", [])},
         set(listed) - set(met), "legistar: what was at no held meeting was not deliberated")
    total = {}
    for line in sh("gz-tally --plan deliberation", text=linked).splitlines():
        r = json.loads(line)
        if r["rec"] == "tally" and r["table"] in ("meeting_total", "funnel"):
            for k, v in r["m"].items():
                if not isinstance(v, dict):
                    total[k] = total.get(k, 0) + v
    want = {"meetings": len(raw), "held": 1191, "deferred": 218, "cancelled": 1,
            "items": len(listed), "deliberated": len(met)}
    same({k: total.get(k) for k in want}, want, "legistar: what the plan counts")


def open311():
    raw = json.load(open(os.path.join(DATA, "open311/sf_requests_2025.json"), encoding="utf-8"))
    got = sh('gz-ingest "$@"', os.path.join(DATA, "open311/sf_requests_2025.json"))
    same([(r["petition_id"], r["received_at"]) for r in records(got)],
         [(x["service_request_id"], x["requested_datetime"]) for x in raw], "open311: an array")
    wrapped = json.dumps({"pages": {"n": 1}, "requests": raw}).encode()
    same([r["petition_id"] for r in records(sh("gz-ingest", text=wrapped))],
         [x["service_request_id"] for x in raw], "open311: wrapped")
    file = os.path.join(DATA, "open311/sf_requests_2011.json")
    raw = [x["fields"] for x in json.load(open(file, encoding="utf-8"))
           if x["model"] == "dashboard.request"]
    same([r["petition_id"] for r in records(sh('gz-ingest "$@"', file))],
         [x["service_request_id"] for x in raw], "open311: requests among other objects")


def budgets():
    for file in sorted(glob.glob(os.path.join(DATA, "pabulib/*.pb"))):
        lines = open(file, encoding="utf-8-sig").read().splitlines()
        rows = lines[lines.index("PROJECTS") + 1:lines.index("VOTES")]
        want = [(r["project_id"], float(r["cost"]), int(r["votes"]))
                for r in csv.DictReader(rows, delimiter=";")]
        same([(r["proposal_id"], float(r["cost"]), r["supports"])
              for r in records(sh('gz-ingest "$@"', file), "proposal")], want,
             "pabulib: " + os.path.basename(file))


# ---- Kansas City ----

def kansas_city():
    files = sorted(glob.glob(os.path.join(DATA, "kc311/*.csv")))
    rows = []
    for f in files:
        with open(f, encoding="utf-8-sig", newline="") as g:
            rows += csv.DictReader(g)
    day = lambda s: datetime.datetime.strptime(s, "%m/%d/%Y").date()
    stream = sh('gz-ingest "$@"', *files, status=(0, 1))
    got = list(records(stream))
    same(len(got), len(rows), "Kansas City: a petition for each row")
    same(sum(r["rejected"] for r in records(stream, "source_end")), 0, "nothing is rejected")
    same(collections.Counter(r["received_at"][:7] for r in got),
         collections.Counter(day(r["CREATION DATE"]).isoformat()[:7] for r in rows),
         "received in each month")
    same(collections.Counter(r["status_raw"] for r in got),
         collections.Counter(r["STATUS"] for r in rows), "status as given")
    same(sum("closed_at" in r for r in got), sum(bool(r["CLOSED DATE"]) for r in rows), "closed")
    same(collections.Counter(r.get("on_time_given") for r in got),
         collections.Counter({"Y": "no", "N": "yes"}.get(r["EXCEEDED EST TIMEFRAME"])
                             for r in rows), "on time as the city says")
    took = lambda r: (datetime.date.fromisoformat(r["closed_at"][:10]) -
                      datetime.date.fromisoformat(r["received_at"][:10])).days
    same(sum(took(r) for r in got if "days_to_close_given" in r),
         sum(int(float(r["DAYS TO CLOSE"])) for r in rows if r["DAYS TO CLOSE"]),
         "days to close, from the dates, as the city has them")
    by_month = collections.Counter(day(r["CREATION DATE"]).isoformat()[:7] for r in rows)
    same({k[0]: n for k, n in counts(stream, "--by", "received_at:month").items()},
         dict(by_month), "tally by month")
    for field, column in (("lead_org", "DEPARTMENT"), ("channel", "SOURCE")):
        same({k[0]: n for k, n in counts(stream, "--by", field).items()},
             dict(collections.Counter(r[column] for r in rows)), f"tally by {field}")


# ---- Beijing ----

def clue_export():
    files = glob.glob(os.path.join(DATA, "bj12345/*1.csv"))
    stream = sh('gz-ingest "$@"', *files)
    got = list(records(stream))
    same(len(got), 10, "a Beijing export: 10 petitions")
    same(collections.Counter(r["received_at"][:7] for r in got),
         {"2025-03": 1, "2025-09": 2, "2025-12": 1, "2026-01": 2, "2026-03": 4},
         "received months, from the order numbers")
    same({r["received_src"] for r in got}, {"id"}, "and it says so")
    same(sum("closed_at" in r for r in got), 3, "3 closed")
    same(sum("reporter_key" in r for r in got), 0, "no key of a caller")
    routed = sh("gz-route", text=stream)
    same(sum(r.get("category_given", "").replace("->", "-").count("拖欠工资") > 0
             for r in records(routed)), 2, "two about wages not paid, one written -, one ->")
    same(sh("gz-route", text=routed), routed, "routing twice is routing once")
    raw = open(files[0], "rb").read()
    text = raw.decode("utf-8-sig")
    want = None
    for name, data in (("as it is", raw), ("with BOM", b"\xef\xbb\xbf" + text.encode()),
                       ("GB18030", text.encode("gb18030")),
                       ("UTF-16", text.encode("utf-16")),
                       ("with titles", ("线索表,,\n2026年3月\n" + text).encode()),
                       ("CRLF", text.replace("\r\n", "\n").replace("\n", "\r\n").encode())):
        with tempfile.TemporaryDirectory() as box:
            path = os.path.join(box, "export.csv")
            with open(path, "wb") as f:
                f.write(data)
            out = sh('gz-ingest "$@" | gz-route | gz-tally', path)
        want = want or out
        same(out, want, f"{name}: one and the same monthly tally")


def main():
    if not os.path.isdir(DATA):
        skip_all("no real data beside the source tree")
    kansas_city()
    clue_export()
    meetings()
    open311()
    budgets()
    finish()


main()
