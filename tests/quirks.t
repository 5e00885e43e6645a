#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What gz-quirks(7) says of the kinds of cases in public collections of tests for JSON and
CSV, on small inputs of our own."""
import json
import os
import subprocess

from tap import BIN, finish, ok


def run(tool, *arguments, stdin):
    return subprocess.run([os.path.join(BIN, tool), *arguments], input=stdin, timeout=60,
                          capture_output=True, env={**os.environ, "LC_ALL": "C"})


def member(value):
    return b'{"rec":"petition","petition_id":"1","x":' + value + b"}"


# y_: every parser takes these. n_: none does. i_: the standard leaves it open; ours is said.
TAKEN = {
    "a member of any name, an empty one too": b'{"rec":"petition","petition_id":"1","":"x"}',
    "a name in escapes": b'{"rec":"petition","petition_id":"1","\\u0074ag":"x"}',
    "blanks between all tokens": b' { "rec" : "petition" ,\t"petition_id" : "1" } ',
    "nothing in an object and an array": member(b'{"a":{},"b":[]}'),
    "zero, minus zero, exponents": member(b"[0,-0,1E5,1e+2,-1.5e-3]"),
    "true, false, null": member(b"[true,false,null]"),
    "all short escapes": member(b'"\\"\\\\\\/\\b\\f\\n\\r\\t"'),
    "a surrogate pair in escapes": member(b'"\\ud83d\\ude00"'),
    "U+0000 in an escape": member(b'"a\\u0000b"'),
    "a character that is none": member(b'"\\ufffe\xef\xbf\xbf"'),
    "U+007F, U+2028": member(b'"\x7f\xe2\x80\xa8"'),
    "i: an exponent beyond all numbers": member(b"[1e9999,-1e9999,1e-9999]"),
    "i: an integer of 30 digits": member(b"123456789012345678901234567890"),
    "i: 60 levels": member(b"[" * 60 + b"]" * 60),
    "i: a mark of byte order": b"\xef\xbb\xbf" + member(b"1"),
}
REFUSED = {
    "a comma too many": member(b"[1,]"), "two commas": member(b"[1,,2]"),
    "a comma at the end of the object": b'{"rec":"petition","petition_id":"1",}',
    "no comma": member(b"[1 2]"), "no colon": b'{"rec" "petition"}',
    "no value": b'{"rec":"petition","petition_id":}',
    "single quotes": b"{'rec':'petition'}", "a name without quotes": b'{rec:"petition"}',
    "a number as name": b'{"rec":"petition",1:1}', "a comment": member(b"1/*x*/"),
    "a zero before a number": member(b"01"), "a plus": member(b"+1"), "a bare point": member(b".5"),
    "a point at the end": member(b"1."), "an empty exponent": member(b"1e"),
    "hexadecimal": member(b"0x1"), "NaN": member(b"NaN"), "Infinity": member(b"-Infinity"),
    "full-width digits": member("１".encode()), "True": member(b"True"), "nul": member(b"nul"),
    "a raw tab in a string": member(b'"a\tb"'), "a raw U+0000": member(b'"a\0b"'),
    "an escape that there is not": member(b'"\\x41"'), "half an escape": member(b'"\\u00A"'),
    "a capital U": member(b'"\\U0041"'), "a string without end": member(b'"a')[:-1],
    "an object without end": b'{"rec":"petition","petition_id":"1"', "a bracket of the wrong kind": member(b"[1}"),
    "one bracket too many": member(b"1") + b"}", "two values": member(b"1") + b" " + member(b"2"),
    "a form feed as blank": member(b"\x0c1"), "U+00A0 as blank": member(b"\xc2\xa01"),
    "an array": b'["a"]', "a bare string": b'"a"', "a bare number": b"1",
    "i: bytes that are no UTF-8": member(b'"\xff"'), "i: overlong UTF-8": member(b'"\xc0\xaf"'),
    "i: a surrogate in UTF-8": member(b'"\xed\xa0\x80"'),
    "i: half a surrogate pair": member(b'"\\ud800"'), "i: the halves in the wrong order": member(b'"\\udd1e\\ud834"'),
    "i: 500 levels": member(b"[" * 500 + b"]" * 500),
}
for name, line in TAKEN.items():
    done = run("gz-route", stdin=line + b"\n")
    try:
        first = json.loads(done.stdout.decode("utf-8-sig"))
    except ValueError:
        first = {}
    want = json.loads(line.decode("utf-8-sig"))
    ok(done.returncode == 0 and all(first.get(k) == v for k, v in want.items()),
       "taken: " + name, done.stdout[:200] + done.stderr)
for name, line in REFUSED.items():
    done = run("gz-route", stdin=line + b"\n" + member(b"1") + b"\n")
    out = done.stdout.decode().splitlines()
    ok(done.returncode == 1 and len(out) == 2 and '"reject"' in out[0] and '"petition"' in out[1] and
       b"<stdin>:1:" in done.stderr, "refused, and the next line read: " + name,
       done.stdout[:300] + done.stderr)
twice = b'{"rec":"petition","petition_id":"1","title":"a","title":"b"}\n'
ok(run("gz-ingest", "-f", "jsonl", "-l", "records", stdin=twice).returncode == 1,
   "i: a member twice: gz-ingest refuses it")
done = run("gz-tally", "--by", "title", "-t", "csv", stdin=twice)
ok(b"\na,1" in done.stdout, "i: a member twice: elsewhere the first counts", done.stdout)

# Tables: what stands in the cells title and text of each row, or what is refused.
HEAD = "工单编号,标题,主要内容\n".encode()
TABLES = {
    "plain": (HEAD + b"1,a,b\n", [("a", "b")]),
    "CRLF": (HEAD.replace(b"\n", b"\r\n") + b"1,a,b\r\n", [("a", "b")]),
    "no line end at the end": (HEAD + b"1,a,b", [("a", "b")]),
    "a comma in quotes": (HEAD + b'1,"a,c",b\n', [("a,c", "b")]),
    "doubled quotes": (HEAD + b'1,"a ""c""",b\n', [('a "c"', "b")]),
    "quotes and nothing": (HEAD + b'1,"",b\n', [(None, "b")]),
    "line ends in quotes": (HEAD + b'1,"a\nc",b\n', [("a\nc", "b")]),
    "CRLF in quotes": (HEAD + b'1,"a\r\nc",b\r\n', [("a\nc", "b")]),
    "quotes and line ends": (HEAD + b'1,"a\n""c""\n",b\n2,d,e\n', [('a\n"c"', "b"), ("d", "e")]),
    "JSON in a cell": (HEAD + b'1,"{""k"": [1, ""v""]}",b\n', [('{"k": [1, "v"]}', "b")]),
    "UTF-8": (HEAD + "1,ʤ,路灯\n".encode(), [("ʤ", "路灯")]),
    "empty cells": (HEAD + b"1,,\n", [(None, None)]),
    "blanks around a cell": (HEAD + b"1, a ,b\n", [("a", "b")]),
    "blank lines": (HEAD + b"\n1,a,b\n\n", [("a", "b")]),
    "a quote inside a bare cell": (HEAD + b'1,a"c,b\n', [('a"c', "b")]),
    "a row too short": (HEAD + b"1,a\n", [("a", None)]),
    "a row too long": (HEAD + b"1,a,b,c,d\n2,d,e\n", [("a", "b"), ("d", "e")]),
    "a row too long, with nothing more": (HEAD + b"1,a,b,,\n", [("a", "b")]),
    "header only": (HEAD, []),
    "a mark of byte order": (b"\xef\xbb\xbf" + HEAD + b"1,a,b\n", [("a", "b")]),
}
for name, (table, want) in TABLES.items():
    done = run("gz-ingest", "-l", "work-order", stdin=table)
    got = [(r.get("title"), r.get("text")) for r in map(json.loads, done.stdout.splitlines())
           if r["rec"] == "petition"]
    ok(got == want and done.returncode == 0, "a table: " + name, f"{got} {done.stderr}")
for name, table, code in (("text after a closing quote", HEAD + b'1,"a"c,b\n2,d,e\n', "quote"),
                          ("a quote never closed", HEAD + b'1,"a,b\n2,d,e\n', "quote")):
    done = run("gz-ingest", "-l", "work-order", stdin=table)
    rows = [json.loads(x) for x in done.stdout.splitlines()]
    bad = [r for r in rows if r["rec"] == "reject"]
    good = [r.get("title") for r in rows if r["rec"] == "petition"]
    ok(done.returncode == 1 and len(bad) == 1 and code in bad[0]["code"] and good == ["d"],
       "a table: refused, and the next row read: " + name, done.stdout[-400:] + done.stderr)
finish()
