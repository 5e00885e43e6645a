// SPDX-License-Identifier: MIT
#include "civic/slots.h"

void
gz_slots_init(struct gz_slots *s, struct gz_arena *setup)
{
    *s = (struct gz_slots){ 0 };
    gz_keyset_init(&s->keys, setup);
}

void
gz_slots_release(struct gz_slots *s)
{
    gz_arena_free(&s->record);
}

int
gz_slots_add(struct gz_slots *s, struct gz_str field)
{
    return gz_keyset_add(&s->keys, field);
}

bool
gz_slots_read(struct gz_slots *s, struct gz_str line, struct gz_err *err)
{
    gz_arena_reset(&s->record);
    memset(s->time_state, 0, s->keys.count);
    memset(s->note, 0, sizeof(s->note));
    return gz_keyset_read(&s->keys, line, &s->record, s->member, err);
}

struct gz_str
gz_slot_text(struct gz_slots *s, int slot)
{
    const struct gz_member *m = &s->member[slot];

    if (m->type == GZ_VALUE_STRING && !m->escaped)
        return (struct gz_str){ m->raw.ptr + 1, m->raw.len - 2 };
    return gz_member_text(m, &s->record);
}

struct gz_str *
gz_slot_list(struct gz_slots *s, int slot, size_t *count)
{
    return gz_member_list(&s->member[slot], &s->record, count);
}

const struct gz_time *
gz_slot_time(struct gz_slots *s, int slot)
{
    if (!s->time_state[slot])
        s->time_state[slot] = gz_slot_present(s, slot) &&
                                      gz_time_parse(gz_slot_text(s, slot), &s->time[slot])
                                  ? 1
                                  : 2;
    return s->time_state[slot] == 1 ? &s->time[slot] : NULL;
}
