#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the levels of privacy find and what they spare, on invented texts: the figures that
gz-ingest(1) gives."""
import csv
import io
import json
import os
import re
import subprocess

from tap import ENV, TOP, finish, same


def masked(rows, level):
    table = io.StringIO()
    csv.writer(table).writerows([["工单编号", "主要内容"]] +
                                [[f"A{i}", r["text"]] for i, r in enumerate(rows)])
    out = subprocess.run(["gz-ingest", "-l", "work-order", "--privacy", level], env=ENV, check=True,
                         input=table.getvalue().encode(), stdout=subprocess.PIPE).stdout
    return [r["text"] for r in map(json.loads, out.splitlines()) if r["rec"] == "petition"]


def main():
    with open(os.path.join(TOP, "tests/data/privacy-corpus.csv"), encoding="utf-8") as f:
        rows = list(csv.DictReader(f))
    found = missed = spared = hurt = 0
    for level in ("text", "public"):
        some = [r for r in rows if r["level"] == level]
        for r, got in zip(some, masked(some, level)):
            for part in filter(None, r["hidden"].split("|")):
                found += part not in got
                missed += part in got
                if part in got:
                    print(f"# {level}: missed {part!r}: {got}")
            for part in filter(None, r["kept"].split("|")):
                spared += part in got
                hurt += part not in got
                if part not in got:
                    print(f"# {level}: hurt {part!r}: {got}")
    recall = 100 * found / (found + missed)
    precision = 100 * found / (found + hurt)
    print(f"# {found} of {found + missed} found, {hurt} of {hurt + spared} hurt:"
          f" recall {recall:.0f} %, precision {precision:.0f} %")
    with open(os.path.join(TOP, "man/gz-ingest.1"), encoding="utf-8") as f:
        manual = re.search(r"recall ([0-9]+) %, precision ([0-9]+) %", f.read())
    said = manual and (int(manual[1]), int(manual[2]))
    same((round(recall), round(precision)), said, "the manual gives these figures")
    finish()


main()
