// SPDX-License-Identifier: MIT
#include "record/writer.h"

#include <stdlib.h>

#include "api/inside.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "record/schema.h"

struct libgz_writer {
    struct gz_arena setup;
    struct gz_arena record; // names of its fields
    struct gz_schema *schema;
    const struct gz_kind *kind; // of the record that was begun
    struct gz_buf line;
    struct gz_err err; // the first fault since it was begun
};

struct libgz_writer *
libgz_writer_new(void)
{
    struct libgz_writer *w = gz_mem_zalloc(1, sizeof(*w));

    w->schema = gz_schema_load(&w->setup);
    return w;
}

void
libgz_writer_free(struct libgz_writer *w)
{
    if (!w)
        return;
    gz_schema_release(w->schema);
    gz_arena_free(&w->setup);
    gz_arena_free(&w->record);
    gz_buf_release(&w->line);
    free(w);
}

void
libgz_writer_begin(struct libgz_writer *w, const char *kind)
{
    w->err = (struct gz_err){ 0 };
    w->line.len = 0;
    gz_arena_reset(&w->record);
    w->kind = gz_schema_kind(w->schema, gz_str_of(kind));
    if (w->kind)
        gz_write_begin(&w->line, gz_arena_cstr(&w->record, w->kind->name));
    else
        gz_schema_unknown_kind(w->schema, kind, &w->err);
}

// The field, if a value of this sort may stand in it; NULL with a fault noted.
static const struct gz_field *
field_for(struct libgz_writer *w, const char *name, bool list, bool number)
{
    const struct gz_field *f = w->kind ? gz_kind_field(w->kind, gz_str_of(name)) : NULL;
    const struct gz_field *near;

    if (!w->kind)
        gz_err_set(&w->err, GZ_ERR_USAGE, "no record was begun");
    if (w->err.kind)
        return NULL;
    if (!f) {
        near = gz_kind_nearest(w->kind, gz_str_of(name));
        gz_err_set(&w->err, GZ_ERR_USAGE,
                   "unknown field '%s' of '" GZ_STR_FMT "'%s" GZ_STR_FMT "%s", name,
                   GZ_STR_ARG(w->kind->name), near ? ": is it '" : "",
                   GZ_STR_ARG(near ? near->name : GZ_STR("")), near ? "'?" : "");
        return NULL;
    }
    if ((f->type == GZ_FIELD_LIST) != list || (f->type == GZ_FIELD_NUM) != number ||
        f->type == GZ_FIELD_MAP) {
        gz_err_set(&w->err, GZ_ERR_USAGE, "field '%s' holds %s", name,
                   f->type == GZ_FIELD_LIST  ? "a list"
                   : f->type == GZ_FIELD_NUM ? "a number"
                   : f->type == GZ_FIELD_MAP ? "an object"
                                             : "a text");
        return NULL;
    }
    return f;
}

static bool
is_utf8(struct libgz_writer *w, const char *name, struct libgz_text value)
{
    if (gz_utf8_valid(gz_api_str(value)))
        return true;
    gz_err_set(&w->err, GZ_ERR_DATA, "field '%s' is not UTF-8", name);
    return false;
}

void
libgz_writer_text(struct libgz_writer *w, const char *field, struct libgz_text value)
{
    const struct gz_field *f = field_for(w, field, false, false);

    if (f && is_utf8(w, field, value))
        gz_write_text(&w->line, gz_arena_cstr(&w->record, f->name), gz_api_str(value));
}

void
libgz_writer_number(struct libgz_writer *w, const char *field, int64_t value)
{
    const struct gz_field *f = field_for(w, field, false, true);

    if (f)
        gz_write_i64(&w->line, gz_arena_cstr(&w->record, f->name), value);
}

void
libgz_writer_list(struct libgz_writer *w, const char *field,
                  const struct libgz_text *values, size_t count)
{
    const struct gz_field *f = field_for(w, field, true, false);
    struct gz_str *items;

    if (!f || !count)
        return;
    items = gz_mem_zalloc(count, sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        items[i] = gz_api_str(values[i]);
        is_utf8(w, field, values[i]);
    }
    if (!w->err.kind)
        gz_write_list(&w->line, gz_arena_cstr(&w->record, f->name), items, count);
    free(items);
}

bool
libgz_writer_end(struct libgz_writer *w, struct libgz_text *record,
                 struct libgz_error *error)
{
    if (!w->kind)
        gz_err_set(&w->err, GZ_ERR_USAGE, "no record was begun");
    w->kind = NULL;
    if (w->err.kind)
        return gz_api_fail(error, &w->err);
    gz_write_end(&w->line);
    *record = (struct libgz_text){ w->line.ptr, w->line.len - 1 }; // no line end
    return true;
}
