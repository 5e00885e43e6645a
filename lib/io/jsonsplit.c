// SPDX-License-Identifier: MIT
#include "io/jsonsplit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "io/jsonunquote.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum {
    BLOCK = 256 * 1024,
    MAX_VALUE = 1024 * 1024,
    MAX_DEPTH = 512,
};

// Where the reader stands between two values.
enum where {
    BEGIN,    // nothing seen yet
    SEQUENCE, // values, apart by white space
    ARRAY,    // an element, or the end of the array
    COMMA,    // after an element
    AFTER,    // the array is closed, nothing may follow
    REST,     // the array under a member is closed, the rest is passed over
};

struct gz_jsonsplit {
    struct gz_input *in;
    const char *member;
    bool quoted; // the values lie in a string
    struct gz_jsonunquote unquote;
    struct gz_buf raw; // of such an input
    size_t max;
    struct gz_buf buf;
    size_t at;         // in `buf`: everything before it is used up
    uint64_t line;     // at `at`
    size_t line_at;    // in `buf`: where that line starts, or goes on
    uint64_t cut;      // code points of it before that
    struct gz_buf odd; // the text of a reject
    bool eof;
    bool resumed; // after a fault in an array: a comma may be missing
    enum where where;
};

struct gz_jsonsplit *
gz_jsonsplit_open(struct gz_input *in, const char *member, size_t max_value)
{
    struct gz_jsonsplit *s = gz_mem_zalloc(1, sizeof(*s));

    s->in = in;
    s->member = member;
    s->max = max_value ? max_value : MAX_VALUE;
    s->line = 1;
    return s;
}

void
gz_jsonsplit_close(struct gz_jsonsplit *s)
{
    if (!s)
        return;
    gz_buf_release(&s->buf);
    gz_buf_release(&s->odd);
    gz_buf_release(&s->raw);
    free(s);
}

struct gz_jsonsplit *
gz_jsonsplit_open_quoted(struct gz_input *in, size_t from, size_t max_value)
{
    struct gz_jsonsplit *s = gz_jsonsplit_open(in, NULL, max_value);

    s->quoted = true;
    s->unquote.skip = from;
    return s;
}

// ---- bytes ----

// Read a block of a string; nothing comes after its closing quote.
static enum gz_err_kind
read_quoted(struct gz_jsonsplit *s, struct gz_err *err)
{
    size_t before = s->buf.len;

    while (s->buf.len == before && !s->eof) {
        size_t got;

        if (gz_input_read(s->in, gz_buf_need(&s->raw, BLOCK), BLOCK, &got, err))
            return err->kind;
        gz_jsonunquote_feed(&s->unquote, (struct gz_str){ s->raw.ptr, got }, &s->buf);
        s->eof = got == 0;
    }
    return GZ_OK;
}

// Read a block behind what is not used up, which moves to the front.
static enum gz_err_kind
read_more(struct gz_jsonsplit *s, struct gz_err *err)
{
    size_t kept = s->buf.len - s->at;
    size_t want = kept > BLOCK ? kept : BLOCK;
    size_t got;

    if (s->at) {
        struct gz_str line = { s->buf.ptr + s->line_at, s->at - s->line_at };

        s->cut += gz_utf8_count(line);
        memmove(s->buf.ptr, s->buf.ptr + s->at, kept);
        s->buf.len = kept;
        s->at = s->line_at = 0;
    }
    if (s->quoted)
        return read_quoted(s, err);
    if (gz_input_read(s->in, gz_buf_need(&s->buf, want), want, &got, err))
        return err->kind;
    s->buf.len += got;
    s->eof = got == 0;
    return GZ_OK;
}

// Use up bytes to `to`, counting lines.
static void
use_up(struct gz_jsonsplit *s, size_t to)
{
    const char *p;

    while ((p = memchr(s->buf.ptr + s->at, '\n', to - s->at)) != NULL) {
        s->line++;
        s->at = s->line_at = (size_t)(p - s->buf.ptr) + 1;
        s->cut = 0;
    }
    s->at = to;
}

// The next byte that is no white space, used up to but not with it; 0 at the end.
static enum gz_err_kind
peek(struct gz_jsonsplit *s, char *c, struct gz_err *err)
{
    *c = 0;
    for (;;) {
        size_t to = s->at;

        while (to < s->buf.len && (s->buf.ptr[to] == ' ' || s->buf.ptr[to] == '\n' ||
                                   s->buf.ptr[to] == '\r' || s->buf.ptr[to] == '\t'))
            to++;
        if (to > s->at)
            use_up(s, to);
        if (to < s->buf.len) {
            *c = s->buf.ptr[to];
            return GZ_OK;
        }
        if (s->eof)
            return GZ_OK;
        if (read_more(s, err))
            return err->kind;
    }
}

// ---- one value ----

enum outcome { WHOLE, MORE, BAD };

struct value {
    size_t len;
    size_t bad;       // offset of what is wrong
    const char *what; // is wrong
};

// From within a string to its closing quote, to a control character, or to the end.
static size_t
string_end(const char *p, size_t at, size_t len)
{
    for (;;) {
#if defined(__SSE2__)
        for (; at + 16 <= len; at += 16) {
            __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + at));
            __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
                                       _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
            __m128i control = _mm_cmpeq_epi8(_mm_max_epu8(v, _mm_set1_epi8(0x20)), v);
            int bits = _mm_movemask_epi8(hit) | (~_mm_movemask_epi8(control) & 0xFFFF);

            if (bits) {
                at += (size_t)__builtin_ctz((unsigned)bits);
                break;
            }
        }
#endif
        while (at < len && p[at] != '"' && p[at] != '\\' && (unsigned char)p[at] >= 0x20)
            at++;
        if (at >= len || p[at] != '\\')
            return at < len ? at : len;
        at += 2; // whatever is escaped
    }
}

static bool
ends_scalar(char c)
{
    return c == ',' || c == ']' || c == '}' || c == ' ' || c == '\n' || c == '\r' ||
           c == '\t' || c == '[' || c == '{' || c == '"' || c == ':';
}

static bool
begins_scalar(char c)
{
    return (c >= '0' && c <= '9') || c == '-' || c == 't' || c == 'f' || c == 'n';
}

static enum outcome
bad(struct value *v, size_t at, const char *what)
{
    v->bad = at;
    v->what = what;
    return BAD;
}

// Find the end of the value at the start of `s`. Within brackets, values must be apart by
// commas or colons: so a line with one bracket too few does not swallow the next one.
static enum outcome
measure(struct gz_str s, bool last, struct value *v)
{
    char open[MAX_DEPTH];
    size_t depth = 0, at = 0;
    bool after = false; // a value has just ended

    do {
        char c;

        if (at >= s.len)
            return last ? bad(v, 0, N_("the value that begins here is not complete"))
                        : MORE;
        c = s.ptr[at];
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
            at++;
            continue;
        }
        if (depth && (c == ',' || c == ':')) {
            after = false;
            at++;
            continue;
        }
        if (c == ']' || c == '}') {
            if (depth == 0 || open[--depth] != c)
                return bad(v, at, N_("a closing bracket without its opening one"));
            after = true;
            at++;
            continue;
        }
        if (after)
            return bad(v, at, N_("expected a comma or a closing bracket"));
        if (c == '[' || c == '{') {
            if (depth == MAX_DEPTH)
                return bad(v, at, N_("nested too deep"));
            open[depth++] = c == '[' ? ']' : '}';
            at++;
        } else if (c == '"') {
            size_t end = string_end(s.ptr, at + 1, s.len);

            if (end == s.len)
                return last ? bad(v, at, N_("the string that begins here is not closed"))
                            : MORE;
            if (s.ptr[end] != '"')
                return bad(v, at,
                           N_("the string that begins here is not closed on its "
                              "line"));
            at = end + 1;
            after = true;
        } else if (begins_scalar(c)) {
            while (at < s.len && !ends_scalar(s.ptr[at]))
                at++;
            if (at == s.len && !last)
                return MORE;
            after = true;
        } else {
            return bad(v, at, N_("expected a JSON value"));
        }
    } while (depth);
    v->len = at;
    return WHOLE;
}

// ---- faults ----

static enum gz_jsonsplit_next
fail(struct gz_jsonsplit *s, struct gz_err *err)
{
    struct gz_str line = { s->buf.ptr + s->line_at, s->at - s->line_at };

    gz_err_at(err, gz_input_name(s->in), s->line, s->cut + gz_utf8_count(line) + 1);
    return GZ_JSONSPLIT_FAIL;
}

// Use up the rest of the line and keep the first bytes of it for the reject. The line end
// itself stays.
static enum gz_err_kind
skip_line(struct gz_jsonsplit *s, struct gz_err *err)
{
    for (;;) {
        struct gz_str rest = gz_str_from(gz_buf_str(&s->buf), s->at);
        const char *p = rest.len ? memchr(rest.ptr, '\n', rest.len) : NULL;

        rest.len = p ? (size_t)(p - rest.ptr) : rest.len;
        gz_buf_add(&s->odd, gz_str_first(rest, s->max - s->odd.len));
        s->at += rest.len;
        if (p || s->eof)
            return GZ_OK;
        if (read_more(s, err))
            return err->kind;
    }
}

// Tell of the text at `offset` behind `at`, and go on with the next line: in a sequence
// the one after the line on which the value begins, in an array the one after the fault.
static enum gz_jsonsplit_next
reject(struct gz_jsonsplit *s, size_t offset, const char *code, const char *what,
       struct gz_str *value, struct gz_err *err)
{
    struct gz_str before = { s->buf.ptr + s->line_at, s->at + offset - s->line_at };
    uint64_t line = s->line, column = s->cut;

    for (const char *p; before.len && (p = memchr(before.ptr, '\n', before.len)) != NULL;
         line++) {
        before = gz_str_from(before, (size_t)(p - before.ptr) + 1);
        column = 0;
    }
    column += gz_utf8_count(before) + 1;
    s->odd.len = 0;
    if (s->where != SEQUENCE) {
        gz_buf_add(&s->odd,
                   gz_str_first((struct gz_str){ s->buf.ptr + s->at, offset }, s->max));
        use_up(s, s->at + offset);
        s->resumed = true;
    }
    if (skip_line(s, err))
        return GZ_JSONSPLIT_FAIL;
    *value = gz_buf_str(&s->odd);
    *err = (struct gz_err){ .kind = GZ_OK };
    gz_err_data(err, what);
    gz_err_code(err, code);
    gz_err_at(err, gz_input_name(s->in), line, column);
    return GZ_JSONSPLIT_BAD;
}

// ---- the walk ----

// Measure the value at `at`, reading as much as it needs.
static enum gz_jsonsplit_next
take(struct gz_jsonsplit *s, struct gz_str *value, struct gz_err *err)
{
    struct value v;
    enum outcome outcome;

    for (;;) {
        struct gz_str text = gz_str_from(gz_buf_str(&s->buf), s->at);

        outcome = measure(text, s->eof, &v);
        if (outcome != MORE || text.len > s->max)
            break;
        if (read_more(s, err))
            return GZ_JSONSPLIT_FAIL;
    }
    if (outcome == BAD)
        return reject(s, v.bad, "json", v.what, value, err);
    if (outcome == MORE || v.len > s->max) {
        char text[160];

        snprintf(text, sizeof(text),
                 _("the value is longer than %zu bytes (--max-record)"), s->max);
        return reject(s, 0, "size", text, value, err);
    }
    *value = (struct gz_str){ s->buf.ptr + s->at, v.len };
    use_up(s, s->at + v.len);
    s->resumed = false;
    return GZ_JSONSPLIT_VALUE;
}

// Go to the array under the member that is wanted. GZ_JSONSPLIT_VALUE when it is found.
static enum gz_jsonsplit_next
find_member(struct gz_jsonsplit *s, struct gz_err *err)
{
    struct gz_str value;
    bool found = false;
    char c;

    for (;;) {
        if (peek(s, &c, err))
            return GZ_JSONSPLIT_FAIL;
        if (c == ',' || c == ':') {
            use_up(s, s->at + 1);
            continue;
        }
        if (found && c == '[') {
            use_up(s, s->at + 1);
            return GZ_JSONSPLIT_VALUE;
        }
        if (found || c == '}' || c == 0) {
            gz_err_set(err, GZ_ERR_FORMAT, _("expected an array under the member '%s'"),
                       s->member);
            return fail(s, err);
        }
        switch (take(s, &value, err)) {
        case GZ_JSONSPLIT_VALUE:
            break;
        case GZ_JSONSPLIT_BAD:
            err->kind = GZ_ERR_FORMAT;
            return GZ_JSONSPLIT_FAIL;
        default:
            return GZ_JSONSPLIT_FAIL;
        }
        // A key has a colon behind it; an equal string that is a value has none.
        found = value.len == strlen(s->member) + 2 && value.ptr[0] == '"' &&
                memcmp(value.ptr + 1, s->member, value.len - 2) == 0;
        if (found) {
            if (peek(s, &c, err))
                return GZ_JSONSPLIT_FAIL;
            found = c == ':';
        }
    }
}

static enum gz_err_kind
begin(struct gz_jsonsplit *s, char c, struct gz_err *err)
{
    s->where = SEQUENCE;
    if (s->member && c != '{') {
        gz_err_set(err, GZ_ERR_FORMAT, _("expected an object with the member '%s'"),
                   s->member);
        fail(s, err);
        return err->kind;
    }
    if (s->member || c == '[') {
        use_up(s, s->at + 1);
        s->where = ARRAY;
    }
    if (s->member && find_member(s, err) != GZ_JSONSPLIT_VALUE)
        return err->kind;
    return GZ_OK;
}

// At the end of the input: is anything open?
static enum gz_jsonsplit_next
at_end(struct gz_jsonsplit *s, struct gz_err *err)
{
    if (s->where != ARRAY && s->where != COMMA)
        return GZ_JSONSPLIT_END;
    gz_err_set(err, GZ_ERR_FORMAT, _("the array is not closed: the file is cut off"));
    return fail(s, err);
}

enum gz_jsonsplit_next
gz_jsonsplit_next(struct gz_jsonsplit *s, struct gz_str *value, uint64_t *line,
                  struct gz_err *err)
{
    *err = (struct gz_err){ .kind = GZ_OK }; // of the reject before
    for (;;) {
        char c;

        if (s->where == REST)
            s->at = s->line_at = s->buf.len;
        if (peek(s, &c, err))
            return GZ_JSONSPLIT_FAIL;
        *line = s->line;
        if (s->at == s->buf.len)
            return at_end(s, err);
        switch (s->where) {
        case BEGIN:
            if (begin(s, c, err))
                return GZ_JSONSPLIT_FAIL;
            continue;
        case ARRAY:
        case COMMA:
            if (c == ']') {
                s->where = s->member ? REST : AFTER;
            } else if (c != ',' || (s->where == ARRAY && !s->resumed)) {
                if (s->where == COMMA && !s->resumed)
                    return reject(s, 0, "json", N_("expected a comma or ']'"), value,
                                  err);
                s->where = COMMA;
                return take(s, value, err);
            } else {
                s->where = ARRAY;
            }
            use_up(s, s->at + 1);
            continue;
        case AFTER:
            return reject(s, 0, "json", N_("text after the end of the array"), value,
                          err);
        case SEQUENCE:
        case REST:
            break;
        }
        if (s->where == SEQUENCE)
            return take(s, value, err);
    }
}
