#!/bin/sh
# SPDX-License-Identifier: MIT
# What install writes works, and uninstall takes away just that.
cd "${0%/*}/.." || exit
box=$(mktemp -d)
trap 'rm -rf "$box"' EXIT
export O="${O:-build}" DESTDIR="$box/root" BINDIR=/usr/bin MANDIR=/usr/share/man DATADIR=/usr/share
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
mkdir "$box/build" && cp "$O"/gz-* "$box/build"
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
