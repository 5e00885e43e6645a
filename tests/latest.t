#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""gz-ingest --latest against a dictionary: random overlapping exports, with little memory and
with much."""
import csv
import json
import os
import random
import subprocess
import tempfile

from tap import ENV, finish, same

HEADER = ["工单编号", "承办单位", "工单性质", "更新时间", "标题"]
ROLE = {"主办": "lead", "协办": "co"}


def ingest(box, *args):
    p = subprocess.run(["gz-ingest", "--latest", *args], env=ENV, cwd=box, check=False,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if p.returncode or p.stderr:
        print(f"# status {p.returncode}: {p.stderr.decode()[:300]}")
    return p.stdout


def make(rng, box, files):
    """Exports of orders; a leg without a unit is told by its place among such legs."""
    exports = []
    for f in range(files):
        rows = []
        for _ in range(rng.choice([3, 40, 400])):
            rows.append([f"A{rng.randrange(60)}", rng.choice(["甲局", "乙街道", ""]),
                         rng.choice(["主办", "协办", ""]),
                         f"2026-01-{rng.randrange(1, 29):02} 0{rng.randrange(9)}:00",
                         f"v{f}.{len(rows)}"])
        with open(os.path.join(box, f"{f}.csv"), "w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([HEADER] + rows)
        exports.append(rows)
    return exports


def model(exports, by):
    """{identity: (first place, newest row, its time)} and the superseded rows of each file."""
    kept, superseded = {}, [0] * len(exports)
    at = 0
    for f, rows in enumerate(exports):
        legs = {}
        for row in rows:
            at += 1
            key = tuple(row[:3])
            if row[2] == "协办" and not row[1]:
                legs[key] = legs.get(key, 0) + 1
                key += (legs[key],)
            old = kept.get(key)
            if old is None:
                kept[key] = (at, row, f)
            elif not by or row[3] >= old[1][3]:
                superseded[old[2]] += 1
                kept[key] = (old[0], row, f)
            else:
                superseded[f] += 1
    return [row for _, row, _ in sorted(kept.values())], superseded


def check(rng, memory, by):
    with tempfile.TemporaryDirectory() as box:
        exports = make(rng, box, rng.randrange(1, 5))
        names = [f"{f}.csv" for f in range(len(exports))]
        args = ["--memory", memory] + (["--latest-by", "updated_at"] if by else [])
        out = ingest(box, *args, *names)
        lines = [json.loads(line) for line in out.splitlines()]
        want, superseded = model(exports, by)
        got = [r["title"] for r in lines if r["rec"] == "petition"]
        same(got, [r[4] for r in want], f"{len(exports)} exports, memory {memory}, by {by}: rows")
        ends = [r for r in lines if r["rec"] == "source_end"]
        same([r["superseded"] for r in ends], superseded, "superseded, by file")
        same([r["rows"] - r["used"] - r["skipped"] - r["rejected"] - r["superseded"] for r in ends],
             [0] * len(ends), "every row is accounted for")
        same(sum(r["records"] for r in ends), len(got), "and every record")
        if by:
            return
        # Day by day: what was merged before can be merged again.
        whole = sorted(got)
        with open(os.path.join(box, "day.jsonl"), "wb") as f:
            f.write(ingest(box, "--memory", memory, *names[:-1]) if names[:-1] else b"")
        merged = ingest(box, *(["day.jsonl"] if names[:-1] else []), names[-1])
        same(sorted(json.loads(x)["title"] for x in merged.splitlines()
                    if x.startswith(b'{"rec":"petition"')), whole, "merged day by day: the same")


def main():
    rng = random.Random(20260101)
    for memory in ("2k", "64M"):
        for by in (False, True):
            for _ in range(6):
                check(rng, memory, by)
    finish()


main()
