#!/bin/sh
# SPDX-License-Identifier: MIT
# The test runners find what they are there to find.
# shellcheck disable=SC2016
cd "${0%/*}/.." || exit
top=$(pwd)
box=$(mktemp -d)
trap 'rm -rf "$box"' EXIT
n=0
failed=0

# ok STATUS WHAT: one check, passed when STATUS is 0.
ok() {
    n=$((n + 1))
    [ "$1" -eq 0 ] || { printf 'not '; failed=1; }
    echo "ok $n - $2"
}
# verdict NAME: what run-cases says of a case.
verdict() {
    tests/run-cases "$box/cases/$1" | sed -n 's/^\(not ok\|ok\) 1 .*/\1/p'
}
# new NAME COMMAND: a case.
new() {
    mkdir -p "$box/cases/$1"
    echo "$2" >"$box/cases/$1/cmd"
}

new good 'cat; echo "$HOME $LC_ALL $TZ"; cat more; echo "odd [x] 12" >&2; exit 3'
printf 'a\r\nb' >"$box/cases/good/in"
printf 'a\r\nb/nonexistent C UTC\nmore\n' >"$box/cases/good/out"
printf '**\nodd [x] *\n' >"$box/cases/good/err.glob"
echo more >"$box/cases/good/more"
echo 3 >"$box/cases/good/status"
[ "$(verdict good)" = ok ]
ok $? 'a case that does what it says passes'

new out 'echo x'
new err 'echo x >&2'
new status 'exit 1'
new crash 'kill -SEGV $$'
new line 'printf x'
echo x >"$box/cases/line/out"
new glob 'echo "no such file" >&2'
echo 'something else*' >"$box/cases/glob/err.glob"
new mem 'python3 -c "len(b\"x\" * 60000000)"'
echo 40000 >"$box/cases/mem/mem"
for c in out err status crash line glob mem; do
    [ "$c" = mem ] && [ "${GZ_TEST_NO_MEM-}${O##*build}" ] && continue
    [ "$(verdict $c)" = 'not ok' ]
    ok $? "an unexpected $c fails"
done
new skipped 'exit 1'
echo 'echo nothing to see; exit 1' >"$box/cases/skipped/skip"
tests/run-cases "$box/cases/skipped" | grep -q '^ok 1 .* # SKIP nothing to see$'
ok $? 'a case is skipped with its reason'
tests/run-cases --accept "$box/cases/out" >/dev/null && [ "$(verdict out)" = ok ]
ok $? 'what was accepted passes'

printf '```console\n$ echo a; \\\necho b\na\n...\n$ seq 9\n1\n...\n9\n$ false\n# status 1\n```\n' >"$box/x.md"
sed 's/^\.\.\.$/b/; s/^9$/8/' "$box/x.md" >"$box/y.md"
tests/run-examples "$box/x.md" >"$box/log"
ok $? 'examples that print what they say pass'
! tests/run-examples "$box/y.md" >"$box/log" && grep -q '^not ok 2' "$box/log"
ok $? 'an example that prints something else fails'

mkdir -p "$box/tree/lib/base" "$box/tree/lib/io" "$box/tree/scripts"
cp scripts/check-layers scripts/check-style "$box/tree/scripts"
{
    echo '// SPDX-License-Identifier: MIT'
    echo '#include "io/low.h"'
    echo '#include <jansson.h>'
    echo 'void f(char *p) { strcpy(p, "sprintf("); /* exit( */ printf("x"); }'
} >"$box/tree/lib/base/high.c"
printf '// SPDX-License-Identifier: MIT\n// low: nothing.\nstruct unknown x;\n#include <jansson.h>\n' >"$box/tree/lib/io/low.h"
(cd "$box/tree" && scripts/check-layers; scripts/check-style) >"$box/log" 2>&1
for want in 'high.c:2: base may not include io/low.h' 'low.h:4: <jansson.h> in a header' \
    'is already included in' 'low.h:1: does not compile alone' 'high.c:4: strcpy is banned' \
    'high.c:4: printf: only lib/app'; do
    grep -q "$want" "$box/log"
    ok $? "found: $want"
done
! grep -q 'sprintf\|exit:' "$box/log"
ok $? 'text in literals and comments is left alone'
cd "$top" || exit
echo "1..$n"
exit $failed
