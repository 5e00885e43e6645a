// SPDX-License-Identifier: MIT
// near: which of the names that there are was meant by one that is not there.
#ifndef GZ_BASE_NEAR_H
#define GZ_BASE_NEAR_H

#include <stddef.h>

#include "base/str.h"

// Begin with .want set and the rest zero. Views into what was given.
struct gz_near {
    struct gz_str want;
    struct gz_str best; // {NULL, 0}: nothing is near
    size_t distance;
    char hint[160];
};

// Consider a name: near is what a few edits make of the other, or what it begins with.
void gz_near_try(struct gz_near *n, struct gz_str name);

// "; did you mean 'NAME'?", translated, to be put behind a message; or "". Lives in *n.
const char *gz_near_hint(struct gz_near *n);

#endif
