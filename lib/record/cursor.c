// SPDX-License-Identifier: MIT
#include "record/cursor.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "io/json.h"
#include "record/bytes.h"

enum { MAX_DEPTH = 64 };

static const char *
skip_blanks(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'))
        p++;
    return p;
}

static bool
is_hex4(const char *p, const char *end, unsigned *value)
{
    if (end - p < 4)
        return false;
    *value = 0;
    for (int i = 0; i < 4; i++) {
        char c = p[i];
        unsigned d = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                     : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10)
                     : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10)
                                            : 16;

        if (d > 15)
            return false;
        *value = *value * 16 + d;
    }
    return true;
}

// Step over the escape at `p`, which is a backslash. NULL if it is none. A surrogate
// must have its partner.
static const char *
skip_escape(const char *p, const char *end)
{
    unsigned high, low;

    if (end - p < 2)
        return NULL;
    if (p[1] != 'u')
        return memchr("\"\\/bfnrt", p[1], 8) ? p + 2 : NULL;
    if (!is_hex4(p + 2, end, &high))
        return NULL;
    if (high < 0xD800 || high > 0xDFFF)
        return p + 6;
    if (high > 0xDBFF || end - p < 12 || p[6] != '\\' || p[7] != 'u' ||
        !is_hex4(p + 8, end, &low) || low < 0xDC00 || low > 0xDFFF)
        return NULL;
    return p + 12;
}

// `p` is after the opening quote. Returns where the closing one stands, or NULL with
// *bad at the fault.
static const char *
skip_string(const char *p, const char *end, bool *escaped, const char **bad)
{
    *escaped = false;
    for (;;) {
        const char *next;

        p += gz_bytes_plain_run(p, (size_t)(end - p));
        if (p < end && *p == '"')
            return p;
        *bad = p;
        if (p == end || *p != '\\')
            return NULL;
        *escaped = true;
        next = skip_escape(p, end);
        if (!next)
            return NULL;
        p = next;
    }
}

static const char *
skip_digits(const char *p, const char *end)
{
    while (p < end && *p >= '0' && *p <= '9')
        p++;
    return p;
}

// A number by RFC 8259. Returns its end, or NULL.
static const char *
skip_number(const char *p, const char *end)
{
    const char *from;

    p += p < end && *p == '-';
    from = p;
    p = skip_digits(p, end);
    if (p == from || (*from == '0' && p - from > 1))
        return NULL;
    if (p < end && *p == '.') {
        from = ++p;
        p = skip_digits(p, end);
        if (p == from)
            return NULL;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        p += p < end && (*p == '+' || *p == '-');
        from = p;
        p = skip_digits(p, end);
        if (p == from)
            return NULL;
    }
    return p;
}

static const char *
skip_word(const char *p, const char *end, struct gz_str word)
{
    return (size_t)(end - p) >= word.len && memcmp(p, word.ptr, word.len) == 0
               ? p + word.len
               : NULL;
}

static const char *skip_value(const char *p, const char *end, int depth, const char **bad,
                              enum gz_value_type *type, bool *escaped);

// `p` is at '[' or '{'. Returns the byte after its partner, or NULL.
static const char *
skip_nested(const char *p, const char *end, int depth, const char **bad)
{
    char close = *p == '[' ? ']' : '}';
    enum gz_value_type type;
    bool escaped;

    *bad = p;
    if (depth == MAX_DEPTH)
        return NULL;
    p = skip_blanks(p + 1, end);
    if (p < end && *p == close)
        return p + 1;
    for (;;) {
        *bad = p;
        if (close == '}') {
            if (p == end || *p != '"' || !(p = skip_string(p + 1, end, &escaped, bad)))
                return NULL;
            p = skip_blanks(p + 1, end);
            *bad = p;
            if (p == end || *p != ':')
                return NULL;
            p = skip_blanks(p + 1, end);
        }
        if (!(p = skip_value(p, end, depth + 1, bad, &type, &escaped)))
            return NULL;
        p = skip_blanks(p, end);
        *bad = p;
        if (p == end)
            return NULL;
        if (*p == close)
            return p + 1;
        if (*p != ',')
            return NULL;
        p = skip_blanks(p + 1, end);
    }
}

static const char *
skip_value(const char *p, const char *end, int depth, const char **bad,
           enum gz_value_type *type, bool *escaped)
{
    *bad = p;
    *escaped = false;
    if (p == end)
        return NULL;
    switch (*p) {
    case '"':
        *type = GZ_VALUE_STRING;
        p = skip_string(p + 1, end, escaped, bad);
        return p ? p + 1 : NULL;
    case '[':
        *type = GZ_VALUE_ARRAY;
        return skip_nested(p, end, depth, bad);
    case '{':
        *type = GZ_VALUE_OBJECT;
        return skip_nested(p, end, depth, bad);
    case 't':
        *type = GZ_VALUE_TRUE;
        return skip_word(p, end, GZ_STR("true"));
    case 'f':
        *type = GZ_VALUE_FALSE;
        return skip_word(p, end, GZ_STR("false"));
    case 'n':
        *type = GZ_VALUE_NULL;
        return skip_word(p, end, GZ_STR("null"));
    default:
        *type = GZ_VALUE_NUMBER;
        return skip_number(p, end);
    }
}

const char *
gz_cursor_skip(const char *p, const char *end, enum gz_value_type *type, bool *escaped)
{
    const char *bad;

    return skip_value(p, end, 0, &bad, type, escaped);
}

void
gz_cursor_open(struct gz_cursor *c, struct gz_str line, struct gz_arena *arena)
{
    *c = (struct gz_cursor){ .line = line, .arena = arena };
    c->end = gz_str_end(line);
    c->at = line.ptr;
}

static enum gz_cursor_next
bad_json(const struct gz_cursor *c, const char *at, struct gz_err *err)
{
    size_t before = (size_t)(at - c->line.ptr);

    gz_err_data(err, at >= c->end ? N_("the line ends inside a JSON value")
                                  : N_("not JSON from here on"));
    gz_err_at(err, NULL, 0, gz_utf8_count(gz_str_first(c->line, before)) + 1);
    gz_err_code(err, "json");
    return GZ_CURSOR_BAD;
}

static enum gz_value_type
type_of_json(const gz_json *v, struct gz_str raw)
{
    switch (gz_json_type(v)) {
    case GZ_JSON_NULL:
        return GZ_VALUE_NULL;
    case GZ_JSON_BOOL:
        return raw.ptr[0] == 't' ? GZ_VALUE_TRUE : GZ_VALUE_FALSE;
    case GZ_JSON_NUMBER:
        return GZ_VALUE_NUMBER;
    case GZ_JSON_STRING:
        return GZ_VALUE_STRING;
    case GZ_JSON_ARRAY:
        return GZ_VALUE_ARRAY;
    case GZ_JSON_OBJECT:
        break;
    }
    return GZ_VALUE_OBJECT;
}

// The whole line through Jansson: a key of it has escapes. Members keep their order;
// `pos` is where the value stands, for want of better.
static enum gz_cursor_next
decode_line(struct gz_cursor *c, struct gz_err *err)
{
    struct gz_json_doc *doc = gz_json_parse(c->line, "", err);
    const gz_json *root;
    struct gz_member *m;

    if (!doc) {
        err->kind = GZ_ERR_DATA;
        err->line = 0;
        gz_err_code(err, "json");
        return GZ_CURSOR_BAD;
    }
    root = gz_json_root(doc);
    c->decoded_count = gz_json_count(root);
    m = gz_arena_new(c->arena, struct gz_member, c->decoded_count);
    for (size_t i = 0; i < c->decoded_count; i++) {
        const gz_json *v = gz_json_at(root, i);
        struct gz_str raw = gz_json_raw(v);

        m[i].key = gz_arena_dup(c->arena, gz_json_key(root, i));
        m[i].type = type_of_json(v, raw);
        m[i].raw = gz_arena_dup(c->arena, raw);
        m[i].escaped = m[i].type == GZ_VALUE_STRING && memchr(raw.ptr, '\\', raw.len);
        m[i].pos = m[i].raw.ptr;
    }
    gz_json_free(doc);
    c->decoded = m;
    return GZ_CURSOR_MEMBER;
}

static enum gz_cursor_next
next_decoded(struct gz_cursor *c, struct gz_member *m)
{
    if (c->decoded_at == c->decoded_count)
        return GZ_CURSOR_END;
    *m = c->decoded[c->decoded_at++];
    return GZ_CURSOR_MEMBER;
}

enum gz_cursor_next
gz_cursor_next(struct gz_cursor *c, struct gz_member *m, struct gz_err *err)
{
    const char *p = skip_blanks(c->at, c->end), *end = c->end, *bad = p, *close;
    bool first = c->at == c->line.ptr, escaped;

    if (c->decoded)
        return next_decoded(c, m);
    if (p == end || (first ? *p != '{' : *p != ',' && *p != '}'))
        return bad_json(c, p, err);
    if (first) {
        p = skip_blanks(p + 1, end);
    } else if (*p == ',') {
        p = skip_blanks(p + 1, end);
        if (p < end && *p == '}')
            return bad_json(c, p, err);
    }
    if (p < end && *p == '}') {
        p = skip_blanks(p + 1, end);
        return p == end ? GZ_CURSOR_END : bad_json(c, p, err);
    }
    m->pos = p;
    if (p == end || *p != '"' || !(close = skip_string(p + 1, end, &escaped, &bad)))
        return bad_json(c, p == end || *p != '"' ? p : bad, err);
    if (escaped) {
        // No key comes twice in what is decoded, so those passed so far are its first.
        if (decode_line(c, err) == GZ_CURSOR_BAD)
            return GZ_CURSOR_BAD;
        c->decoded_at = c->given;
        return next_decoded(c, m);
    }
    m->key = (struct gz_str){ p + 1, (size_t)(close - p - 1) };
    p = skip_blanks(close + 1, end);
    if (p == end || *p != ':')
        return bad_json(c, p, err);
    p = skip_blanks(p + 1, end);
    close = skip_value(p, end, 0, &bad, &m->type, &m->escaped);
    if (!close)
        return bad_json(c, bad, err);
    m->raw = (struct gz_str){ p, (size_t)(close - p) };
    c->at = close;
    c->given++;
    return GZ_CURSOR_MEMBER;
}

// Decode the escapes of a checked string. `from` has no quotes around it.
static struct gz_str
unescape(struct gz_str from, struct gz_arena *arena)
{
    char *to = gz_arena_alloc(arena, from.len + 1, 1, 1);
    struct gz_buf b = { to, 0, from.len + 1 };
    const char *p = from.ptr, *end = gz_str_end(from);

    // An escape is never shorter than what it stands for, so `b` never has to grow.
    while (p < end) {
        unsigned c, low;

        if (*p != '\\') {
            size_t run = gz_bytes_plain_run(p, (size_t)(end - p));

            gz_buf_add(&b, (struct gz_str){ p, run });
            p += run;
            continue;
        }
        if (p[1] != 'u') {
            static const char pairs[] = "b\bf\fn\nr\rt\t";
            const char *at = memchr(pairs, p[1], sizeof(pairs) - 1);

            gz_buf_char(&b, at ? at[1] : p[1]);
            p += 2;
            continue;
        }
        is_hex4(p + 2, end, &c);
        p += 6;
        if (c >= 0xD800 && c <= 0xDBFF) {
            is_hex4(p + 2, end, &low);
            c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
            p += 6;
        }
        gz_utf8_put(&b, c);
    }
    return gz_buf_str(&b);
}

struct gz_str
gz_member_text(const struct gz_member *m, struct gz_arena *arena)
{
    struct gz_str inner;

    switch (m->type) {
    case GZ_VALUE_STRING:
        inner = (struct gz_str){ m->raw.ptr + 1, m->raw.len - 2 };
        return m->escaped ? unescape(inner, arena) : inner;
    case GZ_VALUE_NUMBER:
    case GZ_VALUE_TRUE:
    case GZ_VALUE_FALSE:
        return m->raw;
    case GZ_VALUE_NONE:
    case GZ_VALUE_NULL:
    case GZ_VALUE_ARRAY:
    case GZ_VALUE_OBJECT:
        break;
    }
    return (struct gz_str){ NULL, 0 };
}

struct gz_str *
gz_member_list(const struct gz_member *m, struct gz_arena *arena, size_t *count)
{
    const char *p = m->raw.ptr + 1, *end = m->raw.ptr + m->raw.len, *bad;
    struct gz_str *list = NULL;
    size_t cap = 0;

    *count = 0;
    if (m->type != GZ_VALUE_ARRAY) {
        struct gz_str one = gz_member_text(m, arena);

        if (!one.len)
            return NULL;
        list = gz_arena_new(arena, struct gz_str, 1);
        list[(*count)++] = one;
        return list;
    }
    while ((p = skip_blanks(p, end)) < end && *p != ']') {
        struct gz_member item = { .raw.ptr = p };
        const char *close = skip_value(p, end, 0, &bad, &item.type, &item.escaped);

        item.raw.len = (size_t)(close - p);
        if (item.type == GZ_VALUE_STRING) {
            list = gz_arena_grow(arena, list, &cap, *count + 1, sizeof(*list));
            list[(*count)++] = gz_member_text(&item, arena);
        }
        p = skip_blanks(close, end);
        p += p < end && *p == ',';
    }
    return list;
}

void
gz_member_items(const struct gz_member *m,
                void (*each)(void *ctx, const struct gz_member *item), void *ctx)
{
    const char *p = m->raw.ptr + 1, *end = m->raw.ptr + m->raw.len, *bad;

    if (m->type != GZ_VALUE_ARRAY)
        return;
    while ((p = skip_blanks(p, end)) < end && *p != ']') {
        struct gz_member item = { .raw.ptr = p, .pos = p };
        const char *close = skip_value(p, end, 0, &bad, &item.type, &item.escaped);

        if (!close)
            return;
        item.raw.len = (size_t)(close - p);
        each(ctx, &item);
        p = skip_blanks(close, end);
        p += p < end && *p == ',';
    }
}

void
gz_member_each(const struct gz_member *m, struct gz_arena *arena,
               void (*each)(void *ctx, const struct gz_member *inner), void *ctx)
{
    struct gz_cursor c;
    struct gz_member inner;
    struct gz_err ignored = { 0 };

    if (m->type != GZ_VALUE_OBJECT)
        return;
    gz_cursor_open(&c, m->raw, arena);
    while (gz_cursor_next(&c, &inner, &ignored) == GZ_CURSOR_MEMBER)
        each(ctx, &inner);
}
