// SPDX-License-Identifier: MIT
// gram: what a text is made of: hashed pairs of neighbouring characters or words.
#ifndef GZ_LINK_GRAM_H
#define GZ_LINK_GRAM_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

// A gram is a hash of two neighbouring units. A unit is one Han character, or one run of
// other letters and digits in lower case; full-width forms count as their plain ones.
// Units that belong to a stop phrase (greetings, form text) are left out. A gram inside
// a word for a matter ("油烟") is about the matter; one outside them is about the name
// of a place, a firm, a programme; one across the border is dropped.
#define GZ_GRAM_TITLE  0x80000000u // it stood in the title or in a place field
#define GZ_GRAM_MATTER 0x40000000u
#define GZ_GRAM_ID     0x7fffffffu // what makes two grams equal: hash and matter bit

enum { GZ_GRAM_MAX = 448 };

// The distinct grams of one record, in the order in which they first stood.
struct gz_grams {
    uint32_t gram[GZ_GRAM_MAX];
    size_t count;
    uint32_t seen[1024]; // by hash: number of the fill, so that nothing is cleared
    uint32_t seen_id[1024];
    uint16_t seen_at[1024]; // its place in gram[]
    uint32_t fill;
};

struct gz_gram_words;

// The words of lib/data/link/words.csv, or of the sheet at `path` if it is not NULL.
// Lives in `arena`.
struct gz_gram_words *gz_gram_words_load(const char *path, struct gz_arena *arena,
                                         struct gz_err *err);

// Forget what was there before; zero-initialise before the first time.
void gz_grams_clear(struct gz_grams *g);

// Add the grams of `text`, of which at most `units` units are read. `title` is
// GZ_GRAM_TITLE or 0, or both marks to make all of it a matter; a gram that is there
// already becomes one of the title. `text` must be valid UTF-8.
void gz_grams_add(struct gz_grams *g, const struct gz_gram_words *words,
                  struct gz_str text, size_t units, uint32_t title);

// Call `each` for every unit of `text`: its bytes, and the gram that it makes with the
// unit before it (0 if none).
void gz_grams_walk(const struct gz_gram_words *words, struct gz_str text, size_t units,
                   void (*each)(void *ctx, struct gz_str unit, uint32_t gram), void *ctx);

#endif
