// SPDX-License-Identifier: MIT
// whole: one whole record, asked for any of its fields by name.
#ifndef GZ_CIVIC_WHOLE_H
#define GZ_CIVIC_WHOLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"
#include "record/cursor.h"

struct gz_whole {
    struct gz_arena *arena; // of the record
    struct gz_member *member;
    size_t count, cap;
};

// Read `line`, a record that was found good before. Strings are views or in `arena`.
void gz_whole_read(struct gz_whole *v, struct gz_str line, struct gz_arena *arena);

// The text of a field, empty when it is absent; the strings of a list.
struct gz_str gz_whole_text(const struct gz_whole *v, struct gz_str field);
struct gz_str *gz_whole_list(const struct gz_whole *v, struct gz_str field,
                             size_t *count);

// Is `s` among the strings of a list?
bool gz_whole_has(const struct gz_whole *v, struct gz_str field, struct gz_str s);

#endif
