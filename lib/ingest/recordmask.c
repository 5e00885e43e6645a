// SPDX-License-Identifier: MIT
#include "ingest/recordmask.h"

#include "ingest/mask.h"
#include "record/cursor.h"
#include "record/writer.h"

bool
gz_recordmask_hides(struct gz_str field)
{
    static const char *const hidden[] = { "address",  "building",     "door",
                                          "lat",      "lon",          "place_id",
                                          "compound", "src",          "ext",
                                          "raw",      "reporter_key", "submitter_key" };

    for (size_t i = 0; i < GZ_COUNT(hidden); i++)
        if (gz_str_is(field, hidden[i]))
            return true;
    return false;
}

struct masking {
    enum gz_privacy level;
    const struct gz_kind *kind; // NULL: of ext
    struct gz_arena *arena;
    struct gz_buf *out;
    bool any;
    bool changed; // something was left out or masked
};

static void
put_key(struct masking *k, struct gz_str key)
{
    gz_buf_char(k->out, k->any ? ',' : '{');
    k->any = true;
    gz_write_string(k->out, key);
    gz_buf_char(k->out, ':');
}

static void
put_masked(struct masking *k, struct gz_str s)
{
    struct gz_buf masked = { 0 }, person = { 0 };

    gz_mask_text(s, &masked);
    if (k->level == GZ_PRIVACY_PUBLIC)
        gz_mask_person(gz_buf_str(&masked), &person);
    gz_write_string(k->out,
                    gz_buf_str(k->level == GZ_PRIVACY_PUBLIC ? &person : &masked));
    gz_buf_release(&masked);
    gz_buf_release(&person);
}

static void
put_member(void *ctx, const struct gz_member *m)
{
    struct masking *k = ctx;
    const struct gz_field *f = k->kind ? gz_kind_field(k->kind, m->key) : NULL;
    struct gz_str text;

    k->changed = k->changed || k->level >= GZ_PRIVACY_TEXT;
    if (k->level == GZ_PRIVACY_PUBLIC && k->kind && gz_recordmask_hides(m->key))
        return;
    text =
        m->type == GZ_VALUE_STRING ? gz_member_text(m, k->arena) : (struct gz_str){ 0 };
    if (!f && (gz_privacy_header(m->key) || (text.len && gz_privacy_value(text)))) {
        k->changed = true;
        return;
    }
    if (f && gz_str_is(f->name, "ext") && m->type == GZ_VALUE_OBJECT) {
        if (k->any && gz_recordmask_ext(m->raw, k->level, k->arena, k->out))
            k->changed = true;
        return;
    }
    put_key(k, m->key);
    if (k->level >= GZ_PRIVACY_TEXT && text.len && (!f || f->type == GZ_FIELD_TEXT))
        put_masked(k, text);
    else
        gz_buf_add(k->out, m->raw);
}

bool
gz_recordmask_ext(struct gz_str object, enum gz_privacy level, struct gz_arena *arena,
                  struct gz_buf *out)
{
    struct gz_member m = { .raw = object, .type = GZ_VALUE_OBJECT };
    struct masking k = { level, NULL, arena, out, false, false };
    size_t from = out->len;

    gz_buf_lit(out, ",\"ext\":");
    gz_member_each(&m, arena, put_member, &k);
    if (k.any)
        gz_buf_char(out, '}');
    else
        out->len = from;
    return k.changed;
}

// The stream's own records are about files, not about persons.
static const struct gz_kind *
kind_of(struct gz_str line, const struct gz_schema *schema, struct gz_arena *arena)
{
    struct gz_cursor c;
    struct gz_member m;
    struct gz_err ignored = { 0 };

    gz_cursor_open(&c, line, arena);
    while (gz_cursor_next(&c, &m, &ignored) == GZ_CURSOR_MEMBER)
        if (gz_str_is(m.key, "rec"))
            return gz_schema_kind(schema, gz_member_text(&m, arena));
    return NULL;
}

void
gz_recordmask_line(struct gz_str line, enum gz_privacy level,
                   const struct gz_schema *schema, struct gz_arena *arena,
                   struct gz_buf *out)
{
    static const char *const own[] = { "source", "source_end", "tally_head",
                                       "tally",  "tally_end",  "label" };
    const struct gz_kind *kind = kind_of(line, schema, arena);
    size_t from = out->len;
    struct gz_member object = { .raw = line, .type = GZ_VALUE_OBJECT };
    struct masking k = { level, kind, arena, out, false, false };

    for (size_t i = 0; kind && i < GZ_COUNT(own); i++)
        if (gz_str_is(kind->name, own[i]))
            kind = NULL;
    if (!kind || level == GZ_PRIVACY_NONE) {
        gz_buf_add(out, line);
        return;
    }
    gz_member_each(&object, arena, put_member, &k);
    gz_buf_cstr(out, k.any ? "}" : "{}");
    if (!k.changed) { // then byte for byte
        out->len = from;
        gz_buf_add(out, line);
    }
}
