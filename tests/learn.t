#!/bin/sh
# SPDX-License-Identifier: MIT
# Learning from real texts, where they lie beside the source: how good is it?
top=$(cd "${0%/*}/.." && pwd)
data=$top/../shared/data
learn=${O:-$top/build}/gz-learn
[ -d "$data/teddy" ] || { echo "1..0 # SKIP no ../shared/data"; exit 0; }
"$learn" --evaluate </dev/null 2>&1 | grep -q 'built without' && {
    echo "1..0 # SKIP built without liblinear"
    exit 0
}
box=$(mktemp -d)
trap 'rm -rf "$box"' EXIT
n=0
bad=0

# reaches WHAT FIGURE LEAST: of the summary in $box/said
reaches() {
    n=$((n + 1))
    got=$(sed -n "s/.*$2 \([0-9.]*\).*/\1/p" "$box/said" | head -1)
    if awk "BEGIN { exit !(\"$got\" != \"\" && \"$got\" + 0 >= $3) }"; then
        echo "ok $n - $1: $2 $got, at least $3"
    else
        echo "not ok $n - $1: $2 $got, at least $3"
        bad=1
    fi
}

"$learn" --evaluate -v --holdout 0.2 -f csv --label 一级分类 --text 留言内容 \
    "$data/teddy/labelled_dev.csv" 2>"$box/said" >/dev/null
reaches "messages to a mayor, a fifth held out" macro-F1 0.88

cd "$data/kc311" || exit
"$learn" -f csv --label DEPARTMENT --text 'REQUEST TYPE' -o "$box/model" 25_*.csv 51_*.csv 53_*.csv 67_*.csv
"$learn" -v --evaluate --model "$box/model" -f csv --label DEPARTMENT --text 'REQUEST TYPE' \
    69_*.csv 76_*.csv 78_*.csv 2>"$box/said" >/dev/null
reaches "the department of a request, in other districts" accuracy 0.98
echo "1..$n"
exit $bad
