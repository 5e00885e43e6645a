// SPDX-License-Identifier: MIT
// repeat: near texts, and the petitions that say again what one said before.
#ifndef GZ_LINK_REPEAT_H
#define GZ_LINK_REPEAT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "link/entry.h"
#include "link/spool.h"

// Two petitions whose texts are near; `a` is the older.
struct gz_near {
    uint32_t a, b;
    unsigned likeness; // thousandths
};

struct gz_nears {
    struct gz_near *near;
    size_t count, cap;
};

void gz_nears_release(struct gz_nears *n);

enum { GZ_NEAR_MIN = 600 }; // Jaccard similarity in thousandths from which texts are near

// Find pairs of near texts not more than `window` seconds apart. `e` is sorted; `grams`
// holds the grams of new entries, from which the similarity is exact; for entries of the
// state it is estimated.
enum gz_err_kind gz_repeat_find(const struct gz_entries *e, struct gz_spool *grams,
                                int64_t window, struct gz_nears *out, struct gz_err *err);

// Set entry.first where a petition repeats an earlier one within the window: the same
// person and a near text, or the same person, place and category; without keys, the same
// place and a near text.
void gz_repeat_mark(struct gz_entries *e, const struct gz_nears *nears, int64_t window);

#endif
