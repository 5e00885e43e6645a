// SPDX-License-Identifier: MIT
// A table with a row a period: what was counted and had no record is 0, not left out.
#include "base/num.h"
#include "report/book.h"

bool
gz_book_was_counted(const struct gz_book *b, int32_t number)
{
    for (size_t i = 0; i < b->tallies; i++) {
        struct gz_cut cut = gz_str_cut(b->tally[i]->period, GZ_STR(".."));
        enum gz_period_kind kind;
        int32_t first, last;

        if (!cut.head.len)
            return true;
        if (!gz_period_parse(cut.head, &kind, &first))
            continue;
        if (kind == GZ_PERIOD_ALL || !cut.found ||
            !gz_period_parse(cut.tail, &kind, &last))
            last = first;
        if (first <= number && number <= last)
            return true;
    }
    return false;
}

// The ends of the ranges that were asked for, too.
static void
widen(const struct gz_book *b, enum gz_period_kind kind, int32_t *first, int32_t *last)
{
    for (size_t i = 0; i < b->tallies; i++) {
        struct gz_cut cut = gz_str_cut(b->tally[i]->period, GZ_STR(".."));
        enum gz_period_kind from, to;
        int32_t a, z;

        if (!cut.found || !gz_period_parse(cut.head, &from, &a) ||
            !gz_period_parse(cut.tail, &to, &z) || from != kind || to != kind)
            continue;
        *first = a < *first ? a : *first;
        *last = z > *last ? z : *last;
    }
}

enum { MOST = 20000 }; // rows that gaps may make: 54 years of days

// A report on a period does not know of those after it.
static int32_t
end_of(const struct gz_book *b, enum gz_period_kind kind)
{
    enum gz_period_kind k;
    int32_t end;

    return b->period.len && gz_period_parse(b->period, &k, &end) && k == kind ? end
                                                                              : INT32_MAX;
}

void
gz_book_fill_periods(struct gz_book *b, struct gz_groups *rows)
{
    struct gz_group *all;
    enum gz_period_kind kind = GZ_PERIOD_ALL, k;
    int32_t first = 0, last = 0, n;
    size_t dated = 0, count = 0, at = 0;

    for (size_t i = 0; i < rows->count; i++) {
        if (!gz_period_parse(rows->group[i].key[0], &k, &n) || k == GZ_PERIOD_ALL ||
            n > end_of(b, k))
            continue;
        first = dated == 0 || n < first ? n : first;
        last = dated == 0 || n > last ? n : last;
        if (dated && k != kind)
            return; // days beside months: there is no one range
        kind = k;
        rows->group[dated++] = rows->group[i];
    }
    if (dated == 0)
        return;
    rows->count = dated;
    widen(b, kind, &first, &last);
    if (last > end_of(b, kind))
        last = end_of(b, kind);
    if (last - first >= MOST)
        return;
    all = gz_arena_new(b->arena, struct gz_group, (size_t)(last - first) + 1 + dated);
    for (int32_t p = first; p <= last; p++) {
        struct gz_buf text = { 0 };
        struct gz_str *key = gz_arena_new(b->arena, struct gz_str, 1);

        gz_period_format(kind, p, &text);
        *key = gz_arena_dup(b->arena, gz_buf_str(&text));
        gz_buf_release(&text);
        if (at < dated && gz_str_eq(rows->group[at].key[0], *key))
            all[count++] = rows->group[at++];
        else if (gz_book_was_counted(b, p))
            all[count++] =
                (struct gz_group){ key, 1,
                                   gz_arena_new(b->arena, struct gz_cell,
                                                rows->table->measure_count + 1) };
    }
    if (at < dated)
        return; // periods not in order of their names: leave them as they are
    rows->group = all;
    rows->count = count;
}
