#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Messages in Chinese: complete, well formed, found from the build directory without a
Chinese locale, and never in the stream."""
import glob
import os
import re
import shutil
import subprocess
import tempfile
import unicodedata

from tap import BIN, TOP, finish, ok, skip_all

HAN = re.compile(r"[\u4e00-\u9fff]")


def run(*args, text=b"", **env):
    p = subprocess.run(args, input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **env},
                       check=False, cwd=TOP)
    return p.returncode, p.stdout.decode(), p.stderr.decode()


def tool(name, *args, **kw):
    return run(os.path.join(BIN, name), *args, **kw)


def columns(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


if not shutil.which("msgfmt") or not shutil.which("xgettext"):
    skip_all("no gettext tools")

# The catalogue.
po = os.path.join(TOP, "lib/po/zh_CN.po")
status, _, err = run("msgfmt", "--check-format", "--check-domain", "-o", "/dev/null", po)
ok(status == 0, "formats of messages and translations agree", err)
for what in ("--untranslated", "--only-fuzzy"):
    _, out, _ = run("msgattrib", what, "--no-obsolete", po)
    ok("\nmsgid" not in out.partition("\n\n")[2], f"nothing {what[2:]} in zh_CN.po", out)
_, template, err = run("scripts/messages", "--print")
with open(os.path.join(TOP, "lib/po/gongzhi.pot"), encoding="utf-8") as f:
    ok(f.read() == template and template, "gongzhi.pot has the messages of the sources",
       err or "run scripts/messages, then translate what is new in lib/po/zh_CN.po")
with tempfile.TemporaryDirectory() as box:
    path = os.path.join(box, "now.pot")
    with open(path, "w", encoding="utf-8") as f:
        f.write(template)
    status, _, err = run("msgcmp", "--use-untranslated", po, path)
    ok(status == 0, "zh_CN.po has every message", err)

# The programs.
tools = sorted(os.path.basename(p)[:-2] for p in glob.glob(os.path.join(TOP, "cmd/gz-*.c")))
for t in tools:
    _, plain, _ = tool(t, "--help", LC_ALL="C")
    ok("usage:" in plain, f"{t} --help in the C locale is English", plain)
    _, chinese, err = tool(t, "--lang", "zh", "--help", LC_ALL="C")
    bare = [x for x in chinese.splitlines() if re.match(r" +-", x) and not HAN.search(x)
            and len(x) > 30 and " ".join(x.split()[-2:]) in plain
            and not re.search(r"--(table NAME|by|measure|color|to) ", x)]
    ok(chinese.startswith("用法：") and not bare, f"{t} --lang zh --help is Chinese",
       "\n".join(bare) or chinese or err)
    wide = [x for x in chinese.splitlines() if columns(x) > 80]
    ok(not wide, f"{t} --lang zh --help fits 80 columns", "\n".join(wide))
for env in ({"LC_ALL": "zh_CN.UTF-8"}, {"LANG": "zh_CN.UTF-8"}, {"LC_MESSAGES": "zh_CN"},
            {"LANG": "C.UTF-8", "LANGUAGE": "zh_CN"}):
    _, out, _ = tool("gz-tally", "--help", **env)
    ok(out.startswith("用法："), f"{env} is Chinese without such a locale", out)
_, out, _ = tool("gz-tally", "--lang", "en", "--help", LC_ALL="zh_CN.UTF-8")
ok(out.startswith("usage:"), "--lang en is English in a Chinese locale", out)

# Rejects: shown in Chinese, English in the stream, whatever the language.
bad = {
    "gz-ingest": "工单编号,受理时间,诉求内容\nA1,不是日期,路灯不亮\nA2,2026-01-02,路灯不亮\n"
                 "A3,2026-01-02,\"没有闭合\n",
    "gz-route": '{"rec":"petition","text":"a"\n{"rec":"petition","text":"a"}\n',
    "gz-link": '{"rec":"petition",]\n{"rec":"petition","petition_id":"1"}\n',
}
for t, text in bad.items():
    text = text.encode()
    english = tool(t, text=text, LC_ALL="C")
    chinese = tool(t, "--lang", "zh", text=text, LC_ALL="C")
    ok(english[0] == 1 == chinese[0] and '"why":"' in english[1],
       f"{t} rejects a line", english[1] + english[2])
    ok(english[1] == chinese[1] and not re.search(r'"why":"[^"]*(日期的|闭合|结束|应为)',
                                                 chinese[1]),
       f"{t}: the stream does not depend on the language", chinese[1])
    ok(HAN.search(chinese[2]) and english[2] != chinese[2], f"{t} shows the reject in Chinese",
       chinese[2])
finish()
