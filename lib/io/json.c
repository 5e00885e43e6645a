// SPDX-License-Identifier: MIT
#include "io/json.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/tr.h"
#include "base/utf8.h"

enum { MAX_DEPTH = 512 };

// Jansson checks the text and decodes its strings, but forgets where a value stood and
// how a number was written. So its tree is copied once, beside a walk over the source.
struct gz_json {
    enum gz_json_type type;
    struct gz_str key;  // of a member
    struct gz_str text; // a decoded string
    struct gz_str raw;  // as it stands in the source
    struct gz_json *child;
    size_t count;
};

struct gz_json_doc {
    struct gz_arena arena;
    struct gz_str source;
    const char *name;
    struct gz_json root;
};

// ---- the walk over a source that Jansson has found good ----

static const char *
skip_blanks(const char *p)
{
    while (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n')
        p++;
    return p;
}

// `p` is at the opening quote.
static const char *
skip_string(const char *p)
{
    for (p++; *p != '"'; p++)
        p += *p == '\\';
    return p + 1;
}

static const char *
skip_scalar(const char *p)
{
    if (*p == '"')
        return skip_string(p);
    while (*p && !strchr(",]} \t\r\n", *p))
        p++;
    return p;
}

static const char *copy_value(struct gz_arena *arena, const json_t *from,
                              struct gz_json *to, const char *p);

// Between two children: blanks, the comma, blanks.
static const char *
skip_comma(const char *p)
{
    p = skip_blanks(p);
    return *p == ',' ? skip_blanks(p + 1) : p;
}

static const char *
copy_array(struct gz_arena *arena, const json_t *from, struct gz_json *to, const char *p)
{
    to->type = GZ_JSON_ARRAY;
    to->count = json_array_size(from);
    to->child = gz_arena_new(arena, struct gz_json, to->count);
    p = skip_blanks(p + 1);
    for (size_t i = 0; i < to->count; i++)
        p = skip_comma(copy_value(arena, json_array_get(from, i), &to->child[i], p));
    return p + 1;
}

static const char *
copy_object(struct gz_arena *arena, const json_t *from, struct gz_json *to, const char *p)
{
    // json_object_iter() does not write, but is declared as if it might.
    json_t *object = (json_t *)(uintptr_t)from;
    size_t i = 0;

    to->type = GZ_JSON_OBJECT;
    to->count = json_object_size(from);
    to->child = gz_arena_new(arena, struct gz_json, to->count);
    p = skip_blanks(p + 1);
    // Insertion order is document order, as duplicate keys were refused.
    for (void *it = json_object_iter(object); it;
         it = json_object_iter_next(object, it), i++) {
        to->child[i].key = gz_arena_dup(arena, gz_str_of(json_object_iter_key(it)));
        p = skip_blanks(skip_blanks(skip_string(p)) + 1);
        p = skip_comma(copy_value(arena, json_object_iter_value(it), &to->child[i], p));
    }
    return p + 1;
}

static const char *
copy_value(struct gz_arena *arena, const json_t *from, struct gz_json *to, const char *p)
{
    const char *start = p;

    switch (json_typeof(from)) {
    case JSON_OBJECT:
        p = copy_object(arena, from, to, p);
        break;
    case JSON_ARRAY:
        p = copy_array(arena, from, to, p);
        break;
    case JSON_STRING:
        to->type = GZ_JSON_STRING;
        to->text = gz_arena_dup(
            arena, (struct gz_str){ json_string_value(from), json_string_length(from) });
        p = skip_scalar(p);
        break;
    case JSON_INTEGER:
    case JSON_REAL:
        to->type = GZ_JSON_NUMBER;
        p = skip_scalar(p);
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        to->type = GZ_JSON_BOOL;
        p = skip_scalar(p);
        break;
    case JSON_NULL:
        to->type = GZ_JSON_NULL;
        p = skip_scalar(p);
        break;
    }
    to->raw = (struct gz_str){ start, (size_t)(p - start) };
    return p;
}

// ---- parsing ----

// Put line and column of the byte `at` into *err.
static void
place(const struct gz_json_doc *doc, const char *at, struct gz_err *err)
{
    const char *line_start = doc->source.ptr;
    uint64_t line = 1;

    for (const char *p; (p = memchr(line_start, '\n', (size_t)(at - line_start))) != NULL;
         line++)
        line_start = p + 1;
    gz_err_at(err, doc->name, line,
              gz_utf8_count((struct gz_str){ line_start, (size_t)(at - line_start) }) +
                  1);
}

// The bracket that is one too many; NULL if there is none. Jansson's own limit is
// compiled in.
static const char *
too_deep(struct gz_str s)
{
    size_t depth = 0;
    bool quoted = false;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];

        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '[' || c == '{') && ++depth > MAX_DEPTH)
            return s.ptr + i;
        else if (!quoted && (c == ']' || c == '}') && depth)
            depth--;
    }
    return NULL;
}

// Jansson tells where the token at fault ends; people look for where it begins.
static const char *
fault_start(struct gz_str source, const json_error_t *fault)
{
    struct gz_str s =
        gz_str_first(source, fault->position > 0 ? (size_t)fault->position : 0);
    const char *near = strstr(fault->text, " near '");
    const char *end = strrchr(fault->text, '\'');

    if (near && end > near + 7) {
        struct gz_str token = { near + 7, (size_t)(end - near - 7) };

        if (gz_str_ends(s, token))
            s.len -= token.len;
    }
    return gz_str_end(s);
}

static enum gz_err_kind
parse(struct gz_json_doc *doc, struct gz_err *err)
{
    // Integers as reals, so that a 20-digit id is no error: their text is what counts.
    size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL |
                   JSON_DECODE_INT_AS_REAL;
    const char *at = too_deep(doc->source);
    json_error_t fault;
    json_t *root;

    if (at) {
        gz_err_set(err, GZ_ERR_USAGE, N_("nested deeper than %d levels"), MAX_DEPTH);
        place(doc, at, err);
        return err->kind;
    }
    root = json_loadb(doc->source.ptr, doc->source.len, flags, &fault);
    if (!root) {
        gz_err_set(err, GZ_ERR_USAGE, "%s", fault.text);
        place(doc, fault_start(doc->source, &fault), err);
        return err->kind;
    }
    at = copy_value(&doc->arena, root, &doc->root, skip_blanks(doc->source.ptr));
    json_decref(root);
    at = skip_blanks(at);
    if (at < doc->source.ptr + doc->source.len) {
        // Jansson takes a NUL byte for the end.
        gz_err_set(err, GZ_ERR_USAGE, N_("text after the end of the document"));
        place(doc, at, err);
        return err->kind;
    }
    return GZ_OK;
}

struct gz_json_doc *
gz_json_parse(struct gz_str text, const char *name, struct gz_err *err)
{
    struct gz_json_doc *doc = gz_mem_zalloc(1, sizeof(*doc));

    if (gz_str_starts(text, GZ_STR("\xEF\xBB\xBF")))
        text = gz_str_from(text, 3);
    doc->source = gz_arena_dup(&doc->arena, text);
    doc->name = gz_arena_cstr(&doc->arena, gz_str_of(name));
    if (parse(doc, err)) {
        gz_json_free(doc);
        return NULL;
    }
    return doc;
}

void
gz_json_free(struct gz_json_doc *doc)
{
    if (!doc)
        return;
    gz_arena_free(&doc->arena);
    free(doc);
}

// ---- asking ----

const gz_json *
gz_json_root(const struct gz_json_doc *doc)
{
    return &doc->root;
}

enum gz_json_type
gz_json_type(const gz_json *v)
{
    return v ? v->type : GZ_JSON_NULL;
}

const gz_json *
gz_json_get(const gz_json *v, const char *key)
{
    if (!v || v->type != GZ_JSON_OBJECT)
        return NULL;
    for (size_t i = 0; i < v->count; i++)
        if (gz_str_is(v->child[i].key, key))
            return &v->child[i];
    return NULL;
}

size_t
gz_json_count(const gz_json *v)
{
    return v ? v->count : 0;
}

struct gz_str
gz_json_key(const gz_json *object, size_t i)
{
    return object->child[i].key;
}

const gz_json *
gz_json_at(const gz_json *v, size_t i)
{
    return v && i < v->count ? &v->child[i] : NULL;
}

struct gz_str
gz_json_string(const gz_json *v)
{
    return v && v->type == GZ_JSON_STRING ? v->text : (struct gz_str){ NULL, 0 };
}

bool
gz_json_is_true(const gz_json *v)
{
    return v && v->type == GZ_JSON_BOOL && v->raw.ptr[0] == 't';
}

int64_t
gz_json_int(const gz_json *v, int64_t fallback)
{
    int64_t n;

    return v && v->type == GZ_JSON_NUMBER && gz_num_i64(v->raw, &n) ? n : fallback;
}

struct gz_str
gz_json_raw(const gz_json *v)
{
    return v->raw;
}

enum gz_err_kind
gz_json_fault(const struct gz_json_doc *doc, const gz_json *v, struct gz_err *err,
              const char *fmt, ...)
{
    char text[sizeof(err->text)];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    gz_err_set(err, GZ_ERR_USAGE, "%s", text);
    place(doc, v ? v->raw.ptr : doc->source.ptr, err);
    return err->kind;
}

void
gz_json_compact(struct gz_str raw, struct gz_buf *out)
{
    bool quoted = false;

    for (size_t i = 0; i < raw.len; i++) {
        char c = raw.ptr[i];

        if (c == '"')
            quoted = !quoted;
        if (quoted && c == '\\')
            gz_buf_char(out, raw.ptr[i++]);
        else if (!quoted && (c == ' ' || c == '\t' || c == '\r' || c == '\n'))
            continue;
        gz_buf_char(out, raw.ptr[i]);
    }
}
