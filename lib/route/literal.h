// SPDX-License-Identifier: MIT
// literal: which words must stand in a text before a PCRE2 pattern can match it.
#ifndef GZ_ROUTE_LITERAL_H
#define GZ_ROUTE_LITERAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

// At least one of `item` stands in every subject that the pattern matches, once the
// subject is folded (route/fold.h: ASCII letters are lower case there). None of them
// holds another. `count` 0: no such set is known, and the pattern must always be tried.
struct gz_literals {
    struct gz_str *item;
    size_t count;
};

// Read PCRE2 syntax, as compiled caseless with PCRE2_UTF and PCRE2_UCP, and keep the set
// that is likely to be met least often. What is not understood for certain yields no
// set: this is never a judge, only a reason not to ask one. `pattern` is valid UTF-8 and
// need not be a valid pattern.
struct gz_literals gz_literals_extract(struct gz_str pattern, struct gz_arena *arena);

#endif
