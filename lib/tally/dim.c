// SPDX-License-Identifier: MIT
// What a record has in each dimension, as small numbers.
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "tally/counter.h"

// ---- paths ----

static bool
is_han_before(struct gz_str s, size_t at)
{
    size_t from = at;

    while (from && ((unsigned char)s.ptr[from - 1] & 0xC0) == 0x80)
        from--;
    if (from == 0)
        return false;
    from--;
    return gz_utf8_is_han(gz_utf8_next(s, &from));
}

static bool
is_han_at(struct gz_str s, size_t at)
{
    return at < s.len && gz_utf8_is_han(gz_utf8_next(s, &at));
}

// The next separator of levels in what a source wrote: "->" or an arrow; and '-' or '/'
// between two Chinese characters. English names have both inside.
static size_t
next_separator(struct gz_str s, size_t *len)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '-' && i + 1 < s.len && s.ptr[i + 1] == '>') {
            *len = 2;
            return i;
        }
        if ((s.ptr[i] == '-' || s.ptr[i] == '/') && is_han_before(s, i) &&
            is_han_at(s, i + 1)) {
            *len = 1;
            return i;
        }
        if (s.len - i >= 3 && memcmp(s.ptr + i, "→", 3) == 0) {
            *len = 3;
            return i;
        }
    }
    *len = 0;
    return s.len;
}

struct gz_str
gz_path_level(struct gz_str path, int32_t level)
{
    size_t at, len;

    for (;;) {
        at = next_separator(path, &len);
        if (--level == 0)
            return gz_str_trim(gz_str_first(path, at));
        if (len == 0)
            return (struct gz_str){ "", 0 };
        path = gz_str_from(path, at + len);
    }
}

// What gz-route decided has its levels apart by '/' and nothing else.
static struct gz_str
decided_level(struct gz_str path, int32_t level)
{
    struct gz_cut cut = { .tail = path, .found = true };

    while (level-- > 0) {
        if (!cut.found)
            return (struct gz_str){ "", 0 };
        cut = gz_str_cut(cut.tail, GZ_STR("/"));
    }
    return cut.head;
}

// ---- parts of a date ----

static struct gz_str
date_part(enum gz_dim_part part, struct gz_time t, struct gz_buf *out)
{
    int64_t day = gz_time_day(t);
    struct gz_window w = { .cut_sec = 86400 };

    out->len = 0;
    switch (part) {
    case GZ_DIM_YEAR:
        w.kind = GZ_PERIOD_YEAR;
        break;
    case GZ_DIM_QUARTER:
        w.kind = GZ_PERIOD_QUARTER;
        break;
    case GZ_DIM_MONTH:
        w.kind = GZ_PERIOD_MONTH;
        break;
    case GZ_DIM_WEEK:
        w.kind = GZ_PERIOD_WEEK;
        break;
    case GZ_DIM_DAY:
        w.kind = GZ_PERIOD_DAY;
        break;
    case GZ_DIM_WEEKDAY:
        if (t.prec >= GZ_PREC_DAY)
            gz_buf_printf(out, "%d", gz_days_weekday(day) + 1);
        return gz_buf_str(out);
    case GZ_DIM_HOUR:
        if (t.prec >= GZ_PREC_MINUTE)
            gz_buf_printf(out, "%02d", (int)((t.sec - day * 86400) / 3600));
        return gz_buf_str(out);
    case GZ_DIM_WHOLE:
    case GZ_DIM_LEVEL:
        return gz_buf_str(out);
    }
    if (t.prec < GZ_PREC_DAY) {
        struct gz_period_range r = gz_window_find(&w, t);

        if (r.first == r.last)
            gz_period_format(w.kind, r.first, out);
        return gz_buf_str(out);
    }
    gz_period_format(w.kind, gz_window_find(&w, t).first, out);
    return gz_buf_str(out);
}

// ---- values ----

// The interned form of what `d` makes of a text, worked out once for each text.
static uint32_t
of_text(struct gz_counter *c, struct gz_c_dim *d, struct gz_str text)
{
    bool added;
    uint32_t at;
    struct gz_buf out = { 0 };
    struct gz_time t;
    struct gz_str part = text;

    if (text.len == 0)
        return 0;
    if (d->dim->part == GZ_DIM_WHOLE)
        return gz_map_put(&c->text, text, NULL);
    at = gz_map_put(&d->memo, text, &added);
    if (!added)
        return d->memo_id[at];
    if (at >= d->memo_cap) {
        d->memo_cap = d->memo_cap ? d->memo_cap * 2 : 64;
        d->memo_id = gz_mem_realloc(d->memo_id, d->memo_cap, sizeof(*d->memo_id));
    }
    if (d->dim->part == GZ_DIM_LEVEL)
        part = gz_path_level(text, d->dim->level);
    else
        part = gz_time_parse(text, &t) ? date_part(d->dim->part, t, &out)
                                       : (struct gz_str){ "", 0 };
    d->memo_id[at] = gz_map_put(&c->text, part, NULL);
    gz_buf_release(&out);
    return d->memo_id[at];
}

// A dimension has few values that come again and again: those met lately are told by a
// compare, without the map.
static uint32_t
of_text_lately(struct gz_counter *c, struct gz_c_dim *d, struct gz_str text)
{
    const unsigned char *p = (const unsigned char *)text.ptr;
    size_t n = text.len;
    struct gz_c_value *v;
    uint32_t id;

    if (n == 0 || n > 256)
        return of_text(c, d, text);
    if (!d->lately)
        d->lately = gz_arena_new(c->arena, struct gz_c_value, GZ_C_LATELY);
    v = &d->lately[(n * 31 + p[0] * 7u + p[n - 1] * 29u + p[n / 2] * 53u +
                    p[n > 1 ? n - 2 : 0] * 113u) %
                   GZ_C_LATELY];
    if (gz_str_eq(v->text, text))
        return v->id;
    id = of_text(c, d, text);
    // Whole values are kept by the map of texts, others by the memo: their bytes stay.
    v->text = d->dim->part == GZ_DIM_WHOLE ? c->text.keys[id]
                                           : d->memo.keys[gz_map_get(&d->memo, text)];
    v->id = id;
    return id;
}

// Times are many: they are not remembered by their text.
static uint32_t
of_time(struct gz_counter *c, struct gz_c_dim *d, int slot)
{
    const struct gz_time *t = gz_slot_time(&c->slots, slot);
    struct gz_buf out = { 0 };
    struct gz_c_day *m = NULL;
    uint32_t id;

    if (!t)
        return 0;
    if (d->dim->part != GZ_DIM_HOUR && t->prec >= GZ_PREC_DAY) {
        int64_t day = gz_time_day(*t);

        if (!d->by_day)
            d->by_day = gz_arena_new(c->arena, struct gz_c_day, GZ_WINDOW_MEMO);
        m = &d->by_day[(uint64_t)day % GZ_WINDOW_MEMO];
        if (m->known && m->day == day)
            return m->id;
        *m = (struct gz_c_day){ day, 0, true };
    }
    id = gz_map_put(&c->text, date_part(d->dim->part, *t, &out), NULL);
    gz_buf_release(&out);
    if (m)
        m->id = id;
    return id;
}

static uint32_t
of_part(struct gz_counter *c, struct gz_str part)
{
    return part.len ? gz_map_put(&c->text, part, NULL) : 0;
}

static uint32_t
of_exclusion(struct gz_counter *c)
{
    for (size_t i = 0; i < c->scheme->exclusion_count; i++)
        if (gz_cond_holds(c->exclusion[i], &c->slots, c->as_of))
            return gz_map_put(&c->text, c->scheme->exclusion[i].code, NULL);
    return 0;
}

// "valid|contacted|solved".
static uint32_t
of_counts(struct gz_counter *c)
{
    struct gz_buf text = { 0 };
    uint32_t id;

    for (size_t i = 0; i < c->term_count; i++) {
        if (!gz_cond_holds(c->term[i].cond, &c->slots, c->as_of))
            continue;
        if (text.len)
            gz_buf_char(&text, '|');
        gz_buf_add(&text, c->term[i].name);
    }
    id = of_part(c, gz_buf_str(&text));
    gz_buf_release(&text);
    return id;
}

static uint32_t
of_cases(struct gz_counter *c, struct gz_c_dim *d)
{
    for (size_t i = 0; i < d->dim->case_count; i++)
        if (gz_counter_holds(c, d->case_cond[i]))
            return gz_map_put(&c->text, d->dim->cases[i].value, NULL);
    return 0;
}

static uint32_t
find_value(struct gz_counter *c, struct gz_c_dim *d)
{
    if (d->dim->cases)
        return of_cases(c, d);
    if (d->dim->exclusion)
        return of_exclusion(c);
    if (d->dim->counts)
        return of_counts(c);
    for (size_t i = 0; i < d->dim->field_count; i++) {
        if (!gz_slot_present(&c->slots, d->slot[i]))
            continue;
        if (d->dim->which)
            return d->field_id[i];
        if (d->dim->part == GZ_DIM_LEVEL && gz_str_is(d->dim->field[i], "category"))
            return of_part(
                c, decided_level(gz_slot_text(&c->slots, d->slot[i]), d->dim->level));
        return d->dim->part > GZ_DIM_LEVEL
                   ? of_time(c, d, d->slot[i])
                   : of_text_lately(c, d, gz_slot_text(&c->slots, d->slot[i]));
    }
    return 0;
}

uint32_t
gz_counter_dim(struct gz_counter *c, struct gz_c_dim *d)
{
    if (d->seen != c->record) {
        d->id = find_value(c, d);
        d->seen = c->record;
    }
    return d->id;
}

struct gz_str
gz_counter_text(struct gz_counter *c, struct gz_c_dim *d)
{
    if (d->dim->part != GZ_DIM_WHOLE || d->dim->which || d->dim->exclusion ||
        d->dim->counts || d->dim->cases) {
        // In two steps: finding the value may move the array of keys.
        uint32_t id = gz_counter_dim(c, d);

        return c->text.keys[id];
    }
    for (size_t i = 0; i < d->dim->field_count; i++)
        if (gz_slot_present(&c->slots, d->slot[i]))
            return gz_slot_text(&c->slots, d->slot[i]);
    return (struct gz_str){ "", 0 };
}

static void
add_distinct(struct gz_c_dim *d, uint32_t id)
{
    for (size_t i = 0; i < d->many_count; i++)
        if (d->many[i] == id)
            return;
    if (d->many_count == d->many_cap) {
        d->many_cap = d->many_cap ? d->many_cap * 2 : 16;
        d->many = gz_mem_realloc(d->many, d->many_cap, sizeof(*d->many));
    }
    d->many[d->many_count++] = id;
}

void
gz_counter_many(struct gz_counter *c, struct gz_c_dim *d)
{
    if (d->seen == c->record)
        return;
    d->seen = c->record;
    d->many_count = 0;
    for (size_t i = 0; i < d->dim->field_count; i++) {
        size_t n = 0;
        struct gz_str *list;

        if (!gz_slot_present(&c->slots, d->slot[i]))
            continue;
        list = gz_slot_list(&c->slots, d->slot[i], &n);
        for (size_t k = 0; k < n; k++)
            add_distinct(d, of_text(c, d, list[k]));
        break;
    }
    if (d->many_count == 0)
        add_distinct(d, 0);
}

// ---- interned values ----

void
gz_counter_intern_fields(struct gz_counter *c, struct gz_c_dim *d)
{
    for (size_t i = 0; i < d->dim->field_count; i++)
        d->field_id[i] = gz_map_put(&c->text, d->dim->field[i], NULL);
}

void
gz_counter_forget_values(struct gz_counter *c)
{
    gz_map_release(&c->text);
    gz_map_put(&c->text, GZ_STR(""), NULL);
    for (size_t i = 0; i < c->dim_count; i++) {
        struct gz_c_dim *d = &c->dim[i];

        gz_map_release(&d->memo);
        free(d->memo_id);
        d->memo_id = NULL;
        d->memo_cap = 0;
        if (d->lately)
            memset(d->lately, 0, GZ_C_LATELY * sizeof(*d->lately));
        if (d->by_day)
            memset(d->by_day, 0, GZ_WINDOW_MEMO * sizeof(*d->by_day));
        d->seen = 0;
        gz_counter_intern_fields(c, d);
    }
}
