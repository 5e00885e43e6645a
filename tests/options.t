#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The option tables, --help and the manuals agree."""
import glob
import os
import re
import subprocess
import unicodedata

from tap import BIN, TOP, finish, ok

ENV = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "LANGUAGE": "", "HOME": "/nonexistent"}


def tool(name, *args):
    return subprocess.run([os.path.join(BIN, name), *args], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENV,
                          check=False)


def columns(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def in_table(name):
    """Option names as --print-options gives them: short, long, argument, values, help."""
    names = set()
    for line in tool(name, "--print-options").stdout.decode().splitlines():
        short, long = line.split("\t")[:2]
        names |= {"-" + short.lstrip("-")} if short else set()
        names |= {"--" + long.lstrip("-")} if long else set()
    return names


def in_manual(path):
    names = set()
    with open(path, encoding="utf-8") as f:
        for line in f:
            if line.startswith(".It Fl"):
                names |= {"-" + x for x in re.findall(r"\bFl (-?[A-Za-z][\w-]*)", line)}
    return names


tools = sorted(os.path.basename(p)[:-2] for p in glob.glob(os.path.join(TOP, "cmd/gz-*.c")))
for t in tools:
    help_text = tool(t, "--help")
    text = help_text.stdout.decode()
    table = in_table(t)
    ok(help_text.returncode == 0 and not help_text.stderr, f"{t} --help ends with 0")
    wide = [x for x in text.splitlines() if columns(x) > 80]
    ok(text and not wide, f"{t} --help fits 80 columns", wide)
    ok(f"{t}(1)" in text, f"{t} --help names its manual")
    unnamed = [x for x in table if x.startswith("--") and
               not re.search(re.escape(x) + r"(?![\w-])", text)]
    ok(len(table) > 3 and not unnamed, f"{t} --help has every option of the table", unnamed)
    page = os.path.join(TOP, "man", t + ".1")
    if not os.path.exists(page):
        ok(False, f"{t} has a manual")
        continue
    manual = in_manual(page)
    ok(table <= manual, f"{t}(1) has every option", sorted(table - manual))
    ok(manual <= table, f"{t}(1) has no option that is not there", sorted(manual - table))
    chinese = in_manual(os.path.join(TOP, "man/zh_CN", t + ".1"))
    ok(chinese == manual, f"{t}(1) in Chinese has the same options",
       sorted(chinese ^ manual))
    version = tool(t, "--version")
    ok(re.match(rf"{t} \d+\.\d+\.\d+\n", version.stdout.decode()) is not None,
       f"{t} --version")
    wrong = tool(t, "--no-such-option")
    ok(wrong.returncode == 2 and not wrong.stdout and wrong.stderr.count(b"\n") <= 2,
       f"{t} refuses an unknown option in two lines", [wrong.stderr.decode()])
finish()
