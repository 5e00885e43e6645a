// SPDX-License-Identifier: MIT
#include <string.h>

#include "base/tr.h"
#include "base/utf8.h"
#include "ingest/mapcheck.h"
#include "ingest/mapput.h"
#include "io/gb18030.h"
#include "record/writer.h"

// ---- cells ----

static inline bool
is_plain(char c)
{
    return c > ' ' && c < 0x7f;
}

// Line ends inside a cell are LF, whatever those of the file are.
static struct gz_str
plain_lines(struct gz_mapping *m, struct gz_str s)
{
    char *to;
    size_t n = 0;

    if (!s.len || !memchr(s.ptr, '\r', s.len))
        return s;
    to = gz_arena_alloc(&m->row, s.len, 1, 1);
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] != '\r')
            to[n++] = s.ptr[i];
        else if (i + 1 == s.len || s.ptr[i + 1] != '\n')
            to[n++] = '\n';
    }
    return (struct gz_str){ to, n };
}

static struct gz_str
decode(struct gz_mapping *m, struct gz_str s)
{
    size_t from = m->decoded.len, used, i = 0;

    while (i < s.len && (signed char)s.ptr[i] >= 0)
        i++;
    if (i == s.len)
        return s;
    used = gz_gb18030_decode(s, &m->decoded);
    if (used < s.len && !m->bad)
        m->bad = s.ptr + used;
    return (struct gz_str){ m->decoded.ptr + from, m->decoded.len - from };
}

static struct gz_str
careful_cell(struct gz_mapping *m, const struct gz_csv_field *f)
{
    struct gz_str s = f->text;

    if (f->escaped) {
        char *to = gz_arena_alloc(&m->row, s.len + 1, 1, 1);

        s = (struct gz_str){ to, gz_csv_unescape(*f, to) };
    }
    if (m->o.gb18030)
        s = decode(m, s);
    return gz_str_trim(plain_lines(m, s));
}

static inline struct gz_str
cell_of(struct gz_mapping *m, int col)
{
    const struct gz_csv_field *f;

    if ((size_t)col >= m->count)
        return (struct gz_str){ NULL, 0 };
    f = &m->cell[col];
    if (!f->text.len)
        return f->text;
    // Nearly every cell: nothing to unescape, decode, trim or fold.
    if (!f->quoted && !m->o.gb18030 && is_plain(f->text.ptr[0]) &&
        is_plain(f->text.ptr[f->text.len - 1]))
        return f->text;
    return careful_cell(m, f);
}

void
gz_maprow_begin(struct gz_mapping *m, const struct gz_csv_field *cell, size_t count,
                size_t bytes)
{
    gz_arena_reset(&m->row);
    m->cell = cell;
    m->count = count;
    m->bad = NULL;
    m->dqs = m->misfits = 0;
    m->secret = false;
    m->decoded.len = 0;
    // Decoded text must not move while the row is at work; a cell may be asked for
    // thrice.
    if (m->o.gb18030)
        gz_buf_need(&m->decoded, bytes * 12 + 64);
}

static size_t
bytes_of(const struct gz_csv_field *cell, size_t count)
{
    size_t n = 0;

    for (size_t i = 0; i < count; i++)
        n += cell[i].text.len;
    return n;
}

struct gz_str
gz_mapping_cell(struct gz_mapping *m, const struct gz_csv_field *cell, size_t count,
                size_t column)
{
    gz_maprow_begin(m, cell, count, bytes_of(cell, count));
    return cell_of(m, (int)column);
}

static __attribute__((noinline)) bool
is_listed_null(const struct gz_map_step *s, struct gz_str v)
{
    for (size_t i = 0; i < s->nulls; i++)
        if (s->null[i].len == v.len && gz_str_eq_nocase(s->null[i], v))
            return true;
    return false;
}

static inline bool
is_null(const struct gz_map_step *s, struct gz_str v)
{
    if (v.len >= 64 || !(s->null_lengths >> v.len & 1))
        return false;
    return v.len == 0 || is_listed_null(s, v);
}

bool
gz_maprow_null(const struct gz_map_step *s, struct gz_str v)
{
    return is_null(s, v);
}

static __attribute__((noinline)) struct gz_str
joined(struct gz_mapping *m, const struct gz_map_step *s)
{
    struct gz_str part[GZ_LAYOUT_PARTS], with;
    size_t n = 0, len = 0, at = 0;
    char *to;

    if (!s->cols)
        return (struct gz_str){ NULL, 0 };
    with = s->from->with;
    for (size_t i = 0; i < s->cols; i++) {
        struct gz_str v = cell_of(m, s->col[i]);

        if (!is_null(s, v)) {
            part[n++] = v;
            len += v.len + with.len;
            if (s->from->any)
                break;
        }
    }
    if (n <= 1)
        return n ? part[0] : (struct gz_str){ NULL, 0 };
    to = gz_arena_alloc(&m->row, len, 1, 1);
    for (size_t i = 0; i < n; i++) {
        if (i) {
            memcpy(to + at, with.ptr, with.len);
            at += with.len;
        }
        memcpy(to + at, part[i].ptr, part[i].len);
        at += part[i].len;
    }
    return (struct gz_str){ to, at };
}

// The text of a step: its one cell, or its cells joined. Empty when it is absent.
static inline struct gz_str
value_of(struct gz_mapping *m, const struct gz_map_step *s)
{
    struct gz_str v;

    if (s->cols != 1)
        return joined(m, s);
    v = cell_of(m, s->col[0]);
    return is_null(s, v) ? (struct gz_str){ NULL, 0 } : v;
}

struct gz_str
gz_maprow_cell(struct gz_mapping *m, size_t column)
{
    return cell_of(m, (int)column);
}

struct gz_str
gz_maprow_value(struct gz_mapping *m, const struct gz_map_step *s)
{
    return value_of(m, s);
}

// ---- writing ----

// ---- the end of a record ----

static void
put_dq(struct gz_mapping *m, struct gz_buf *out)
{
    m->key.at = out->len;
    m->key.listed = m->dqs > 0;
    m->key.full = m->dqs == MAX_DQ;
    if (!m->dqs)
        return;
    gz_buf_lit(out, ",\"dq\":");
    for (size_t i = 0; i < m->dqs; i++) {
        gz_buf_char(out, i ? ',' : '[');
        gz_buf_char(out, '"');
        gz_buf_cstr(out, m->dq[i]);
        if (m->dq_of[i]) {
            gz_buf_char(out, ':');
            gz_buf_cstr(out, m->dq_of[i]);
        }
        gz_buf_char(out, '"');
    }
    m->key.at = out->len;
    gz_buf_char(out, ']');
}

// A literal that serves as a prefix is padded like the others.
static const char ext_value[32] = ":\"";

static void
put_ext_member(struct gz_mapping *m, struct gz_buf *out, bool *first, struct gz_str key,
               struct gz_str value)
{
    gz_buf_add(out, *first ? GZ_STR(",\"ext\":{") : GZ_STR(","));
    *first = false;
    gz_write_string(out, key);
    gz_map_put_text(m, out, gz_str_of(ext_value), value);
}

// Cells beyond the header have no name. Where the table names people, one of them may be
// such a name that slipped.
static bool
keeps_extra(const struct gz_mapping *m)
{
    if (m->o.drop_ext || m->o.privacy == GZ_PRIVACY_NONE)
        return !m->o.drop_ext;
    for (size_t c = 0; c < m->o.header->count; c++)
        if (m->role[c] == GZ_COLUMN_CONTACT)
            return false;
    return true;
}

static void
put_ext(struct gz_mapping *m, const struct gz_csv_row *row, struct gz_buf *out)
{
    bool first = !gz_mapquick_ext(m, row, out);

    for (size_t i = 0; i < m->misfits; i++)
        put_ext_member(m, out, &first, m->misfit_key[i], m->misfit[i]);
    for (size_t i = m->o.header->count; i < m->count && keeps_extra(m); i++) {
        struct gz_str v = cell_of(m, (int)i);

        if (v.len && (m->o.privacy == GZ_PRIVACY_NONE || !gz_privacy_value(v)))
            put_ext_member(
                m, out, &first,
                gz_arena_printf(&m->row, "_extra_%zu", i - m->o.header->count + 1), v);
    }
    for (size_t i = 0; i < m->extras && !m->o.drop_ext; i++)
        if (m->o.privacy == GZ_PRIVACY_NONE ||
            (!gz_privacy_header(m->extra[i].key) && !gz_privacy_value(m->extra[i].value)))
            put_ext_member(m, out, &first, m->extra[i].key, m->extra[i].value);
    if (!first)
        gz_buf_char(out, '}');
}

static void
check_length(struct gz_mapping *m)
{
    if (m->count < m->o.header->count) {
        gz_map_flag(m, "short_row", NULL);
        return;
    }
    for (size_t i = m->o.header->count; i < m->count; i++)
        if (cell_of(m, (int)i).len) {
            gz_map_flag(m, "long_row", NULL);
            return;
        }
}

static void
put_src(const struct gz_mapping *m, uint64_t line, struct gz_buf *out)
{
    char *to = gz_buf_need(out, m->src.len + 32), digit[20];
    size_t n = sizeof(digit);

    memcpy(to, m->src.ptr, m->src.len);
    to += m->src.len;
    do {
        digit[--n] = (char)('0' + line % 10);
    } while (line /= 10);
    for (; n < sizeof(digit); n++)
        *to++ = digit[n];
    *to++ = '"';
    out->len = (size_t)(to - out->ptr);
}

enum gz_err_kind
gz_mapping_row(struct gz_mapping *m, const struct gz_csv_row *row, struct gz_buf *out,
               struct gz_err *err)
{
    size_t start = out->len;

    gz_maprow_begin(m, row->field, row->count,
                    m->o.gb18030 ? bytes_of(row->field, row->count) : 0);
    m->json = !row->raw.ptr;
    gz_buf_add(out, m->begin);
    if (gz_mapquick_steps(m, row, out, err)) {
        out->len = start;
        m->extras = 0;
        return err->kind;
    }
    if (m->count != m->o.header->count && row->raw.ptr)
        check_length(m);
    if (row->stray_quote)
        gz_map_flag(m, "stray_quote", NULL);
    if (m->mixed)
        gz_map_flag(m, "encoding", m->mixed);
    if (m->check)
        gz_mapcheck_row(m);
    put_dq(m, out);
    if (m->o.privacy < GZ_PRIVACY_PUBLIC && !m->o.layout->records)
        put_src(m, row->line, out);
    if (m->o.privacy < GZ_PRIVACY_PUBLIC)
        put_ext(m, row, out);
    gz_buf_lit(out, "}\n");
    m->extras = 0;
    if (m->bad) {
        out->len = start;
        m->key.hash = 0;
        gz_err_set(err, GZ_ERR_DATA, N_("bytes that are no GB18030"));
        gz_err_code(err, "encoding");
        return err->kind;
    }
    return GZ_OK;
}

bool
gz_mapping_take_key(struct gz_mapping *m, struct gz_mapping_key *key)
{
    *key = m->key;
    m->key.hash = 0;
    return key->hash != 0;
}

bool
gz_mapping_has_id(struct gz_mapping *m, const struct gz_csv_row *row)
{
    if (!m->id_step)
        return true;
    gz_maprow_begin(m, row->field, row->count, 0);
    return value_of(m, m->id_step).len > 0;
}

void
gz_mapping_extra(struct gz_mapping *m, struct gz_str key, struct gz_str value)
{
    if (m->extras < MAX_EXTRA)
        m->extra[m->extras++] = (struct gz_map_extra){ key, value };
}
