// SPDX-License-Identifier: MIT
// slots: the fields of one record that somebody asks for, each decoded at most once.
#ifndef GZ_CIVIC_SLOTS_H
#define GZ_CIVIC_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/time.h"
#include "record/cursor.h"
#include "record/keyset.h"

enum { GZ_SLOTS_MAX = GZ_KEYSET_MAX, GZ_SLOTS_NOTES = 64 };

struct gz_slots {
    struct gz_keyset keys;
    struct gz_arena record; // reset for every record
    struct gz_member member[GZ_SLOTS_MAX];
    struct gz_time time[GZ_SLOTS_MAX];
    uint8_t time_state[GZ_SLOTS_MAX]; // 0 not asked yet, 1 a time, 2 none
    // What conditions with a name were found to be: 0 not asked yet, 1 no, 2 yes.
    uint8_t note[GZ_SLOTS_NOTES];
    size_t notes;
};

// `setup` keeps the names of the fields.
void gz_slots_init(struct gz_slots *s, struct gz_arena *setup);
void gz_slots_release(struct gz_slots *s);

// The slot of a field, added if it was not there; -1 when there are too many.
int gz_slots_add(struct gz_slots *s, struct gz_str field);

// Take a record. False and *err when the line is none.
bool gz_slots_read(struct gz_slots *s, struct gz_str line, struct gz_err *err);

// Is the field there? null and empty strings are absent.
static inline bool
gz_slot_present(const struct gz_slots *s, int slot)
{
    const struct gz_member *m = &s->member[slot];

    return m->type > GZ_VALUE_STRING ? m->type != GZ_VALUE_NULL
                                     : m->type == GZ_VALUE_STRING && m->raw.len > 2;
}

// Its text, unescaped; empty when it is absent, a list or an object.
struct gz_str gz_slot_text(struct gz_slots *s, int slot);

// Its strings; a text is a list of one.
struct gz_str *gz_slot_list(struct gz_slots *s, int slot, size_t *count);

// Its time, or NULL when it is absent or none.
const struct gz_time *gz_slot_time(struct gz_slots *s, int slot);

#endif
