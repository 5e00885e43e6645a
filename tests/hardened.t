#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The flags that harden the programs reached the binaries: checked on these themselves."""
import glob
import os
import re
import subprocess

from tap import BIN, finish, ok, skip_all

if "address" in BIN or "coverage" in BIN:
    skip_all("built for looking, not for use")


def readelf(*arguments):
    return subprocess.run(["readelf", "-W", *arguments], capture_output=True, text=True,
                          env={**os.environ, "LC_ALL": "C"}, check=True).stdout


for path in sorted(glob.glob(os.path.join(BIN, "gz-*"))):
    name = os.path.basename(path)
    if not re.fullmatch(r"gz-[a-z]+", name):
        continue
    head, segments, dynamic = readelf("-h", path), readelf("-l", path), readelf("-d", path)
    symbols = readelf("--dyn-syms", path)
    ok(re.search(r"Type:\s+DYN", head), f"{name} can lie anywhere in memory")
    ok("GNU_RELRO" in segments and re.search(r"BIND_NOW|FLAGS_1.*\bNOW\b", dynamic),
       f"{name} has its table of functions closed before it starts")
    ok(re.search(r"GNU_STACK.*\bRW\s", segments), f"{name} runs nothing from the stack")
    ok(not re.search(r"LOAD.*\bRWE\b", segments), f"{name} has no memory to write and run")
    ok("__stack_chk_fail" in symbols, f"{name} watches its stack")
    ok(re.search(r"__\w+_chk@", symbols), f"{name} has checked library calls")
    ok("RPATH" not in dynamic and "RUNPATH" not in dynamic,
       f"{name} looks for libraries where the system keeps them")
finish()
