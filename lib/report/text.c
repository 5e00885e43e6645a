// SPDX-License-Identifier: MIT
#include "base/utf8.h"
#include "base/width.h"
#include "report/render.h"

enum { GAP = 2, KEY_MIN = 10, KEY_MAX = 28, TEXT_MAX = 28 };

struct text {
    const struct gz_doc *doc;
    const struct gz_render *how;
    struct gz_buf *out;
    size_t width;
};

// Marks that may not begin a line of Chinese.
static bool
closes(uint32_t c)
{
    switch (c) {
    case 0x3001: // 、
    case 0x3002: // 。
    case 0xff0c: // ，
    case 0xff1a: // ：
    case 0xff1b: // ；
    case 0xff09: // ）
    case 0x300b: // 》
    case 0x300d: // 」
    case 0x201d: // ”
    case 0xff1f: // ？
    case 0xff01: // ！
        return true;
    default:
        return false;
    }
}

struct gz_str
gz_render_wrap(struct gz_str *rest, size_t cols)
{
    struct gz_str s = *rest, line;
    size_t at = 0, used = 0, cut = 0, next = 0;

    while (at < s.len) {
        size_t from = at, w;
        uint32_t c = gz_utf8_next(s, &at);

        if (c == '\n') {
            *rest = gz_str_from(s, at);
            return gz_str_first(s, from);
        }
        w = (size_t)gz_width_of(c);
        if (c == ' ') {
            cut = from;
            next = at;
        } else if (w == 2 && from > 0 && !closes(c)) {
            cut = from;
            next = from;
        }
        if (used + w > cols) {
            if (cut == 0)
                cut = next = from ? from : at;
            line = gz_str_first(s, cut);
            *rest = gz_str_from(s, next);
            return line;
        }
        used += w;
    }
    *rest = (struct gz_str){ gz_str_end(s), 0 };
    return s;
}

size_t
gz_render_shown(const struct gz_grid *table, const struct gz_render *how)
{
    size_t body = 0;

    for (size_t i = 0; i < table->rows; i++)
        body += table->row[i].role == GZ_ROLE_BODY;
    return how->top && body > how->top ? how->top : body;
}

bool
gz_render_shows(const struct gz_grid *table, const struct gz_render *how, size_t n)
{
    static const struct gz_render all = { 0 };
    size_t shown = gz_render_shown(table, how), total = gz_render_shown(table, &all);

    return table->latest ? n >= total - shown : n < shown;
}

static void
spaces(struct gz_buf *out, size_t n)
{
    while (n--)
        gz_buf_char(out, ' ');
}

static void
style(struct text *t, const char *code)
{
    if (t->how->color)
        gz_buf_cstr(t->out, code);
}

static void
rule(struct text *t, const char *mark, size_t cols)
{
    while (cols--)
        gz_buf_cstr(t->out, mark);
    gz_buf_char(t->out, '\n');
}

// Text wrapped to the width, every line after `indent` spaces; the first after `lead`.
// Made printable before it is measured.
static void
paragraph(struct text *t, struct gz_str text, const char *lead, size_t indent)
{
    size_t cols = t->width > indent + 10 ? t->width - indent : 10;
    struct gz_buf printable = { 0 };
    struct gz_str s;
    bool first = true;

    gz_utf8_printable(text, &printable);
    for (s = gz_buf_str(&printable); s.len;) {
        struct gz_str line = gz_render_wrap(&s, cols);
        size_t w = first ? gz_utf8_width(gz_str_of(lead)) : 0;

        if (first)
            gz_buf_cstr(t->out, lead);
        spaces(t->out, indent > w ? indent - w : 0);
        gz_buf_add(t->out, line);
        gz_buf_char(t->out, '\n');
        first = false;
    }
    gz_buf_release(&printable);
}

static void
heading(struct text *t, struct gz_str s, const char *mark)
{
    size_t w = gz_utf8_width(s);

    gz_buf_char(t->out, '\n');
    style(t, "\033[1m");
    paragraph(t, s, "", 0);
    style(t, "\033[0m");
    if (mark)
        rule(t, mark, w < t->width ? w : t->width);
}

// A cell as it is printed, with the number of its note: "—[1]".
static struct gz_str
cell_text(const struct gz_grid_cell *cell, struct gz_buf *scratch)
{
    struct gz_buf raw = { 0 };

    scratch->len = 0;
    gz_grid_cell_put(&raw, cell);
    gz_utf8_printable(gz_buf_str(&raw), scratch);
    if (cell->note)
        gz_buf_printf(scratch, "[%u]", cell->note);
    gz_buf_release(&raw);
    return gz_buf_str(scratch);
}

static size_t
longest_word(struct gz_str s)
{
    size_t best = 0, used = 0;

    for (size_t at = 0; at < s.len;) {
        uint32_t c = gz_utf8_next(s, &at);

        used = c == ' ' ? 0 : used + (size_t)gz_width_of(c);
        if (used > best)
            best = used;
    }
    return best;
}

// Names are folded when the table then fits in one piece; they are not when it does not
// fit anyway.
static void
shrink(struct text *t, const struct gz_grid *table, size_t *width, size_t total)
{
    size_t spare = 0;

    for (size_t c = 0; c < table->keys; c++)
        spare += width[c] > KEY_MIN ? width[c] - KEY_MIN : 0;
    if (total <= t->width || total - spare > t->width)
        return;
    for (size_t c = 0; c < table->keys && total > t->width; c++) {
        size_t mine = width[c] > KEY_MIN ? width[c] - KEY_MIN : 0;
        size_t over = total - t->width;

        mine = mine < over ? mine : over;
        width[c] -= mine;
        total -= mine;
    }
}

// How wide each column is: as wide as its figures, and as its caption when that can be
// folded no further; names are folded last.
static void
measure(struct text *t, const struct gz_grid *table, size_t *width)
{
    struct gz_buf b = { 0 };
    size_t total = 0;

    for (size_t c = 0; c < table->columns; c++) {
        const struct gz_grid_column *col = &table->column[c];
        size_t word = longest_word(col->caption), body = 0;

        for (size_t r = 0; r < table->rows; r++) {
            size_t w = gz_utf8_width(cell_text(&table->row[r].cell[c], &b));

            if (w > body)
                body = w;
        }
        if (c >= table->keys && !gz_grid_cell_is_figure(col->type) && body > TEXT_MAX)
            body = TEXT_MAX;
        if (c < table->keys && body > KEY_MAX)
            body = KEY_MAX;
        if (word > 12 && word > body)
            word = body > 12 ? body : 12;
        if (gz_utf8_width(col->caption) > word && word < 12)
            word = gz_utf8_width(col->caption) < 12 ? gz_utf8_width(col->caption) : 12;
        width[c] = body > word ? body : word;
        total += width[c] + (c ? GAP : 0);
    }
    shrink(t, table, width, total);
    gz_buf_release(&b);
}

// The columns [*from, *end) that fit beside the keys.
static void
fit(struct text *t, const struct gz_grid *table, const size_t *width, size_t from,
    size_t *end)
{
    size_t used = 0;

    for (size_t c = 0; c < table->keys; c++)
        used += width[c] + GAP;
    for (*end = from; *end < table->columns; ++*end) {
        used += width[*end] + GAP;
        if (used > t->width + GAP && *end > from)
            return;
    }
}

// One row of text, folded: keys, then the columns [from, end).
static void
folded(struct text *t, const struct gz_grid *table, const size_t *width, size_t from,
       size_t end, struct gz_str *cell)
{
    bool more = true;

    while (more) {
        size_t pending = 0, start = t->out->len;

        more = false;
        for (size_t c = 0; c < end; c = c + 1 == table->keys && from > c ? from : c + 1) {
            struct gz_str line = gz_render_wrap(&cell[c], width[c] < 2 ? 2 : width[c]);
            size_t w = gz_utf8_width(line);
            size_t pad = w < width[c] ? width[c] - w : 0;
            bool right = gz_grid_cell_is_figure(table->column[c].type);

            if (cell[c].len)
                more = true;
            if (t->out->len > start || c > 0)
                pending += GAP;
            if (right)
                pending += pad;
            if (line.len) {
                spaces(t->out, pending);
                pending = 0;
                gz_buf_add(t->out, line);
            }
            if (!right)
                pending += pad;
        }
        gz_buf_char(t->out, '\n');
    }
}

static void
table_part(struct text *t, const struct gz_grid *table, const size_t *width, size_t from,
           size_t end, struct gz_arena *scratch)
{
    struct gz_str *cell = gz_arena_new(scratch, struct gz_str, table->columns);
    struct gz_buf b = { 0 };
    size_t body = 0, across = 0;
    bool ruled = false;

    for (size_t c = 0; c < end; c = c + 1 == table->keys && from > c ? from : c + 1) {
        b.len = 0;
        gz_utf8_printable(table->column[c].caption, &b);
        cell[c] = gz_arena_dup(scratch, gz_buf_str(&b));
        across += width[c] + (c ? GAP : 0);
    }
    style(t, "\033[2m");
    folded(t, table, width, from, end, cell);
    rule(t, "─", across < t->width ? across : t->width);
    style(t, "\033[0m");
    for (size_t r = 0; r < table->rows; r++) {
        const struct gz_grid_row *row = &table->row[r];

        if (row->role == GZ_ROLE_BODY && !gz_render_shows(table, t->how, body++))
            continue;
        if (row->role != GZ_ROLE_BODY && !ruled && body) {
            rule(t, "─", across < t->width ? across : t->width);
            ruled = true;
        }
        for (size_t c = 0; c < table->columns; c++)
            cell[c] = gz_arena_dup(scratch, cell_text(&row->cell[c], &b));
        folded(t, table, width, from, end, cell);
    }
    gz_buf_release(&b);
}

static size_t
body_rows(const struct gz_grid *table)
{
    static const struct gz_render all = { 0 };

    return gz_render_shown(table, &all);
}

static void
table_more(struct text *t, const struct gz_grid *table, struct gz_arena *scratch)
{
    size_t left = body_rows(table) - gz_render_shown(table, t->how);

    if (left)
        paragraph(t,
                  gz_say(t->doc->words, scratch, "table.more",
                         gz_arena_printf(scratch, "%zu", left), table->name),
                  "", 0);
}

static void
put_table(struct text *t, const struct gz_grid *table)
{
    struct gz_arena scratch = { 0 };
    size_t *width = gz_arena_new(&scratch, size_t, table->columns + 1);

    heading(t, table->caption, NULL);
    if (table->about.len)
        paragraph(t, table->about, "", 0);
    if (body_rows(table) == 0) {
        paragraph(t, gz_words_get(t->doc->words, "table.empty"), "", 0);
    } else {
        measure(t, table, width);
        for (size_t from = table->keys, end; from < table->columns; from = end) {
            fit(t, table, width, from, &end);
            if (from > table->keys)
                gz_buf_char(t->out, '\n');
            table_part(t, table, width, from, end, &scratch);
        }
        table_more(t, table, &scratch);
    }
    for (size_t i = 0; i < table->notes; i++) {
        struct gz_str lead = gz_arena_printf(&scratch, "[%zu] ", i + 1);

        paragraph(t, table->note[i], lead.ptr, lead.len);
    }
    gz_arena_free(&scratch);
}

static void
put_check(struct text *t, const struct gz_check *check, struct gz_arena *scratch)
{
    static const char *const mark[] = { "✓ ", "✗ ", "? " };
    static const char *const sign[] = { "=", "≠", "?" };
    static const char *const color[] = { "\033[32m", "\033[31m", "\033[33m" };
    struct gz_str line = gz_arena_printf(
        scratch, GZ_STR_FMT ": " GZ_STR_FMT " %s " GZ_STR_FMT, GZ_STR_ARG(check->name),
        GZ_STR_ARG(check->left), sign[check->state], GZ_STR_ARG(check->right));

    style(t, color[check->state]);
    paragraph(t, line, mark[check->state], 2);
    style(t, "\033[0m");
    if (check->note.len)
        paragraph(t, check->note, "", 4);
}

static void
put_item(struct text *t, const struct gz_item *item)
{
    struct gz_arena scratch = { 0 };

    switch (item->type) {
    case GZ_ITEM_TABLE:
        put_table(t, item->table);
        break;
    case GZ_ITEM_CHECKS:
        for (size_t i = 0; i < item->count; i++)
            put_check(t, &item->check[i], &scratch);
        break;
    case GZ_ITEM_FACTS:
        for (size_t i = 0; i < item->count; i++)
            paragraph(t,
                      gz_say(t->doc->words, &scratch, "fact.line", item->fact[i].name,
                             item->fact[i].text),
                      "", 0);
        break;
    case GZ_ITEM_NOTE:
        paragraph(t, item->note, "", 0);
        break;
    case GZ_ITEM_CHART: // its figures are in the table
        break;
    }
    gz_arena_free(&scratch);
}

static void
put_scheme(struct text *t)
{
    const struct gz_doc *doc = t->doc;
    struct gz_arena scratch = { 0 };

    paragraph(t,
              doc->example ? gz_say(doc->words, &scratch, "page.example", doc->scheme,
                                    gz_words_get(doc->words, "scheme.example"))
                           : doc->scheme,
              "", 0);
    gz_arena_free(&scratch);
}

static void
put_front(struct text *t)
{
    const struct gz_doc *doc = t->doc;

    style(t, "\033[1m");
    paragraph(t, doc->title, "", 0);
    style(t, "\033[0m");
    rule(t, "═",
         gz_utf8_width(doc->title) < t->width ? gz_utf8_width(doc->title) : t->width);
    put_scheme(t);
    for (size_t i = 0; i < doc->missings; i++) {
        style(t, "\033[31m");
        paragraph(t, doc->missing[i], "! ", 2);
        style(t, "\033[0m");
    }
    for (size_t i = 0; i < doc->warnings; i++)
        paragraph(t, doc->warning[i], "* ", 2);
    if (doc->missings + doc->warnings && doc->sentences)
        gz_buf_char(t->out, '\n');
    for (size_t i = 0; i < doc->sentences; i++)
        paragraph(t, doc->sentence[i].text, "", 0);
}

void
gz_render_text(const struct gz_doc *doc, const struct gz_render *how, struct gz_buf *out)
{
    struct text t = { doc, how, out, how->width ? how->width : 100 };

    if (t.width < 20)
        t.width = 20;
    put_front(&t);
    for (const struct gz_section *s = doc->first; s; s = s->next) {
        heading(&t, s->title, "═");
        for (const struct gz_item *i = s->first; i; i = i->next)
            put_item(&t, i);
    }
}
