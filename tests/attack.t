#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Inputs of at most 1 MB that are made to hurt: no tool may take more than 2 seconds of
processor time (the longest takes half of one), more than 64 MiB beyond what it takes for a small input, or end by a
signal; its status is one of the manual's and it says why when it is not 0."""
import json
import os
import random
import resource
import tempfile

from tap import BIN, finish, ok

SAN = "address" in BIN
MB = 1000 * 1000
SECONDS = 30 if SAN else 2  # 1 on a machine that does nothing else
ROOM = 64 * 1024  # KiB


def runner():
    """A process that starts the tools: forked while this one is small, since what a tool is
    said to take begins with what its parent took."""
    asked, ask = os.pipe()
    told, tell = os.pipe()
    if os.fork():
        os.close(asked)
        os.close(tell)
        return os.fdopen(ask, "w"), os.fdopen(told)
    os.close(ask)
    os.close(told)
    with os.fdopen(asked) as lines, os.fdopen(tell, "w") as answers:
        for line in lines:
            command, said = json.loads(line)
            pid = os.fork()
            if pid == 0:
                os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
                os.dup2(os.open("/dev/null", os.O_WRONLY), 1)
                os.dup2(os.open(said, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), 2)
                resource.setrlimit(resource.RLIMIT_CPU, (2 * SECONDS, 2 * SECONDS))
                resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
                os.execv(command[0], command)
            _, status, used = os.wait4(pid, 0)
            print(json.dumps([os.waitstatus_to_exitcode(status),
                              used.ru_utime + used.ru_stime, used.ru_maxrss]),
                  file=answers, flush=True)
    os._exit(0)


TO_RUNNER, FROM_RUNNER = runner()


def run(command, folder):
    """Status (negative: a signal), seconds of processor time, KiB, and what it said."""
    said = os.path.join(folder, "said")
    print(json.dumps([command, said]), file=TO_RUNNER, flush=True)
    status, seconds, kib = json.loads(FROM_RUNNER.readline())
    with open(said, "rb") as f:
        return status, seconds, kib, f.read()


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


    yield "days by the thousand", lines_of(lambda n: '{"rec":"petition","petition_id":"%d","received_at":"%04d-%02d-%02d"}' % (n, 1 + n // 336, 1 + n % 12, 1 + n // 12 % 28))
    yield "texts that differ in one character", lines_of(lambda n: petition(n * 9, title="路灯", text="幸福小区%s路灯不亮三天了没人修请尽快处理谢谢" % chr(0x4e00 + n % 2000)))
    yield "words of 1,000 characters", lines_of(lambda n: petition(n, title="x" * 900, text="y" * 9000))
    yield "one word of half a megabyte", (petition(1, text="a" * 490000) + "\n" + petition(2, text="a" * 490000) + "\n").encode()
    yield "one meeting again and again", lines_of(lambda n: '{"rec":"meeting","meeting_id":"m%d","held_at":"2026-03-01"}' % (n % 3))
    yield "all items at one meeting", lines_of(lambda n: '{"rec":"agenda_item","item_id":"a%d","meeting_id":"m0","topic":"t"}' % n)
    yield "all follow-ups to one petition", lines_of(lambda n: '{"rec":"followup","petition_id":"p0","fu_at":"2026-03-01","fu_solved":"yes"}')
    yield "all reports in to one whistle", lines_of(lambda n: '{"rec":"reportin","whistle_id":"w0","org":"o%d","arrived_at":"2026-03-01"}' % n)
    yield "all tasks of one item", lines_of(lambda n: '{"rec":"task","task_id":"t%d","item_id":"i0"}' % n)
    yield "labels in a circle", lines_of(lambda n: '{"rec":"label","dim":"unit","value":"u%d","parent":"u%d","zh":"x"}' % (n, (n + 1) % 9000))
    yield "4096 tallies and more", lines_of(lambda n: '{"rec":"tally_head","v":1,"id":"%016x","plan":{"name":"x"},"scheme":{"name":"y"}}' % n)
    yield "figures of one another", lines_of(lambda n: '{"rec":"figure","what":"w%d","n":%d,"unit":"u","source":"s","part_of":"w%d"}' % (n, n, n - 1))
    yield "sources that never end", lines_of(lambda n: '{"rec":"source","src":"s%d"}' % n)
    yield "marks upon one letter", lines_of(lambda n: petition(n, text="e" + "\u0301" * 1400))
    yield "characters far away", lines_of(lambda n: petition(n, text="".join(chr(0x20000 + (n * 300 + i) % 40000) for i in range(300))))


def plan_of(tables, **more):
    return json.dumps({"name": "p", "tables": tables, **more}).encode()


def a_table(name, **more):
    return {"name": name, "rec": "petition", "by": [], "measures": [{"name": "n"}], **more}


def own_files():
    """What an office brings along itself, but may have from strangers: option, contents."""
    rng = random.Random(9)
    rules = "id,category,pattern,weight\n"
    noise = bytes(rng.randrange(256) for _ in range(MB))
    plan, scheme = ("gz-tally", "--plan"), ("gz-tally", "--scheme")
    yield "a plan of 9,000 tables", plan, plan_of([a_table("t%d" % i) for i in range(9000)])
    yield "a plan of 50,000 measures", plan, plan_of([a_table("t", measures=[{"name": "m%d" % i} for i in range(50000)])])
    yield "a plan of 1,000 measures", plan, plan_of([a_table("t", measures=[{"name": "m%d" % i} for i in range(1000)])])
    yield "a condition 60,000 deep", plan, b'{"name":"p","tables":[{"name":"t","rec":"petition","by":[],"where":' + b'{"not":' * 60000 + b'{"field":"kind","present":true}' + b"}" * 60000 + b',"measures":[{"name":"n"}]}]}'
    yield "a condition of 80,000 values", plan, plan_of([a_table("t", where={"field": "kind", "is": ["v%d" % i for i in range(80000)]})])
    yield "a condition of 20,000 parts", plan, plan_of([a_table("t", where={"any": [{"field": "kind", "is": ["v%d" % i]} for i in range(20000)]})])
    yield "a scheme of 16,000 conditions", scheme, json.dumps({"name": "s", "conditions": {"c%d" % i: {"field": "kind", "is": ["x"]} for i in range(16000)}}).encode()
    yield "a scheme that doubles", scheme, json.dumps({"name": "s", "conditions": {"c%d" % i: {"any": [{"scheme": "c%d" % (i + 1)}] * 2} for i in range(9000)}}).encode()
    yield "a layout of brackets", ("gz-ingest", "--check"), b'{"a":' * 200000
    yield "a layout of columns", ("gz-ingest", "--check"), json.dumps({"layout": "x", "rec": "petition", "fields": {"ext": ["c%d" % i for i in range(80000)]}}).encode()
    yield "20,000 rules", ("gz-route", "--rules"), (rules + "".join("r%d,环境/噪音,词语%d,5\n" % (i, i) for i in range(20000))).encode()
    yield "a rule of 1 MB", ("gz-route", "--rules"), (rules + "r,环境," + "(a|b)*" * 150000 + ",5\n").encode()
    yield "rules of quotes", ("gz-route", "--rules"), b'",' * (MB // 2)
    yield "words of gz-link", ("gz-link", "--words"), ("kind,word\n" + "".join("stop,w%d\n" % i for i in range(80000))).encode()
    yield "residents", ("gz-report", "--population"), ("unit,population\n" + "".join("u%d,%d\n" % (i, i + 1) for i in range(60000))).encode()
    for name, option in (("model", ("gz-route", "--model")), ("state", ("gz-link", "--state")), ("key", ("gz-ingest", "--key")), ("plan", plan), ("scheme", scheme)):
        yield f"noise as a {name}", option, noise


TABLE_TOOLS = [("gz-ingest", []), ("gz-ingest", ["--inspect"]), ("gz-tally", ["-f", "csv"])]
RECORD_TOOLS = [("gz-ingest", []), ("gz-link", []), ("gz-route", ["--explain"]), ("gz-tally", []),
                ("gz-report", ["--partial", "-t", "html"]), ("gz-report", ["--partial", "--verify"])]


def judge(name, commands, folder):
    wrong = []
    for command, base in commands:
        status, seconds, kib, said = run(command, folder)
        what = " ".join([os.path.basename(command[0]), *command[1:-1]])
        if status not in (0, 1, 2, 3, 4):
            wrong.append(f"{what}: status {status} {said[:300]}")
        if status and not said:
            wrong.append(f"{what}: status {status} in silence")
        if len(said) > 10000:
            wrong.append(f"{what}: {len(said)} bytes of messages")
        if seconds > SECONDS:
            wrong.append(f"{what}: {seconds:.1f} s")
        if not SAN and kib > base + ROOM:
            wrong.append(f"{what}: {(kib - base) / 1024:.0f} MiB more than usual")
    ok(not wrong, name, "\n".join(wrong))


def attack(folder, cases, tools, base):
    for name, data in cases:
        path = os.path.join(folder, "in")
        assert len(data) <= MB, name
        with open(path, "wb") as f:
            f.write(data)
        judge(name, [([os.path.join(BIN, tool), *arguments, path], base[tool])
                     for tool, arguments in tools], folder)


def main():
    with tempfile.TemporaryDirectory() as folder:
        base = {}
        path = os.path.join(folder, "in")
        with open(path, "w") as f:
            f.write(petition(1) + "\n")
        for tool, arguments in RECORD_TOOLS:
            base[tool] = run([os.path.join(BIN, tool), *arguments, path], folder)[2]
        attack(folder, tables(), TABLE_TOOLS, base)
        attack(folder, documents(), TABLE_TOOLS[:2] + RECORD_TOOLS[1:4], base)
        attack(folder, records(), RECORD_TOOLS, base)
        for name, (tool, option), data in own_files():
            own = os.path.join(folder, "own")
            with open(own, "wb") as f:
                f.write(data[:MB])
            os.chmod(own, 0o600)
            with open(path, "w") as f:
                f.write(petition(1) + "\n")
            command = [os.path.join(BIN, tool), option, own] + ([] if option == "--check" else [path])
            judge(name, [(command, base[tool])], folder)
    finish()


main()
