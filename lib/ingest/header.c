// SPDX-License-Identifier: MIT
#include "ingest/header.h"

#include <string.h>

#include "base/num.h"

// A copy that can be the key of a JSON object everywhere: many readers take no NUL there.
static struct gz_str
without_nul(struct gz_str name, struct gz_arena *arena)
{
    char *copy = gz_arena_alloc(arena, name.len + 1, 1, 1);

    for (size_t i = 0; i < name.len; i++)
        copy[i] = name.ptr[i] ? name.ptr[i] : '_';
    return (struct gz_str){ copy, name.len };
}

void
gz_header_make(struct gz_header *h, const struct gz_str *cell, size_t count,
               struct gz_arena *arena)
{
    struct gz_map seen = { 0 };
    uint32_t *times = gz_arena_new(arena, uint32_t, count);
    uint32_t *first = gz_arena_new(arena, uint32_t, count);

    h->column = gz_arena_new(arena, struct gz_column, count);
    h->count = count;
    for (size_t i = 0; i < count; i++) {
        struct gz_column *c = &h->column[i];
        uint32_t n;

        c->name = without_nul(gz_str_trim(cell[i]), arena);
        c->fold = gz_fold_name(c->name, arena);
        c->occurrence = 1;
        if (!c->fold.len) {
            c->name = gz_arena_printf(arena, "_%zu", i + 1);
            continue;
        }
        n = gz_map_put(&seen, c->fold, NULL);
        c->occurrence = ++times[n];
        if (c->occurrence == 1) {
            first[n] = (uint32_t)i;
            continue;
        }
        c->repeated = h->column[first[n]].repeated = true;
        c->name =
            gz_arena_printf(arena, GZ_STR_FMT "_%u", GZ_STR_ARG(c->name), c->occurrence);
    }
    gz_map_release(&seen);
}

// Cut "#2" off the end of `name`. 0 when there is none.
static uint64_t
take_number(struct gz_str *name)
{
    size_t at = name->len;
    uint64_t n;

    while (at && name->ptr[at - 1] >= '0' && name->ptr[at - 1] <= '9')
        at--;
    if (at == 0 || name->ptr[at - 1] != '#' || !gz_num_u64(gz_str_from(*name, at), &n))
        return 0;
    name->len = at - 1;
    return n;
}

int
gz_header_find(const struct gz_header *h, struct gz_str name, bool *repeated,
               struct gz_arena *scratch)
{
    struct gz_str base = name;
    uint64_t number = take_number(&base);
    struct gz_str fold;

    if (number && base.len == 0)
        return number <= h->count ? (int)number - 1 : -1;
    for (int pass = number ? 0 : 1; pass < 2; pass++) {
        fold = gz_fold_name(pass ? name : base, scratch);
        for (size_t i = 0; i < h->count; i++) {
            const struct gz_column *c = &h->column[i];

            if (!gz_str_eq(c->fold, fold) || !fold.len)
                continue;
            if (pass == 0 && c->occurrence != number)
                continue;
            if (pass == 1 && c->repeated)
                *repeated = true;
            return (int)i;
        }
    }
    return -1;
}

int
gz_header_any(const struct gz_header *h, const struct gz_names *names, bool *repeated,
              struct gz_arena *scratch)
{
    for (size_t i = 0; i < names->count; i++) {
        int c = gz_header_find(h, names->name[i], repeated, scratch);

        if (c >= 0)
            return c;
    }
    return -1;
}

static void
mark(const struct gz_header *h, const struct gz_names *names, bool *known,
     struct gz_arena *scratch)
{
    for (size_t i = 0; i < names->count; i++) {
        bool repeated = false;
        int c = gz_header_find(h, names->name[i], &repeated, scratch);

        if (c >= 0)
            known[c] = true;
    }
}

static int64_t
count_true(const bool *known, size_t count)
{
    int64_t n = 0;

    for (size_t i = 0; i < count; i++)
        n += known[i];
    return n;
}

// Does any column fill this field?
static bool
filled(const struct gz_header *h, const struct gz_layout *l, const struct gz_field *field,
       struct gz_arena *scratch)
{
    bool repeated = false;

    for (size_t i = 0; i < l->count; i++)
        if (l->field[i].field == field)
            for (size_t p = 0; p < l->field[i].parts; p++)
                if (gz_header_any(h, &l->field[i].part[p], &repeated, scratch) >= 0)
                    return true;
    return false;
}

// Our own records: nearly all columns are names of fields.
static int64_t
score_records(const struct gz_header *h, const struct gz_layout *l, bool *eligible)
{
    int64_t hits = 0;

    for (size_t i = 0; i < h->count; i++) {
        const struct gz_field *f = gz_kind_field(l->kind, h->column[i].name);

        hits += f && gz_str_eq(f->name, h->column[i].name);
        hits += gz_str_is(h->column[i].name, "rec");
    }
    *eligible = hits >= 4 && hits * 10 >= (int64_t)h->count * 9;
    return hits + 1;
}

int64_t
gz_header_score(const struct gz_header *h, const struct gz_layout *l, bool *eligible,
                struct gz_arena *scratch)
{
    bool *known = gz_arena_new(scratch, bool, h->count);

    if (l->records)
        return score_records(h, l, eligible);
    for (size_t i = 0; i < l->count; i++)
        for (size_t p = 0; p < l->field[i].parts; p++)
            mark(h, &l->field[i].part[p], known, scratch);
    mark(h, &l->contacts, known, scratch);
    mark(h, &l->key, known, scratch);
    mark(h, &l->keep, known, scratch);
    for (size_t i = 0; i < l->parts; i++)
        mark(h, &(struct gz_names){ &l->part[i].at, 1 }, known, scratch);
    *eligible = true;
    for (size_t n = 0; n < l->needs; n++) {
        bool any = false;

        for (size_t k = 0; k < l->need[n].count && !any; k++)
            any = filled(h, l, l->need[n].field[k], scratch);
        *eligible = *eligible && any;
    }
    // Two names that anything may bear are not enough for a general layout.
    if (l->rank < 0 && count_true(known, h->count) < 3)
        *eligible = false;
    return count_true(known, h->count) + l->rank;
}
