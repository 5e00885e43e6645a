// SPDX-License-Identifier: MIT
#include "report/render.h"

struct md {
    const struct gz_doc *doc;
    const struct gz_render *how;
    struct gz_buf *out;
};

// Text that no Markdown reader takes for markup, on one line.
static void
put_text(struct gz_buf *out, struct gz_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];

        if (c == '&')
            gz_buf_lit(out, "&amp;");
        else if (c == '<')
            gz_buf_lit(out, "&lt;");
        else if (c == '\n' || c == '\r' || c == '\t')
            gz_buf_char(out, ' ');
        else if ((unsigned char)c < 0x20 || c == 0x7f)
            gz_buf_char(out, '?');
        else {
            if (c && strchr("\\`*_[]|>#~", c))
                gz_buf_char(out, '\\');
            gz_buf_char(out, c);
        }
    }
}

static void
line(struct md *m, const char *lead, struct gz_str s)
{
    gz_buf_cstr(m->out, lead);
    put_text(m->out, s);
    gz_buf_char(m->out, '\n');
}

static void
paragraph(struct md *m, struct gz_str s)
{
    line(m, "\n", s);
}

static void
put_row(struct md *m, const struct gz_grid *t, const struct gz_grid_row *row)
{
    struct gz_buf b = { 0 };

    gz_buf_char(m->out, '|');
    for (size_t c = 0; c < t->columns; c++) {
        const struct gz_grid_cell *cell = &row->cell[c];
        bool strong = row->role != GZ_ROLE_BODY && cell->type != GZ_GRID_EMPTY;

        b.len = 0;
        gz_grid_cell_put(&b, cell);
        gz_buf_cstr(m->out, strong ? " **" : " ");
        put_text(m->out, gz_buf_str(&b));
        if (strong)
            gz_buf_lit(m->out, "**");
        if (cell->note)
            gz_buf_printf(m->out, " \\[%u\\]", cell->note);
        gz_buf_lit(m->out, " |");
    }
    gz_buf_char(m->out, '\n');
    gz_buf_release(&b);
}

static void
put_head(struct md *m, const struct gz_grid *t)
{
    gz_buf_lit(m->out, "\n|");
    for (size_t c = 0; c < t->columns; c++) {
        gz_buf_char(m->out, ' ');
        put_text(m->out, t->column[c].caption);
        gz_buf_lit(m->out, " |");
    }
    gz_buf_lit(m->out, "\n|");
    for (size_t c = 0; c < t->columns; c++)
        gz_buf_cstr(m->out,
                    gz_grid_cell_is_figure(t->column[c].type) ? " ---: |" : " --- |");
    gz_buf_char(m->out, '\n');
}

static void
put_table(struct md *m, const struct gz_grid *t)
{
    static const struct gz_render all = { 0 };
    struct gz_arena scratch = { 0 };
    size_t shown = gz_render_shown(t, m->how), total = gz_render_shown(t, &all), body = 0;

    line(m, "\n### ", t->caption);
    if (t->about.len)
        paragraph(m, t->about);
    if (total == 0) {
        paragraph(m, gz_words_get(m->doc->words, "table.empty"));
    } else {
        put_head(m, t);
        for (size_t r = 0; r < t->rows; r++)
            if (t->row[r].role != GZ_ROLE_BODY || gz_render_shows(t, m->how, body++))
                put_row(m, t, &t->row[r]);
    }
    if (shown < total)
        paragraph(m, gz_say(m->doc->words, &scratch, "table.more",
                            gz_arena_printf(&scratch, "%zu", total - shown), t->name));
    for (size_t i = 0; i < t->notes; i++) {
        gz_buf_printf(m->out, "\n\\[%zu\\] ", i + 1);
        line(m, "", t->note[i]);
    }
    gz_arena_free(&scratch);
}

static void
put_check(struct md *m, const struct gz_check *check)
{
    static const char *const mark[] = { "- ✓ ", "- ✗ ", "- ? " };
    static const char *const sign[] = { " = ", " ≠ ", " ? " };

    gz_buf_cstr(m->out, mark[check->state]);
    put_text(m->out, check->name);
    gz_buf_lit(m->out, ": ");
    put_text(m->out, check->left);
    gz_buf_cstr(m->out, sign[check->state]);
    put_text(m->out, check->right);
    if (check->note.len) {
        gz_buf_lit(m->out, " (");
        put_text(m->out, check->note);
        gz_buf_char(m->out, ')');
    }
    gz_buf_char(m->out, '\n');
}

static void
put_item(struct md *m, const struct gz_item *item)
{
    switch (item->type) {
    case GZ_ITEM_TABLE:
        put_table(m, item->table);
        break;
    case GZ_ITEM_CHECKS:
        gz_buf_char(m->out, '\n');
        for (size_t i = 0; i < item->count; i++)
            put_check(m, &item->check[i]);
        break;
    case GZ_ITEM_FACTS:
        gz_buf_char(m->out, '\n');
        for (size_t i = 0; i < item->count; i++) {
            gz_buf_lit(m->out, "- ");
            put_text(m->out, item->fact[i].name);
            gz_buf_lit(m->out, ": ");
            line(m, "", item->fact[i].text);
        }
        break;
    case GZ_ITEM_NOTE:
        paragraph(m, item->note);
        break;
    case GZ_ITEM_CHART: // its figures are in the table
        break;
    }
}

void
gz_render_markdown(const struct gz_doc *doc, const struct gz_render *how,
                   struct gz_buf *out)
{
    struct md m = { doc, how, out };

    struct gz_arena scratch = { 0 };

    line(&m, "# ", doc->title);
    if (doc->scheme.len)
        paragraph(&m, doc->example
                          ? gz_say(doc->words, &scratch, "page.example", doc->scheme,
                                   gz_words_get(doc->words, "scheme.example"))
                          : doc->scheme);
    gz_arena_free(&scratch);
    for (size_t i = 0; i < doc->missings; i++)
        line(&m, "\n> **!** ", doc->missing[i]);
    for (size_t i = 0; i < doc->warnings; i++)
        line(&m, "\n> ", doc->warning[i]);
    for (size_t i = 0; i < doc->sentences; i++)
        paragraph(&m, doc->sentence[i].text);
    for (const struct gz_section *s = doc->first; s; s = s->next) {
        line(&m, "\n## ", s->title);
        for (const struct gz_item *i = s->first; i; i = i->next)
            put_item(&m, i);
    }
}
