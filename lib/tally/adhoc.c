// SPDX-License-Identifier: MIT
#include "tally/adhoc.h"

#include "base/buf.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "civic/cond.h"
#include "record/writer.h"

// ---- measures ----

static void
put_text(struct gz_buf *b, const char *key, struct gz_str text)
{
    gz_buf_printf(b, ",\"%s\":", key);
    gz_write_string(b, text);
}

// "duration:received_at:closed_at" is named "duration_received_at_closed_at".
static void
put_name(struct gz_buf *b, struct gz_str m)
{
    gz_buf_lit(b, "{\"name\":\"");
    for (size_t i = 0; i < m.len; i++)
        gz_buf_char(b, m.ptr[i] == ':' ? '_' : m.ptr[i]);
    gz_buf_char(b, '"');
}

static void
put_measure(struct gz_buf *b, struct gz_str m)
{
    struct gz_cut what = gz_str_cut(m, GZ_STR(":"));
    struct gz_cut ends = gz_str_cut(what.tail, GZ_STR(":"));

    put_name(b, m);
    if (what.found && gz_str_is(what.head, "sum")) {
        put_text(b, "sum", what.tail);
    } else if (what.found && gz_str_is(what.head, "distinct")) {
        put_text(b, "distinct", what.tail);
    } else if (what.found && gz_str_is(what.head, "duration")) {
        gz_buf_lit(b, ",\"duration\":[");
        gz_write_string(b, ends.head);
        gz_buf_char(b, ',');
        gz_write_string(b, ends.tail);
        gz_buf_char(b, ']');
    } else if (!gz_str_is(m, "count")) {
        gz_buf_lit(b, ",\"where\":{\"scheme\":");
        gz_write_string(b, m);
        gz_buf_char(b, '}');
    }
    gz_buf_char(b, '}');
}

// The parts of a list apart by commas, each by `put`.
static void
put_parts(struct gz_buf *b, const char *list,
          void (*put)(struct gz_buf *b, struct gz_str part))
{
    struct gz_cut cut = { .tail = gz_str_of(list), .found = true };
    const char *sep = "";

    while (cut.found) {
        struct gz_str part;

        cut = gz_str_cut(cut.tail, GZ_STR(","));
        part = gz_str_trim(cut.head);
        if (part.len == 0)
            continue;
        gz_buf_cstr(b, sep);
        put(b, part);
        sep = ",";
    }
}

// ---- the plan ----

static struct gz_str
first_time(const struct gz_kind *k)
{
    for (size_t i = 0; i < k->count; i++)
        if (k->field[i].type == GZ_FIELD_TIME)
            return k->field[i].name;
    return (struct gz_str){ "", 0 };
}

struct gz_str
gz_adhoc_plan(struct gz_arena *arena, const struct gz_adhoc *a,
              const struct gz_schema *schema, struct gz_err *err)
{
    struct gz_str rec = gz_str_of(a->rec ? a->rec : "petition");
    const struct gz_kind *kind = gz_schema_kind(schema, rec);
    struct gz_buf b = { 0 };
    struct gz_str out;

    if (!kind) {
        gz_schema_unknown_kind(schema, a->rec, err);
        return (struct gz_str){ NULL, 0 };
    }
    gz_buf_lit(&b, "{\"name\":\"adhoc\",\"tables\":[{\"name\":\"table\"");
    put_text(&b, "rec", kind->name);
    gz_buf_lit(&b, ",\"by\":[");
    put_parts(&b, a->by ? a->by : "", gz_write_string);
    gz_buf_char(&b, ']');
    if (a->at || a->periods)
        put_text(&b, "at", a->at ? gz_str_of(a->at) : first_time(kind));
    gz_buf_lit(&b, ",\"measures\":[");
    put_parts(&b, a->measure && *a->measure ? a->measure : "count", put_measure);
    gz_buf_lit(&b, "]}]}");
    out = gz_arena_dup(arena, gz_buf_str(&b));
    gz_buf_release(&b);
    return out;
}

// One condition; its own fault is told by itself.
static bool
put_condition(struct gz_arena *arena, const char *option, struct gz_buf *b,
              struct gz_err *err)
{
    struct gz_str cond = gz_cond_from_option(arena, gz_str_of(option));
    struct gz_json_doc *doc = gz_json_parse(cond, "--where", err);

    gz_json_free(doc);
    gz_buf_add(b, cond);
    return doc != NULL;
}

struct gz_str
gz_adhoc_where(struct gz_arena *arena, struct gz_str plan, const char *const *where,
               size_t count, size_t *added, struct gz_err *err)
{
    size_t brace = gz_str_find(plan, GZ_STR("{"));
    struct gz_buf b = { 0 };
    struct gz_str out = plan;
    bool right = true;

    *added = 0;
    if (count == 0 || brace == (size_t)-1)
        return plan;
    gz_buf_lit(&b, "{\"where\":{\"all\":[");
    for (size_t i = 0; i < count && right; i++) {
        if (i)
            gz_buf_char(&b, ',');
        right = put_condition(arena, where[i], &b, err);
    }
    if (right) {
        gz_buf_lit(&b, "]},");
        *added = gz_utf8_count(gz_buf_str(&b)) - 1;
        gz_buf_add(&b, gz_str_from(plan, brace + 1));
        out = gz_arena_dup(arena, gz_buf_str(&b));
    }
    gz_buf_release(&b);
    return out;
}
