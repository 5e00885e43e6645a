// SPDX-License-Identifier: MIT
#include "record/reader.h"

#include <stdlib.h>

#include "api/inside.h"
#include "base/mem.h"

struct libgz_reader {
    struct gz_reader *reader;
};

struct libgz_reader *
libgz_reader_new(const char *const *paths, size_t count)
{
    static const struct gz_reader_options plain = { 0 };
    struct libgz_reader *r = gz_mem_zalloc(1, sizeof(*r));

    r->reader = gz_reader_new(paths, count, &plain);
    return r;
}

void
libgz_reader_free(struct libgz_reader *r)
{
    if (r)
        gz_reader_free(r->reader);
    free(r);
}

enum libgz_read
libgz_reader_next(struct libgz_reader *r, struct libgz_text *record,
                  struct libgz_error *error)
{
    struct gz_err err = { 0 };
    struct gz_str line = { 0 };
    enum gz_reader_next next = gz_reader_next(r->reader, &line, &err);

    *record = gz_api_text(line);
    if (next == GZ_READER_LINE)
        return LIBGZ_RECORD;
    if (next == GZ_READER_END)
        return LIBGZ_END;
    gz_err_at(&err, gz_reader_source(r->reader), gz_reader_line(r->reader), 0);
    gz_api_fail(error, &err);
    return next == GZ_READER_BAD ? LIBGZ_BAD : LIBGZ_FAILED;
}
