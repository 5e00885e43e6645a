#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What bash completes: options, names of layouts, plans, schemes, kinds and fields.
cd "${0%/*}/.." || exit 1
box=$(mktemp -d)
trap 'rm -rf "$box"' EXIT
n=0 failed=0

# Complete the last word of a command line: probe WORD...
probe() {
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
    "_${1//-/_}" "$1" "${!#}" "${COMP_WORDS[COMP_CWORD - 1]}"
    printf '%s\n' "${COMPREPLY[@]}"
}
# wants LINE WANTED...: the completions have all of these; wants_only: and no other.
wants() {
    local line=$1 got word missing=
    shift
    # shellcheck disable=SC2086
    got=$(probe $line)
    # shellcheck disable=SC2086 # the words of the line
    [ "${line% }" = "$line" ] || got=$(probe $line '')
    for word in "$@"; do
        grep -qxF -- "$word" <<<"$got" || missing+=" $word"
    done
    n=$((n + 1))
    if [ -z "$missing" ]; then
        echo "ok $n - '$line' completes to $*"
    else
        failed=1
        echo "not ok $n - '$line' lacks$missing"
        head -20 <<<"$got" | sed 's/^/# /'
    fi
}

scripts/completions "${O:-build}" "$box" || exit 1
for f in "$box"/gz-*; do
    case $f in *.fish) continue ;; esac
    bash -n "$f" || failed=1
    # shellcheck disable=SC1090
    . "$f"
done
wants 'gz-ingest --ins' --inspect
wants 'gz-ingest --layout beij' beijing-12345
wants 'gz-ingest -l ' kansas-city-311 minutes work-order
wants 'gz-ingest --print-layout mes' message-board
wants 'gz-ingest --rec age' agenda_item
wants 'gz-ingest --privacy ' none contact text public
wants 'gz-tally --plan ' monthly quality
wants 'gz-tally --scheme cal' calendar
wants 'gz-tally --print-scheme ex' example-one-district-2025
wants 'gz-tally --by subd' subdistrict
wants 'gz-tally --by category,subd' category,subdistrict
wants 'gz-tally --at recei' received_at
wants 'gz-report --compare pre' previous
wants 'gz-report -t ' text html xlsx
wants 'gz-report --lang ' zh en
wants 'gz-route --mode ' audit dispatch
wants 'gz-link --from ' jsonl csv
wants 'gz-learn --from ' jsonl csv fasttext

# The same for fish, which can be asked; of zsh only the syntax (tests/install.t).
if command -v fish >/dev/null; then
    probe() {
        # shellcheck disable=SC2016 # fish expands them
        HOME=$box fish --no-config -c 'source $argv[1]; complete -C "$argv[2]"' \
            "$box/${1%% *}.fish" "$1" | cut -f1
    }
    fish_wants() {
        local got
        got=$(probe "$1")
        n=$((n + 1))
        if grep -qxF -- "$2" <<<"$got"; then
            echo "ok $n - fish: '$1' completes to $2"
        else
            failed=1
            echo "not ok $n - fish: '$1' lacks $2"
            head -20 <<<"$got" | sed 's/^/# /'
        fi
    }
    fish_wants 'gz-ingest --ins' --inspect
    fish_wants 'gz-ingest --layout beij' beijing-12345
    fish_wants 'gz-tally --plan mon' monthly
    fish_wants 'gz-tally --scheme cal' calendar
    fish_wants 'gz-tally --by category,subd' category,subdistrict
    fish_wants 'gz-report --to ht' html
fi
echo "1..$n"
exit $failed
