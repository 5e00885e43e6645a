#!/bin/sh
# SPDX-License-Identifier: MIT
# gz-record(5) has the fields of lib/data/schema.csv, and the manuals are clean.
cd "${0%/*}/.." || exit
echo 1..2
status=0
scripts/record-table --check | sed 's/^/# /'
scripts/record-table --check >/dev/null || { status=1; printf 'not '; }
echo 'ok 1 - gz-record(5) is in step with the schema'
if command -v mandoc >/dev/null; then
    scripts/check-man | sed 's/^/# /'
    scripts/check-man >/dev/null || { status=1; printf 'not '; }
    echo 'ok 2 - the manuals are clean'
else
    echo 'ok 2 - the manuals # SKIP no mandoc here'
fi
exit $status
