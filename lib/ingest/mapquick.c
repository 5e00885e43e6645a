// SPDX-License-Identifier: MIT
// The quick way through a row: most cells need no more than a look at both ends and a
// copy, which checks for bytes to be escaped as it goes. What needs more falls back to
// gz_map_run_step(). Room is made once for the whole row, so that `to` can be written
// without asking.
#include <string.h>

#include "ingest/mapcheck.h"
#include "ingest/mapput.h"
#include "ingest/mask.h"

// What a byte says at the edge of a text: PLAIN ASCII is no blank, nor is a character
// whose first of three bytes is HAN. Blanks of more than one byte begin with neither.
enum { PLAIN = 1, HAN = 2 };
#define PLAIN8  1, 1, 1, 1, 1, 1, 1, 1
#define PLAIN32 PLAIN8, PLAIN8, PLAIN8, PLAIN8
static const uint8_t edge[256] = {
    [0x21] = PLAIN32, PLAIN32, PLAIN8, PLAIN8, PLAIN8,        // to 0x78
    [0x79] = PLAIN,   PLAIN,   PLAIN,  PLAIN,  PLAIN,  PLAIN, // to 0x7e
    [0xE4] = HAN,     HAN,     HAN,    HAN,    HAN,    HAN,   // to 0xE9
};

// Can the text be taken as it is, without trimming?
static inline bool
is_trim(const char *p, size_t len)
{
    uint8_t first = edge[(unsigned char)p[0]], last = edge[(unsigned char)p[len - 1]];

    if (last & PLAIN)
        return first;
    return first && len >= 3 && p[len - 1] & 0x80 &&
           edge[(unsigned char)p[len - 3]] & HAN;
}

static inline bool
is_ready(const struct gz_csv_field *f)
{
    return !f->escaped && is_trim(f->text.ptr, f->text.len);
}

static inline bool
may_be_null(const struct gz_map_step *s, size_t len)
{
    return len < 64 && s->null_lengths >> len & 1;
}

// `prefix` is padded to a multiple of 16.
static inline char *
put_prefix(char *to, struct gz_str prefix)
{
    memcpy(to, prefix.ptr, 16);
    for (size_t i = 16; i < prefix.len; i += 16)
        memcpy(to + i, prefix.ptr + i, 16);
    return to + prefix.len;
}

// The member of a cell. NULL when a byte of it needs more than a copy.
static inline char *
put_cell(char *to, struct gz_str prefix, struct gz_str v, bool ascii)
{
    to = put_prefix(to, prefix);
    if (!gz_copy_padded(to, v.ptr, v.len, ascii))
        return NULL;
    to[v.len] = '"';
    return to + v.len + 1;
}

// The bytes of `w` that are no digits, as their high bits.
static inline uint64_t
no_digits(uint64_t w)
{
    const uint64_t one = 0x0101010101010101u;
    uint64_t x = w ^ (one * 0x30);

    return (((x & one * 0x7f) + one * 0x76) | x) & one * 0x80;
}

// The bits of the first `len` bytes of a word.
static inline uint64_t
first_bytes(size_t len)
{
    static const char ones[16] = "\xff\xff\xff\xff\xff\xff\xff\xff";
    uint64_t keep;

    memcpy(&keep, ones + 8 - len, 8);
    return keep;
}

// Are all bytes digits? Up to seven more are read.
static inline bool
is_digits(const char *p, size_t len)
{
    uint64_t w;

    for (; len > 8; p += 8, len -= 8) {
        memcpy(&w, p, 8);
        if (no_digits(w))
            return false;
    }
    memcpy(&w, p, 8);
    return !(no_digits(w) & first_bytes(len));
}

// [-]digits[.digits] without a 0 in front, and not what may be a telephone.
static inline bool
is_decimal(struct gz_str v)
{
    size_t sign = v.ptr[0] == '-';
    const char *p = v.ptr + sign;
    size_t len = v.len - sign, whole = 0;

    while (whole < len && p[whole] >= '0' && p[whole] <= '9' && whole < 8)
        whole++;
    if (!whole || (whole > 1 && *p == '0') || v.len == 11)
        return false;
    if (whole == len)
        return true;
    if (whole == 8)
        return is_digits(p, len);
    return p[whole] == '.' && whole + 1 < len &&
           is_digits(p + whole + 1, len - whole - 1);
}

static char *
put_time(struct gz_mapping *m, const struct gz_map_step *s, char *to, struct gz_str v)
{
    char *iso = put_prefix(to, s->prefix);
    size_t n = gz_datefmt_iso(&s->form, v, iso);

    if (!n)
        return NULL;
    gz_map_add_zone(m, iso, &n);
    if (s->watch)
        gz_mapcheck_time(m, s, iso, n);
    iso[n] = '"';
    return iso + n + 1;
}

static char *
put_known(const struct gz_map_step *s, char *to, struct gz_str v)
{
    const struct gz_map_memo *memo;

    if (v.len > MEMO_TEXT)
        return NULL;
    memo = gz_map_memo_of(s, v);
    if (memo->len != v.len + 1 || !memo->done || memcmp(memo->text, v.ptr, v.len) != 0)
        return NULL;
    memcpy(to, memo->out, MEMO_OUT);
    return to + memo->done;
}

static char *
put_join(const struct gz_mapping *m, const struct gz_map_step *s, char *to)
{
    struct gz_str with = s->from->with;
    char *start = to;

    for (size_t i = 0; i < s->cols; i++) {
        const struct gz_csv_field *f = &m->cell[s->col[i]];

        if ((size_t)s->col[i] >= m->count || !f->text.len)
            continue;
        if (!is_ready(f))
            return NULL;
        if (may_be_null(s, f->text.len) && gz_maprow_null(s, f->text))
            continue;
        if (to == start) {
            to = put_prefix(to, s->prefix);
        } else {
            memcpy(to, with.ptr, with.len);
            to += with.len;
        }
        if (!gz_copy_padded(to, f->text.ptr, f->text.len, m->o.gb18030))
            return NULL;
        to += f->text.len;
    }
    if (to > start)
        *to++ = '"';
    return to;
}

// A step with one column whose cell is not empty. NULL: not this way.
static inline char *
put_one(struct gz_mapping *m, const struct gz_map_step *s, char *to,
        const struct gz_csv_field *f)
{
    struct gz_str v = f->text;

    if (!is_ready(f) || (may_be_null(s, v.len) && gz_maprow_null(s, v)))
        return NULL;
    switch (s->quick) {
    case QUICK_COPY:
        return put_cell(to, s->prefix, v, s->ascii);
    case QUICK_ID:
        return is_digits(v.ptr, v.len) ? put_cell(to, s->prefix, v, true) : NULL;
    case QUICK_TIME:
        return put_time(m, s, to, v);
    case QUICK_NUM:
        if (!is_decimal(v))
            return NULL;
        to = put_prefix(to, s->prefix);
        gz_copy_padded(to, v.ptr, v.len, false);
        return to + v.len;
    case QUICK_MAP:
        return put_known(s, to, v);
    default:
        return NULL;
    }
}

// A step without a column, or with several.
static char *
put_other(struct gz_mapping *m, const struct gz_map_step *s, char *to, bool ascii)
{
    switch (s->quick) {
    case QUICK_JOIN:
        return put_join(m, s, to);
    case QUICK_DAMAGE:
        return ascii ? to : NULL;
    case QUICK_SECRET:
        return m->secret ? NULL : to;
    default:
        return NULL;
    }
}

// Room for what is left of the record, whatever has been written of it.
static char *
make_room(const struct gz_mapping *m, const struct gz_csv_row *row, struct gz_buf *out)
{
    return gz_buf_need(out, m->room + m->uses * row->raw.len);
}

enum gz_err_kind
gz_mapquick_steps(struct gz_mapping *m, const struct gz_csv_row *row, struct gz_buf *out,
                  struct gz_err *err)
{
    const struct gz_map_step *s = m->step, *last = s + m->steps;
    const struct gz_csv_field *cell = m->cell;
    size_t count = m->count;
    char *to = row->padded ? make_room(m, row, out) : NULL;

    for (; s < last; s++) {
        char *end = NULL;

        if (to && s->quick < QUICK_JOIN) {
            size_t col = (size_t)s->col[0];

            if (col < count && cell[col].text.len)
                end = put_one(m, s, to, &cell[col]);
            else if (s->optional)
                continue;
        } else if (to) {
            end = put_other(m, s, to, row->ascii);
        }
        if (end) {
            to = end;
            continue;
        }
        if (to)
            out->len = (size_t)(to - out->ptr);
        if (gz_map_run_step(m, s, out, err))
            return err->kind;
        if (to)
            to = make_room(m, row, out);
    }
    if (to)
        out->len = (size_t)(to - out->ptr);
    return GZ_OK;
}

// A cell of ext that was not written the quick way.
static void
put_ext(struct gz_mapping *m, const struct gz_map_ext *e, bool first, struct gz_buf *out)
{
    struct gz_str v = gz_maprow_cell(m, e->col);

    if (!v.len)
        return;
    if (first)
        gz_buf_lit(out, ",\"ext\":{");
    gz_map_put_text(m, out, first ? e->first_prefix : e->prefix, v);
}

// Could the cell be a number or an address of a person? Dates, the commonest others, are
// soon told.
static inline bool
may_be_contact(const struct gz_csv_field *f)
{
    size_t n = f->text.len;
    const char *p = f->text.ptr;

    return n >= 10 && n <= 40 && ((p[4] != '-' && p[4] != '/') || p[0] == '0') &&
           ((p[0] >= '0' && p[0] <= '9') || p[0] == '+' || p[0] == '(' || p[0] < 0 ||
            memchr(p, '@', n));
}

// A cell that is a contact as a whole, in a column where most are none: masked.
static __attribute__((noinline)) bool
put_contact(struct gz_mapping *m, const struct gz_map_ext *e, bool first,
            struct gz_buf *out)
{
    struct gz_str v = gz_maprow_cell(m, e->col);
    struct gz_buf masked = { 0 };
    bool found = gz_privacy_value(v) && gz_mask_text(v, &masked);

    if (found) {
        if (first)
            gz_buf_lit(out, ",\"ext\":{");
        gz_map_put_text(m, out, first ? e->first_prefix : e->prefix, gz_buf_str(&masked));
    }
    gz_buf_release(&masked);
    return found;
}

bool
gz_mapquick_ext(struct gz_mapping *m, const struct gz_csv_row *row, struct gz_buf *out)
{
    const struct gz_map_ext *e = m->ext, *last = e + m->exts;
    const struct gz_csv_field *cell = m->cell;
    size_t count = m->count;
    bool quick = row->padded && m->copy, any = false, gb18030 = m->o.gb18030;
    bool guard = m->guard;
    char *to = NULL; // once something is there

    for (; e < last; e++) {
        const struct gz_csv_field *f = &cell[e->col];
        size_t start;
        char *end;

        if (e->col >= count || !f->text.len)
            continue;
        if (guard && may_be_contact(f)) {
            if (to)
                out->len = (size_t)(to - out->ptr);
            if (put_contact(m, e, !any, out)) {
                any = true;
                to = quick ? make_room(m, row, out) : NULL;
                continue;
            }
        }
        if (to && is_ready(f) &&
            (end = put_cell(to, e->prefix, f->text, gb18030)) != NULL) {
            to = end;
            continue;
        }
        if (to)
            out->len = (size_t)(to - out->ptr);
        start = out->len;
        put_ext(m, e, !any, out);
        any = any || out->len > start;
        to = quick && any ? make_room(m, row, out) : NULL;
    }
    if (to)
        out->len = (size_t)(to - out->ptr);
    return any;
}
