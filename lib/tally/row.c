// SPDX-License-Identifier: MIT
#include "tally/row.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/tr.h"

static const char letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// ---- writing ----

static void
comma(struct gz_buf *out)
{
    if (out->len && out->ptr[out->len - 1] != '{')
        gz_buf_char(out, ',');
}

// "s":[…] or "sb":[…],"ss":N
static void
write_hist(struct gz_hist *h, char name, struct gz_buf *out)
{
    gz_hist_settle(h);
    if (h->len == 0)
        return;
    comma(out);
    gz_buf_printf(out, "\"%c%s\":[", name, h->folded ? "b" : "");
    for (uint32_t i = 0; i < h->len; i++) {
        if (i)
            gz_buf_char(out, ',');
        gz_buf_i64(out, h->pair[i].value);
        gz_buf_char(out, ',');
        gz_buf_u64(out, h->pair[i].count);
    }
    gz_buf_char(out, ']');
    if (h->folded) {
        gz_buf_printf(out, ",\"%cs\":", name);
        gz_dec_format(h->sum, out);
    }
}

static bool
write_durations(struct gz_durations *d, struct gz_buf *out)
{
    if (d->sec.count == 0 && d->days.count == 0 && d->negative == 0)
        return false;
    gz_buf_char(out, '{');
    write_hist(&d->sec, 's', out);
    write_hist(&d->days, 'd', out);
    if (d->negative) {
        comma(out);
        gz_buf_printf(out, "\"neg\":%llu", (unsigned long long)d->negative);
    }
    gz_buf_char(out, '}');
    return true;
}

static bool
write_distinct(struct gz_distinct *d, struct gz_buf *out)
{
    gz_distinct_settle(d);
    if (d->reg) {
        gz_buf_lit(out, "{\"hll\":\"");
        for (size_t i = 0; i < GZ_DISTINCT_REGISTERS; i++)
            gz_buf_char(out, letters[d->reg[i] & 63]);
    } else {
        if (d->len == 0)
            return false;
        gz_buf_lit(out, "{\"set\":\"");
        for (uint32_t i = 0; i < d->len; i++)
            gz_buf_printf(out, "%016llx", (unsigned long long)d->hash[i]);
    }
    gz_buf_lit(out, "\"}");
    return true;
}

bool
gz_cell_write(struct gz_cell *c, struct gz_buf *out)
{
    switch (c->type) {
    case GZ_CELL_DURATION:
        return write_durations(c->durations, out);
    case GZ_CELL_DISTINCT:
        return write_distinct(c->distinct, out);
    case GZ_CELL_NUMBER:
        break;
    }
    if (c->number.units == 0)
        return false;
    gz_dec_format(c->number, out);
    return true;
}

// ---- reading ----

struct reading {
    struct gz_durations *durations;
    struct gz_distinct *distinct;
    struct gz_dec sum[2];
    bool bad;
};

// Step over one whole number and the ',' after it. False at the end or on anything else.
static bool
next_int(const char **p, const char *end, int64_t *out)
{
    const char *from = *p;

    while (*p < end && **p != ',' && **p != ']' && **p != ' ')
        ++*p;
    if (!gz_num_i64((struct gz_str){ from, (size_t)(*p - from) }, out))
        return false;
    while (*p < end && (**p == ',' || **p == ' '))
        ++*p;
    return true;
}

static bool
read_hist(struct gz_hist *h, const struct gz_member *m, bool folded)
{
    const char *p = m->raw.ptr + 1, *end = m->raw.ptr + m->raw.len - 1;
    int64_t value, count, most = folded ? gz_hist_bucket(INT64_MAX) : INT64_MAX;

    if (m->type != GZ_VALUE_ARRAY || h->len)
        return false;
    h->folded = folded;
    while (p < end) {
        if (!next_int(&p, end, &value) || !next_int(&p, end, &count) || value < 0 ||
            value > most || count <= 0)
            return false;
        if (folded) {
            // Straight to its bucket; the sum comes from "ss".
            struct gz_hist one = { .pair =
                                       &(struct gz_hist_pair){ value, (uint64_t)count },
                                   .len = 1,
                                   .sorted = 1,
                                   .folded = true,
                                   .count = (uint64_t)count };
            gz_hist_merge(h, &one);
        } else {
            gz_hist_add(h, value, (uint64_t)count);
        }
    }
    return true;
}

static bool
read_set(struct gz_distinct *d, struct gz_str s)
{
    if (s.len % 16)
        return false;
    for (size_t i = 0; i < s.len; i += 16) {
        uint64_t hash = 0;

        for (size_t k = i; k < i + 16; k++) {
            char c = s.ptr[k];
            int v = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                           : -1;

            if (v < 0)
                return false;
            hash = hash << 4 | (uint64_t)v;
        }
        gz_distinct_add_hash(d, hash);
    }
    return true;
}

static bool
read_hll(struct gz_distinct *d, struct gz_str s)
{
    if (s.len != GZ_DISTINCT_REGISTERS || d->reg)
        return false;
    d->reg = gz_mem_zalloc(GZ_DISTINCT_REGISTERS, 1);
    for (size_t i = 0; i < s.len; i++) {
        const char *at = s.ptr[i] ? strchr(letters, s.ptr[i]) : NULL;

        if (!at)
            return false;
        d->reg[i] = (uint8_t)(at - letters);
    }
    return true;
}

static struct gz_durations *
durations_of(struct reading *r)
{
    if (!r->durations)
        r->durations = gz_mem_zalloc(1, sizeof(*r->durations));
    return r->durations;
}

static struct gz_distinct *
distinct_of(struct reading *r)
{
    if (!r->distinct)
        r->distinct = gz_mem_zalloc(1, sizeof(*r->distinct));
    return r->distinct;
}

static bool
read_part(struct reading *r, const struct gz_member *m)
{
    struct gz_str text = m->raw;

    if (m->type == GZ_VALUE_STRING && !m->escaped)
        text = (struct gz_str){ m->raw.ptr + 1, m->raw.len - 2 };
    if (gz_str_is(m->key, "s") || gz_str_is(m->key, "sb"))
        return read_hist(&durations_of(r)->sec, m, m->key.len == 2);
    if (gz_str_is(m->key, "d") || gz_str_is(m->key, "db"))
        return read_hist(&durations_of(r)->days, m, m->key.len == 2);
    if (gz_str_is(m->key, "ss"))
        return gz_dec_parse(text, &r->sum[0]);
    if (gz_str_is(m->key, "ds"))
        return gz_dec_parse(text, &r->sum[1]);
    if (gz_str_is(m->key, "neg"))
        return gz_num_u64(text, &durations_of(r)->negative);
    if (gz_str_is(m->key, "set"))
        return read_set(distinct_of(r), text);
    if (gz_str_is(m->key, "hll"))
        return read_hll(distinct_of(r), text);
    return false;
}

static void
each_part(void *ctx, const struct gz_member *m)
{
    struct reading *r = ctx;

    if (!r->bad)
        r->bad = !read_part(r, m);
}

static enum gz_err_kind
bad_cell(const struct gz_member *m, struct gz_err *err)
{
    gz_err_code(err, "tally");
    return gz_err_set(err, GZ_ERR_DATA,
                      N_("measure '" GZ_STR_FMT "' is no count, "
                         "duration or set"),
                      GZ_STR_ARG(gz_str_first(m->key, 64)));
}

static enum gz_err_kind
read_object(struct gz_cell *c, const struct gz_member *m, struct gz_err *err)
{
    struct reading r = { 0 };
    struct gz_arena arena = { 0 };

    gz_member_each(m, &arena, each_part, &r);
    gz_arena_free(&arena);
    c->type = r.distinct ? GZ_CELL_DISTINCT : GZ_CELL_DURATION;
    if (r.distinct)
        c->distinct = r.distinct;
    else
        c->durations = durations_of(&r);
    if (r.distinct && r.durations) {
        gz_durations_release(r.durations);
        free(r.durations);
        r.bad = true;
    }
    if (!r.distinct && c->durations->sec.folded)
        c->durations->sec.sum = r.sum[0];
    if (!r.distinct && c->durations->days.folded)
        c->durations->days.sum = r.sum[1];
    if (!r.bad)
        return GZ_OK;
    gz_cell_release(c);
    return bad_cell(m, err);
}

enum gz_err_kind
gz_cell_read(struct gz_cell *c, const struct gz_member *m, struct gz_err *err)
{
    if (m->type == GZ_VALUE_OBJECT)
        return read_object(c, m, err);
    c->type = GZ_CELL_NUMBER;
    if (m->type != GZ_VALUE_NUMBER || !gz_dec_parse(m->raw, &c->number))
        return bad_cell(m, err);
    return GZ_OK;
}

// ---- merging ----

static bool
is_empty_number(const struct gz_cell *c)
{
    return c->type == GZ_CELL_NUMBER && c->number.units == 0;
}

// Give an empty cell the type of another.
static void
become(struct gz_cell *c, enum gz_cell_type type)
{
    c->type = type;
    if (type == GZ_CELL_DURATION)
        c->durations = gz_mem_zalloc(1, sizeof(*c->durations));
    if (type == GZ_CELL_DISTINCT)
        c->distinct = gz_mem_zalloc(1, sizeof(*c->distinct));
}

enum gz_err_kind
gz_cell_merge(struct gz_cell *to, const struct gz_cell *from, struct gz_err *err)
{
    if (to->type != from->type && is_empty_number(to))
        become(to, from->type);
    if (to->type != from->type) {
        if (is_empty_number(from))
            return GZ_OK;
        gz_err_code(err, "tally");
        return gz_err_set(err, GZ_ERR_DATA,
                          N_("a measure is a number in one row and a set in another"));
    }
    switch (to->type) {
    case GZ_CELL_DURATION:
        gz_durations_merge(to->durations, from->durations);
        break;
    case GZ_CELL_DISTINCT:
        gz_distinct_merge(to->distinct, from->distinct);
        break;
    case GZ_CELL_NUMBER:
        if (!gz_dec_add(&to->number, from->number))
            return gz_err_set(err, GZ_ERR_LIMIT, _("a sum does not fit 29 digits"));
        break;
    }
    return GZ_OK;
}

uint64_t
gz_cell_held(const struct gz_cell *c)
{
    switch (c->type) {
    case GZ_CELL_DURATION:
        return gz_durations_held(c->durations);
    case GZ_CELL_DISTINCT:
        return gz_distinct_held(c->distinct);
    case GZ_CELL_NUMBER:
        break;
    }
    return 0;
}

void
gz_cell_release(struct gz_cell *c)
{
    if (c->type == GZ_CELL_DURATION) {
        gz_durations_release(c->durations);
        free(c->durations);
    } else if (c->type == GZ_CELL_DISTINCT) {
        gz_distinct_release(c->distinct);
        free(c->distinct);
    }
    *c = (struct gz_cell){ .measure = c->measure };
}
