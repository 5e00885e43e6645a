#!/bin/sh
# SPDX-License-Identifier: MIT
# scripts/check-layers finds no fault.
cd "${0%/*}/.." || exit
out=$(scripts/check-layers 2>&1)
status=$?
[ -z "$out" ] || printf '%s\n' "$out" | sed 's/^/# /'
echo 1..1
[ $status -eq 0 ] || printf 'not '
echo 'ok 1 - layers'
exit $status
