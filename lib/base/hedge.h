// SPDX-License-Identifier: MIT
// hedge: numbers as reports print them: "1.6万余", "近20家", "7600万元", "22+N".
#ifndef GZ_BASE_HEDGE_H
#define GZ_BASE_HEDGE_H

#include <stdbool.h>

#include "base/num.h"
#include "base/str.h"

// A number with its bound: ">=" (余, 多, 以上, 超, +N), "<=" (近, 不到, 以下), "~" (约,
// 左右), or "" when it is exact.
struct gz_hedged {
    struct gz_dec n;
    const char *op;
};

// Digits with commas between thousands, 万 or 亿, a sign of per cent, a measure word
// after it, and words that hedge before or after. False for anything else, a range
// ("2~3") among it, and for two hedges that disagree.
bool gz_hedge_parse(struct gz_str s, struct gz_hedged *out);

#endif
