// SPDX-License-Identifier: MIT
// Proposals for tables whose layout is hidden, held against that layout's own mapping.
#include "ingest/propose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ingest/ingest.h"
#include "tap.h"

static struct gz_arena arena;
static struct gz_schema *schema;

static enum gz_err_kind
tick(void *ctx, struct gz_err *err)
{
    (void)ctx;
    return err->kind;
}

static void
reject(void *ctx, const struct gz_err *err, struct gz_str raw)
{
    (void)ctx;
    (void)err;
    (void)raw;
}

struct opened {
    struct gz_ingest g;
    struct gz_ingest_options o;
    struct gz_buf out;
    struct gz_err err;
};

static bool
open_with(struct opened *x, const char *path, const char *layout, const char *encoding,
          const char *const *hidden, size_t hidden_count)
{
    struct gz_ingest_hooks hooks = { NULL, tick, reject, NULL, NULL };

    memset(x, 0, sizeof(*x));
    x->o = (struct gz_ingest_options){ .schema = schema,
                                       .layout = layout,
                                       .encoding = encoding,
                                       .privacy = GZ_PRIVACY_CONTACT,
                                       .hidden = hidden,
                                       .hidden_count = hidden_count };
    x->o.propose = hidden ? GZ_PROPOSE_ALWAYS : GZ_PROPOSE_NOTHING;
    return gz_ingest_open(&x->g, path, &x->o, &hooks, &x->out, &x->err) == GZ_OK;
}

static void
close_it(struct opened *x)
{
    gz_ingest_close(&x->g);
    gz_buf_release(&x->out);
}

struct counts {
    size_t right, wrong, missed, leaks;
};

// What a column becomes: a field, "contact" or "".
static struct gz_str
becomes(struct opened *x, size_t c)
{
    if (gz_mapping_role(x->g.mapping, c) == GZ_COLUMN_CONTACT)
        return GZ_STR("contact");
    return gz_mapping_fields_of(x->g.mapping, c, &arena);
}

static void
compare(const char *path, struct opened *own, struct opened *other, struct counts *n)
{
    for (size_t c = 0; c < own->g.header.count && c < other->g.header.count; c++) {
        struct gz_str want = becomes(own, c), got = becomes(other, c);
        struct gz_str name = own->g.header.column[c].name;
        bool same = gz_str_eq(want, got);

        n->right += same && want.len;
        n->missed += want.len && !same;
        n->wrong += got.len && !same;
        n->leaks += gz_str_is(want, "contact") && !same;
        if (!same && getenv("PROPOSE_SHOW"))
            printf("# %s: '" GZ_STR_FMT "' is '" GZ_STR_FMT "', proposed '" GZ_STR_FMT
                   "'\n",
                   path, GZ_STR_ARG(name), GZ_STR_ARG(want), GZ_STR_ARG(got));
    }
}

// Propose with the layout hidden, write the proposal to a file, read by it.
static void
propose_for(const char *path, const char *encoding, const char *const *hidden,
            size_t count, struct counts *all)
{
    struct opened own, blind, again;
    struct gz_buf text = { 0 };
    char file[] = "/tmp/gz-propose-XXXXXX.json";
    int fd = mkstemps(file, 5);
    struct counts n = { 0 };
    FILE *f = fdopen(fd, "w");

    if (open_with(&own, path, NULL, encoding, NULL, 0) &&
        open_with(&blind, path, NULL, encoding, hidden, count)) {
        gz_ingest_propose(&blind.g, &text, &blind.err);
        fwrite(text.ptr, 1, text.len, f);
        fclose(f);
        ok(open_with(&again, path, file, encoding, NULL, 0),
           "%s: the proposal is a layout: %s", path, again.err.text);
        if (!again.err.kind)
            compare(path, &own, &again, &n);
        close_it(&again);
        printf("# %s: %zu right, %zu wrong, %zu missed, %zu contacts out\n", path,
               n.right, n.wrong, n.missed, n.leaks);
        is_u64(n.leaks, 0, "%s: every contact of the layout is one of the proposal",
               path);
    } else {
        ok(false, "%s: %s %s", path, own.err.text, blind.err.text);
        fclose(f);
    }
    close_it(&own);
    close_it(&blind);
    unlink(file);
    gz_buf_release(&text);
    all->right += n.right;
    all->wrong += n.wrong;
    all->missed += n.missed;
}

static void
real_files(void)
{
    static const struct {
        const char *path, *encoding, *hidden[2];
    } file[] = {
        { "baltimore311/311_sample.csv", NULL, { "baltimore-311", "work-order" } },
        { "la311/MyLA311_2017_subset.csv", NULL, { "los-angeles-311", "work-order" } },
        { "kc311/0_neighborhood.csv", NULL, { "kansas-city-311", "work-order" } },
        { "stlouis/2009.csv", NULL, { "st-louis-311", "work-order" } },
        { "nyc311/2014_311_Service_Requests_from_2010_to_Present.csv",
          NULL,
          { "new-york-311", "work-order" } },
        { "nyc311/cr_only_INTEGRATED-DATASET.csv",
          NULL,
          { "new-york-311", "work-order" } },
        { "bj12345/供参考线索1.csv", NULL, { "beijing-12345", "work-order" } },
        { "bj12345/synthetic/供参考线索_房山500条.csv",
          NULL,
          { "beijing-12345", "work-order" } },
        { "teddy/附件4_replies_2816.csv", NULL, { "message-board", "work-order" } },
        { "teddy/附件3_hot_4326.csv", NULL, { "message-board", "work-order" } },
        { "teddy/labelled_dev.csv", NULL, { "labelled-text", "work-order" } },
        { "open311/sf_requests_2011.json", NULL, { "open311", "work-order" } },
        { "open311/sf_requests_2025.json", NULL, { "open311", "work-order" } },
        { "polis/vtaiwan_uberx_comments.csv", NULL, { "polis-comments", "work-order" } },
        { "decidim/proposals.csv",
          "WINDOWS-1252",
          { "decidim-proposals", "work-order" } },
    };
    struct counts all = { 0 };

    if (access("../shared/data", R_OK) != 0) {
        ok(true, "no real files # SKIP ../shared/data is not there");
        return;
    }
    for (size_t i = 0; i < GZ_COUNT(file); i++) {
        char path[200];

        snprintf(path, sizeof(path), "../shared/data/%s", file[i].path);
        propose_for(path, file[i].encoding, file[i].hidden,
                    getenv("PROPOSE_KEEP_GENERAL") ? 1 : 2, &all);
    }
    printf("# all: %zu right, %zu wrong, %zu missed: precision %zu %%, recall %zu %%\n",
           all.right, all.wrong, all.missed,
           all.right * 100 / (all.right + all.wrong + !all.right),
           all.right * 100 / (all.right + all.missed + !all.right));
}

int
main(void)
{
    schema = gz_schema_load(&arena);
    real_files();
    gz_schema_release(schema);
    gz_arena_free(&arena);
    return done_testing();
}
