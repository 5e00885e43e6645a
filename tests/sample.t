#!/bin/sh
# SPDX-License-Identifier: MIT
# The committed sample data are what scripts/sample makes.
cd "${0%/*}/.." || exit
echo 1..2
status=0
n=0
for what in 12345 minutes; do
    n=$((n + 1))
    scripts/sample $what | cmp - lib/data/sample/$what.csv || { printf 'not '; status=1; }
    echo "ok $n - $what.csv"
done
exit $status
