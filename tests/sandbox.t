#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Try to break out of each tool's sandbox (tests/fault/breakout.c): every way is shut, with
--no-sandbox open; the output is the same with and without; and where the kernel or a
container has no sandbox to give, the tools work as before."""
import os
import re
import subprocess
import sys
import tempfile

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.dirname(here)
build = os.path.abspath(os.environ.get("O", os.path.join(root, "build")))
probe = os.path.join(build, "tests/fault/breakout.so")
FILES = {"read a file", "read /etc/passwd", "write a file", "append", "make a file",
         "make a folder", "rename", "unlink"}
# A container may shut these for everybody.
MAYBE = {"keyctl", "io_uring_setup", "ptrace", "process_vm_readv", "setns", "terminal input"}

count = failed = 0


def ok(good, name, why=""):
    global count, failed
    count += 1
    failed += not good
    print(f"{'' if good else 'not '}ok {count} - {name}")
    if why and not good:
        print("# " + str(why).replace("\n", "\n# "))


def run(command, stdin=b"", cwd=None, **env):
    return subprocess.run([os.path.join(build, command[0]), *command[1:]], input=stdin, cwd=cwd,
                          capture_output=True, timeout=60, env={**os.environ, "LC_ALL": "C", **env})


def try_out(command, stdin, folder, **env):
    """Run with the probe; what it could do, what it could not, and the run itself."""
    with open(os.path.join(folder, "there"), "wb") as f:
        f.write(b"mine\n")
    r, w = os.pipe()
    done = subprocess.run(
        [os.path.join(build, command[0]), *command[1:]], input=stdin, capture_output=True,
        timeout=60, pass_fds=(9, w), preexec_fn=lambda: os.dup2(w, 9),
        env={**os.environ, "LC_ALL": "C", "LD_PRELOAD": probe, "GZ_PROBE": folder, **env})
    os.close(w)
    with os.fdopen(r) as f:
        said = [line.rsplit(" ", 1) for line in f.read().splitlines()]
    left = sorted(os.listdir(folder))
    for name in left:
        path = os.path.join(folder, name)
        os.rmdir(path) if os.path.isdir(path) else os.unlink(path)
    return ({n for n, s in said if s == "open"}, {n for n, s in said if s == "shut"}, left, done)


def check_tool(command, stdin, folder, has):
    name = command[0]
    plain = run(command, stdin)
    free, barred, _, done = try_out([name, "--no-sandbox", *command[1:]], stdin, folder)
    ok(not barred - MAYBE and len(free) > 25, f"{name} --no-sandbox: every way is open",
       f"shut: {sorted(barred)}; open: {len(free)}; {done.stderr[:200]}")
    ok(done.stdout == plain.stdout, f"{name}: the same output without the sandbox")
    free, barred, left, done = try_out(command, stdin, folder)
    if not has["Landlock"]:
        free -= FILES
    ok(has["seccomp"] and not free and len(barred) > 25, f"{name}: no way is open",
       f"open: {sorted(free)}; {done.stderr[:200]}")
    ok(not has["Landlock"] or left == ["there"], f"{name}: a folder of others is as it was", left)
    ok(done.stdout == plain.stdout and done.returncode == plain.returncode,
       f"{name}: the output is right after the attempt", done.stderr[:300])
    done = try_out([name, "-v", *command[1:]], stdin, folder, GZ_PROBE_OLD="1")[3]
    ok(b"without Landlock" in done.stderr and b"without seccomp" in done.stderr and
       done.returncode == plain.returncode and done.stdout == plain.stdout,
       f"{name}: an old kernel is no fault, and told", done.stderr[:300])


def check_uses(records, tallies, folder):
    """What opens files late: all of it works inside."""
    def at(name):
        return os.path.join(folder, name)

    def same(name, command, stdin=b"", **more):
        inside = run(command, stdin, cwd=folder, **more)
        outside = run([command[0], "--no-sandbox", *command[1:]], stdin, cwd=folder, **more)
        ok(inside.returncode == outside.returncode and inside.stdout == outside.stdout and
           inside.stderr == outside.stderr, name, (inside.stderr + outside.stderr)[:500])
        return inside

    with open(at("records"), "wb") as f:
        f.write(records)
    with open(at("tallies"), "wb") as f:
        f.write(tallies)
    same("inputs one after another, and one that is not there",
         ["gz-route", "records", at("records"), "gone"])
    same("a folder as input", ["gz-route", folder])
    same("threads", ["gz-route", "-j", "4", "records"])
    same("a workbook", ["gz-report", "--partial", "-t", "xlsx", "tallies"])
    same("messages in Chinese", ["gz-tally", "--plan", "none"], LC_ALL="zh_CN.UTF-8")
    same("an input by descriptor", ["gz-route", "/dev/stdin"], records)
    same("an encoding of iconv's", ["gz-ingest", "-e", "EUC-JP"], b"id,text\n1,\xa4\xa2\n")
    same("traditional characters", ["gz-route"], records.replace("灯".encode(), "燈".encode()))
    for out in ("-o out", "-o ./out", f"-o {at('out')}"):
        done = run(["gz-route", *out.split(), "records"], cwd=folder)
        ok(done.returncode == 0 and os.path.getsize(at("out")) > 1000, out, done.stderr)
        os.unlink(at("out"))
    done = run(["gz-link", "--new-state", "state", "-o", "linked", "records"], cwd=folder)
    ok(done.returncode == 0 and os.path.getsize(at("state")) > 100, "a state", done.stderr)
    done = run(["gz-link", "--state", "state", "--new-state", "state2", "records"], cwd=folder)
    ok(done.returncode == 0 and os.path.getsize(at("state2")) > 100, "a state read", done.stderr)
    done = run(["gz-report", "--partial", "-t", "csv", "--output-dir", "new", "tallies"], cwd=folder)
    ok(os.path.exists(at("new/units.csv")), "a folder that is made", done.stderr)
    done = run(["gz-route", "--export-pack", "pack"], cwd=folder)
    ok(done.returncode == 0 and len(os.listdir(at("pack"))) > 5, "a pack", done.stderr)
    same("a pack of one's own", ["gz-route", "--pack", "pack", "records"])
    with open(at("calls.csv"), "w") as f:
        f.write("工单编号,来电时间,标题\n1,nodate,x\n")
    done = run(["gz-ingest", "--rejects", "rejects", "--latest", "--memory", "1", "calls.csv"],
               cwd=folder)
    ok(done.returncode == 1 and os.path.getsize(at("rejects")) > 10, "rejects", done.stderr)
    done = run(["gz-route", "-o", "/dev/null", "records"], cwd=folder)
    ok(done.returncode == 0, "an output that is a device", done.stderr)


def main():
    if "address" in build or not os.path.exists(probe):
        print("1..0 # SKIP there is no sandbox under sanitizers")
        return 0
    said = run(["gz-tally", "-v"]).stderr.decode()
    has = {name: bool(re.search(f"(by|,) [^,]*by {name}|by {name}", said))
           for name in ("Landlock", "seccomp")}
    print("# " + said.splitlines()[0])
    if not any(has.values()):
        print("1..0 # SKIP this machine permits no sandbox")
        return 0
    csv = os.path.join(root, "lib/data/sample/12345.csv")
    records = run(["gz-ingest", csv]).stdout
    routed = run(["gz-route"], records).stdout
    tallies = run(["gz-tally"], routed).stdout
    labelled = b"".join(b"__label__%d \xe8\xb7\xaf\xe7\x81\xaf %d\n" % (n % 2, n) for n in range(40))
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as elsewhere:
        # Some tools may make temporary files: not where the folder of others is.
        os.environ["TMPDIR"] = folder
        there = os.path.join(elsewhere, "there")
        os.mkdir(there)
        for command, stdin in ((["gz-ingest"], open(csv, "rb").read()), (["gz-link"], records),
                               (["gz-route"], records), (["gz-tally"], routed),
                               (["gz-report", "-t", "html"], tallies),
                               (["gz-learn", "-f", "fasttext", "--export-fasttext"], labelled)):
            check_tool(command, stdin, there, has)
        check_uses(records, tallies, folder)
    print(f"1..{count}")
    return 1 if failed else 0


sys.exit(main())
