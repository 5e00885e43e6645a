// SPDX-License-Identifier: MIT
// category: from what a source calls a matter to a category of the pack.
#ifndef GZ_CIVIC_CATEGORY_H
#define GZ_CIVIC_CATEGORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "pack/pack.h"

#define GZ_NO_CATEGORY UINT32_MAX

struct gz_category_index {
    const struct gz_pack *pack;
    struct gz_map name; // paths, codes and synonyms, normalised
    uint32_t *name_is;  // the category of each
    size_t name_cap;
    struct gz_map given; // what sources said, as it came, for speed
    uint32_t *given_is;
    size_t given_cap;
    struct gz_arena *arena;
};

// `arena` must outlive it.
void gz_category_index_init(struct gz_category_index *x, const struct gz_pack *pack,
                            struct gz_arena *arena);
void gz_category_index_release(struct gz_category_index *x);

// The category that `given` means, or GZ_NO_CATEGORY. Levels may be apart by "->", '>',
// '-', '/', ':' and their full-width forms; case does not count. The longest run of
// levels that is a path or a synonym is taken first; a second level wins over a first.
uint32_t gz_category_find(struct gz_category_index *x, struct gz_str given);

// Does the duty list of communities say that they may lead this on `day`?
bool gz_category_community_leads(const struct gz_pack *pack, uint32_t category,
                                 int64_t day);

// Is `given` this class of breadth, by name or synonym?
bool gz_category_breadth_is(const struct gz_breadth *b, struct gz_str given);

// Do counts of gz-link reach all that this class names? Negative: not counted, reaches
// nothing. A class that names none is never reached.
bool gz_category_breadth_reached(const struct gz_breadth *b,
                                 const int64_t linked[GZ_LINKED]);

#endif
