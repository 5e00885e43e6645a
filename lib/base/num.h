// SPDX-License-Identifier: MIT
// num: whole numbers and exact decimals from text. No doubles.
#ifndef GZ_BASE_NUM_H
#define GZ_BASE_NUM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

// Only digits (and a leading '-' for i64), nothing around them; false if it does not
// fit or is empty.
bool gz_num_u64(struct gz_str s, uint64_t *out);
bool gz_num_i64(struct gz_str s, int64_t *out);

// An exact decimal: `units` in steps of 10^-GZ_DEC_PLACES. Sums up to 1.7e29.
#define GZ_DEC_PLACES 9
__extension__ typedef __int128 gz_i128;
struct gz_dec {
    gz_i128 units;
};

// [+-]digits[.digits][e[+-]digits], JSON's own form among them. False if it is not a
// number, has more than GZ_DEC_PLACES places that are not 0, or does not fit.
bool gz_dec_parse(struct gz_str s, struct gz_dec *out);

// False, and *sum unchanged, on overflow.
bool gz_dec_add(struct gz_dec *sum, struct gz_dec d);

int gz_dec_cmp(struct gz_dec a, struct gz_dec b);

// The shortest plain form: "12", "-0.5"; never an exponent.
void gz_dec_format(struct gz_dec d, struct gz_buf *out);

#endif
