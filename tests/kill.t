#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""End the tools at random moments, take their disk, their folder, their input away: the
file named by -o or --new-state is the old one or the whole new one, and nothing is left
beside it but after SIGKILL. GZ_LONG=1 does it for minutes instead of seconds."""
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time

from tap import BIN, TOP, finish, ok

LONG = os.environ.get("GZ_LONG")
SECONDS = 100 if LONG else 2  # for each of the six runs that are killed
SEED = int(os.environ.get("GZ_SEED", "20260301"))


def tool(name):
    return os.path.join(BIN, name)


def read(path):
    with open(path, "rb") as f:
        return f.read()


def write(path, data):
    with open(path, "wb") as f:
        f.write(data)


SIGNALS = [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGPIPE]


def default_signals():
    # Python ignores SIGPIPE, and children inherit that.
    for s in SIGNALS[1:]:
        signal.signal(s, signal.SIG_DFL)


def check_kills(name, command, target, folder, rng):
    """Run `command`, which replaces `target`, and kill it at random moments."""
    write(target, b"old\n")
    start = time.monotonic()
    done = subprocess.run(command, capture_output=True, preexec_fn=default_signals)
    spent = time.monotonic() - start
    good = read(target)
    if done.returncode or good == b"old\n":
        return ok(False, f"{name}: runs when it is let alone", done.stderr.decode())
    keep = set(os.listdir(folder))
    runs = hits = new = 0
    wrong = []
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and len(wrong) < 5:
        if not os.path.exists(target) or read(target) != b"old\n":
            write(target, b"old\n")
        number = rng.choice(SIGNALS)
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL, preexec_fn=default_signals)
        time.sleep(rng.random() * spent * 1.1)
        child.send_signal(number)
        status = child.wait()
        runs += 1
        hits += status < 0
        left = set(os.listdir(folder)) - keep
        if not os.path.exists(target):
            wrong.append(f"{number.name}: neither old nor new")
            continue
        now = read(target)
        new += now == good
        if now not in (b"old\n", good):
            wrong.append(f"{number.name}: half a file of {len(now)} bytes")
        if status not in (0, -number):
            wrong.append(f"{number.name}: status {status}")
        if left and status != -signal.SIGKILL:
            wrong.append(f"{number.name}: left {left}")
        for x in left:
            os.unlink(os.path.join(folder, x))
    ok(not wrong, f"{name}: old or new after every kill", "\n".join(wrong))
    print(f"# {runs} runs, {hits} ended by a signal, {new} had replaced the file")
    ok(hits > 0, f"{name}: some kills struck")


def run(*command, stdin=b"", **more):
    return subprocess.run(command, input=stdin, capture_output=True, timeout=60, **more)


def refused(name, done, statuses, target, old, folder, keep):
    now = read(target) if os.path.exists(target) else None
    left = set(os.listdir(folder)) - keep
    ok(done.returncode in statuses and done.stderr and now == old and not left, name,
       f"status {done.returncode}, {done.stderr[:300]}, "
       f"{'changed' if now != old else 'same'}, left {left}")


def check_trouble(records, folder):
    source, out = os.path.join(folder, "in"), os.path.join(folder, "out")
    write(source, records)
    write(out, b"old\n")
    keep = set(os.listdir(folder))

    done = run(tool("gz-route"), "-o", "/dev/full", source)
    refused("a full device", done, {3}, out, b"old\n", folder, keep)
    for name in ("gz-ingest", "gz-link", "gz-route", "gz-tally"):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([tool(name), source], stdout=full, stderr=subprocess.PIPE)
        refused(f"{name}: a full standard output", done, {3}, out, b"old\n", folder, keep)

    # A limit on file size stands for a disk that fills up on the way.
    done = run("bash", "-c", 'trap "" XFSZ; ulimit -f 8; exec "$@"', "-",
               tool("gz-route"), "-o", out, source)
    refused("a disk that fills up", done, {3}, out, b"old\n", folder, keep)
    done = run("bash", "-c", 'trap "" XFSZ; ulimit -f 8; exec "$@"', "-",
               tool("gz-link"), "--new-state", out, source)
    refused("a state on a disk that fills up", done, {3}, out, b"old\n", folder, keep)

    done = run(tool("gz-route"), "-o", out, os.path.join(folder, "gone"))
    refused("a vanished input", done, {3}, out, b"old\n", folder, keep)
    done = run(tool("gz-route"), "-o", out, folder)
    refused("a folder as input", done, {3, 4}, out, b"old\n", folder, keep)
    done = run(tool("gz-route"), "-o", os.path.join(folder, "no", "where"), source)
    refused("a folder that is not there", done, {3}, out, b"old\n", folder, keep)

    # The output may replace its own input: it is read before it is replaced.
    once = run(tool("gz-route"), source).stdout
    done = run(tool("gz-route"), "-o", source, source)
    ok(done.returncode == 0 and read(source) == once,
       "the output in place of the input is whole", done.stderr)
    write(source, records)

    # An input that grows: lines so far, and no more than there are in the end.
    with open(source, "ab") as grows:
        child = subprocess.Popen([tool("gz-route"), "-o", out, source],
                                 stderr=subprocess.PIPE)
        for _ in range(40):
            grows.write(records[:records.index(b"\n") + 1])
            grows.flush()
            time.sleep(0.002)
        said = child.communicate()[1]
    lines = read(out).count(b"\n")
    begun = records.count(b"\n")
    ok(child.returncode in (0, 1) and begun <= lines <= begun + 40,
       "an input that grows", f"status {child.returncode}, {lines} lines, {said[:200]}")
    write(source, records)

    # Two jobs at once: one of them whole.
    for _ in range(5):
        write(out, b"old\n")
        jobs = [subprocess.Popen([tool("gz-route"), "-o", out, source]) for _ in range(2)]
        codes = [j.wait() for j in jobs]
        if codes != [0, 0] or read(out) != once or set(os.listdir(folder)) != keep:
            break
    ok(codes == [0, 0] and read(out) == once and set(os.listdir(folder)) == keep,
       "two jobs that write the same file", f"{codes} {os.listdir(folder)}")

    # Nobody listens any more.
    child = subprocess.Popen([tool("gz-route"), source], stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, preexec_fn=default_signals)
    child.stdout.close()
    said = child.stderr.read()
    ok(child.wait() == -signal.SIGPIPE and not said, "a reader that leaves: quietly",
       f"{child.returncode} {said}")

    if os.geteuid() != 0:
        os.chmod(folder, 0o500)
        done = run(tool("gz-route"), "-o", out, source)
        refused("a folder that cannot be written", done, {3}, out, b"old\n", folder, keep)
        os.chmod(folder, 0o700)
    else:
        # To root a folder is never closed; /proc is.
        done = run(tool("gz-route"), "-o", "/proc/gz-out", source)
        ok(done.returncode == 3 and done.stderr, "a folder that cannot be written",
           done.stderr)


def main():
    rng = random.Random(SEED)
    csv = os.path.join(TOP, "lib/data/sample/12345.csv")
    small = run(tool("gz-ingest"), csv).stdout
    # Some tenths of a second of work, the same under a slow build.
    lines = small.splitlines(keepends=True)
    petitions = [x for x in lines if x.startswith(b'{"rec":"petition"')]
    times = 4 if "san" in BIN else 20
    large = b"".join(x.replace(b'"petition_id":"', b'"petition_id":"%d-' % n, 1)
                     for n in range(times) for x in petitions)
    print(f"# seed {SEED}")
    with tempfile.TemporaryDirectory() as inputs, tempfile.TemporaryDirectory() as folder:
        records, state = os.path.join(inputs, "records"), os.path.join(inputs, "state")
        write(records, large)
        out = os.path.join(folder, "out")
        done = run(tool("gz-link"), "--new-state", state, stdin=small)
        ok(done.returncode == 0, "a state is made", done.stderr)
        check_kills("gz-ingest", [tool("gz-ingest"), "-o", out, records], out, folder, rng)
        check_kills("gz-route", [tool("gz-route"), "-j2", "-o", out, records], out, folder, rng)
        check_kills("gz-tally", [tool("gz-tally"), "-o", out, records], out, folder, rng)
        # Rows in temporary files, in the folder that is looked at for what is left.
        check_kills("gz-tally", ["env", "TMPDIR=" + folder, tool("gz-tally"), "--memory", "200k",
                                 "--by", "petition_id,received_at", "-o", out, records],
                    out, folder, rng)
        check_kills("gz-link", [tool("gz-link"), "--state", state, "--new-state", out, records],
                    out, folder, rng)
        tallies, labelled = os.path.join(inputs, "tallies"), os.path.join(inputs, "labelled")
        write(tallies, run(tool("gz-tally"), "--as-of", "2026-12-31", stdin=large).stdout)
        write(labelled, "".join(f"__label__{n % 5} {'路灯噪音电梯停车垃圾'[n % 5 * 2:n % 5 * 2 + 2]} {n}\n"
                                for n in range(3000)).encode())
        check_kills("gz-report", [tool("gz-report"), "--partial", "-t", "xlsx", "-o", out, tallies],
                    out, folder, rng)
        check_kills("gz-learn", [tool("gz-learn"), "-f", "fasttext", "-o", out, labelled],
                    out, folder, rng)
        shutil.rmtree(folder)
        os.mkdir(folder)
        check_trouble(b"".join(petitions), folder)
    finish()


main()
