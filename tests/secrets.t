#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Plant names, phones, identity numbers and addresses of mail in every kind of column and
look for them in all that any tool writes: records, messages, -v, --explain, rejects, CSV,
states, tallies, reports."""
import csv
import io
import os
import stat
import subprocess
import tempfile

from tap import BIN, finish, ok

def identity(number):
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return number + "10X98765432"[sum(int(d) * w for d, w in zip(number, weights)) % 11]


def phone(n):
    return "139" + "%08d" % (87650000 + n)


# What each column holds; only columns named here as contacts must be silent from the start.
CONTACTS = {
    "来电人": "尉迟密探", "来电人电话/账号": phone(1), "联系人": "端木暗号",
    "联系电话": phone(2), "电子邮箱": "hidden.caller@example.org",
    "身份证号": identity("11010119900307451"), "微信号": "wxid_hiddencaller",
    # Columns that no layout knows, by their name ...
    "反馈人手机": phone(3), "second phone": phone(4), "Reporter Name": "Zebulon Marker",
    # ... and by what stands in them.
    "备用一": phone(5), "备用二": identity("11010119910307452"), "备用三": "other.hidden@example.org",
}
TEXTS = {"标题": phone(11), "主要内容": identity("11010119920307453"), "办理结果": phone(12),
         "回复内容": phone(13), "备注说明": phone(14)}
WORDS = {"标题": "路灯不亮请打%s谢谢", "主要内容": "我的身份证是%s，幸福路路灯不亮三天了",
         "办理结果": "已电话%s联系", "回复内容": "请拨%s咨询", "备注说明": "昨天有人打%s来问过进展情况"}
BASE = {"工单编号": "", "来电时间": "", "问题分类": "城市管理->路灯", "被反映街乡镇": "北桥街道",
        "承办单位": "城管中心", "工单状态": "办结"}


def row(n):
    cells = dict(BASE, 工单编号="A%d" % n, 来电时间="2026-01-%02d 07:53:04" % (1 + n % 28))
    cells.update(CONTACTS)
    cells.update((k, WORDS[k] % v) for k, v in TEXTS.items())
    return cells


def make_table():
    names = list(row(0))
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(names)
    for n in range(40):
        out.writerow(row(n).values())
    # Rows that are rejected: a date that is none, cells too many, a quote left open.
    out.writerow(dict(row(40), 来电时间=phone(2)).values())
    out.writerow(list(row(41).values()) + [CONTACTS["来电人电话/账号"], CONTACTS["来电人"]])
    out.writerow(list(row(42).values())[:5])
    return text.getvalue() + '"' + ",".join(row(43).values()) + "\n"


written = {}  # name of an output -> its bytes


def run(name, tool, *arguments, stdin=b""):
    done = subprocess.run([os.path.join(BIN, tool), *arguments], input=stdin,
                          capture_output=True, timeout=120)
    written[name] = done.stdout
    written[name + ", messages"] = done.stderr
    if done.returncode not in (0, 1, 4):
        ok(False, name, f"status {done.returncode}: {done.stderr.decode()[:500]}")
    return done.stdout


def check(level, secrets):
    for name, data in written.items():
        text = data.decode("utf-8", "replace")
        found = [f"{column}: {secret}" for column, secret in secrets.items() if secret in text]
        ok(not found, f"{level}: {name}", "\n".join(found))
        if found and os.environ.get("GZ_SHOW"):
            print("# " + text[:3000].replace("\n", "\n# "))


def flow(level, path, folder):
    written.clear()
    private = ["--privacy", level]
    rejects = os.path.join(folder, "rejects-" + level)
    state = os.path.join(folder, "state-" + level)
    records = run("gz-ingest -v", "gz-ingest", *private, "-v", "--rejects", rejects, path)
    ok(len(records) > 1000, f"{level}: there are records")
    ok(stat.S_IMODE(os.stat(rejects).st_mode) == 0o600,
       f"{level}: rejects with their text are for their owner only")
    run("gz-ingest -t csv", "gz-ingest", *private, "-t", "csv", path)
    run("gz-ingest --inspect", "gz-ingest", *private, "--inspect", path)
    for name in ("a date", "a layout"):  # what is refused at the command line
        bad = ["--date", "来电时间=x"] if name == "a date" else ["-l", "new-york-311"]
        done = subprocess.run([os.path.join(BIN, "gz-ingest"), *private, *bad, path],
                              capture_output=True)
        written[f"gz-ingest, {name} that does not fit"] = done.stdout + done.stderr
    linked = run("gz-link -v", "gz-link", "-v", "--min", "2", "--new-state", state, stdin=records)
    with open(state, "rb") as f:
        written["the state of gz-link"] = f.read()
    routed = run("gz-route --explain -v", "gz-route", "--explain", "-v", stdin=linked)
    run("gz-route -t csv", "gz-route", "-t", "csv", stdin=linked)
    tallies = run("gz-tally -v", "gz-tally", "-v", "--as-of", "2026-12-31", stdin=routed)
    for form in ("text", "md", "html", "csv", "json"):
        more = ["--table", "units"] if form == "csv" else []
        run("gz-report -t " + form, "gz-report", "-v", "--partial", "-t", form, *more,
            stdin=tallies)
    # Lines that a stage cannot read.
    broken = records.replace(b'"rec":"petition"', b'"rec":petition')
    for tool in ("gz-link", "gz-route", "gz-tally"):
        run(tool + " on broken lines", tool, "-v", stdin=broken)


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "calls.csv")
        with open(path, "w", encoding="utf-8") as f:
            f.write(make_table())
        # The test can fail: without privacy everything is found.
        done = subprocess.run([os.path.join(BIN, "gz-ingest"), "--privacy", "none", path],
                              capture_output=True)
        text = done.stdout.decode()
        lost = [c for c, secret in {**CONTACTS, **TEXTS}.items() if secret not in text]
        ok(not lost, "none: all of it is there", " ".join(lost))
        flow("contact", path, folder)
        check("contact", CONTACTS)
        for level in ("text", "public"):
            flow(level, path, folder)
            check(level, {**CONTACTS, **TEXTS})
    finish()


main()
