// SPDX-License-Identifier: MIT
// interval: how much a share rose or fell between two spans of periods, and between which
// bounds that may as well be chance. Integers throughout: the same on every machine.
#ifndef GZ_REPORT_INTERVAL_H
#define GZ_REPORT_INTERVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/figure.h"

// What was counted in one period: where something was decided, and elsewhere.
struct gz_pair {
    int64_t here, other;
};

struct gz_interval {
    struct gz_ratio ratio;     // (here after / before) / (other after / before)
    struct gz_ratio low, high; // 95 %
};

enum { GZ_INTERVAL_PERIODS = 12 }; // on each side at most

// Given the total of a period, what lies `here` is a share of it: the season is in the
// total and cancels. The ratio is then an odds ratio; its interval is the logit one with
// 1/2 added to every count (Gart 1966; Agresti 1999). Complaints come in bursts, so the
// variance is widened by Pearson's X2 over its degrees of freedom where that is more than
// 1, with Student's t for so many degrees (McCullagh and Nelder 1989, 4.5). False when
// one of the four sums but that of `here` after is 0, when there are fewer than 4 degrees
// of freedom, or when the bounds are beyond all measure.
bool gz_interval_make(const struct gz_pair *before, size_t n_before,
                      const struct gz_pair *after, size_t n_after,
                      struct gz_interval *out);

#endif
