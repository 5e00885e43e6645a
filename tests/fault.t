#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Make every read, write, close, rename, open, allocation and thread start of every tool
fail in turn, and see that it says so, ends with the right status, and leaves the file
named by -o either as it was or whole."""
import os
import subprocess
import tempfile

from tap import BIN, TOP, finish, ok, skip_all

preload = os.path.join(BIN, "tests/fault/preload.so")
data = os.path.join(TOP, "tests/data")

FUNCTIONS = {"read": {3}, "write": {3}, "close": {3}, "fsync": {3}, "rename": {3},
             "open": {2, 3}, "malloc": {2, 3, 4}, "pthread_create": set(), "pread": {3},
             "pwrite": {3}}
SELDOM = ("pthread_create", "pread", "pwrite")  # not every tool calls them
# The n-th call: all of the first, then fewer and fewer.
STEPS = list(range(1, 13)) + [16, 24, 40, 64, 100, 200, 400, 800, 1600, 3200]


def run(command, fault, stdin):
    """One run; returns its result and whether the fault struck."""
    r, w = os.pipe()
    env = dict(os.environ, LC_ALL="C", LD_PRELOAD=preload, GZ_FAULT=fault)

    def descriptor_nine():
        os.dup2(w, 9)

    done = subprocess.run(command, env=env, input=stdin, capture_output=True, timeout=60,
                          pass_fds=(9, w), preexec_fn=descriptor_nine)
    os.close(w)
    struck = os.read(r, 1) == b"!"
    os.close(r)
    return done, struck


def check_tool(name, arguments, stdin, folder, how=""):
    out = os.path.join(folder, "out")
    command = [os.path.join(BIN, name), "-o", out] + arguments
    whole = subprocess.run(command, input=stdin, capture_output=True)
    if whole.returncode not in (0, 1):
        return ok(False, f"{name}: runs without faults", whole.stderr.decode())
    with open(out, "rb") as f:
        good = f.read()
    for function, statuses in FUNCTIONS.items():
        faults, wrong = 0, []
        for n in STEPS:
            with open(out, "wb") as f:
                f.write(b"old\n")
            done, struck = run(command, f"{function}:{n}", stdin)
            with open(out, "rb") as f:
                now = f.read()
            left = [x for x in os.listdir(folder) if x != "out"]
            if not struck:
                break
            faults += 1
            # What a library reads at its start, or closing an input, may fail in vain:
            # then the output must be whole and the same.
            if done.returncode == whole.returncode and now == good and not left:
                continue
            # The trainer is a library in C++: it ends the program, but nothing else may differ.
            if name == "gz-learn" and b"std::bad_alloc" in done.stderr and now == b"old\n":
                continue
            if done.returncode not in statuses:
                wrong.append(f"{function}:{n}: status {done.returncode}: {done.stderr[:200]}")
            elif now not in (b"old\n", good):
                wrong.append(f"{function}:{n}: half a file: {now[:60]}")
            elif done.returncode > 1 and now != b"old\n":
                wrong.append(f"{function}:{n}: status {done.returncode}, but replaced")
            elif done.returncode > 1 and not done.stderr:
                wrong.append(f"{function}:{n}: silent")
            elif left:
                wrong.append(f"{function}:{n}: left {left}")
                for x in left:
                    os.unlink(os.path.join(folder, x))
        if faults:
            ok(not wrong, f"{name} {how}: {faults} faults of {function}()", "\n".join(wrong[:5]))
        elif function not in SELDOM:
            ok(False, f"{name}: {function}() is called", "the fault never struck")


def check_state(records, folder, elsewhere):
    """What gz-link remembers is replaced whole or not at all, too."""
    out, state = os.path.join(folder, "out"), os.path.join(elsewhere, "state")
    command = [os.path.join(BIN, "gz-link"), "--new-state", state, "-o", out]
    subprocess.run(command, input=records, check=True)
    with open(state, "rb") as f:
        good = f.read()
    for function in ("write", "close", "fsync", "rename", "open", "malloc"):
        wrong, faults = [], 0
        for n in STEPS:
            with open(state, "wb") as f:
                f.write(b"old\n")
            done, struck = run(command, f"{function}:{n}", records)
            if not struck:
                break
            faults += 1
            with open(state, "rb") as f:
                now = f.read()
            left = [x for x in os.listdir(elsewhere) if x != "state"]
            if now not in (b"old\n", good) or left:
                wrong.append(f"{function}:{n}: status {done.returncode}, {now[:60]}, left {left}")
            if done.returncode == 0 and now != good:
                wrong.append(f"{function}:{n}: status 0, but not replaced")
            for x in left:
                os.unlink(os.path.join(elsewhere, x))
        ok(faults and not wrong, f"a state: {faults} faults of {function}()", "\n".join(wrong[:5]))


def main():
    if not os.path.exists(preload) or "address" in BIN or os.environ.get("GZ_NO_FAULTS"):
        skip_all("faults are not injected under sanitizers")
    csv = os.path.join(TOP, "lib/data/sample/12345.csv")
    ingest = subprocess.run([os.path.join(BIN, "gz-ingest"), csv], capture_output=True).stdout
    route = subprocess.run([os.path.join(BIN, "gz-route")], input=ingest,
                           capture_output=True).stdout
    tally = subprocess.run([os.path.join(BIN, "gz-tally")], input=route,
                           capture_output=True).stdout
    labelled = "".join(f"__label__{'灯' if n % 2 else '噪'} {'路灯' if n % 2 else '噪音'} {n}\n"
                       for n in range(60)).encode()
    with tempfile.TemporaryDirectory() as folder:
        check_tool("gz-ingest", [csv], b"", folder)
        check_tool("gz-route", [], ingest, folder)
        check_tool("gz-tally", [], route, folder)
        check_tool("gz-tally", ["--memory", "100k"], route, folder, "with temporary files")
        check_tool("gz-link", [], ingest, folder)
        for form in ("html", "xlsx"):
            check_tool("gz-report", ["-t", form], tally, folder, form)
        check_tool("gz-route", ["-j", "3"], ingest, folder, "with threads")
        check_tool("gz-tally", ["-j", "3"], route, folder, "with threads")
        check_tool("gz-learn", ["-f", "fasttext"], labelled, folder)
        with tempfile.TemporaryDirectory() as elsewhere:
            check_state(ingest, folder, elsewhere)
    finish()


main()
