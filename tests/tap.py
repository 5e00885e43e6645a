# SPDX-License-Identifier: MIT
"""What the tests in Python share: where things are, and TAP, the protocol of prove(1)."""
import os
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BIN = os.path.abspath(os.environ.get("O", os.path.join(TOP, "build")))
# For a tool: found by its name, with no locale, no home, and the sanitizers' own settings.
ENV = {"PATH": BIN + ":" + os.environ["PATH"], "LC_ALL": "C", "HOME": "/nonexistent",
       **{k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}}

_count = _failed = 0
sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")


def ok(good, what, why=""):
    """One check; why, a text or lines, is shown when it fails."""
    global _count, _failed
    _count += 1
    _failed += not good
    print(f"{'ok' if good else 'not ok'} {_count} - " + what)
    if not good and why not in ("", None):
        lines = why if isinstance(why, (list, tuple)) else str(why).splitlines()
        for line in lines:
            print(f"# {line}")
    sys.stdout.flush()
    return bool(good)


def same(got, want, what):
    """One check: that two values are equal. What differs in large ones is shown alone."""
    return ok(got == want, what, _difference(got, want) if got != want else "")


def _difference(got, want):
    if isinstance(got, dict) and isinstance(want, dict):
        keys = [k for k in sorted(set(got) | set(want), key=str) if got.get(k) != want.get(k)]
        return [f"{k}: got {got.get(k)!r}, want {want.get(k)!r}" for k in keys[:400]]
    if isinstance(got, list) and isinstance(want, list):
        got, want = next(((a, b) for a, b in zip(got, want) if a != b), (len(got), len(want)))
    return [f"got  {str(got)[:600]}", f"want {str(want)[:600]}"]


def skip_all(why):
    print(f"1..0 # SKIP {why}")
    sys.exit(0)


def finish():
    """Say how many checks there were, and end with whether all were good."""
    print(f"1..{_count}" if _count else "1..0 # SKIP nothing to check")
    sys.exit(_failed > 0)
