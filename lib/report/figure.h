// SPDX-License-Identifier: MIT
// figure: exact ratios, and the rounded figures that are printed from them. Nothing here
// uses a double: a tie is a tie, on every machine.
#ifndef GZ_REPORT_FIGURE_H
#define GZ_REPORT_FIGURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/num.h"
#include "civic/scheme.h"

// num / den, den > 0, reduced. `exact` is false once a sum did not fit and was rounded to
// 15 places of a unit; no input that a hotline can produce gets there.
struct gz_ratio {
    gz_i128 num;
    gz_i128 den;
    bool exact;
};

// What is printed: value * 10^-places. Not `known`: a dash.
struct gz_figure {
    gz_i128 value;
    uint8_t places;
    bool known;
};

// num / den of two exact decimals. False, and *out untouched, when den is 0.
bool gz_ratio_make(struct gz_dec num, struct gz_dec den, struct gz_ratio *out);
struct gz_ratio gz_ratio_whole(int64_t n);
struct gz_ratio gz_ratio_add(struct gz_ratio a, struct gz_ratio b);
struct gz_ratio gz_ratio_mul(struct gz_ratio a, struct gz_ratio b);
struct gz_ratio gz_ratio_div(struct gz_ratio a, int64_t n); // n > 0

// <0, 0, >0; exact for any two ratios.
int gz_ratio_cmp(struct gz_ratio a, struct gz_ratio b);

// `r` times `scale` (100 for per cent), rounded to `places` decimals. Halves go away from
// zero (GZ_ROUND_HALF_UP) or to the even neighbour.
struct gz_figure gz_figure_round(struct gz_ratio r, int64_t scale, unsigned places,
                                 enum gz_rounding rounding);

// num / den as a figure; a dash when den is 0.
struct gz_figure gz_figure_rate(struct gz_dec num, struct gz_dec den, int64_t scale,
                                unsigned places, enum gz_rounding rounding);

// A whole number, and an exact decimal rounded half-up to `places`.
struct gz_figure gz_figure_count(gz_i128 n);
struct gz_figure gz_figure_dec(struct gz_dec d, unsigned places);

// (now - base) / base in per cent. Unknown when base is 0.
struct gz_figure gz_figure_change(gz_i128 now, gz_i128 base, unsigned places,
                                  enum gz_rounding rounding);

// Shares of `count` parts (none negative) in per cent at `places` decimals, by largest
// remainder: they sum to exactly 100. Ties go to the larger part, then to the earlier.
// False, all shares unknown, when the parts sum to 0.
bool gz_figure_shares(const gz_i128 *part, size_t count, unsigned places,
                      struct gz_figure *share);

// Append: "1234.50"; with `group` (0 or ','), "1,234.50". An unknown figure is "—".
void gz_figure_put(struct gz_buf *out, struct gz_figure f, char group);

#endif
