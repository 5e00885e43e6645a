// SPDX-License-Identifier: MIT
// prefilter: where do any of many literals stand in a text? One pass over it.
#ifndef GZ_ROUTE_PREFILTER_H
#define GZ_ROUTE_PREFILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

// Of each literal one window (a gram) is hashed: four bytes from an ASCII character on,
// or six from a Han character on. A text is walked character by character; a window
// whose bit is set in a map of 64 Kbit is looked up, and the whole literal compared.
// Literals too short for a window are found by their first two bytes.
struct gz_prefilter;

// Literals are folded (route/fold.h) and not empty. `owner[i]` is handed back where
// literal `i` is found. Everything lives in `arena`.
struct gz_prefilter *gz_prefilter_new(const struct gz_str *literal, const uint32_t *owner,
                                      size_t count, struct gz_arena *arena);

struct gz_prefilter_hit {
    const uint32_t *owner; // of the rules that have it
    size_t owners;
    size_t start; // bytes
    size_t end;
};

// Call `hit` for every place where a literal stands, in the order in which their windows
// come. `text` is folded: GZ_FOLD_PAD zero bytes can be read after it.
void gz_prefilter_scan(const struct gz_prefilter *p, struct gz_str text,
                       void (*hit)(void *ctx, const struct gz_prefilter_hit *h),
                       void *ctx);

#endif
