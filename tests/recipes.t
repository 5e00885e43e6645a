#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each recipe of README.md, in both languages, does what it says with files of those names.

A recipe is a row of a table whose second cell is `code`. It must end with 0, or with 1 as
the sample has three bad rows, and print something or write the file that it names. One
that needs a program which is not here is passed over.
"""
import os
import re
import shutil
import subprocess
import tempfile
import zipfile

from tap import BIN, ENV, TOP, finish, ok

# What is not run: it waits for a person at a terminal, for a cluster, or has a test of its
# own (tests/install.t).
NOT_RUN = {"vd", "spark-submit", "cc"}
OTHERS = ("mlr", "duckdb", "jq", "xlsx2csv")


def recipes():
    with open(os.path.join(TOP, "README.md"), encoding="utf-8") as f:
        for n, line in enumerate(f, 1):
            m = re.match(r"\| .* \| `(.+?)`[^`|]*(?:`[^`]*`)?[^`|]*\|$", line.replace("\\|", "\0"))
            if m:
                yield n, m.group(1).replace("\0", "|")


def workbook(path):
    """The smallest workbook that a converter reads."""
    cells = [["工单编号", "标题", "办结时间"], ["1", "路灯不亮", "2026-03-05"]]
    rows = "".join(f'<row r="{i}">' + "".join(
        f'<c r="{"ABC"[k]}{i}" t="inlineStr"><is><t>{v}</t></is></c>' for k, v in enumerate(r))
        + "</row>" for i, r in enumerate(cells, 1))
    ns = "http://schemas.openxmlformats.org/"
    office = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml":
            f'<Types xmlns="{ns}package/2006/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{office}.sheet.main+xml"/>'
            '<Override PartName="/xl/worksheets/sheet1.xml" '
            f'ContentType="{office}.worksheet+xml"/></Types>',
        "_rels/.rels":
            f'<Relationships xmlns="{ns}package/2006/relationships"><Relationship Id="rId1" '
            f'Type="{ns}officeDocument/2006/relationships/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml":
            f'<workbook xmlns="{ns}spreadsheetml/2006/main" '
            f'xmlns:r="{ns}officeDocument/2006/relationships"><sheets>'
            '<sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels":
            f'<Relationships xmlns="{ns}package/2006/relationships"><Relationship Id="rId1" '
            f'Type="{ns}officeDocument/2006/relationships/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml":
            f'<worksheet xmlns="{ns}spreadsheetml/2006/main"><sheetData>{rows}'
            '</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w") as z:
        for name, text in parts.items():
            z.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)


def furnish(box):
    """The files that recipes name."""
    sample = os.path.join(TOP, "lib/data/sample/12345.csv")
    for name in ("export.csv", "last-year.csv", "导出.csv", "去年.csv"):
        shutil.copy(sample, os.path.join(box, name))
    with open(sample, encoding="utf-8-sig", newline="") as f:
        lines = f.read().split("\r\n")
    with open(os.path.join(box, "plain.csv"), "w", encoding="utf-8") as f:
        f.write("\n".join(lines[1:]))  # without the title above the header
    records = subprocess.run(["gz-ingest", "-q", sample], env=ENV, stdout=subprocess.PIPE,
                             check=False).stdout
    for name in ("east", "west", "东", "西"):
        with open(os.path.join(box, name + ".tally"), "wb") as f:
            subprocess.run(["gz-tally"], env=ENV, input=records, stdout=f, check=True)
    with open(os.path.join(box, "labelled.txt"), "wb") as f:
        subprocess.run(["gz-learn", "--export-fasttext"], env=ENV, input=records, stdout=f,
                       check=True)
    workbook(os.path.join(box, "orders.xlsx"))
    workbook(os.path.join(box, "工单.xlsx"))
    os.symlink(os.path.join(TOP, "scripts"), os.path.join(box, "scripts"))


def main():
    count = 0
    with tempfile.TemporaryDirectory(prefix="gz-recipes-") as box:
        furnish(box)
        env = {**ENV, "PATH": BIN + ":" + os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": box}
        for n, command in recipes():
            count += 1
            programs = {x.split()[0] for x in re.split(r"\||&&|;", command) if x.strip()}
            title = f"README.md:{n}: {command}".replace("#", "\\#")
            missing = [p for p in OTHERS if p in programs and not shutil.which(p)]
            if programs & NOT_RUN or missing:
                script = re.search(r"scripts/\S+", command)
                ok(not script or os.path.exists(os.path.join(TOP, script[0])),
                   f"{title} # SKIP not run here")
                continue
            p = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=box, env=env,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, timeout=120, check=False)
            named = re.search(r"(?:-o |>)([^ |;&]+)", command)
            made = named and os.path.getsize(os.path.join(box, named[1].rstrip(";"))) > 0
            checks = "--check" in command or command.startswith("scripts/monthly")
            ok(p.returncode in (0, 1) and (p.stdout or made or checks), title,
               f"status {p.returncode}\n" + p.stderr.decode()[-800:])
    ok(count > 30, f"{count} recipes were found")
    finish()


main()
