// SPDX-License-Identifier: MIT
#include "ingest/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/datefmt.h"
#include "base/hash.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "io/json.h"

// Traditional characters of the names of columns and of coded words, and the simplified
// ones by which layouts call them. Sorted.
static const struct {
    uint16_t from, to;
} simplified[] = {
    { 0x4F86, 0x6765 }, { 0x500B, 0x4E2A }, { 0x5099, 0x5907 }, { 0x50B3, 0x4F20 },
    { 0x50F9, 0x4EF7 }, { 0x512A, 0x4F18 }, { 0x5167, 0x5185 }, { 0x5225, 0x522B },
    { 0x5247, 0x5219 }, { 0x52D9, 0x52A1 }, { 0x5340, 0x533A }, { 0x5354, 0x534F },
    { 0x54E1, 0x5458 }, { 0x554F, 0x95EE }, { 0x55AE, 0x5355 }, { 0x56B4, 0x4E25 },
    { 0x5716, 0x56FE }, { 0x5718, 0x56E2 }, { 0x57F7, 0x6267 }, { 0x5831, 0x62A5 },
    { 0x5834, 0x573A }, { 0x5BE6, 0x5B9E }, { 0x5BE9, 0x5BA1 }, { 0x5BEB, 0x5199 },
    { 0x5C08, 0x4E13 }, { 0x5C0D, 0x5BF9 }, { 0x5C0E, 0x5BFC }, { 0x5C6C, 0x5C5E },
    { 0x5F9E, 0x4ECE }, { 0x614B, 0x6001 }, { 0x61C9, 0x5E94 }, { 0x6236, 0x6237 },
    { 0x64DA, 0x636E }, { 0x6578, 0x6570 }, { 0x65BC, 0x4E8E }, { 0x6642, 0x65F6 },
    { 0x66AB, 0x6682 }, { 0x66F8, 0x4E66 }, { 0x6703, 0x4F1A }, { 0x689D, 0x6761 },
    { 0x696D, 0x4E1A }, { 0x6975, 0x6781 }, { 0x6A13, 0x697C }, { 0x6A19, 0x6807 },
    { 0x6A5F, 0x673A }, { 0x6A94, 0x6863 }, { 0x6B78, 0x5F52 }, { 0x6C7A, 0x51B3 },
    { 0x6EFF, 0x6EE1 }, { 0x7121, 0x65E0 }, { 0x72C0, 0x72B6 }, { 0x74B0, 0x73AF },
    { 0x7522, 0x4EA7 }, { 0x767C, 0x53D1 }, { 0x76E3, 0x76D1 }, { 0x7A31, 0x79F0 },
    { 0x7C3D, 0x7B7E }, { 0x7D1A, 0x7EA7 }, { 0x7D50, 0x7ED3 }, { 0x7D93, 0x7ECF },
    { 0x7DCA, 0x7D27 }, { 0x7DE8, 0x7F16 }, { 0x7DEF, 0x7EAC }, { 0x7E23, 0x53BF },
    { 0x7E3D, 0x603B }, { 0x7E6B, 0x7CFB }, { 0x7E8C, 0x7EED }, { 0x806F, 0x8054 },
    { 0x807D, 0x542C }, { 0x8207, 0x4E0E }, { 0x8209, 0x4E3E }, { 0x8655, 0x5904 },
    { 0x865F, 0x53F7 }, { 0x885B, 0x536B }, { 0x8907, 0x590D }, { 0x8986, 0x590D },
    { 0x898B, 0x89C1 }, { 0x898F, 0x89C4 }, { 0x8A08, 0x8BA1 }, { 0x8A18, 0x8BB0 },
    { 0x8A2D, 0x8BBE }, { 0x8A34, 0x8BC9 }, { 0x8A3B, 0x6CE8 }, { 0x8A55, 0x8BC4 },
    { 0x8A62, 0x8BE2 }, { 0x8A71, 0x8BDD }, { 0x8A72, 0x8BE5 }, { 0x8A8C, 0x5FD7 },
    { 0x8ACB, 0x8BF7 }, { 0x8AEE, 0x54A8 }, { 0x8B49, 0x8BC1 }, { 0x8B70, 0x8BAE },
    { 0x8B80, 0x8BFB }, { 0x8B9A, 0x8D5E }, { 0x8CAC, 0x8D23 }, { 0x8ECA, 0x8F66 },
    { 0x8F1B, 0x8F86 }, { 0x8F49, 0x8F6C }, { 0x8FA6, 0x529E }, { 0x9023, 0x8FDE },
    { 0x904E, 0x8FC7 }, { 0x9054, 0x8FBE }, { 0x9109, 0x4E61 }, { 0x9130, 0x90BB },
    { 0x9304, 0x5F55 }, { 0x93AE, 0x9547 }, { 0x9577, 0x957F }, { 0x9580, 0x95E8 },
    { 0x9589, 0x95ED }, { 0x958B, 0x5F00 }, { 0x9593, 0x95F4 }, { 0x95DC, 0x5173 },
    { 0x968A, 0x961F }, { 0x96FB, 0x7535 }, { 0x9805, 0x9879 }, { 0x9810, 0x9884 },
    { 0x9818, 0x9886 }, { 0x983B, 0x9891 }, { 0x984C, 0x9898 }, { 0x985E, 0x7C7B },
    { 0x9AD4, 0x4F53 }, { 0x9EDE, 0x70B9 }, { 0x9EE8, 0x515A }
};

static uint32_t
simplify(uint32_t c)
{
    size_t low = 0, high = GZ_COUNT(simplified);

    while (low < high) {
        size_t mid = (low + high) / 2;

        if (simplified[mid].from == c)
            return simplified[mid].to;
        if (simplified[mid].from < c)
            low = mid + 1;
        else
            high = mid;
    }
    return c;
}

struct gz_str
gz_fold_name(struct gz_str name, struct gz_arena *arena)
{
    char *to = gz_arena_alloc(arena, name.len + 1, 1, 1);
    size_t n = 0;

    for (size_t at = 0; at < name.len;) {
        size_t from = at;
        uint32_t c = gz_utf8_next(name, &at);

        if (c >= 0xFF01 && c <= 0xFF5E)
            c -= 0xFEE0;
        if (c <= 0x20 || c == '_' || c == 0xA0 || c == 0x3000 || c == 0xFEFF ||
            c == 0x200B || c == 0x7F || (c == '*' && n == 0))
            continue;
        if (c < 0x80) {
            to[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
        } else {
            uint32_t plain = c >= 0x4E00 && c <= 0x9FFF ? simplify(c) : c;

            memcpy(to + n, name.ptr + from, at - from);
            if (plain != c) { // as long: both are Han characters
                to[n] = (char)(0xE0 | plain >> 12);
                to[n + 1] = (char)(0x80 | (plain >> 6 & 0x3F));
                to[n + 2] = (char)(0x80 | (plain & 0x3F));
            }
            n += at - from;
        }
    }
    return (struct gz_str){ to, n };
}

// ---- the document ----

struct loader {
    struct gz_layout *l;
    struct gz_json_doc *doc;
    struct gz_arena *arena;
    struct gz_err *err;
};

// A string, or an array of strings; nothing when `v` is NULL.
static enum gz_err_kind
names(struct loader *ld, const gz_json *v, struct gz_names *out)
{
    struct gz_str *name;
    size_t count;

    *out = (struct gz_names){ 0 };
    if (!v)
        return GZ_OK;
    if (gz_json_type(v) == GZ_JSON_STRING) {
        name = gz_arena_new(ld->arena, struct gz_str, 1);
        *name = gz_arena_dup(ld->arena, gz_json_string(v));
        *out = (struct gz_names){ name, 1 };
        return GZ_OK;
    }
    if (gz_json_type(v) != GZ_JSON_ARRAY)
        return gz_json_fault(ld->doc, v, ld->err,
                             _("expected a string or an array of strings"));
    count = gz_json_count(v);
    name = gz_arena_new(ld->arena, struct gz_str, count);
    for (size_t i = 0; i < count; i++) {
        const gz_json *item = gz_json_at(v, i);

        if (gz_json_type(item) != GZ_JSON_STRING)
            return gz_json_fault(ld->doc, item, ld->err, _("expected a string"));
        name[i] = gz_arena_dup(ld->arena, gz_json_string(item));
    }
    *out = (struct gz_names){ name, count };
    return GZ_OK;
}

static enum gz_err_kind
check_keys(struct loader *ld, const gz_json *object, const char *const *known,
           size_t count)
{
    for (size_t i = 0; i < gz_json_count(object); i++) {
        struct gz_str key = gz_json_key(object, i);
        size_t k = 0;

        while (k < count && !gz_str_is(key, known[k]))
            k++;
        if (k == count)
            return gz_json_fault(ld->doc, gz_json_at(object, i), ld->err,
                                 _("unknown member '" GZ_STR_FMT "'"), GZ_STR_ARG(key));
    }
    return GZ_OK;
}

static const struct gz_field *
field_of(struct loader *ld, const gz_json *where, struct gz_str name)
{
    const struct gz_field *f = gz_kind_field(ld->l->kind, name);
    const struct gz_field *near;

    if (f)
        return f;
    near = gz_kind_nearest(ld->l->kind, name);
    if (near)
        gz_json_fault(ld->doc, where, ld->err,
                      _("unknown field '" GZ_STR_FMT "', did you mean '" GZ_STR_FMT "'?"),
                      GZ_STR_ARG(name), GZ_STR_ARG(near->name));
    else
        gz_json_fault(ld->doc, where, ld->err, _("unknown field '" GZ_STR_FMT "'"),
                      GZ_STR_ARG(name));
    return NULL;
}

static enum gz_err_kind
load_map(struct loader *ld, const gz_json *v, struct gz_layout_field *f)
{
    if (!v)
        return GZ_OK;
    if (gz_json_type(v) != GZ_JSON_OBJECT)
        return gz_json_fault(ld->doc, v, ld->err, _("expected an object"));
    f->maps = gz_json_count(v);
    f->map = gz_arena_new(ld->arena, struct gz_layout_pair, f->maps);
    for (size_t i = 0; i < f->maps; i++) {
        const gz_json *to = gz_json_at(v, i);

        if (gz_json_type(to) != GZ_JSON_STRING)
            return gz_json_fault(ld->doc, to, ld->err, _("expected a string"));
        f->map[i].from = gz_fold_name(gz_json_key(v, i), ld->arena);
        f->map[i].to = gz_arena_dup(ld->arena, gz_json_string(to));
    }
    return GZ_OK;
}

static enum gz_err_kind
load_dates(struct loader *ld, const gz_json *v, struct gz_layout_field *f)
{
    static const struct gz_str any[] = { { "ymd", 3 },     { "mdy", 3 },
                                         { "dmy", 3 },     { "month-name", 10 },
                                         { "compact", 7 }, { "excel", 5 } };

    if (f->field->type != GZ_FIELD_TIME)
        return v ? gz_json_fault(ld->doc, v, ld->err, _("this field is no time")) : GZ_OK;
    f->year = (int32_t)gz_json_int(gz_json_get(v, "year"), 0);
    if (v && gz_json_type(v) == GZ_JSON_OBJECT)
        v = gz_json_get(v, "form");
    if (!v) {
        f->date = (struct gz_names){ any, GZ_COUNT(any) };
        return GZ_OK;
    }
    if (names(ld, v, &f->date))
        return ld->err->kind;
    if (f->date.count > GZ_DATEVOTE_FORMS)
        return gz_json_fault(ld->doc, v, ld->err, _("more than %d date forms"),
                             GZ_DATEVOTE_FORMS);
    for (size_t i = 0; i < f->date.count; i++) {
        struct gz_datefmt unused;
        struct gz_err why = { 0 };

        if (gz_datefmt_compile(&unused, f->date.name[i], f->year, &why))
            return gz_json_fault(ld->doc, v, ld->err, "%s", why.text);
    }
    return GZ_OK;
}

static enum gz_err_kind
load_id_date(struct loader *ld, const gz_json *v, struct gz_layout_field *f)
{
    struct gz_datefmt unused;
    struct gz_err why = { 0 };
    struct gz_str split = gz_json_string(gz_json_get(v, "split"));
    struct gz_str form = gz_json_string(gz_json_get(v, "form"));
    int64_t part = gz_json_int(gz_json_get(v, "part"), 0);

    if (!v)
        return GZ_OK;
    if (f->field->type != GZ_FIELD_TIME || part < 1 || !split.len || !form.len)
        return gz_json_fault(ld->doc, v, ld->err,
                             _("expected {\"split\": \"-\", \"part\": 2, \"form\": "
                               "\"yyMMdd\"} at a field that is a time"));
    if (gz_datefmt_compile(&unused, form, 0, &why))
        return gz_json_fault(ld->doc, v, ld->err, "%s", why.text);
    f->id_part = (size_t)part;
    f->id_split = gz_arena_dup(ld->arena, split);
    f->id_date = gz_arena_dup(ld->arena, form);
    return GZ_OK;
}

static enum gz_err_kind
load_parts(struct loader *ld, const gz_json *v, struct gz_layout_field *f)
{
    const gz_json *from = gz_json_get(v, "from");
    const gz_json *any = gz_json_get(v, "any");
    const gz_json *join = any ? any : gz_json_get(v, "join");

    if ((from && join) || (any && gz_json_get(v, "join")))
        return gz_json_fault(ld->doc, v, ld->err,
                             _("either 'from', 'any' or 'join', not both"));
    f->any = any != NULL;
    f->parts = 1;
    if (!join)
        return names(ld, from, &f->part[0]);
    if (gz_json_type(join) != GZ_JSON_ARRAY || gz_json_count(join) > GZ_LAYOUT_PARTS)
        return gz_json_fault(ld->doc, join, ld->err,
                             _("expected an array of at most %d columns"),
                             GZ_LAYOUT_PARTS);
    f->parts = gz_json_count(join);
    for (size_t i = 0; i < f->parts; i++)
        if (names(ld, gz_json_at(join, i), &f->part[i]))
            return ld->err->kind;
    return GZ_OK;
}

static enum gz_err_kind
load_field(struct loader *ld, const gz_json *v, struct gz_layout_field *f)
{
    static const char *const known[] = { "from",    "join",    "with",  "date", "map",
                                         "raw",     "path",    "split", "null", "const",
                                         "id_date", "lenient", "any" };
    struct gz_str raw;

    f->with = GZ_STR(" ");
    if (gz_json_type(v) != GZ_JSON_OBJECT) {
        f->parts = 1;
        return names(ld, v, &f->part[0]) ? ld->err->kind : load_dates(ld, NULL, f);
    }
    if (check_keys(ld, v, known, GZ_COUNT(known)) || load_parts(ld, v, f) ||
        load_dates(ld, gz_json_get(v, "date"), f) ||
        load_map(ld, gz_json_get(v, "map"), f) ||
        names(ld, gz_json_get(v, "split"), &f->split) ||
        names(ld, gz_json_get(v, "path"), &f->path) ||
        names(ld, gz_json_get(v, "null"), &f->nulls) ||
        load_id_date(ld, gz_json_get(v, "id_date"), f))
        return ld->err->kind;
    if (gz_json_get(v, "with"))
        f->with = gz_arena_dup(ld->arena, gz_json_string(gz_json_get(v, "with")));
    f->constant = gz_arena_dup(ld->arena, gz_json_string(gz_json_get(v, "const")));
    f->lenient = gz_json_is_true(gz_json_get(v, "lenient"));
    raw = gz_json_string(gz_json_get(v, "raw"));
    if (raw.len && !(f->raw = field_of(ld, gz_json_get(v, "raw"), raw)))
        return ld->err->kind;
    return GZ_OK;
}

static int
by_schema(const void *a, const void *b)
{
    const struct gz_layout_field *x = a, *y = b;

    return (int)x->field->index - (int)y->field->index;
}

static enum gz_err_kind
load_fields(struct loader *ld, const gz_json *fields)
{
    struct gz_layout *l = ld->l;

    if (gz_json_type(fields) != GZ_JSON_OBJECT)
        return gz_json_fault(ld->doc, fields, ld->err, _("'fields' is an object"));
    l->field = gz_arena_new(ld->arena, struct gz_layout_field, gz_json_count(fields));
    for (size_t i = 0; i < gz_json_count(fields); i++) {
        struct gz_layout_field *f = &l->field[l->count++];

        f->field = field_of(ld, gz_json_at(fields, i), gz_json_key(fields, i));
        if (!f->field || load_field(ld, gz_json_at(fields, i), f))
            return ld->err->kind;
        if (f->field->type == GZ_FIELD_MAP)
            return gz_json_fault(ld->doc, gz_json_at(fields, i), ld->err,
                                 _("this field takes the columns that no other takes"));
    }
    qsort(l->field, l->count, sizeof(*l->field), by_schema);
    return GZ_OK;
}

static enum gz_err_kind
load_needs(struct loader *ld, const gz_json *v)
{
    struct gz_layout *l = ld->l;

    if (!v)
        return GZ_OK;
    if (gz_json_type(v) != GZ_JSON_ARRAY)
        return gz_json_fault(ld->doc, v, ld->err, _("expected an array"));
    l->need = gz_arena_new(ld->arena, struct gz_layout_need, gz_json_count(v));
    for (size_t i = 0; i < gz_json_count(v); i++) {
        struct gz_layout_need *n = &l->need[l->needs++];
        struct gz_names any;

        if (names(ld, gz_json_at(v, i), &any))
            return ld->err->kind;
        n->field = gz_arena_new(ld->arena, const struct gz_field *, any.count);
        for (size_t k = 0; k < any.count; k++) {
            n->field[n->count] = field_of(ld, gz_json_at(v, i), any.name[k]);
            if (!n->field[n->count++])
                return ld->err->kind;
        }
    }
    return GZ_OK;
}

static enum gz_err_kind
load_zone(struct loader *ld, const gz_json *v)
{
    struct gz_str s = gz_json_string(v);

    if (!v)
        return GZ_OK;
    if (s.len != 6 || (s.ptr[0] != '+' && s.ptr[0] != '-') || s.ptr[3] != ':')
        return gz_json_fault(ld->doc, v, ld->err,
                             _("expected an offset such as \"+08:00\""));
    ld->l->zone = gz_arena_dup(ld->arena, s);
    return GZ_OK;
}

static enum gz_err_kind
load_kind(struct loader *ld, const gz_json *v, const struct gz_schema *schema)
{
    struct gz_str rec = gz_json_string(gz_json_get(v, "rec"));

    ld->l->kind = gz_schema_kind(schema, rec.len ? rec : GZ_STR("petition"));
    if (ld->l->kind)
        return GZ_OK;
    return gz_json_fault(ld->doc, gz_json_get(v, "rec"), ld->err,
                         _("unknown kind of record '" GZ_STR_FMT "'"), GZ_STR_ARG(rec));
}

// What a layout and a part of one have alike.
static enum gz_err_kind
load_columns(struct loader *ld, const gz_json *v)
{
    struct gz_layout *l = ld->l;

    if (names(ld, gz_json_get(v, "nulls"), &l->nulls) ||
        names(ld, gz_json_get(v, "contacts"), &l->contacts) ||
        names(ld, gz_json_get(v, "contact_keys"), &l->key) ||
        names(ld, gz_json_get(v, "keep"), &l->keep) ||
        load_zone(ld, gz_json_get(v, "zone")))
        return ld->err->kind;
    if (l->records)
        return GZ_OK;
    if (!gz_json_get(v, "fields"))
        return gz_json_fault(ld->doc, v, ld->err, _("member 'fields' is missing"));
    return load_fields(ld, gz_json_get(v, "fields"));
}

static enum gz_err_kind
load_part(struct loader *ld, const gz_json *v, const struct gz_schema *schema,
          struct gz_layout *part)
{
    static const char *const known[] = { "at",   "if",       "rec",          "nulls",
                                         "zone", "contacts", "contact_keys", "keep",
                                         "ext",  "fields" };
    struct loader inner = { part, ld->doc, ld->arena, ld->err };

    if (gz_json_type(v) != GZ_JSON_OBJECT)
        return gz_json_fault(ld->doc, v, ld->err, _("expected an object"));
    if (check_keys(ld, v, known, GZ_COUNT(known)) || load_kind(&inner, v, schema))
        return ld->err->kind;
    part->name = ld->l->name;
    part->nulls = ld->l->nulls;
    part->at = gz_arena_dup(ld->arena, gz_json_string(gz_json_get(v, "at")));
    part->if_has = gz_arena_dup(ld->arena, gz_json_string(gz_json_get(v, "if")));
    part->no_ext = gz_str_is(gz_json_string(gz_json_get(v, "ext")), "drop");
    if (!part->at.len)
        return gz_json_fault(ld->doc, v, ld->err,
                             _("member 'at', the path of an array, is missing"));
    if (load_columns(&inner, v))
        return ld->err->kind;
    if (!part->nulls.count)
        part->nulls = ld->l->nulls;
    if (!part->zone.len)
        part->zone = ld->l->zone;
    return GZ_OK;
}

static enum gz_err_kind
load_parts_of_objects(struct loader *ld, const gz_json *v, const struct gz_schema *schema)
{
    struct gz_layout *l = ld->l;

    if (!v)
        return GZ_OK;
    if (gz_json_type(v) != GZ_JSON_ARRAY)
        return gz_json_fault(ld->doc, v, ld->err, _("expected an array"));
    l->part = gz_arena_new(ld->arena, struct gz_layout, gz_json_count(v));
    for (size_t i = 0; i < gz_json_count(v); i++)
        if (load_part(ld, gz_json_at(v, i), schema, &l->part[l->parts++]))
            return ld->err->kind;
    return GZ_OK;
}

static enum gz_err_kind
load_only(struct loader *ld, const gz_json *v)
{
    struct gz_layout *l = ld->l;

    if (!v)
        return GZ_OK;
    if (gz_json_type(v) != GZ_JSON_OBJECT)
        return gz_json_fault(ld->doc, v, ld->err, _("expected an object"));
    l->only = gz_arena_new(ld->arena, struct gz_layout_only, gz_json_count(v));
    for (size_t i = 0; i < gz_json_count(v); i++) {
        struct gz_layout_only *o = &l->only[l->onlys++];
        struct gz_str *column = gz_arena_new(ld->arena, struct gz_str, 1);

        *column = gz_arena_dup(ld->arena, gz_json_key(v, i));
        o->column = (struct gz_names){ column, 1 };
        if (names(ld, gz_json_at(v, i), &o->values))
            return ld->err->kind;
    }
    return GZ_OK;
}

// Reasons of a proposal, for people: only their form is checked.
static enum gz_err_kind
check_why(struct loader *ld, const gz_json *v)
{
    if (v && gz_json_type(v) != GZ_JSON_OBJECT)
        return gz_json_fault(ld->doc, v, ld->err, _("expected an object"));
    for (size_t i = 0; v && i < gz_json_count(v); i++)
        if (gz_json_type(gz_json_at(v, i)) != GZ_JSON_STRING)
            return gz_json_fault(ld->doc, gz_json_at(v, i), ld->err,
                                 _("expected a string"));
    return GZ_OK;
}

static enum gz_err_kind
load_document(struct loader *ld, const struct gz_schema *schema)
{
    static const char *const known[] = { "layout",       "about", "rec",     "rank",
                                         "need",         "nulls", "zone",    "contacts",
                                         "contact_keys", "keep",  "fields",  "each",
                                         "under",        "only",  "section", "why",
                                         "columns" };
    const gz_json *root = gz_json_root(ld->doc);
    struct gz_layout *l = ld->l;

    if (gz_json_type(root) != GZ_JSON_OBJECT)
        return gz_json_fault(ld->doc, root, ld->err, _("a layout is a JSON object"));
    if (check_keys(ld, root, known, GZ_COUNT(known)))
        return ld->err->kind;
    l->name = gz_arena_dup(ld->arena, gz_json_string(gz_json_get(root, "layout")));
    l->about = gz_arena_dup(ld->arena, gz_json_string(gz_json_get(root, "about")));
    if (!l->name.len)
        return gz_json_fault(ld->doc, root, ld->err,
                             _("member 'layout', its name, is missing"));
    l->records = gz_str_is(l->name, "records");
    if (load_kind(ld, root, schema))
        return ld->err->kind;
    l->rank = gz_json_int(gz_json_get(root, "rank"), 0);
    l->section = gz_arena_dup(ld->arena, gz_json_string(gz_json_get(root, "section")));
    if (load_columns(ld, root) || names(ld, gz_json_get(root, "under"), &l->under) ||
        names(ld, gz_json_get(root, "columns"), &l->columns) ||
        load_only(ld, gz_json_get(root, "only")) ||
        check_why(ld, gz_json_get(root, "why")) ||
        load_parts_of_objects(ld, gz_json_get(root, "each"), schema))
        return ld->err->kind;
    if (l->records)
        return GZ_OK;
    return load_needs(ld, gz_json_get(root, "need"));
}

const struct gz_layout *
gz_layout_parse(struct gz_str text, const char *source, const struct gz_schema *schema,
                struct gz_arena *arena, struct gz_err *err)
{
    struct loader ld = { gz_arena_new(arena, struct gz_layout, 1),
                         gz_json_parse(text, source, err), arena, err };

    if (!ld.doc)
        return NULL;
    ld.l->text = gz_arena_dup(arena, text);
    ld.l->hash = gz_hash_fixed(text);
    load_document(&ld, schema);
    gz_json_free(ld.doc);
    return err->kind ? NULL : ld.l;
}
