// SPDX-License-Identifier: MIT
// keyset: which of a few wanted keys is this? Built once, asked for every member.
#ifndef GZ_RECORD_KEYSET_H
#define GZ_RECORD_KEYSET_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "record/cursor.h"

// What tells a key quickly: its first and last eight bytes.
struct gz_keyset_key {
    uint64_t first;
    uint64_t last;
    size_t len;
};

struct gz_keyset {
    struct gz_str *keys; // in the order they were added
    struct gz_keyset_key *key;
    size_t count;
    size_t cap;
    uint8_t *slot; // number + 1 by hash, 0 for free
    size_t slots;
    struct gz_arena *arena;
};

enum { GZ_KEYSET_MAX = 200 };

void gz_keyset_init(struct gz_keyset *k, struct gz_arena *arena);

// The number of `key`, added if it was not there. At most GZ_KEYSET_MAX keys; -1 past it.
int gz_keyset_add(struct gz_keyset *k, struct gz_str key);

// The number of `key`, or -1.
int gz_keyset_find(const struct gz_keyset *k, struct gz_str key);

// Walk `line` once and put the first member of each wanted key at members[number]; the
// others are zeroed (type GZ_VALUE_NONE). False and *err when the line is no record.
bool gz_keyset_read(const struct gz_keyset *k, struct gz_str line, struct gz_arena *arena,
                    struct gz_member *members, struct gz_err *err);

#endif
