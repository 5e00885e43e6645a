// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "api/inside.h"
#include "base/mem.h"
#include "record/cursor.h"
#include "record/keyset.h"

struct libgz_fields {
    struct gz_arena setup;
    struct gz_arena record; // of the values handed out last
    struct gz_keyset keys;
    struct gz_member *member; // by number of the key
    int *number;              // of the key of each name
    size_t count;
};

struct libgz_fields *
libgz_fields_new(const char *const *names, size_t count, struct libgz_error *error)
{
    struct libgz_fields *f = gz_mem_zalloc(1, sizeof(*f));
    struct gz_err err = { 0 };

    gz_keyset_init(&f->keys, &f->setup);
    f->number = gz_mem_zalloc(count ? count : 1, sizeof(*f->number));
    while (f->count < count) {
        int number =
            gz_keyset_add(&f->keys, gz_arena_dup(&f->setup, gz_str_of(names[f->count])));

        if (number < 0) {
            gz_err_set(&err, GZ_ERR_USAGE, "more than %d fields", GZ_KEYSET_MAX);
            gz_api_fail(error, &err);
            libgz_fields_free(f);
            return NULL;
        }
        f->number[f->count++] = number;
    }
    f->member = gz_mem_zalloc(f->keys.count ? f->keys.count : 1, sizeof(*f->member));
    return f;
}

void
libgz_fields_free(struct libgz_fields *f)
{
    if (!f)
        return;
    gz_arena_free(&f->setup);
    gz_arena_free(&f->record);
    free(f->member);
    free(f->number);
    free(f);
}

bool
libgz_fields_read(struct libgz_fields *f, struct libgz_text record,
                  struct libgz_text *values, struct libgz_error *error)
{
    struct gz_err err = { 0 };

    gz_arena_reset(&f->record);
    if (!gz_keyset_read(&f->keys, gz_api_str(record), &f->record, f->member, &err))
        return gz_api_fail(error, &err);
    for (size_t i = 0; i < f->count; i++) {
        const struct gz_member *m = &f->member[f->number[i]];
        bool nested = m->type == GZ_VALUE_ARRAY || m->type == GZ_VALUE_OBJECT;

        values[i] = gz_api_text(nested ? m->raw : gz_member_text(m, &f->record));
    }
    return true;
}
