# SPDX-License-Identifier: MIT
"""How much memory the whole pipe takes, however many rows there are."""
import subprocess
import threading
import time

from .data import make, nyc_rows

PART = 100000

# Rows of the part again and again, each with a number of its own in place of its key.
REPEAT = r"""
head -n 1 "$1"
i=0
while [ $i -lt "$2" ]; do tail -n +2 "$1"; i=$((i+1)); done |
awk '/^59[0-9][0-9][0-9][0-9][0-9][0-9],/ { n++; print (200000000 + n) substr($0, 9); next }
     { print }'
"""
STAGES = [["gz-ingest", "--ext", "drop"], ["gz-route"], ["gz-tally"], ["gz-report"]]


def most_of(pid):
    """KiB that the process has had at most; 0 when it is gone."""
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8") as f:
            return next((int(x.split()[1]) for x in f if x.startswith("VmHWM")), 0)
    except OSError:
        return 0


class Watch(threading.Thread):
    def __init__(self, stages):
        super().__init__(daemon=True)
        self.stages, self.most, self.end = stages, [0] * len(stages), threading.Event()

    def run(self):
        while not self.end.wait(0.05):
            self.most = [max(m, most_of(p.pid)) for m, p in zip(self.most, self.stages)]


def measure(box, rows, apart):
    part = f"{box}/nyc{PART}.csv"
    apart(lambda: make(part, nyc_rows(PART, 311)))
    before = time.monotonic()
    source = subprocess.Popen(["sh", "-c", REPEAT, "repeat", part, str(-(-rows // PART))],
                              stdout=subprocess.PIPE)
    stages, last = [], source
    for command in STAGES:
        stages.append(subprocess.Popen(command, stdin=last.stdout, stdout=subprocess.PIPE))
        last.stdout.close()
        last = stages[-1]
    watch = Watch(stages)
    watch.start()
    report = len(last.stdout.read())
    status = [p.wait() for p in stages] + [source.wait()]
    watch.end.set()
    print("| stage | MiB at most |\n|---|---|")
    for command, kib in zip(STAGES, watch.most):
        print(f"| {' '.join(command)} | {kib / 1024:.0f} |")
    print(f"| together | {sum(watch.most) / 1024:.0f} |")
    print(f"\n{-(-rows // PART) * PART} rows in {time.monotonic() - before:.0f} s, a report of "
          f"{report} bytes.")
    return any(status)
