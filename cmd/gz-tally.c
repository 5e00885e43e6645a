// SPDX-License-Identifier: MIT
// gz-tally: records and tallies to tallies.
#include <stdio.h>
#include <string.h>

#include "app/app.h"
#include "base/tr.h"
#include "civic/cond.h"
#include "io/file.h"
#include "pack/find.h"
#include "tally/adhoc.h"
#include "tally/count.h"
#include "tally/csv.h"
#include "tally/plan.h"

struct tally {
    struct gz_app app;
    const char *plan, *scheme, *period, *as_of, *by, *measure, *at, *table;
    const char *print_plan, *print_scheme, *check;
    bool list_plans, list_schemes;
    struct gz_opt_list where;
    uint64_t max_rows;

    struct gz_scheme *use_scheme;
    struct gz_plan *use_plan;
    struct gz_store store;
    struct gz_counter *counter;
};

// ---- questions that are answered without input ----

static enum gz_err_kind
print_document(struct tally *t, const char *folder, const char *name, struct gz_err *err)
{
    struct gz_found found;

    if (gz_find(&t->app.setup, folder, name, &found, err))
        return err->kind;
    gz_buf_add(&t->app.out.buf, found.text);
    return GZ_OK;
}

// A document with tables is a plan, any other a scheme.
static enum gz_err_kind
check_document(struct tally *t, struct gz_err *err)
{
    struct gz_found found;
    struct gz_json_doc *doc;
    bool is_plan;

    found.name = t->check;
    found.text = gz_file_read(t->check, GZ_FILE_LIMIT, &t->app.setup, err);
    if (err->kind || !(doc = gz_json_parse(found.text, found.name, err)))
        return err->kind;
    is_plan = gz_json_get(gz_json_root(doc), "tables") != NULL;
    gz_json_free(doc);
    if (is_plan) {
        t->use_scheme = gz_scheme_load(&t->app.setup, t->scheme, err);
        t->use_plan = t->use_scheme ? gz_plan_parse(&t->app.setup, found.text, found.name,
                                                    t->use_scheme, t->app.schema, err)
                                    : NULL;
        return err->kind;
    }
    t->use_scheme = gz_scheme_parse(&t->app.setup, found.text, found.name, err);
    if (t->use_scheme)
        gz_cond_check_scheme(t->use_scheme, t->app.schema, err);
    return err->kind;
}

static bool
answer(struct tally *t, struct gz_err *err)
{
    struct gz_buf *out = &t->app.out.buf;

    if (!t->list_plans && !t->list_schemes && !t->print_plan && !t->print_scheme &&
        !t->check)
        return false;
    if (gz_app_open_output(&t->app, err))
        return true;
    if (t->list_plans)
        gz_find_list("plans", out);
    if (t->list_schemes)
        gz_find_list("schemes", out);
    if (t->print_plan)
        print_document(t, "plans", t->print_plan, err);
    if (t->print_scheme && !err->kind)
        print_document(t, "schemes", t->print_scheme, err);
    if (t->check && !err->kind)
        check_document(t, err);
    return true;
}

// ---- setting up ----

static enum gz_err_kind
check_options(struct tally *t, struct gz_err *err)
{
    if (t->plan && (t->by || t->measure || t->at))
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("--by, --measure and --at make a plan: not beside --plan"));
    if (t->app.to && strcmp(t->app.to, "jsonl") != 0 && strcmp(t->app.to, "csv") != 0)
        return gz_err_set(err, GZ_ERR_USAGE, _("unknown format '%s': jsonl or csv"),
                          t->app.to);
    return GZ_OK;
}

static enum gz_err_kind
load_plan(struct tally *t, struct gz_err *err)
{
    struct gz_arena *setup = &t->app.setup;
    struct gz_found found = { .name = "--by, --measure, --where" };

    if (t->by || t->measure || t->at) {
        struct gz_adhoc a = { t->app.rec, t->by, t->measure, t->at, t->period != NULL };

        found.text = gz_adhoc_plan(setup, &a, t->app.schema, err);
    } else {
        gz_find(setup, "plans", t->plan ? t->plan : "monthly", &found, err);
    }
    if (err->kind)
        return err->kind;
    found.text = gz_adhoc_where(setup, found.text, t->where.item, t->where.count);
    t->use_plan =
        gz_plan_parse(setup, found.text, found.name, t->use_scheme, t->app.schema, err);
    return err->kind;
}

// The table that CSV shows: the one named, or the only one there is.
static const struct gz_table *
table_to_show(struct tally *t, struct gz_err *err)
{
    const struct gz_plan *p = t->use_plan;
    const struct gz_table *table =
        t->table ? gz_plan_table(p, gz_str_of(t->table)) : &p->table[0];
    struct gz_buf names = { 0 };

    if (table && (t->table || p->table_count == 1))
        return table;
    for (size_t i = 0; i < p->table_count; i++)
        gz_buf_printf(&names, " " GZ_STR_FMT, GZ_STR_ARG(p->table[i].name));
    gz_err_set(err, GZ_ERR_USAGE, _("CSV shows one table; --table names it:" GZ_STR_FMT),
               GZ_STR_ARG(gz_buf_str(&names)));
    gz_buf_release(&names);
    return NULL;
}

static enum gz_err_kind
set_up(struct tally *t, struct gz_err *err)
{
    struct gz_count_options o = { t->period, t->as_of, t->max_rows };

    if (check_options(t, err))
        return err->kind;
    t->use_scheme = gz_scheme_load(&t->app.setup, t->scheme, err);
    if (!t->use_scheme || load_plan(t, err))
        return err->kind;
    if (t->app.to && strcmp(t->app.to, "csv") == 0 && !table_to_show(t, err))
        return err->kind;
    gz_store_init(&t->store, t->max_rows);
    t->counter = gz_counter_new(&t->app.setup, t->use_plan, t->use_scheme, t->app.schema,
                                &o, &t->store, err);
    return err->kind;
}

// ---- reading ----

static enum gz_err_kind
reject(struct tally *t, struct gz_reader *r, struct gz_err *why, struct gz_err *err)
{
    gz_err_at(why, gz_reader_source(r), gz_reader_line(r), 0);
    gz_app_reject(&t->app, why);
    return gz_counter_reject(t->counter, why, err);
}

static enum gz_err_kind
read_all(struct tally *t, struct gz_reader *r, struct gz_err *err)
{
    for (;;) {
        struct gz_err line_err = { 0 };
        struct gz_str line;
        enum gz_reader_next next = gz_reader_next(r, &line, &line_err);

        if (next == GZ_READER_END)
            return GZ_OK;
        if (next == GZ_READER_FAIL) {
            *err = line_err;
            return err->kind;
        }
        if (next == GZ_READER_LINE) {
            t->app.records++;
            if (gz_counter_line(t->counter, line, &line_err) == GZ_OK)
                continue;
        }
        if (line_err.kind == GZ_ERR_USAGE || line_err.kind == GZ_ERR_LIMIT) {
            gz_err_at(&line_err, gz_reader_source(r), gz_reader_line(r), 0);
            *err = line_err;
            return err->kind;
        }
        if (reject(t, r, &line_err, err))
            return err->kind;
    }
}

// ---- writing ----

static enum gz_err_kind
on_line(void *ctx, struct gz_err *err)
{
    return gz_out_tick(&((struct tally *)ctx)->app.out, err);
}

static void
say_incomplete(struct tally *t, const struct gz_tally *one)
{
    t->app.incomplete = true;
    if (!one->has_head)
        gz_app_warn(&t->app, _("tally " GZ_STR_FMT " has rows but no head: incomplete"),
                    GZ_STR_ARG(one->id));
    else if (one->heads != one->ends)
        gz_app_warn(&t->app,
                    _("tally " GZ_STR_FMT " begins %llu times and ends %llu times: "
                      "incomplete"),
                    GZ_STR_ARG(one->id), (unsigned long long)one->heads,
                    (unsigned long long)one->ends);
    else
        gz_app_warn(&t->app,
                    _("tally " GZ_STR_FMT " has %llu rows, and says %llu: incomplete"),
                    GZ_STR_ARG(one->id), (unsigned long long)one->rows_read,
                    (unsigned long long)one->rows_said);
}

static enum gz_err_kind
write_csv(struct tally *t, struct gz_err *err)
{
    const struct gz_table *table = table_to_show(t, err);
    struct gz_tally *show = NULL;

    for (size_t i = 0; i < t->store.kept; i++)
        if (gz_str_eq(t->store.tally[i]->id, gz_counter_id(t->counter)))
            show = t->store.tally[i];
    if (!show)
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("the tallies that were read are of another plan, scheme or "
                            "period: CSV shows the one asked for"));
    gz_tally_csv(show, table, t->app.excel, &t->app.out.buf);
    return GZ_OK;
}

static enum gz_err_kind
write_all(struct tally *t, struct gz_err *err)
{
    if (gz_counter_finish(t->counter, err))
        return err->kind;
    gz_store_sort(&t->store);
    for (size_t i = 0; i < t->store.kept; i++)
        if (!gz_tally_complete(t->store.tally[i]))
            say_incomplete(t, t->store.tally[i]);
    if (t->app.to && strcmp(t->app.to, "csv") == 0)
        return write_csv(t, err);
    for (size_t i = 0; i < t->store.kept; i++)
        if (gz_tally_write(t->store.tally[i], &t->app.out.buf, on_line, t, err))
            return err->kind;
    return GZ_OK;
}

static void
run(struct tally *t, char **operands, struct gz_err *err)
{
    struct gz_reader *r;

    if (answer(t, err) || set_up(t, err) || gz_app_open_output(&t->app, err) ||
        !(r = gz_app_reader(&t->app, operands, err)))
        return;
    if (read_all(t, r, err) == GZ_OK)
        write_all(t, err);
    gz_reader_free(r);
}

static void
release(struct tally *t)
{
    gz_counter_free(t->counter);
    gz_store_release(&t->store);
    gz_plan_release(t->use_plan);
    gz_scheme_release(t->use_scheme);
    gz_opt_list_free(&t->where);
}

int
main(int argc, char **argv)
{
    struct tally t = {
        .app = { .name = "gz-tally",
                 .synopsis = N_("[options] [file ...]"),
                 .purpose = N_("Count records, or merge tallies, under a plan and a "
                               "scheme."),
                 .examples = "  gz-ingest march.csv | gz-tally --period 2026-03\n"
                             "  gz-tally --by subdistrict,received_at:month -t csv\n" },
        .scheme = "calendar",
        .max_rows = 10000000,
    };
    const struct gz_opt table[] = {
        { GZ_OPT_GROUP, 0, NULL, NULL, N_("What is counted:"), NULL, NULL },
        { GZ_OPT_STR, 0, "plan", "NAME|FILE", N_("the tables (monthly)"), &t.plan,
          "@plan" },
        { GZ_OPT_STR, 0, "scheme", "NAME|FILE", N_("the assessment scheme (calendar)"),
          &t.scheme, "@scheme" },
        { GZ_OPT_STR, 0, "period", "P[..P]", N_("only 2026-03, 2026-Q1, 2026 ... or all"),
          &t.period, NULL },
        { GZ_OPT_STR, 0, "as-of", "DATE",
          N_("the state at the end of DATE (the period's)"), &t.as_of, NULL },
        { GZ_OPT_LIST, 0, "where", "COND", N_("only records that: role=lead, or JSON"),
          &t.where, NULL },
        { GZ_OPT_GROUP, 0, NULL, NULL, N_("A table of your own:"), NULL, NULL },
        { GZ_OPT_STR, 0, "by", "FIELDS",
          N_("dimensions: kind,category:1,closed_at:month"), &t.by, "@field" },
        { GZ_OPT_STR, 0, "measure", "LIST",
          N_("count, valid, sum:F, distinct:F, duration:F:F"), &t.measure, NULL },
        { GZ_OPT_STR, 0, "at", "FIELD", N_("the time that decides the period"), &t.at,
          "@field" },
        { GZ_OPT_STR, 0, "table", "NAME", N_("the table that -t csv shows"), &t.table,
          NULL },
        { GZ_OPT_GROUP, 0, NULL, NULL, N_("Plans and schemes:"), NULL, NULL },
        { GZ_OPT_FLAG, 0, "list-plans", NULL, N_("names of the plans that are built in"),
          &t.list_plans, NULL },
        { GZ_OPT_FLAG, 0, "list-schemes", NULL, N_("names of the schemes"),
          &t.list_schemes, NULL },
        { GZ_OPT_STR, 0, "print-plan", "NAME", N_("write a plan out"), &t.print_plan,
          "@plan" },
        { GZ_OPT_STR, 0, "print-scheme", "NAME", N_("write a scheme out"),
          &t.print_scheme, "@scheme" },
        { GZ_OPT_STR, 0, "check", "FILE", N_("look for faults in a plan or scheme"),
          &t.check, "@file" },
        { GZ_OPT_UINT, 0, "max-rows", "N",
          N_("stop with status 4 over N rows (10000000)"), &t.max_rows, NULL },
        GZ_APP_STREAM_OPTIONS(&t.app),
        GZ_APP_COMMON_OPTIONS(&t.app),
    };
    struct gz_err err = { 0 };
    int first, status;

    if (gz_app_begin(&t.app, table, argc, argv, &first, &err))
        run(&t, argv + first, &err);
    release(&t);
    status = gz_app_finish(&t.app, &err);
    return status;
}
