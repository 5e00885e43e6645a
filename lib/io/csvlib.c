// SPDX-License-Identifier: MIT
#include "io/csvlib.h"

#include <csv.h>

#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"

// Blanks around a field belong to it; libcsv would trim them. And what it is given is one
// record, so that a line end outside quotes (a CR alone) is data.
static int
never(unsigned char c)
{
    (void)c;
    return 0;
}

static void
start(struct csv_parser *p, unsigned char options, char delimiter)
{
    if (csv_init(p, options) != 0)
        gz_fatal_memory(sizeof(*p));
    csv_set_delim(p, (unsigned char)delimiter);
    csv_set_space_func(p, never);
    csv_set_term_func(p, never);
    csv_set_blk_size(p, 4096);
}

// The row that is being gathered.
struct gather {
    struct gz_arena *arena;
    struct gz_str *field;
    size_t count;
    size_t cap;
    bool ended;
};

static void
add_field(struct gather *g, struct gz_str field)
{
    g->field =
        gz_arena_grow(g->arena, g->field, &g->cap, g->count + 1, sizeof(*g->field));
    g->field[g->count++] = gz_arena_dup(g->arena, field);
}

static void
on_field(void *bytes, size_t len, void *ctx)
{
    add_field(ctx, (struct gz_str){ bytes, len });
}

static void
on_row(int terminator, void *ctx)
{
    struct gather *g = ctx;

    (void)terminator;
    g->ended = true;
}

// The cells of a line without a quote: what libcsv would make of it, byte by byte.
static void
cut_plain(struct gz_str record, char delimiter, struct gather *g)
{
    for (;;) {
        const char *end = memchr(record.ptr, delimiter, record.len);
        size_t len = end ? (size_t)(end - record.ptr) : record.len;

        add_field(g, (struct gz_str){ record.ptr, len });
        if (!end)
            return;
        record = gz_str_from(record, len + 1);
    }
}

// How far the logical line at `text` goes: to the first line end outside quotes.
static size_t
line_length(struct gz_str text, uint64_t *lines)
{
    bool quoted = false;
    const char *end = memchr(text.ptr, '\n', text.len);
    size_t first = end ? (size_t)(end - text.ptr) + 1 : text.len;

    if (!memchr(text.ptr, '"', first)) {
        *lines += end != NULL;
        return first;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"')
            quoted = !quoted;
        if (text.ptr[i] == '\n') {
            ++*lines;
            if (!quoted)
                return i + 1;
        }
    }
    return text.len;
}

static struct gz_str
without_line_end(struct gz_str s)
{
    if (s.len && s.ptr[s.len - 1] == '\n')
        s.len--;
    if (s.len && s.ptr[s.len - 1] == '\r')
        s.len--;
    return s;
}

// Split one line strictly. On a fault *at is the byte that libcsv stopped at.
static bool
split(struct gz_str record, unsigned char options, char delimiter, struct gather *g,
      size_t *at)
{
    struct csv_parser p;
    bool good;

    start(&p, options, delimiter);
    *at = csv_parse(&p, record.ptr, record.len, on_field, on_row, g);
    good = *at == record.len && csv_fini(&p, on_field, on_row, g) == 0;
    csv_free(&p);
    return good;
}

enum gz_err_kind
gz_csvlib_parse(struct gz_str text, char delimiter, struct gz_arena *arena,
                struct gz_csvlib_row **rows, size_t *count, struct gz_err *err)
{
    size_t cap = 0, at;
    uint64_t line = 1;

    *rows = NULL;
    *count = 0;
    if (gz_str_starts(text, GZ_STR("\xEF\xBB\xBF")))
        text = gz_str_from(text, 3);
    while (text.len) {
        struct gather g = { .arena = arena };
        uint64_t lines = 0;
        size_t len = text.ptr[0] == '#' ? gz_str_cut(text, GZ_STR("\n")).head.len + 1
                                        : line_length(text, &lines);
        struct gz_str record = without_line_end(gz_str_first(text, len));

        if (text.ptr[0] == '#')
            lines = 1;
        if (record.len && record.ptr[0] != '#') {
            if (!memchr(record.ptr, '"', record.len))
                cut_plain(record, delimiter, &g);
            else if (!split(record, CSV_STRICT | CSV_STRICT_FINI, delimiter, &g, &at)) {
                gz_err_set(err, GZ_ERR_USAGE,
                           at < record.len ? _("text after a closing quote, or a quote "
                                               "inside an unquoted cell")
                                           : _("quote opened here is never closed"));
                gz_err_at(err, NULL, line,
                          at < record.len ? gz_utf8_count(gz_str_first(record, at)) + 1
                                          : 1);
                return err->kind;
            }
            *rows = gz_arena_grow(arena, *rows, &cap, *count + 1, sizeof(**rows));
            (*rows)[(*count)++] = (struct gz_csvlib_row){ g.field, g.count, line };
        }
        line += lines;
        text = gz_str_from(text, len);
    }
    return GZ_OK;
}

// Does the record end inside quotes, or has text after a closing one? libcsv, when it is
// not strict, reads both without a word.
static bool
is_closed(struct gz_str record, char delimiter)
{
    enum { START, PLAIN, QUOTED, CLOSED } state = START;

    for (size_t i = 0; i < record.len; i++) {
        char c = record.ptr[i];

        if (state == QUOTED)
            state = c == '"' ? CLOSED : QUOTED;
        else if (state == CLOSED && c == '"')
            state = QUOTED;
        else if (c == delimiter)
            state = START;
        else if (state == CLOSED)
            return false;
        else
            state = state == START && c == '"' ? QUOTED : PLAIN;
    }
    return state != QUOTED;
}

bool
gz_csvlib_split(struct gz_str record, char delimiter, struct gz_arena *arena,
                struct gz_str **field, size_t *count)
{
    struct gather g = { .arena = arena };
    size_t at;

    if (!is_closed(record, delimiter))
        return false;
    if (!split(record, CSV_REPALL_NL, delimiter, &g, &at))
        return false;
    *field = g.field;
    *count = g.count;
    return true;
}

void
gz_csvlib_put(struct gz_buf *out, struct gz_str s, char delimiter)
{
    bool quote = false;

    for (size_t i = 0; i < s.len && !quote; i++)
        quote = s.ptr[i] == '"' || s.ptr[i] == delimiter || s.ptr[i] == '\n' ||
                s.ptr[i] == '\r';
    if (!quote) {
        gz_buf_add(out, s);
        return;
    }
    gz_buf_need(out, gz_mem_add(gz_mem_mul(s.len, 2), 2));
    out->len += csv_write(out->ptr + out->len, out->cap - out->len, s.ptr, s.len);
}

// Would a spreadsheet take the cell for a formula? Numbers such as -3.5 are left alone.
static bool
is_formula(struct gz_str s)
{
    static const char *const wide[] = { "＝", "＋", "－", "＠" };
    size_t i = 0;

    while (i < s.len && s.ptr[i] == ' ')
        i++;
    s = gz_str_from(s, i);
    if (s.len == 0)
        return false;
    for (size_t w = 0; w < GZ_COUNT(wide); w++)
        if (gz_str_starts(s, gz_str_of(wide[w])))
            return true;
    if (!memchr("=+-@\t\r", s.ptr[0], 6))
        return false;
    if (s.ptr[0] != '-' && s.ptr[0] != '+')
        return true;
    for (i = 1; i < s.len; i++)
        if ((s.ptr[i] < '0' || s.ptr[i] > '9') && s.ptr[i] != '.')
            return true;
    return s.len == 1;
}

void
gz_csvlib_put_guarded(struct gz_buf *out, struct gz_str s, char delimiter)
{
    struct gz_buf b = { 0 };

    if (!is_formula(s)) {
        gz_csvlib_put(out, s, delimiter);
        return;
    }
    gz_buf_char(&b, '\'');
    gz_buf_add(&b, s);
    gz_csvlib_put(out, gz_buf_str(&b), delimiter);
    gz_buf_release(&b);
}
