#!/bin/sh
# SPDX-License-Identifier: MIT
# Every library that the Makefile links is in the table of dependencies, and the SBOM is
# the same for the same commit.
set -u
cd "$(dirname "$0")/.." || exit
n=0
bad=0
ok() {
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $n - $2"
    else
        echo "not ok $n - $2"
        bad=1
    fi
}
export SOURCE_DATE_EPOCH=1767225600
a=$(scripts/sbom)
ok $? 'sbom is written'
[ "$a" = "$(scripts/sbom)" ]
ok $? 'the same again'
for lib in jansson pcre2 libcsv xxhash opencc libsodium libxlsxwriter uchardet liblinear; do
    echo "$a" | grep -q "\"name\": \"$lib\""
    ok $? "$lib is in it"
done
asked=$(grep -oE 'call have,[a-z]+' Makefile | sed 's/.*,//; s/^lib//; s/^xlsxwriter$/xlsxwriter/' | sort -u)
for lib in $asked; do
    echo "$a" | grep -q "$lib"
    ok $? "what the Makefile asks for is in it: $lib"
done
echo "1..$n"
exit $bad
