// SPDX-License-Identifier: MIT
// gz-tally: records and tallies to tallies.
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "app/pool.h"
#include "app/stage.h"
#include "base/mem.h"
#include "base/tr.h"
#include "civic/cond.h"
#include "io/file.h"
#include "pack/find.h"
#include "tally/adhoc.h"
#include "tally/count.h"
#include "tally/csv.h"
#include "tally/plan.h"

enum { SHOWN_INCOMPLETE = 10 };

struct tally {
    struct gz_app app;
    const char *plan, *scheme, *period, *as_of, *by, *measure, *at, *table;
    size_t condition_columns; // by which --where moved the plan's first line
    const char *print_plan, *print_scheme, *check;
    bool list_plans, list_schemes;
    struct gz_opt_list where;
    uint64_t max_rows, memory;

    struct gz_scheme *use_scheme;
    struct gz_plan *use_plan;
    uint64_t jobs;
    struct gz_reader *reader;
    struct gz_store store;
    struct worker *worker;
    size_t workers;
};

// What one thread counts. A single one counts into the store that is written; several
// have stores of their own, which are merged into that one when all is read.
struct worker {
    struct gz_arena arena;
    struct gz_store own;
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

// When none is given: the one that the plan names, else calendar.
static void
find_scheme(struct tally *t)
{
    struct gz_err ignored = { 0 };
    struct gz_json_doc *doc = NULL;
    struct gz_found found;

    if (t->scheme)
        return;
    t->scheme = "calendar";
    if (!t->by && t->plan && !gz_find(&t->app.setup, "plans", t->plan, &found, &ignored))
        doc = gz_json_parse(found.text, found.name, &ignored);
    if (doc && gz_json_string(gz_json_get(gz_json_root(doc), "scheme")).len)
        t->scheme = gz_arena_cstr(
            &t->app.setup, gz_json_string(gz_json_get(gz_json_root(doc), "scheme")));
    gz_json_free(doc);
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
    is_plan = gz_json_get(gz_json_root(doc), "tables") ||
              gz_json_get(gz_json_root(doc), "take");
    gz_json_free(doc);
    if (is_plan) {
        find_scheme(t);
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

// A fault in what options said is told by them, not by its place in the text that was
// made of them.
static enum gz_err_kind
place_fault(const struct tally *t, struct gz_err *err)
{
    const size_t conditions = t->condition_columns;

    if (t->by || t->measure || t->at) {
        err->line = err->column = 0;
    } else if (err->line == 1 && err->column && err->column <= conditions) {
        err->source[0] = '\0';
        gz_err_at(err, "--where", 0, 0);
        err->line = err->column = 0;
    } else if (err->line == 1 && conditions) {
        err->column -= conditions;
    }
    return err->kind;
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
    found.text = gz_adhoc_where(setup, found.text, t->where.item, t->where.count,
                                &t->condition_columns, err);
    if (err->kind)
        return err->kind;
    t->use_plan =
        gz_plan_parse(setup, found.text, found.name, t->use_scheme, t->app.schema, err);
    return place_fault(t, err);
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
make_workers(struct tally *t, struct gz_count_options *o, struct gz_err *err)
{
    size_t count;
    uint64_t share;

    if (!gz_stage_jobs(t->jobs, &count, err))
        return err->kind;
    // Half of it to count in, half to sort; a store that others are merged into is one
    // more.
    share = t->memory / (count > 1 ? count + 1 : 1) / 2;
    gz_store_init(&t->store, t->max_rows, share);
    o->memory = share;
    t->worker = gz_mem_zalloc(count, sizeof(*t->worker));
    while (t->workers < count) {
        struct worker *w = &t->worker[t->workers++]; // to be released, whatever comes

        gz_store_init(&w->own, t->max_rows, share);
        w->counter = gz_counter_new(&w->arena, t->use_plan, t->use_scheme, t->app.schema,
                                    o, count > 1 ? &w->own : &t->store, err);
        if (!w->counter)
            return place_fault(t, err);
    }
    return GZ_OK;
}

static enum gz_err_kind
set_up(struct tally *t, struct gz_err *err)
{
    struct gz_count_options o = { gz_period_plain(&t->app.setup, t->period), t->as_of,
                                  t->max_rows, 0 };

    if (check_options(t, err))
        return err->kind;
    find_scheme(t);
    t->use_scheme = gz_scheme_load(&t->app.setup, t->scheme, err);
    if (!t->use_scheme || load_plan(t, err))
        return err->kind;
    if (t->app.to && strcmp(t->app.to, "csv") == 0 && !table_to_show(t, err))
        return err->kind;
    return make_workers(t, &o, err);
}

// ---- reading ----

static enum gz_err_kind
count_line(void *ctx, struct gz_str line, struct gz_stage_turn *turn, struct gz_err *err)
{
    struct worker *w = ctx;

    (void)turn;
    return gz_counter_line(w->counter, line, err);
}

// A tally must come together in one store, so lines of it are handed on in order.
static enum gz_err_kind
count_line_of_many(void *ctx, struct gz_str line, struct gz_stage_turn *turn,
                   struct gz_err *err)
{
    struct worker *w = ctx;

    gz_counter_divert(w->counter, turn->out);
    return gz_counter_line(w->counter, line, err);
}

static enum gz_err_kind
count_reject(void *ctx, const struct gz_err *why, struct gz_stage_turn *turn,
             struct gz_err *err)
{
    struct worker *w = ctx;

    (void)turn;
    return gz_counter_reject(w->counter, why, err);
}

// Lines of tallies that workers handed on. A bad one costs its line only.
static enum gz_err_kind
read_tallies(void *ctx, struct gz_str lines, struct gz_err *err)
{
    struct tally *t = ctx;

    while (lines.len) {
        struct gz_cut cut = gz_str_cut(lines, GZ_STR("\n"));
        struct gz_err why = { 0 };

        if (gz_store_read(&t->store, cut.head, &why)) {
            gz_err_at(&why, gz_reader_source(t->reader), 0, 0);
            if (why.kind != GZ_ERR_DATA) {
                *err = why;
                return err->kind;
            }
            t->app.records--;
            gz_app_reject(&t->app, &why);
            if (gz_counter_reject(t->worker[0].counter, &why, err))
                return err->kind;
        }
        lines = cut.tail;
    }
    return GZ_OK;
}

// What another worker counted is a tally like any other.
static enum gz_err_kind
join(struct tally *t, struct worker *w, struct gz_err *err)
{
    if (gz_counter_finish(w->counter, err))
        return err->kind;
    return gz_store_join(&t->store, &w->own, err);
}

static enum gz_err_kind
read_all(struct tally *t, struct gz_err *err)
{
    static const struct gz_stage_ops one = { count_line, count_reject, read_tallies };
    static const struct gz_stage_ops many = { count_line_of_many, count_reject,
                                              read_tallies };
    void *worker[GZ_POOL_MAX];

    for (size_t i = 0; i < t->workers; i++)
        worker[i] = &t->worker[i];
    if (gz_stage_run(&t->app, t->reader, t->workers > 1 ? &many : &one, t, worker,
                     t->workers, err))
        return err->kind;
    if (t->workers == 1)
        return gz_counter_finish(t->worker[0].counter, err);
    for (size_t i = 0; i < t->workers; i++)
        if (join(t, &t->worker[i], err))
            return err->kind;
    return GZ_OK;
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
        if (gz_str_eq(t->store.tally[i]->id, gz_counter_id(t->worker[0].counter)))
            show = t->store.tally[i];
    if (!show)
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("the tallies that were read are of another plan, scheme or "
                            "period: CSV shows the one asked for"));
    return gz_tally_csv(show, table, t->app.excel, &t->app.out.buf, on_line, t, err);
}

static enum gz_err_kind
write_all(struct tally *t, struct gz_err *err)
{
    if (gz_store_sort(&t->store, err))
        return err->kind;
    for (size_t i = 0, said = 0; i < t->store.kept && said < SHOWN_INCOMPLETE; i++)
        if (!gz_tally_complete(t->store.tally[i])) {
            say_incomplete(t, t->store.tally[i]);
            said++;
        }
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
    if (answer(t, err) || set_up(t, err) || gz_app_open_output(&t->app, err) ||
        !(t->reader = gz_app_reader(&t->app, operands, err)))
        return;
    if (read_all(t, err) == GZ_OK)
        write_all(t, err);
}

static void
release(struct tally *t)
{
    for (size_t i = 0; i < t->workers; i++) {
        gz_counter_free(t->worker[i].counter);
        gz_store_release(&t->worker[i].own);
        gz_arena_free(&t->worker[i].arena);
    }
    free(t->worker);
    gz_store_release(&t->store);
    gz_reader_free(t->reader);
    gz_plan_release(t->use_plan);
    gz_scheme_release(t->use_scheme);
    gz_opt_list_free(&t->where);
}

int
main(int argc, char **argv)
{
    struct tally t = {
        .app = { .name = "gz-tally",
                 .spills = true,
                 .synopsis = N_("[OPTION]... [FILE]..."),
                 .purpose = N_("Count records, or merge tallies, under a plan and a "
                               "scheme."),
                 .examples =
                     N_("  gz-ingest march.csv | gz-tally --period 2026-03\n"
                        "  gz-tally --by subdistrict,received_at:month -t csv\n") },
        .memory = 256 * 1024 * 1024,
        .jobs = 1,
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
          &t.check, "@plan" },
        { GZ_OPT_SIZE, 0, "memory", "BYTES",
          N_("for rows; more of them go to temporary files (256M)"), &t.memory, NULL },
        { GZ_OPT_UINT, 0, "max-rows", "N",
          N_("stop with status 4 over N rows (0: any number)"), &t.max_rows, NULL },
        GZ_STAGE_JOBS_OPTION(&t.jobs),
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
