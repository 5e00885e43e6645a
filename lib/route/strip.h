// SPDX-License-Identifier: MIT
// strip: a record without some of its fields, all else to the byte.
#ifndef GZ_ROUTE_STRIP_H
#define GZ_ROUTE_STRIP_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "record/keyset.h"

// Append the record in `line`, which was read before, without its closing brace and
// without the members whose numbers in `keys` are bits of `mask`. What is kept is kept
// with the blanks before it.
void gz_strip(struct gz_str line, const struct gz_keyset *keys, uint64_t mask,
              struct gz_arena *arena, struct gz_buf *out);

#endif
