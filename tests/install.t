#!/bin/sh
# SPDX-License-Identifier: MIT
# What install writes works, and uninstall takes away just that.
cd "${0%/*}/.." || exit
box=$(mktemp -d)
trap 'rm -rf "$box"' EXIT
export O="${O:-build}" DESTDIR="$box/root" BINDIR=/usr/bin LIBDIR=/usr/lib INCDIR=/usr/include
export MANDIR=/usr/share/man DATADIR=/usr/share
n=0
failed=0
ok() {
    n=$((n + 1))
    [ "$1" -eq 0 ] || { printf 'not '; failed=1; }
    echo "ok $n - $2"
}
# All that lies below $DESTDIR.
all() {
    (cd "$DESTDIR" && find . -mindepth 1 | LC_ALL=C sort)
}

if ! ls "$O"/gz-* >/dev/null 2>&1; then
    echo '1..0 # SKIP no tools yet'
    exit 0
fi
mkdir "$box/build" && cp -r "$O"/gz-* "$O/api" "$box/build"
scripts/completions "$O" "$box/build/completions" && O="$box/build" scripts/install
ok $? 'installs'
for c in cmd/gz-*.c; do
    tool=$(basename "$c" .c)
    "$DESTDIR$BINDIR/$tool" --version >/dev/null && [ -s "$DESTDIR$MANDIR/man1/$tool.1" ]
    ok $? "$tool is there, with its manual"
    bash -n "$DESTDIR$DATADIR/bash-completion/completions/$tool" &&
        grep -q -- --output "$DESTDIR$DATADIR/bash-completion/completions/$tool"
    ok $? "$tool has completions for bash"
    if command -v zsh >/dev/null; then
        zsh -n "$DESTDIR$DATADIR/zsh/site-functions/_$tool"
        ok $? "$tool has completions for zsh"
    fi
    if command -v fish >/dev/null; then
        fish -n "$DESTDIR$DATADIR/fish/vendor_completions.d/$tool.fish"
        ok $? "$tool has completions for fish"
    fi
done

# The library, by what pkg-config says of the installed one alone: what the example counts
# is what the tools count of the same records.
doc=$DESTDIR$DATADIR/doc/gz
if command -v "${PKG_CONFIG:-pkg-config}" >/dev/null; then
    flags=$(PKG_CONFIG_PATH=$DESTDIR$LIBDIR/pkgconfig "${PKG_CONFIG:-pkg-config}" \
        --define-prefix --cflags --libs libgz)
    # shellcheck disable=SC2086 # flags and commands are meant to fall apart
    (cd "$box" && ${CC:-cc} $CFLAGS -std=c17 -Wall -Wextra -Wpedantic -Werror -o example \
        "$doc/examples/libgz.c" $flags)
    ok $? 'the example of the library is built'
    PATH=$DESTDIR$BINDIR:$PATH
    gz-ingest -q lib/data/sample/12345.csv | gz-route >"$box/records"
    cat >"$box/own" <<'X'
{"rec":"petition","petition_id":"A-1","received_at":"2026-03-02T08:15:00","subdistrict":"东河街道","title":"小区里停车难，消防通道被占"}
{"rec":"petition","petition_id":"A-2","received_at":"2026-03-03T19:40:00","subdistrict":"北桥街道","title":"楼下烧烤店半夜噪声扰民"}
{"rec":"petition","petition_id":"A-3","received_at":"2026-03-05T10:05:00","subdistrict":"东河街道","title":"整栋楼暖气不热"}
X
    gz-route "$box/own" | cat - "$box/records" | gz-tally --period 2026-03 >"$box/want"
    "$box/example" "$box/records" >"$box/got" 2>"$box/said" && cmp "$box/got" "$box/want" &&
        [ "$(wc -l <"$box/said")" -eq 3 ]
    ok $? 'and counts what the tools count'
    "$box/example" /nonexistent >/dev/null 2>"$box/said"
    [ $? -eq 3 ] && grep -q 'nonexistent: cannot be opened' "$box/said"
    ok $? 'and says what it cannot read'
fi
sh -n "$doc/examples/monthly" && [ -s "$doc/examples/gz-monthly.timer" ] &&
    [ -s "$DESTDIR$MANDIR/man3/libgz_tally_add.3" ]
ok $? 'examples are there, and a manual for each function'

all >"$box/first"
O="$box/build" scripts/install && all | cmp -s - "$box/first"
ok $? 'installing twice is the same as once'
echo mine >"$DESTDIR$BINDIR/mine"
scripts/install --uninstall && [ "$(all)" = './usr
./usr/bin
./usr/bin/mine' ]
ok $? 'uninstall leaves what is not ours'
rm "$DESTDIR$BINDIR/mine"
rmdir "$DESTDIR/usr/bin" "$DESTDIR/usr"
O="$box/build" scripts/install && scripts/install --uninstall && [ -z "$(all)" ]
ok $? 'uninstall leaves nothing'
echo "1..$n"
exit $failed
