// SPDX-License-Identifier: MIT
#include "tally/csv.h"

#include "io/csvlib.h"

struct writing {
    struct gz_buf *out;
    bool excel;
    bool first; // of its line
    const struct gz_tally *tally;
    const struct gz_table *table;
    enum gz_err_kind (*flush)(void *ctx, struct gz_err *err);
    void *ctx;
};

static void
put(struct writing *w, struct gz_str cell)
{
    if (!w->first)
        gz_buf_char(w->out, ',');
    w->first = false;
    if (w->excel)
        gz_csvlib_put_guarded(w->out, cell, ',');
    else
        gz_csvlib_put(w->out, cell, ',');
}

static void
put_u64(struct writing *w, uint64_t n)
{
    if (!w->first)
        gz_buf_char(w->out, ',');
    w->first = false;
    gz_buf_u64(w->out, n);
}

static void
end_line(struct writing *w)
{
    if (w->excel)
        gz_buf_char(w->out, '\r');
    gz_buf_char(w->out, '\n');
    w->first = true;
}

static void
put_header(struct writing *w, const struct gz_table *table)
{
    static const char *const parts[] = { "sec_n",   "sec_p50", "sec_p90", "day_n",
                                         "day_p50", "day_p90", "neg" };
    struct gz_buf name = { 0 };

    if (w->excel)
        gz_buf_lit(w->out, "\xEF\xBB\xBF");
    if (table->periods)
        put(w, GZ_STR("period"));
    for (size_t i = 0; i < table->dim_count; i++)
        put(w, table->dim[i].name);
    for (size_t i = 0; i < table->measure_count; i++) {
        const struct gz_measure *m = &table->measure[i];

        for (size_t p = 0; m->kind == GZ_MEASURE_DURATION && p < GZ_COUNT(parts); p++) {
            name.len = 0;
            gz_buf_add(&name, m->name);
            gz_buf_printf(&name, "_%s", parts[p]);
            put(w, gz_buf_str(&name));
        }
        if (m->kind != GZ_MEASURE_DURATION)
            put(w, m->name);
    }
    end_line(w);
    gz_buf_release(&name);
}

static void
put_hist(struct writing *w, struct gz_hist *h)
{
    put_u64(w, h->count);
    for (uint32_t p = 50; p <= 90; p += 40) {
        if (h->count)
            put_u64(w, (uint64_t)gz_hist_quantile(h, p, 100));
        else
            put(w, (struct gz_str){ "", 0 });
    }
}

static void
put_cell(struct writing *w, const struct gz_measure *m, const struct gz_cell *c)
{
    struct gz_buf text = { 0 };
    struct gz_durations none = { 0 }, *d;
    bool approx;

    switch (m->kind) {
    case GZ_MEASURE_DURATION:
        d = c && c->type == GZ_CELL_DURATION ? c->durations : &none;
        put_hist(w, &d->sec);
        put_hist(w, &d->days);
        put_u64(w, d->negative);
        break;
    case GZ_MEASURE_DISTINCT:
        put_u64(w, c && c->type == GZ_CELL_DISTINCT
                       ? gz_distinct_count(c->distinct, &approx)
                       : 0);
        break;
    case GZ_MEASURE_COUNT:
    case GZ_MEASURE_SUM:
        gz_dec_format(c && c->type == GZ_CELL_NUMBER ? c->number : (struct gz_dec){ 0 },
                      &text);
        put(w, gz_buf_str(&text));
        break;
    }
    gz_buf_release(&text);
}

static enum gz_err_kind
put_row(void *ctx, struct gz_row *r, struct gz_str line, struct gz_err *err)
{
    struct writing *w = ctx;

    (void)line;
    if (w->table->periods)
        put(w, r->period);
    for (size_t i = 0; i < w->table->dim_count; i++)
        put(w, i < r->key_count ? r->key[i] : (struct gz_str){ "", 0 });
    for (size_t i = 0; i < w->table->measure_count; i++) {
        const struct gz_measure *m = &w->table->measure[i];

        put_cell(w, m, gz_row_cell(r, gz_tally_measure(w->tally, m->name)));
    }
    end_line(w);
    return w->flush(w->ctx, err);
}

enum gz_err_kind
gz_tally_csv(struct gz_tally *t, const struct gz_table *table, bool excel,
             struct gz_buf *out, enum gz_err_kind (*flush)(void *ctx, struct gz_err *err),
             void *ctx, struct gz_err *err)
{
    struct writing w = { out, excel, true, t, table, flush, ctx };

    put_header(&w, table);
    return gz_tally_each(t, table->name, true, put_row, &w, err);
}
