// SPDX-License-Identifier: MIT
// vocab: what the built-in layouts, the schema and a sheet of words know about names of
// columns and about coded values, for proposing a layout.
#ifndef GZ_INGEST_VOCAB_H
#define GZ_INGEST_VOCAB_H

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "ingest/layout.h"
#include "record/schema.h"

enum { GZ_VOCAB_WORDS = 64 };

// A name has one of `words`, one of `with` if there are any, and none of `without`.
struct gz_vocab_rule {
    const struct gz_field *field;
    struct gz_names words, with, without;
    int points;
};

struct gz_vocab {
    const struct gz_schema *schema;
    const struct gz_kind *petition;
    struct gz_arena *arena;
    struct gz_map name; // "KIND/FIELD/folded name"
    int *points;        // of each
    const char **origin;
    size_t points_cap, origin_cap;
    struct gz_map contact, key; // folded names of columns that name a person
    struct gz_map value;        // "FIELD/folded value"
    uint32_t general;           // the first so many are of general layouts
    struct gz_str *to;
    size_t to_cap;
    struct gz_vocab_rule *rule;
    size_t rules;
};

// Built-in layouts named in `hidden` (NULL: none) teach no names, nor values unless they
// are general: for tests. Memory is in
// `arena` but for the maps, which gz_vocab_release() frees.
enum gz_err_kind gz_vocab_load(struct gz_vocab *v, const struct gz_schema *schema,
                               const char *const *hidden, size_t hidden_count,
                               struct gz_arena *arena, struct gz_err *err);
void gz_vocab_release(struct gz_vocab *v);

// How strongly the name of a column says that it fills the field: 0 to 100. *why gets a
// sentence about it, in the arena.
int gz_vocab_points(const struct gz_vocab *v, const struct gz_kind *kind,
                    const struct gz_field *field, struct gz_str name, struct gz_str *why);

// Does the name of a column say that it names a person? *key: it tells people apart.
bool gz_vocab_person(const struct gz_vocab *v, struct gz_str name, bool *key);

// What a coded value means in a field of a petition; {NULL, 0} when nobody knows.
struct gz_str gz_vocab_value(const struct gz_vocab *v, const struct gz_field *field,
                             struct gz_str value);

#endif
