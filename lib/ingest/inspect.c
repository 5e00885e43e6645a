// SPDX-License-Identifier: MIT
// What gz-ingest --inspect shows: how an input is understood, for people.
#include <stdio.h>
#include <string.h>

#include "base/tr.h"
#include "base/utf8.h"
#include "ingest/ingest.h"
#include "ingest/mask.h"

enum { SAMPLES = 3, SAMPLE_COLS = 24, NAME_COLS = 28 };

struct column_facts {
    size_t filled;
    struct gz_str sample[SAMPLES]; // different ones
    size_t samples;
};

void
gz_ingest_pad(struct gz_buf *out, struct gz_str s, size_t cols)
{
    struct gz_str fit = gz_utf8_fit(s, cols);
    size_t width;

    if (fit.len < s.len) {
        fit = gz_utf8_fit(s, cols - 1);
        gz_utf8_printable(fit, out);
        gz_buf_lit(out, "…");
        width = gz_utf8_width(fit) + 1;
    } else {
        gz_utf8_printable(fit, out);
        width = gz_utf8_width(fit);
    }
    for (; width < cols; width++)
        gz_buf_char(out, ' ');
}

static void
add_sample(struct column_facts *f, struct gz_str v, struct gz_arena *arena)
{
    f->filled++;
    for (size_t i = 0; i < f->samples; i++)
        if (gz_str_eq(f->sample[i], v))
            return;
    if (f->samples < SAMPLES)
        f->sample[f->samples++] = gz_arena_dup(arena, v);
}

static void
look_at(struct gz_ingest *g, const struct gz_csv_field *cell, size_t count, void *ctx)
{
    struct column_facts *facts = ctx;

    for (size_t c = 0; c < g->header.count; c++) {
        struct gz_str v = gz_mapping_cell(g->mapping, cell, count, c);

        if (v.len && gz_utf8_valid(v))
            add_sample(&facts[c], v, &g->arena);
    }
}

static void
put_column(struct gz_ingest *g, const struct column_facts *f, size_t c, size_t rows,
           struct gz_buf *out)
{
    struct gz_str to = gz_mapping_fields_of(g->mapping, c, &g->arena);
    const char *form = gz_mapping_date_form(g->mapping, c);
    enum gz_column_role role = gz_mapping_role(g->mapping, c);
    char share[16];

    if (role == GZ_COLUMN_CONTACT)
        to = gz_arena_printf(&g->arena, _("(left out: contact)"));
    else if (role == GZ_COLUMN_EXT)
        to = gz_str_of(g->o->drop_ext ? _("(left out)") : "ext");
    else if (form && *form)
        to = gz_arena_printf(&g->arena, GZ_STR_FMT " (%s)", GZ_STR_ARG(to), form);
    gz_buf_printf(out, "%4zu  ", c + 1);
    gz_ingest_pad(out, g->header.column[c].name, NAME_COLS);
    gz_buf_lit(out, "  ");
    gz_ingest_pad(out, to, NAME_COLS);
    snprintf(share, sizeof(share), "%4zu%%", rows ? f->filled * 100 / rows : 0);
    gz_buf_printf(out, "  %s  ", share);
    // What must not leave does not leave here either.
    for (size_t i = 0; i < f->samples && role != GZ_COLUMN_CONTACT; i++) {
        struct gz_buf masked = { 0 };
        struct gz_str whole = f->sample[i], v;

        if (g->o->privacy >= GZ_PRIVACY_TEXT && gz_mask_text(whole, &masked))
            whole = gz_buf_str(&masked);
        v = gz_utf8_fit(whole, SAMPLE_COLS);
        gz_buf_cstr(out, i ? " | " : "");
        gz_utf8_printable(v, out);
        if (v.len < whole.len)
            gz_buf_lit(out, "…");
        gz_buf_release(&masked);
    }
    gz_buf_char(out, '\n');
}

static const char *
delimiter_name(char c)
{
    return c == ','    ? _("comma")
           : c == '\t' ? _("tab")
           : c == ';'  ? _("semicolon")
           : c == '|'  ? _("bar")
                       : _("other");
}

static void
put_head(struct gz_ingest *g, struct gz_buf *out)
{
    gz_buf_printf(out, _("input       %s\n"), gz_input_name(g->in));
    gz_buf_printf(out, _("encoding    %s%s\n"), gz_input_encoding(g->in),
                  gz_input_had_bom(g->in) ? _(", byte order mark") : "");
    gz_buf_printf(out, _("format      %s"), g->format);
    if (g->delimiter)
        gz_buf_printf(out, _(", %s, line ends %s"), delimiter_name(g->delimiter),
                      g->line_ends);
    gz_buf_char(out, '\n');
    if (g->header_line)
        gz_buf_printf(out, _("header      line %llu\n"),
                      (unsigned long long)g->header_line);
    else if (g->delimiter)
        gz_buf_cstr(out, _("header      none, columns as given\n"));
    if (g->proposing) {
        gz_buf_cstr(out, _("layout      none fits; one is proposed below\n"));
        return;
    }
    gz_buf_printf(out, _("layout      %.*s, %lld of %zu columns known\n"),
                  (int)g->layout->name.len, g->layout->name.ptr,
                  (long long)(g->score - g->layout->rank), g->header.count);
    gz_buf_printf(out, _("records     %.*s\n"), (int)g->layout->kind->name.len,
                  g->layout->kind->name.ptr);
    gz_buf_printf(out, _("privacy     %s\n"), gz_privacy_name(g->o->privacy));
}

static void
put_warnings(struct gz_ingest *g, const struct column_facts *facts, size_t bad,
             struct gz_buf *out)
{
    for (size_t c = 0; c < g->header.count; c++) {
        const struct gz_column *col = &g->header.column[c];

        if (col->occurrence > 1)
            gz_buf_printf(out, _("warning: a second column of the same name is '%.*s'\n"),
                          (int)col->name.len, col->name.ptr);
        if (!col->fold.len && facts[c].filled)
            gz_buf_printf(out, _("warning: column %zu has no name and is '%.*s'\n"),
                          c + 1, (int)col->name.len, col->name.ptr);
        if (gz_mapping_role(g->mapping, c) == GZ_COLUMN_FIELD && !facts[c].filled)
            gz_buf_printf(out, _("warning: nothing in column '%.*s'\n"),
                          (int)col->name.len, col->name.ptr);
    }
    if (bad)
        gz_buf_printf(out, _("warning: %zu of these rows cannot be read\n"), bad);
    if (gz_mapping_has_key_columns(g->mapping) &&
        !(g->o->reporter && g->o->reporter->set))
        gz_buf_cstr(out, _("note: without --key no reporter_key is made\n"));
}

size_t
gz_ingest_sample(struct gz_ingest *g,
                 void (*each)(struct gz_ingest *g, const struct gz_csv_field *cell,
                              size_t count, void *ctx),
                 void *ctx, size_t *bad)
{
    size_t rows = 0;

    if (g->json)
        return gz_ingest_json_sample(g, each, ctx);
    for (size_t i = 0; i < g->held_count; i++) {
        struct gz_ingest_held *h = &g->held[i];

        if (bad)
            *bad += h->what == GZ_CSV_BAD;
        if (h->what != GZ_CSV_ROW || (g->header_line && i <= g->header_at) ||
            gz_ingest_csv_is_blank(g, &h->row) || gz_ingest_csv_is_total(g, &h->row))
            continue;
        each(g, h->row.field, h->row.count, ctx);
        rows++;
    }
    return rows;
}

enum gz_err_kind
gz_ingest_inspect(struct gz_ingest *g, struct gz_buf *out, struct gz_err *err)
{
    struct column_facts *facts =
        gz_arena_new(&g->arena, struct column_facts, g->header.count);
    size_t bad = 0, rows = gz_ingest_sample(g, look_at, facts, &bad);

    put_head(g, out);
    gz_buf_printf(out, _("looked at   %zu rows\n\n"), rows);
    if (g->proposing)
        return gz_ingest_inspect_proposal(g, out, err);
    gz_buf_cstr(out, _("   #  column                        becomes                      "
                       " filled  samples\n"));
    for (size_t c = 0; c < g->header.count; c++)
        put_column(g, &facts[c], c, rows, out);
    put_warnings(g, facts, bad, out);
    return GZ_OK;
}
