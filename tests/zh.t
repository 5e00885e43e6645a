#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each manual is there in Chinese, says the same things in the same order, and reads well.

The skeleton of a page is its headings, lists, items and literal blocks. What is the same in
both languages must be equal: options, words of the input, names of files and other pages.
"""
import glob
import os
import re
import shutil
import subprocess
import unicodedata

from tap import TOP, finish, ok

HEADINGS = {
    "名称": "NAME", "概要": "SYNOPSIS", "描述": "DESCRIPTION", "环境": "ENVIRONMENT",
    "文件": "FILES", "退出状态": "EXIT STATUS", "示例": "EXAMPLES", "诊断": "DIAGNOSTICS",
    "另请参阅": "SEE ALSO", "注意事项": "CAVEATS", "缺陷": "BUGS", "选项": "OPTIONS",
    "标准": "STANDARDS", "规则": "RULES",
    "评价的统计": "THE TALLY OF AN EVALUATION", "条件": "CONDITIONS", "各行": "ROWS", "种类与字段": "KINDS AND FIELDS",
}
LITERAL = {"Fl", "Cm", "Li", "Xr", "Pa", "Ev"}
MACRO = re.compile(r"^[A-Z][a-z]$")


def words(item):
    """What of an item's tag is the same in every language: the arguments of LITERAL."""
    out, taking = [], False
    for w in item.split():
        if MACRO.match(w):
            taking = w in LITERAL or (taking and w == "Ns")
        elif taking and re.search(r"[A-Za-z0-9{]", w):
            out.append(re.sub(r"[^\x21-\x7e]+|(?<![A-Za-z])[A-Z]{3,}(?![A-Za-z])", "?", w))
    return " ".join(out)


def skeleton(path):
    """The page as (line number, what), without its text."""
    out, literal, table = [], False, False
    with open(path, encoding="utf-8") as f:
        for n, line in enumerate(f.read().splitlines(), 1):
            if line.startswith(".Ed"):
                literal = False
            elif literal:
                if line.startswith("$ gz-report") or line.startswith("$ gz-tally"):
                    out.append((n, line.split()[1]))
                continue
            elif line.startswith(".Sh"):
                out.append((n, "Sh " + HEADINGS.get(line[4:], line[4:])))
            elif line.startswith(".Ss"):
                out.append((n, "Ss"))
            elif line.startswith(".Bl"):
                table = line.startswith(".Bl -column")
                out.append((n, line.split()[0] + " " + line.split()[1]))
            elif line.startswith(".It"):
                out.append((n, ("It " + (line.split()[1] if table else words(line[3:]))).strip()))
            elif line.startswith((".El", ".Dt", ".Nm gz")):
                out.append((n, line[1:].strip()))
            literal = literal or line.startswith(".Bd -literal")
    return out


def first_difference(path, other):
    a, b = skeleton(path), skeleton(other)
    for (m, x), (n, y) in zip(a + [(0, "the end")], b + [(0, "the end")]):
        if x != y:
            return f"{path}:{m}: {x}\n{other}:{n}: {y}"
    return ""


def columns(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def shown(path, width):
    """The page as man shows it on a terminal of that width."""
    broken = subprocess.run(["scripts/zh-break"], stdin=open(path, "rb"), check=True,
                            stdout=subprocess.PIPE).stdout
    page = subprocess.run(["groff", "-Kutf8", "-mandoc", "-Tutf8", f"-rLL={width}n", "-P-cbou"],
                          input=broken, check=True, stdout=subprocess.PIPE,
                          env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout
    return page.decode().splitlines()


def literals(path):
    """Lines of the literal blocks, which nothing can fold."""
    out, literal = set(), False
    with open(path, encoding="utf-8") as f:
        for line in f.read().splitlines():
            literal = (literal or line.startswith(".Bd -literal")) and not line.startswith(".Ed")
            if literal or line.startswith(".Dl"):
                plain = line.replace("\\(aq", "'").replace("\\e", "\\").replace("\\&", "")
                out.add(re.sub(r"^\.Dl ", "", plain).replace(" ", ""))
    return out


os.chdir(TOP)
for page in sorted(glob.glob("man/*.[1-8]")):
    chinese = os.path.join("man/zh_CN", os.path.basename(page))
    if page.endswith(".3") or page.endswith("/gz-hacking.7"):
        continue  # for programmers, who read the sources too, and those are in English
    name = os.path.basename(page)
    if not ok(os.path.exists(chinese), f"{name} is there in Chinese"):
        continue
    why = first_difference(page, chinese)
    ok(not why, f"{name} says the same in Chinese", why)
    if not shutil.which("groff"):
        continue
    for width in (60, 80):
        wide = [x for x in shown(chinese, width) if columns(x) > width
                and not any(x.replace(" ", "") in y or y in x.replace(" ", "")
                            for y in literals(chinese) if y)]
        ok(not wide, f"{name} in Chinese fits {width} columns", wide)
extra = [x for x in glob.glob("man/zh_CN/*") if not os.path.exists(x.replace("zh_CN/", ""))]
ok(not extra, "no page is in Chinese only", extra)
finish()
