// SPDX-License-Identifier: MIT
// data: the default packs, layouts, schemes, plans and samples, embedded at build time.
#ifndef GZ_PACK_DATA_H
#define GZ_PACK_DATA_H

#include <stddef.h>

#include "base/str.h"

// One file below lib/data/. `name` is relative to it ("layouts/kc311.json").
struct gz_data {
    const char *name;
    const char *bytes; // NUL-terminated after len
    size_t len;
};

extern const struct gz_data gz_data_files[]; // sorted by name
extern const size_t gz_data_count;

// The file of that name, or NULL.
const struct gz_data *gz_data_find(struct gz_str name);

// The files whose names start with `prefix` lie in [*first, *end).
void gz_data_range(struct gz_str prefix, size_t *first, size_t *end);

static inline struct gz_str
gz_data_str(const struct gz_data *d)
{
    return (struct gz_str){ d->bytes, d->len };
}

#endif
