// SPDX-License-Identifier: MIT
#include <string.h>

#include "base/hash.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "io/gb18030.h"
#include "record/copy.h"
#include "record/csvrow.h"
#include "record/cursor.h"
#include "record/mapstep.h"
#include "record/mask.h"
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

// The cell of a step that takes one as it is, if there is nothing to be done to it.
static inline const struct gz_csv_field *
plain_cell(const struct gz_mapping *m, size_t col)
{
    const struct gz_csv_field *f = &m->cell[col];

    return !f->quoted && is_plain(f->text.ptr[0]) &&
                   is_plain(f->text.ptr[f->text.len - 1])
               ? f
               : NULL;
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

static void
flag(struct gz_mapping *m, const char *code, const char *of)
{
    if (m->dqs < MAX_DQ) {
        m->dq[m->dqs] = code;
        m->dq_of[m->dqs++] = of;
    }
}

// Keep in ext what cannot be the value of its field, and say so.
static void
misfit(struct gz_mapping *m, const struct gz_map_step *s, struct gz_str value,
       const char *code)
{
    flag(m, code, s->field->name.ptr);
    if (m->misfits < MAX_DQ && s->cols) {
        m->misfit_key[m->misfits] = m->o.header->column[s->col[0]].name;
        m->misfit[m->misfits++] = value;
    }
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

// A prefix, which has 15 more readable bytes behind it (see key_prefix() in mapping.c),
// so that it is copied in whole blocks. `to` has room for as many.
static inline char *
put_prefix(char *to, struct gz_str prefix)
{
    for (size_t i = 0; i < prefix.len; i += 16)
        memcpy(to + i, prefix.ptr + i, 16);
    return to + prefix.len;
}

// A string that needs an escape somewhere, behind a prefix that is written already.
static __attribute__((noinline)) void
put_escaped(struct gz_buf *b, struct gz_str s)
{
    gz_write_escaped(b, s);
    gz_buf_char(b, '"');
}

static inline void
put_string(struct gz_buf *b, struct gz_str prefix, struct gz_str s)
{
    char *to = put_prefix(gz_buf_need(b, prefix.len + s.len + 32), prefix);

    if (gz_copy_plain(to, s.ptr, s.len)) {
        to[s.len] = '"';
        b->len += prefix.len + s.len + 1;
        return;
    }
    b->len += prefix.len;
    put_escaped(b, s);
}

// Text that people wrote is masked from the level `text` on.
static __attribute__((noinline)) void
put_masked(struct gz_buf *b, struct gz_str prefix, struct gz_str s)
{
    struct gz_buf masked = { 0 };

    gz_mask_text(s, &masked);
    put_string(b, prefix, gz_buf_str(&masked));
    gz_buf_release(&masked);
}

static inline void
put_text(const struct gz_mapping *m, struct gz_buf *b, struct gz_str prefix,
         struct gz_str s)
{
    if (m->o.privacy < GZ_PRIVACY_TEXT)
        put_string(b, prefix, s);
    else
        put_masked(b, prefix, s);
}

static struct gz_str
canonical_path(struct gz_mapping *m, const struct gz_names *seps, struct gz_str v)
{
    struct gz_str sep = { NULL, 0 };
    size_t from = 0;
    char *copy;

    for (size_t i = 0; i < seps->count && !sep.len; i++)
        if (gz_str_find(v, seps->name[i]) != (size_t)-1)
            sep = seps->name[i];
    if (!sep.len)
        return v;
    // Each part can grow by the two bytes of "->" against one of the separator.
    copy = gz_arena_alloc(&m->row, v.len * 2 + 2, 1, 1);
    for (struct gz_cut c = gz_str_cut(v, sep);; c = gz_str_cut(c.tail, sep)) {
        struct gz_str part = gz_str_trim(c.head);

        if (part.len) {
            if (from) {
                memcpy(copy + from, "->", 2);
                from += 2;
            }
            memcpy(copy + from, part.ptr, part.len);
            from += part.len;
        }
        if (!c.found)
            break;
    }
    return (struct gz_str){ copy, from };
}

// Literals that serve as prefixes are padded like the others.
static const char more_item[32] = ",\"";
static const char ext_value[32] = ":\"";

static void
put_items(struct gz_mapping *m, const struct gz_map_step *s, const struct gz_str *item,
          size_t count, struct gz_buf *out)
{
    for (size_t i = 0; i < count; i++)
        put_text(m, out, i ? gz_str_of(more_item) : s->prefix, item[i]);
    if (count)
        gz_buf_char(out, ']');
}

static void
put_list(struct gz_mapping *m, const struct gz_map_step *s, struct gz_str v,
         struct gz_buf *out)
{
    static const struct gz_str usual[] = { { ",", 1 }, { "，", 3 }, { "、", 3 } };
    const struct gz_names *seps = &s->from->split;
    const struct gz_names any = { usual, GZ_COUNT(usual) };
    size_t at = 0, from = 0, count = 0;

    if (m->json && v.ptr[0] == '[') { // an array, checked when it was read
        struct gz_member array = { .raw = v, .type = GZ_VALUE_ARRAY };
        struct gz_str *item = gz_member_list(&array, &m->row, &count);

        put_items(m, s, item, count, out);
        if (count)
            return;
    }
    if (!seps->count)
        seps = &any;
    while (at <= v.len) {
        struct gz_str rest = gz_str_from(v, at), part;
        size_t cut = at == v.len;

        for (size_t i = 0; i < seps->count && !cut; i++)
            if (gz_str_starts(rest, seps->name[i]))
                cut = seps->name[i].len;
        if (!cut) {
            at++;
            continue;
        }
        part = gz_str_trim((struct gz_str){ v.ptr + from, at - from });
        if (part.len) {
            if (count++)
                put_text(m, out, gz_str_of(more_item), part);
            else
                put_text(m, out, s->prefix, part);
        }
        from = at += cut;
    }
    if (count)
        gz_buf_char(out, ']');
}

// ---- numbers, ids ----

// Step over digits; false when there are none.
static bool
digits(struct gz_str s, size_t *i)
{
    size_t from = *i;

    while (*i < s.len && s.ptr[*i] >= '0' && s.ptr[*i] <= '9')
        ++*i;
    return *i > from;
}

static bool
is_json_number(struct gz_str s)
{
    size_t i = s.len && s.ptr[0] == '-', from = i;

    if (!digits(s, &i) || (i - from > 1 && s.ptr[from] == '0'))
        return false;
    if (i < s.len && s.ptr[i] == '.') {
        i++;
        if (!digits(s, &i))
            return false;
    }
    if (i < s.len && (s.ptr[i] | 0x20) == 'e') {
        i++;
        if (i < s.len && (s.ptr[i] == '+' || s.ptr[i] == '-'))
            i++;
        if (!digits(s, &i))
            return false;
    }
    return i == s.len;
}

// 1.01E+15, 4.0: an id that went through a spreadsheet.
static bool
is_float_id(struct gz_str s)
{
    size_t i = 0;

    if (s.len > 24 || !memchr(s.ptr, '.', s.len))
        return s.len > 2 && s.len < 12 && is_json_number(s) &&
               (memchr(s.ptr, 'E', s.len) || memchr(s.ptr, 'e', s.len));
    if (!is_json_number(s))
        return false;
    while (s.ptr[i] != '.')
        i++;
    if (memchr(s.ptr, 'E', s.len) || memchr(s.ptr, 'e', s.len))
        return true;
    while (++i < s.len)
        if (s.ptr[i] != '0')
            return false;
    return true;
}

// The hash of all cells stands for an id that is not there.
static void
put_row_id(struct gz_mapping *m, const struct gz_map_step *s, struct gz_buf *out)
{
    struct gz_buf all = { 0 };
    char hex[17];

    for (size_t i = 0; i < m->count; i++) {
        gz_buf_add(&all, cell_of(m, (int)i));
        gz_buf_char(&all, '\x1f');
    }
    // Empty cells at the end are not told from missing ones.
    while (all.len && all.ptr[all.len - 1] == '\x1f')
        all.len--;
    for (size_t i = 0; i < m->extras; i++) {
        gz_buf_add(&all, m->extra[i].key);
        gz_buf_add(&all, m->extra[i].value);
    }
    gz_hash_hex(gz_hash_fixed(gz_buf_str(&all)), hex);
    gz_buf_release(&all);
    gz_buf_add(out, s->prefix);
    gz_buf_char(out, '~');
    gz_buf_cstr(out, hex);
    gz_buf_lit(out, "\",\"id_src\":\"row\"");
}

static void
put_id(struct gz_mapping *m, const struct gz_map_step *s, struct gz_buf *out)
{
    struct gz_str v = value_of(m, s);

    if (!v.len && s->field->index == 0) {
        put_row_id(m, s, out);
        return;
    }
    if (!v.len)
        return;
    if (is_float_id(v))
        flag(m, "id_float", s->field->index ? s->field->name.ptr : NULL);
    put_string(out, s->prefix, v);
}

// ---- times ----

static struct gz_str
id_part(struct gz_mapping *m, const struct gz_map_step *s)
{
    struct gz_str v = m->id_col >= 0 ? cell_of(m, m->id_col) : (struct gz_str){ NULL, 0 };

    for (size_t part = 1; v.len; part++) {
        struct gz_cut c = gz_str_cut(v, s->from->id_split);

        if (part == s->from->id_part)
            return c.head;
        v = c.tail;
    }
    return v;
}

static void
put_zone(const struct gz_mapping *m, char *iso, size_t *n)
{
    struct gz_str zone = m->o.layout->zone;

    if (!zone.len || *n < 16 || *n + 6 > GZ_DATEFMT_OUT || iso[*n - 1] == 'Z' ||
        memchr(iso + 16, '+', *n - 16) || memchr(iso + 16, '-', *n - 16))
        return;
    memcpy(iso + *n, zone.ptr, 6);
    *n += 6;
}

static enum gz_err_kind
put_time(struct gz_mapping *m, const struct gz_map_step *s, struct gz_buf *out,
         struct gz_err *err)
{
    struct gz_str v = value_of(m, s);
    char iso[GZ_DATEFMT_OUT];
    size_t n;
    bool from_id = false;

    if (!v.len && s->from && s->from->id_part) {
        v = id_part(m, s);
        n = v.len ? gz_datefmt_iso(&s->id_form, v, iso) : 0;
        if (!n)
            return GZ_OK; // an id of another shape holds no date
        from_id = true;
    } else {
        if (!v.len)
            return GZ_OK;
        n = gz_datefmt_iso(&s->form, v, iso);
        if (!n && s->from && s->from->lenient) {
            misfit(m, s, v, "date");
            return GZ_OK;
        }
        if (!n) {
            gz_err_set(err, GZ_ERR_DATA,
                       _("'%.60s' in column '%.60s' is no date of the form %s"),
                       gz_arena_cstr(&m->row, v),
                       gz_arena_cstr(&m->row, m->o.header->column[s->col[0]].name),
                       s->form.name);
            gz_err_code(err, "date");
            err->column = (uint64_t)s->col[0] + 1; // the row's place is set by the caller
            return err->kind;
        }
    }
    put_zone(m, iso, &n);
    gz_buf_add(out, s->prefix);
    memcpy(gz_buf_need(out, n + 1), iso, n);
    out->len += n;
    gz_buf_char(out, '"');
    if (from_id && gz_str_is(s->field->name, "received_at"))
        gz_buf_lit(out, ",\"received_src\":\"id\"");
    return GZ_OK;
}

// ---- coded values ----

static const struct gz_str *
look_up(struct gz_mapping *m, const struct gz_map_step *s, struct gz_str v)
{
    struct gz_str fold = gz_fold_name(v, &m->row);

    for (size_t i = 0; i < s->from->maps; i++)
        if (gz_str_eq(s->from->map[i].from, fold))
            return &s->from->map[i].to;
    return NULL;
}

static bool
find_map(struct gz_mapping *m, const struct gz_map_step *s, struct gz_str v,
         struct gz_str *to)
{
    struct gz_map_memo *memo;
    const struct gz_str *found;

    if (v.len > MEMO_TEXT) {
        found = look_up(m, s, v);
        *to = found ? *found : v;
        return found;
    }
    memo = &s->memo[(v.len * 5 + (unsigned char)v.ptr[0] +
                     3u * (unsigned char)v.ptr[v.len - 1]) %
                    MEMO];
    if (memo->len != v.len + 1 || memcmp(memo->text, v.ptr, v.len) != 0) {
        found = look_up(m, s, v);
        memo->len = (uint8_t)(v.len + 1);
        memcpy(memo->text, v.ptr, v.len);
        memo->found = found;
        memo->to = found ? *found : (struct gz_str){ NULL, 0 };
    }
    *to = memo->found ? memo->to : v;
    return memo->found;
}

static bool
is_listed(const struct gz_field *f, struct gz_str v)
{
    struct gz_cut c = gz_str_cut(f->values, GZ_STR("|"));

    for (;; c = gz_str_cut(c.tail, GZ_STR("|"))) {
        if (gz_str_eq(c.head, v))
            return true;
        if (!c.found)
            return false;
    }
}

static void
put_map(struct gz_mapping *m, const struct gz_map_step *s, struct gz_buf *out)
{
    struct gz_str v = value_of(m, s), to;
    const struct gz_field *f = s->field;
    bool known;

    if (!v.len && s->from->constant.len)
        v = s->from->constant;
    if (!v.len)
        return;
    known = find_map(m, s, v, &to);
    if (!known && f->type == GZ_FIELD_YN) {
        if (!gz_str_is(v, "yes") && !gz_str_is(v, "no")) {
            misfit(m, s, v, "value");
            return;
        }
    } else if (!known && f->type == GZ_FIELD_ENUM && f->values.len && !is_listed(f, v)) {
        flag(m, "value", f->name.ptr);
        if (s->raw_prefix.len && gz_str_is(f->name, "status"))
            to = GZ_STR("other");
    }
    put_string(out, s->prefix, to);
    if (s->raw_prefix.len && !gz_str_eq(to, v))
        put_string(out, s->raw_prefix, v);
    if (gz_str_is(to, "举报") && gz_str_is(f->name, "kind"))
        m->secret = true;
}

static void
put_secrecy(struct gz_mapping *m, const struct gz_map_step *s, struct gz_buf *out)
{
    struct gz_str v = s->cols ? value_of(m, s) : (struct gz_str){ NULL, 0 }, to = v;

    if (v.len && !find_map(m, s, v, &to) && !gz_str_is(v, "yes") && !gz_str_is(v, "no")) {
        // Whatever it says, it does not say that all may be told.
        misfit(m, s, v, "value");
        to = GZ_STR("yes");
    }
    if (m->secret)
        to = GZ_STR("yes");
    if (to.len)
        put_string(out, s->prefix, to);
}

static void
put_number(struct gz_mapping *m, const struct gz_map_step *s, struct gz_buf *out)
{
    struct gz_str v = value_of(m, s);

    if (!v.len)
        return;
    if (!is_json_number(v)) {
        misfit(m, s, v, "number");
        return;
    }
    gz_buf_add(out, s->prefix);
    gz_buf_add(out, v);
}

static void
put_reporter(struct gz_mapping *m, const struct gz_map_step *s, struct gz_buf *out)
{
    char key[GZ_REPORTER_KEY];

    for (size_t i = 0; i < s->cols; i++)
        if (gz_reporter_key(m->o.reporter, cell_of(m, s->col[i]), key)) {
            put_string(out, s->prefix, gz_str_of(key));
            return;
        }
}

static void
put_plain(struct gz_mapping *m, const struct gz_map_step *s, struct gz_buf *out)
{
    struct gz_str v = value_of(m, s);

    if (!v.len && s->from)
        v = s->from->constant;
    if (!v.len)
        return;
    if (s->op == OP_LIST) {
        put_list(m, s, v, out);
        return;
    }
    if (s->from->path.count)
        v = canonical_path(m, &s->from->path, v);
    put_text(m, out, s->prefix, v);
}

static enum gz_err_kind
put_record_cell(struct gz_mapping *m, const struct gz_map_step *s, struct gz_buf *out,
                struct gz_err *err)
{
    struct gz_str v = cell_of(m, s->col[0]);

    if (!v.len)
        return GZ_OK;
    gz_buf_char(out, ',');
    if (gz_csvrow_to_json(s->field, v, &m->row, out, err)) {
        err->column = (uint64_t)s->col[0] + 1;
        return err->kind;
    }
    return GZ_OK;
}

static enum gz_err_kind
run_step(struct gz_mapping *m, const struct gz_map_step *s, struct gz_buf *out,
         struct gz_err *err)
{
    switch (s->op) {
    case OP_TEXT:
    case OP_LIST:
        put_plain(m, s, out);
        break;
    case OP_ID:
        put_id(m, s, out);
        break;
    case OP_TIME:
        return put_time(m, s, out, err);
    case OP_MAP:
        put_map(m, s, out);
        break;
    case OP_NUM:
        put_number(m, s, out);
        break;
    case OP_RECORD_CELL:
        return put_record_cell(m, s, out, err);
    case OP_SECRECY:
        put_secrecy(m, s, out);
        break;
    case OP_REPORTER:
        put_reporter(m, s, out);
        break;
    }
    return GZ_OK;
}

// ---- the end of a record ----

static void
put_dq(struct gz_mapping *m, struct gz_buf *out)
{
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
    gz_buf_char(out, ']');
}

static void
put_ext_member(struct gz_mapping *m, struct gz_buf *out, bool *first, struct gz_str key,
               struct gz_str value)
{
    gz_buf_add(out, *first ? GZ_STR(",\"ext\":{") : GZ_STR(","));
    *first = false;
    gz_write_string(out, key);
    put_text(m, out, gz_str_of(ext_value), value);
}

static void
put_ext(struct gz_mapping *m, struct gz_buf *out)
{
    bool first = true;

    for (size_t i = 0; i < m->exts; i++) {
        const struct gz_map_ext *e = &m->ext[i];
        struct gz_str v;

        if (e->col >= m->count || !m->cell[e->col].text.len)
            continue;
        v = m->copy_ext && plain_cell(m, e->col) ? m->cell[e->col].text
                                                 : cell_of(m, (int)e->col);
        if (!v.len)
            continue;
        if (first)
            gz_buf_lit(out, ",\"ext\":{");
        put_text(m, out, first ? e->first_prefix : e->prefix, v);
        first = false;
    }
    for (size_t i = 0; i < m->misfits; i++)
        put_ext_member(m, out, &first, m->misfit_key[i], m->misfit[i]);
    for (size_t i = m->o.header->count; i < m->count && !m->o.drop_ext; i++) {
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
        flag(m, "short_row", NULL);
        return;
    }
    for (size_t i = m->o.header->count; i < m->count; i++)
        if (cell_of(m, (int)i).len) {
            flag(m, "long_row", NULL);
            return;
        }
}

// Steps that copy one cell are most of the work of a row: done here when the cell needs
// nothing, else by run_step().
static inline bool
run_copy(struct gz_mapping *m, const struct gz_map_step *s, struct gz_buf *out)
{
    size_t col = (size_t)s->col[0];
    const struct gz_csv_field *f;

    if (!s->copy || col >= m->count)
        return false;
    if (!m->cell[col].text.len)
        return true;
    f = plain_cell(m, col);
    if (f && !is_null(s, f->text))
        put_string(out, s->prefix, f->text);
    return f;
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
    for (size_t i = 0; i < m->steps; i++)
        if (!run_copy(m, &m->step[i], out) && run_step(m, &m->step[i], out, err)) {
            out->len = start;
            m->extras = 0;
            return err->kind;
        }
    if (m->count != m->o.header->count && row->raw.ptr)
        check_length(m);
    if (row->stray_quote)
        flag(m, "stray_quote", NULL);
    put_dq(m, out);
    if (m->o.privacy < GZ_PRIVACY_PUBLIC && !m->o.layout->records) {
        gz_buf_add(out, m->src);
        gz_buf_u64(out, row->line);
        gz_buf_char(out, '"');
    }
    if (m->o.privacy < GZ_PRIVACY_PUBLIC)
        put_ext(m, out);
    gz_buf_lit(out, "}\n");
    m->extras = 0;
    if (m->bad) {
        out->len = start;
        gz_err_set(err, GZ_ERR_DATA, _("bytes that are no GB18030"));
        gz_err_code(err, "encoding");
        return err->kind;
    }
    return GZ_OK;
}

void
gz_mapping_extra(struct gz_mapping *m, struct gz_str key, struct gz_str value)
{
    if (m->extras < MAX_EXTRA)
        m->extra[m->extras++] = (struct gz_map_extra){ key, value };
}
