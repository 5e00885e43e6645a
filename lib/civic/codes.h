// SPDX-License-Identifier: MIT
// codes: what a check of a record found: E- where it contradicts itself, W- where
// something was not recorded.
#ifndef GZ_CIVIC_CODES_H
#define GZ_CIVIC_CODES_H

#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

enum { GZ_CODES = 24 };

struct gz_codes {
    struct gz_str item[GZ_CODES];
    size_t count;
    struct gz_arena *arena;
};

// Add "E-NAME" or "W-NAME", once; more than GZ_CODES are dropped.
void gz_codes_add(struct gz_codes *c, char kind, struct gz_str name);

#define gz_codes_fault(c, name) gz_codes_add((c), 'E', GZ_STR(name))
#define gz_codes_gap(c, name)   gz_codes_add((c), 'W', GZ_STR(name))

#endif
