// SPDX-License-Identifier: MIT
#include "report/history.h"

enum { MOST = 20000 }; // periods looked back on: 54 years of days

// The last key of a row is its period.
static bool
period_of(const struct gz_history *h, const struct gz_group *g, int32_t *number)
{
    enum gz_period_kind kind;

    return gz_period_parse(g->key[g->keys - 1], &kind, number) && kind == h->kind;
}

static struct gz_str
name_of(struct gz_book *b, enum gz_period_kind kind, int32_t number)
{
    struct gz_buf text = { 0 };
    struct gz_str s;

    gz_period_format(kind, number, &text);
    s = gz_arena_dup(b->arena, gz_buf_str(&text));
    gz_buf_release(&text);
    return s;
}

// The range that was counted reaches from the first record, or the first period asked
// for, to the period reported on.
static bool
find_range(struct gz_history *h, struct gz_book *b, int32_t last)
{
    size_t periods;
    const struct gz_str *period = gz_book_periods(b, &periods);
    enum gz_period_kind kind;
    int32_t n;

    h->first = last;
    for (size_t i = 0; i < periods; i++)
        if (gz_period_parse(period[i], &kind, &n) && kind == h->kind && n < h->first)
            h->first = n;
    for (size_t i = 0; i < b->tallies; i++)
        if (gz_period_parse(gz_str_cut(b->tally[i]->period, GZ_STR("..")).head, &kind,
                            &n) &&
            kind == h->kind && n < h->first)
            h->first = n;
    if (last - h->first >= MOST)
        h->first = last - MOST + 1;
    h->count = (size_t)(last - h->first) + 1;
    return true;
}

bool
gz_history_open(struct gz_history *h, struct gz_book *b, const struct gz_table *t,
                bool whole)
{
    int32_t last;
    bool *counted;

    *h = (struct gz_history){ .keys = whole ? 0 : t->dim_count };
    if (!t->periods || !b->period.len || !gz_period_parse(b->period, &h->kind, &last) ||
        h->kind == GZ_PERIOD_ALL || !find_range(h, b, last))
        return false;
    counted = gz_arena_new(b->arena, bool, h->count);
    for (size_t i = 0; i < h->count; i++) {
        int32_t n = h->first + (int32_t)i;

        counted[i] = gz_book_was_counted(b, n) &&
                     gz_book_period_is_like(b, name_of(b, h->kind, n), t);
    }
    h->counted = counted;
    h->value = gz_arena_new(b->arena, gz_i128, h->count);
    h->rows = gz_book_group(b, t, (struct gz_str){ NULL, 0 },
                            (unsigned)GZ_KEEP_PERIOD | (whole ? 0 : GZ_KEEP_ALL));
    return true;
}

static bool
same_key(const struct gz_history *h, const struct gz_group *a, const struct gz_group *b)
{
    for (size_t i = 0; i < h->keys; i++)
        if (!gz_str_eq(a->key[i], b->key[i]))
            return false;
    return true;
}

bool
gz_history_next(struct gz_history *h, size_t measure)
{
    const struct gz_group *first;

    if (h->at == h->rows.count)
        return false;
    first = &h->rows.group[h->at];
    h->key = first->key;
    for (size_t i = 0; i < h->count; i++)
        h->value[i] = 0;
    for (; h->at < h->rows.count && same_key(h, first, &h->rows.group[h->at]); h->at++) {
        const struct gz_group *g = &h->rows.group[h->at];
        int32_t n;

        if (period_of(h, g, &n) && n >= h->first && n - h->first < (int32_t)h->count)
            h->value[n - h->first] = gz_group_number(g, measure).units / 1000000000;
    }
    return true;
}

void
gz_history_rewind(struct gz_history *h)
{
    h->at = 0;
}

struct gz_str
gz_history_period(struct gz_book *b, const struct gz_history *h, size_t back)
{
    return name_of(b, h->kind, h->first + (int32_t)h->count - 1 - (int32_t)back);
}
