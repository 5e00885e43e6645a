// SPDX-License-Identifier: MIT
// cursor: the members of one flat JSON object on one line, in place.
#ifndef GZ_RECORD_CURSOR_H
#define GZ_RECORD_CURSOR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum gz_value_type {
    GZ_VALUE_NONE, // of a zeroed struct gz_member: the member is absent
    GZ_VALUE_STRING,
    GZ_VALUE_NUMBER,
    GZ_VALUE_TRUE,
    GZ_VALUE_FALSE,
    GZ_VALUE_NULL,
    GZ_VALUE_ARRAY,
    GZ_VALUE_OBJECT,
};

// One `"key":value`. Views into the line.
struct gz_member {
    struct gz_str key; // without quotes
    struct gz_str raw; // the value as it stands, quotes and brackets included
    enum gz_value_type type;
    bool escaped;    // a string with a backslash in it
    const char *pos; // where the key's opening quote stands
};

struct gz_cursor {
    const char *at;
    const char *end;
    struct gz_str line;
    struct gz_arena *arena; // for the rare line that needs Jansson
    size_t given;           // members so far
    const struct gz_member *decoded;
    size_t decoded_count;
    size_t decoded_at;
};

enum gz_cursor_next { GZ_CURSOR_MEMBER, GZ_CURSOR_END, GZ_CURSOR_BAD };

// `line` is valid UTF-8 without its line end. Every member is checked against RFC 8259
// as it is passed, nested values too (to a depth of 64). A key with escapes makes the
// whole line go through Jansson: c->decoded is set then, and that member and all after it
// come from the arena; none of their pointers lies in the line. No member comes twice.
// On GZ_CURSOR_BAD *err has the column and the code "json".
void gz_cursor_open(struct gz_cursor *c, struct gz_str line, struct gz_arena *arena);
enum gz_cursor_next gz_cursor_next(struct gz_cursor *c, struct gz_member *m,
                                   struct gz_err *err);

// Step over one value at `p`, checking it. Returns the byte after it, or NULL.
const char *gz_cursor_skip(const char *p, const char *end, enum gz_value_type *type,
                           bool *escaped);

// The text of a string member, unescaped (into `arena` if need be); of a number, true or
// false, its token; {NULL, 0} for null, arrays, objects and absent members.
struct gz_str gz_member_text(const struct gz_member *m, struct gz_arena *arena);

// The strings of an array member, or the one string that stands for it. Elements that
// are not strings are left out. The array is in `arena`.
struct gz_str *gz_member_list(const struct gz_member *m, struct gz_arena *arena,
                              size_t *count);

// Call back for every element of an array value, in order; their keys are empty.
void gz_member_items(const struct gz_member *m,
                     void (*each)(void *ctx, const struct gz_member *item), void *ctx);

// Call back for every member of an object value (`ext`, `m`), in order.
void gz_member_each(const struct gz_member *m, struct gz_arena *arena,
                    void (*each)(void *ctx, const struct gz_member *inner), void *ctx);

#endif
