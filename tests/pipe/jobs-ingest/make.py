#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A table with all that can go wrong in one, a few blocks long: make.py SEED ODD [GB].

ODD is the share of rows with a stray or an open quote, text behind a closing one, and the
like. All of it is made up."""
import random
import sys

HEADER = ("Unique Key,Created Date,Closed Date,Agency,Complaint Type,Descriptor,"
          "Incident Address,Status,Resolution Description,Borough,Latitude,Longitude")
TEXTS = ["fixed", 'it said "no", twice', " padded ", "two\nlines", "路灯坏了（qū)，晚上很黑",
         "tab\there", "back\\slash", ""]


def cell(rng, text):
    quoted = any(c in text for c in ',"\n') or rng.random() < .05
    return '"' + text.replace('"', '""') + '"' if quoted else text


def row(rng, n, odd):
    key = str(100000 + (n if rng.random() > .02 else rng.randrange(n + 1)))
    when = (f"{rng.randrange(1, 13):02d}/{rng.choice([3, 28, 31]):02d}/2024 "
            f"{rng.randrange(1, 13):02d}:07:09 AM")
    cells = [cell(rng, c) for c in
             [key if rng.random() > .01 else "", when, when, "DOT", rng.choice(["Noise", "N/A"]),
              "Pothole, deep", f"{n} BROADWAY", rng.choice(["Closed", "Open", "?"]),
              rng.choice(TEXTS), "QUEENS", f"40.{n}", f"-73.{n}"]]
    if rng.random() < .01:
        cells = cells[:rng.randrange(1, 12)]
    if rng.random() < .01:
        cells += ["more", "", "x"]
    line = ",".join(cells)
    if rng.random() < odd:
        line = rng.choice([line.replace("BROADWAY", '5" pipe'), line.replace("DOT", '"DOT"x'),
                           line + ',"never closed', "", f"合计,,{n}", HEADER])
    return line


def main():
    rng, odd = random.Random(int(sys.argv[1])), float(sys.argv[2])
    lines = [HEADER] + [row(rng, n, odd) for n in range(9000)]
    data = "\n".join(lines).encode("gb18030" if len(sys.argv) > 3 else "utf-8")
    if len(sys.argv) > 3:
        head, rest = data[:500000], data[500000:]  # behind what is looked at first
        data = head + rest.replace(b"QUEENS", b"QU\xff\xff", 3)
    sys.stdout.buffer.write(data)


main()
