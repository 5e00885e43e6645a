#!/bin/sh
# SPDX-License-Identifier: MIT
# Every fuzz target over its corpus: what was once found stays mended.
set -u
cd "$(dirname "$0")/.." || exit
n=0
bad=0
for replay in "$O"/tests/fuzz/*.replay; do
    name=$(basename "$replay" .replay)
    n=$((n + 1))
    if out=$("$replay" "tests/fuzz/corpus/$name" 2>&1); then
        echo "ok $n - $name: $(echo "$out" | sed -n 's/^ok 1 - //p')"
    else
        echo "not ok $n - $name"
        echo "$out" | sed 's/^/# /'
        bad=1
    fi
done
echo "1..$n"
exit $bad
