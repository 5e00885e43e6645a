// SPDX-License-Identifier: MIT
// header: the columns of one input, and which layout knows them best.
#ifndef GZ_INGEST_HEADER_H
#define GZ_INGEST_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "ingest/layout.h"

struct gz_column {
    struct gz_str name;  // as written, trimmed; unique: "_3" where empty, "NAME_2" again
    struct gz_str fold;  // of the name as written
    uint32_t occurrence; // 1 for the first column of this name, 2 for the second ...
    bool repeated;       // another column has the same name
};

struct gz_header {
    struct gz_column *column;
    size_t count;
};

// From the cells of the header row (or the keys of JSON objects), valid UTF-8.
void gz_header_make(struct gz_header *h, const struct gz_str *cell, size_t count,
                    struct gz_arena *arena);

// The column of that name: folded; "NAME#2" is the second one so called, "#5" the fifth
// of all. -1 when there is none. *repeated: several have it and the name does not say
// which.
int gz_header_find(const struct gz_header *h, struct gz_str name, bool *repeated,
                   struct gz_arena *scratch);

// The first of several names that is there; -1 when none is.
int gz_header_any(const struct gz_header *h, const struct gz_names *names, bool *repeated,
                  struct gz_arena *scratch);

// How many columns the layout knows; *eligible: those it needs are among them.
int64_t gz_header_score(const struct gz_header *h, const struct gz_layout *l,
                        bool *eligible, struct gz_arena *scratch);

#endif
