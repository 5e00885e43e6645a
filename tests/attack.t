#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Inputs of at most 1 MB that are made to hurt: no tool may take more than 5 seconds of
processor time, more than 64 MiB beyond what it takes for a small input, or end by a
signal; its status is one of the manual's and it says why when it is not 0."""
import json
import os
import random
import resource
import tempfile

from tap import BIN, finish, ok

SAN = "address" in BIN
MB = 1000 * 1000
SECONDS = 30 if SAN else 5
ROOM = 64 * 1024  # KiB


def run(command, folder, out):
    """Status (negative: a signal), seconds of processor time, KiB, and what it said."""
    pid = os.fork()
    if pid == 0:
        os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
        os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 1)
        os.dup2(os.open(os.path.join(folder, "said"), os.O_RDWR | os.O_CREAT | os.O_TRUNC,
                        0o600), 2)
        resource.setrlimit(resource.RLIMIT_CPU, (2 * SECONDS, 2 * SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.execv(command[0], command)
    _, status, used = os.wait4(pid, 0)
    with open(os.path.join(folder, "said"), "rb") as f:
        said = f.read()
    return (os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime,
            used.ru_maxrss, said)


def petition(n, **more):
    return json.dumps({"rec": "petition", "petition_id": str(n),
                       "received_at": "2026-03-0%d" % (1 + n % 9), **more},
                      ensure_ascii=False, separators=(",", ":"))


def lines_of(make):
    """As many lines as fit into 1 MB."""
    parts, size, n = [], 0, 0
    while True:
        line = (make(n) + "\n").encode()
        size += len(line)
        if size > MB:
            return b"".join(parts)
        parts.append(line)
        n += 1


def tables():
    rng = random.Random(7)
    head = "工单编号,来电时间,标题,主要内容\n".encode()
    row = "1,2026-01-02,路灯,路灯不亮\n".encode()
    yield "all quotes", head + b'"' * (MB - 100)
    yield "all commas", head + b"," * (MB - 100)
    yield "all line ends", head + b"\n" * (MB - 100)
    yield "all carriage returns", head + b"\r" * (MB - 100)
    yield "quotes and commas", head + b'",' * (MB // 2 - 100)
    yield "a cell of 1 MB", head + b"1,2026-01-02,x," + b"y" * (MB - 100) + b"\n"
    yield "a quoted cell of many lines", head + b'1,2026-01-02,x,"' + b"y\n" * (MB // 2 - 100) + b'"\n'
    yield "65,000 columns", b",".join(b"c%d" % i for i in range(65000)) + b"\n" + b"," * 64999 + b"\n"
    yield "65,000 columns of one name", b",".join([b"title"] * 65000) + b"\n" + b"x," * 64999 + b"\n"
    yield "zeros", b"\0" * MB
    yield "zeros in cells", head + b"1,2026-01-02,\0,\0\0\n" * (MB // 20)
    yield "marks of byte order everywhere", (b"\xef\xbb\xbf" + head + row * 3) * (MB // 200)
    yield "UTF-16 of odd length", ("\ufeff" + (head + row * 9000).decode()).encode("utf-16-le")[:MB // 2 * 2 - 1]
    yield "UTF-16 without a partner", b"\xff\xfe" + b"a\0,\0b\0\n\0" + b"\x00\xd8" * (MB // 2 - 10)
    yield "bytes that are no characters", head + bytes(rng.choice(b"\x80\xbf\xc0\xf8\xff,\n") for _ in range(MB - 100))
    yield "noise", bytes(rng.randrange(256) for _ in range(MB))
    yield "huge numbers", head + (b"9" * 400 + b",2026-01-02," + b"1e" + b"9" * 300 + b",0\n") * 1300
    yield "dates that are none", head + b"1,9999-99-99T99:99:99.999999999999,x,y\n" * (MB // 42)
    yield "unclosed quotes on every line", head + b'1,2026-01-02,"x,y\n' * (MB // 20)


def documents():
    yield "deep arrays", b"[" * (MB - 1)
    yield "deep objects", b'{"a":' * (MB // 5)
    yield "deep members of a record", b'{"rec":"petition","ext":' + b'{"a":' * 1000 + b"1" + b"}" * 1001
    yield "many members", ("{" + ",".join('"k%d":1' % i for i in range(80000)) + "}").encode()
    yield "an array of arrays", b"[" + b"[]," * (MB // 3 - 10) + b"[]]"


def records():
    rng = random.Random(8)
    yield "a key for each record", lines_of(lambda n: petition(n, **{"k%d" % n: "x"}))
    yield "a unit for each record", lines_of(lambda n: petition(n, lead_org="u%d" % n, category_given="c%d" % n))
    yield "many keys in one record", (petition(1, **{"k%d" % i: 1 for i in range(70000)}) + "\n").encode()
    yield "many tags", (petition(1, tags=["t%d" % i for i in range(90000)]) + "\n").encode()
    # Strings that are alike but for few bits, as weak hashes like least.
    alike = ["Aa", "BB"]
    yield "strings made to collide", lines_of(lambda n: petition(n, lead_org="".join(alike[n >> b & 1] for b in range(16))))
    yield "one long text", (petition(1, title="电梯", text="电梯坏了不是" * 50000) + "\n").encode()
    yield "texts that nearly match", lines_of(lambda n: petition(n, text="a" * 400 + "噪音扰民不是" * 40 + "1" * 300))
    yield "blanks only", lines_of(lambda n: petition(n, title=" " * 400, text="\u3000" * 200))
    yield "the same text again and again", lines_of(lambda n: petition(n, title="路灯不亮", text="幸福路路灯不亮三天了", reporter_key="k"))
    yield "texts of random characters", lines_of(lambda n: petition(n, text="".join(chr(rng.randrange(0x4e00, 0x9fa5)) for _ in range(200))))
    yield "surrogates without a partner", lines_of(lambda n: '{"rec":"petition","petition_id":"\\ud800","title":"\\udc00"}')
    yield "huge numbers in records", lines_of(lambda n: '{"rec":"petition","petition_id":"%d","supports":%s}' % (n, "9" * 300))
    yield "lines that are no records", lines_of(lambda n: "x")
    yield "tallies that end without a head", lines_of(lambda n: '{"rec":"tally_end","id":"%016x","rows":9}' % n)
    yield "a table for each row", lines_of(lambda n: '{"rec":"tally","id":"0","table":"t%d","key":["a"],"m":{"m%d":1}}' % (n, n))
    yield "ended before begun", lines_of(lambda n: '{"rec":"source_end","src":"s%d","rows":18446744073709551615}' % n)


TABLE_TOOLS = [("gz-ingest", []), ("gz-ingest", ["--inspect"]), ("gz-tally", ["-f", "csv"])]
RECORD_TOOLS = [("gz-ingest", []), ("gz-link", []), ("gz-route", ["--explain"]), ("gz-tally", []),
                ("gz-report", ["--partial", "-t", "html"])]


def attack(folder, cases, tools, base):
    for name, data in cases:
        path, wrong = os.path.join(folder, "in"), []
        assert len(data) <= MB, name
        with open(path, "wb") as f:
            f.write(data)
        for tool, arguments in tools:
            command = [os.path.join(BIN, tool), *arguments, path]
            status, seconds, kib, said = run(command, folder, os.path.join(folder, "out"))
            what = " ".join([tool, *arguments])
            if status not in (0, 1, 2, 3, 4):
                wrong.append(f"{what}: status {status} {said[:300]}")
            if status and not said:
                wrong.append(f"{what}: status {status} in silence")
            if len(said) > 10000:
                wrong.append(f"{what}: {len(said)} bytes of messages")
            if seconds > SECONDS:
                wrong.append(f"{what}: {seconds:.1f} s")
            if not SAN and kib > base[tool] + ROOM:
                wrong.append(f"{what}: {(kib - base[tool]) / 1024:.0f} MiB more than usual")
        ok(not wrong, name, "\n".join(wrong))


def main():
    with tempfile.TemporaryDirectory() as folder:
        base = {}
        path = os.path.join(folder, "in")
        with open(path, "w") as f:
            f.write(petition(1) + "\n")
        for tool, arguments in RECORD_TOOLS:
            base[tool] = run([os.path.join(BIN, tool), *arguments, path], folder,
                             os.path.join(folder, "out"))[2]
        attack(folder, tables(), TABLE_TOOLS, base)
        attack(folder, documents(), TABLE_TOOLS[:2] + RECORD_TOOLS[1:4], base)
        attack(folder, records(), RECORD_TOOLS, base)
    finish()


main()
