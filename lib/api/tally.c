// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "api/inside.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "civic/scheme.h"
#include "record/schema.h"
#include "tally/count.h"
#include "tally/plan.h"
#include "tally/store.h"

enum { MAX_ROWS = 10000000, MEMORY = 256 * 1024 * 1024 }; // as gz-tally has them

struct libgz_tally {
    struct gz_arena setup;
    struct gz_schema *schema;
    struct gz_scheme *scheme;
    struct gz_plan *plan;
    struct gz_store store;
    struct gz_counter *counter;
    struct gz_buf lines;
    bool ended;
};

struct libgz_tally *
libgz_tally_new(const struct libgz_tally_options *options, struct libgz_error *error)
{
    static const struct libgz_tally_options none = { 0 };
    const struct libgz_tally_options *o = options ? options : &none;
    struct gz_count_options count = { o->period, o->as_of, MAX_ROWS, MEMORY / 2 };
    struct libgz_tally *t = gz_mem_zalloc(1, sizeof(*t));
    struct gz_err err = { 0 };

    gz_store_init(&t->store, MAX_ROWS, MEMORY / 2);
    t->schema = gz_schema_load(&t->setup);
    t->scheme = gz_scheme_load(&t->setup, o->scheme ? o->scheme : "calendar", &err);
    if (t->scheme)
        t->plan = gz_plan_load(&t->setup, o->plan ? o->plan : "monthly", t->scheme,
                               t->schema, &err);
    if (t->plan)
        t->counter = gz_counter_new(&t->setup, t->plan, t->scheme, t->schema, &count,
                                    &t->store, &err);
    if (t->counter)
        return t;
    gz_api_fail(error, &err);
    libgz_tally_free(t);
    return NULL;
}

void
libgz_tally_free(struct libgz_tally *t)
{
    if (!t)
        return;
    gz_counter_free(t->counter);
    gz_store_release(&t->store);
    gz_plan_release(t->plan);
    gz_scheme_release(t->scheme);
    gz_schema_release(t->schema);
    gz_buf_release(&t->lines);
    gz_arena_free(&t->setup);
    free(t);
}

bool
libgz_tally_add(struct libgz_tally *t, struct libgz_text record,
                struct libgz_error *error)
{
    struct gz_err err = { 0 }, fatal = { 0 };

    if (t->ended)
        gz_err_set(&err, GZ_ERR_USAGE, "the tally has ended");
    else if (!gz_utf8_valid(gz_api_str(record)))
        gz_err_set(&err, GZ_ERR_DATA, "not UTF-8");
    else
        gz_counter_line(t->counter, gz_api_str(record), &err);
    if (!err.kind)
        return true;
    if (err.kind == GZ_ERR_DATA && gz_counter_reject(t->counter, &err, &fatal))
        err = fatal;
    return gz_api_fail(error, &err);
}

static enum gz_err_kind
keep_line(void *ctx, struct gz_err *err)
{
    (void)ctx;
    (void)err;
    return GZ_OK;
}

bool
libgz_tally_end(struct libgz_tally *t, struct libgz_text *lines,
                struct libgz_error *error)
{
    struct gz_err err = { 0 };

    if (t->ended)
        gz_err_set(&err, GZ_ERR_USAGE, "the tally has ended");
    else if (!gz_counter_finish(t->counter, &err))
        gz_store_sort(&t->store, &err);
    t->ended = true;
    for (size_t i = 0; i < t->store.kept && !err.kind; i++)
        gz_tally_write(t->store.tally[i], &t->lines, keep_line, NULL, &err);
    if (err.kind)
        return gz_api_fail(error, &err);
    *lines = gz_api_text(gz_buf_str(&t->lines));
    return true;
}
