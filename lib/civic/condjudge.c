// SPDX-License-Identifier: MIT
// condjudge: what a compiled condition says of a record, and what it has to see for that.
#include "civic/cond.h"

#include "civic/condop.h"

// ---- does it hold? ----

static bool
related(enum rel rel, int order)
{
    switch (rel) {
    case REL_LT:
        return order < 0;
    case REL_LE:
        return order <= 0;
    case REL_GT:
        return order > 0;
    case REL_GE:
        return order >= 0;
    }
    return false;
}

static bool
word_is(const struct gz_cond *c, struct gz_str text)
{
    for (size_t i = 0; i < c->count; i++)
        if (gz_str_eq(c->word[i], text))
            return true;
    return false;
}

static bool
holds_is(const struct gz_cond *c, struct gz_slots *s)
{
    size_t n;
    struct gz_str *list;

    if (s->member[c->slot].type != GZ_VALUE_ARRAY)
        return gz_slot_present(s, c->slot) && word_is(c, gz_slot_text(s, c->slot));
    list = gz_slot_list(s, c->slot, &n);
    for (size_t i = 0; i < n; i++)
        if (word_is(c, list[i]))
            return true;
    return false;
}

static bool
holds_starts(const struct gz_cond *c, struct gz_slots *s)
{
    struct gz_str text = gz_slot_text(s, c->slot);

    for (size_t i = 0; i < c->count; i++)
        if (text.len && gz_str_starts(text, c->word[i]))
            return true;
    return false;
}

static bool
holds_contains(const struct gz_cond *c, struct gz_slots *s)
{
    struct gz_str text = gz_slot_text(s, c->slot);

    for (size_t i = 0; i < c->count; i++)
        if (gz_str_find(text, c->word[i]) != (size_t)-1)
            return true;
    return false;
}

static bool
compare_times(const struct gz_cond *c, const struct gz_time *a, const struct gz_time *b)
{
    int64_t sec;
    bool days;

    if (!a || !b || !gz_time_between(*b, *a, &sec, &days))
        return false;
    return related(c->rel, (sec > 0) - (sec < 0));
}

static bool
holds_span(const struct gz_cond *c, struct gz_slots *s)
{
    const struct gz_time *a = gz_slot_time(s, c->slot), *b = gz_slot_time(s, c->slot2);
    struct gz_dec d;
    int64_t sec;
    bool days;

    if (!a || !b || !gz_time_between(*a, *b, &sec, &days) || days)
        return false;
    d.units = (gz_i128)sec * 1000000000;
    return related(c->rel, gz_dec_cmp(d, c->number));
}

static bool
holds_as_of(const struct gz_cond *c, struct gz_slots *s, int64_t as_of)
{
    const struct gz_time *t = gz_slot_time(s, c->slot);

    if (!t || as_of == INT64_MIN || t->prec < GZ_PREC_DAY)
        return false;
    as_of += (int64_t)c->number.units;
    if (c->op == OP_BEFORE)
        return t->sec < as_of;
    // A deadline that is a date lasts to the end of it.
    return (t->prec == GZ_PREC_DAY ? t->sec + 86400 : t->sec) <= as_of;
}

bool
gz_cond_holds(const struct gz_cond *c, struct gz_slots *s, int64_t as_of)
{
    struct gz_dec d;

    switch (c->op) {
    case OP_IS:
        return holds_is(c, s);
    case OP_STARTS:
        return holds_starts(c, s);
    case OP_CONTAINS:
        return holds_contains(c, s);
    case OP_PRESENT:
        return gz_slot_present(s, c->slot);
    case OP_ABSENT:
        return !gz_slot_present(s, c->slot);
    case OP_NUMBER:
        return gz_slot_present(s, c->slot) &&
               gz_dec_parse(gz_slot_text(s, c->slot), &d) &&
               related(c->rel, gz_dec_cmp(d, c->number));
    case OP_TIME:
        return compare_times(c, gz_slot_time(s, c->slot), &c->time);
    case OP_FIELD:
        return compare_times(c, gz_slot_time(s, c->slot), gz_slot_time(s, c->slot2));
    case OP_SPAN:
        return holds_span(c, s);
    case OP_PAST:
    case OP_BEFORE:
        return holds_as_of(c, s, as_of);
    case OP_ALL:
        for (size_t i = 0; i < c->count; i++)
            if (!gz_cond_holds(c->kid[i], s, as_of))
                return false;
        return true;
    case OP_ANY:
        for (size_t i = 0; i < c->count; i++)
            if (gz_cond_holds(c->kid[i], s, as_of))
                return true;
        return false;
    case OP_NOT:
        return !gz_cond_holds(c->kid[0], s, as_of);
    case OP_NAMED:
        if (!s->note[c->slot])
            s->note[c->slot] = gz_cond_holds(c->kid[0], s, as_of) ? 2 : 1;
        return s->note[c->slot] == 2;
    }
    return false;
}

static uint64_t
bit_of(int slot)
{
    return slot < 64 ? UINT64_C(1) << slot : 0;
}

uint64_t
gz_cond_must(const struct gz_cond *c)
{
    uint64_t must = 0;

    switch (c->op) {
    case OP_ABSENT:
    case OP_NOT:
        return 0;
    case OP_ALL:
    case OP_NAMED:
        for (size_t i = 0; i < c->count; i++)
            must |= gz_cond_must(c->kid[i]);
        return must;
    case OP_ANY:
        must = c->count ? UINT64_MAX : 0;
        for (size_t i = 0; i < c->count; i++)
            must &= gz_cond_must(c->kid[i]);
        return must;
    case OP_SPAN:
    case OP_FIELD:
        return bit_of(c->slot) | bit_of(c->slot2);
    case OP_IS:
    case OP_STARTS:
    case OP_CONTAINS:
    case OP_PRESENT:
    case OP_NUMBER:
    case OP_TIME:
    case OP_PAST:
    case OP_BEFORE:
        break;
    }
    return bit_of(c->slot);
}

enum gz_cond_constant
gz_cond_constant(const struct gz_cond *c)
{
    enum gz_cond_constant all = GZ_COND_ALWAYS, any = GZ_COND_NEVER;

    if (c->op != OP_ALL && c->op != OP_ANY && c->op != OP_NOT && c->op != OP_NAMED)
        return GZ_COND_VARIES;
    for (size_t i = 0; i < c->count; i++) {
        enum gz_cond_constant k = gz_cond_constant(c->kid[i]);

        if (k == GZ_COND_NEVER || (k == GZ_COND_VARIES && all == GZ_COND_ALWAYS))
            all = k;
        if (k == GZ_COND_ALWAYS || (k == GZ_COND_VARIES && any == GZ_COND_NEVER))
            any = k;
    }
    if (c->op == OP_NOT)
        return all == GZ_COND_VARIES   ? GZ_COND_VARIES
               : all == GZ_COND_ALWAYS ? GZ_COND_NEVER
                                       : GZ_COND_ALWAYS;
    return c->op == OP_ANY ? any : all;
}

// ---- what a condition needs ----

struct needs {
    const struct gz_slots *slots;
    struct gz_arena *arena;
    struct gz_str *field;
    size_t count;
    size_t cap;
};

static void
add_need(struct needs *n, struct gz_str field)
{
    for (size_t i = 0; i < n->count; i++)
        if (gz_str_eq(n->field[i], field))
            return;
    n->field =
        gz_arena_grow(n->arena, n->field, &n->cap, n->count + 1, sizeof(*n->field));
    n->field[n->count++] = field;
}

// One entry for all alternatives; none when one of them needs nothing.
static void
add_alternatives(struct needs *n, const struct gz_cond *c)
{
    struct gz_buf joined = { 0 };
    bool all = c->count > 0;

    for (size_t i = 0; i < c->count && all; i++) {
        size_t count;
        struct gz_str *kid = gz_cond_needs(c->kid[i], n->slots, n->arena, &count);

        all = count > 0;
        if (!all)
            break;
        if (joined.len)
            gz_buf_char(&joined, '|');
        gz_buf_add(&joined, kid[0]);
    }
    if (all)
        add_need(n, gz_arena_dup(n->arena, gz_buf_str(&joined)));
    gz_buf_release(&joined);
}

static void
walk_needs(struct needs *n, const struct gz_cond *c)
{
    switch (c->op) {
    case OP_ABSENT:
    case OP_NOT:
        return;
    case OP_ALL:
    case OP_NAMED:
        for (size_t i = 0; i < c->count; i++)
            walk_needs(n, c->kid[i]);
        return;
    case OP_ANY:
        add_alternatives(n, c);
        return;
    case OP_SPAN:
    case OP_FIELD:
        add_need(n, n->slots->keys.keys[c->slot2]);
        break;
    case OP_IS:
    case OP_STARTS:
    case OP_CONTAINS:
    case OP_PRESENT:
    case OP_NUMBER:
    case OP_TIME:
    case OP_PAST:
    case OP_BEFORE:
        break;
    }
    add_need(n, n->slots->keys.keys[c->slot]);
}

struct gz_str *
gz_cond_needs(const struct gz_cond *c, const struct gz_slots *slots,
              struct gz_arena *arena, size_t *count)
{
    struct needs n = { .slots = slots, .arena = arena };

    walk_needs(&n, c);
    *count = n.count;
    return n.field;
}
