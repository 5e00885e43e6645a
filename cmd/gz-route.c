// SPDX-License-Identifier: MIT
// gz-route: what is this about, who deals with it, until when, and why.
#include <stdio.h>
#include <string.h>

#include "app/app.h"
#include "app/pool.h"
#include "app/stage.h"
#include "base/num.h"
#include "base/tr.h"
#include "pack/pack.h"
#include "record/writer.h"
#include "route/compare.h"
#include "route/lint.h"
#include "route/model.h"
#include "route/route.h"
#include "route/trial.h"

enum { MODEL_THRESHOLD = 30, OVERRULE = 100 }; // percent; score
enum { DEFAULT_THRESHOLD = 3 };

struct route {
    struct gz_app app;
    const char *pack_dir, *rules, *mode, *threshold, *export_dir;
    const char *model_file, *model_threshold, *test, *old_dir;
    uint64_t budget;
    uint64_t overrule;
    struct gz_model *model;
    bool explain, learned_names, check;
    struct gz_pack *pack, *old;
    uint64_t jobs;
    struct gz_router *router[GZ_POOL_MAX]; // one for each worker
    struct gz_arena arena[GZ_POOL_MAX];    // what that one keeps
    size_t routers;
    struct gz_router *old_router[GZ_POOL_MAX]; // for --compare, as many
    struct gz_comparer *comparer[GZ_POOL_MAX];
    struct gz_reader *reader;
    struct gz_sink *sink;
};

// ---- one record, in a worker ----

// A rule that ran into its limit has not said no: its name and the record's are told.
static void
note_undecided(struct gz_router *router, struct gz_buf *notes)
{
    const struct gz_str *id;
    size_t count = gz_router_undecided(router, &id);

    for (size_t i = 0; i < count; i++)
        gz_buf_printf(
            notes,
            _("rule '" GZ_STR_FMT "' is undecided: its pattern ran into its limit\n"),
            GZ_STR_ARG(id[i]));
}

static enum gz_err_kind
route_line(void *worker, struct gz_str line, struct gz_stage_turn *turn,
           struct gz_err *err)
{
    if (gz_route_line(worker, line, turn->out, err) == GZ_OK)
        note_undecided(worker, turn->notes);
    return err->kind;
}

static enum gz_err_kind
write_reject(void *worker, const struct gz_err *why, struct gz_stage_turn *turn,
             struct gz_err *err)
{
    (void)worker;
    (void)err;
    gz_write_reject(turn->out, why, "gz-route");
    return GZ_OK;
}

static enum gz_err_kind
compare_line(void *worker, struct gz_str line, struct gz_stage_turn *turn,
             struct gz_err *err)
{
    return gz_comparer_line(worker, line, turn->out, err);
}

// A line that is no record moves nowhere; it is told, and counted.
static enum gz_err_kind
pass_over(void *worker, const struct gz_err *why, struct gz_stage_turn *turn,
          struct gz_err *err)
{
    (void)worker;
    (void)why;
    (void)turn;
    (void)err;
    return GZ_OK;
}

// ---- all records, in order ----

static enum gz_err_kind
give(void *shared, struct gz_str out, struct gz_err *err)
{
    struct route *t = shared;

    gz_buf_add(gz_sink_buf(t->sink), out);
    return gz_sink_tick(t->sink, err);
}

static enum gz_err_kind
run(struct route *t, char **operands, struct gz_err *err)
{
    static const struct gz_stage_ops routing = { route_line, write_reject, give };
    static const struct gz_stage_ops comparing = { compare_line, pass_over, give };
    void *worker[GZ_POOL_MAX];

    t->reader = gz_app_reader(&t->app, operands, err);
    t->sink = t->reader ? gz_app_sink(&t->app, err) : NULL;
    if (!t->sink)
        return err->kind;
    for (size_t i = 0; i < t->routers; i++)
        worker[i] = t->old ? (void *)t->comparer[i] : (void *)t->router[i];
    if (gz_stage_run(&t->app, t->reader, t->old ? &comparing : &routing, t, worker,
                     t->routers, err))
        return err->kind;
    if (t->old)
        gz_comparer_totals(t->comparer, t->routers, gz_sink_buf(t->sink));
    // The header of a CSV, when no record came.
    return gz_sink_tick(t->sink, err);
}

static enum gz_err_kind
check(struct route *t)
{
    struct gz_lint found =
        gz_lint_pack(t->pack, t->budget < UINT32_MAX ? (uint32_t)t->budget : UINT32_MAX,
                     &t->app.out.buf);

    // Status 1: the check is complete and found fault.
    t->app.rejects = found.faults;
    t->app.quiet = true;
    return GZ_OK;
}

static enum gz_err_kind
test(struct route *t, const struct gz_route_options *o, struct gz_err *err)
{
    struct gz_sheet *sheet = gz_sheet_load(t->test, &t->app.setup, err);
    size_t misses;

    if (!sheet || gz_trial_run(sheet, t->pack, t->app.schema, o, &t->app.setup,
                               &t->app.out.buf, &misses, err))
        return err->kind;
    t->app.rejects = misses;
    t->app.quiet = true;
    return GZ_OK;
}

static enum gz_err_kind
set_model(struct route *t, struct gz_route_options *o, struct gz_err *err)
{
    struct gz_dec p = { 0 };
    gz_i128 one = 1;

    for (int i = 0; i < GZ_DEC_PLACES; i++)
        one *= 10;
    p.units = one * MODEL_THRESHOLD / 100;
    if (t->model_threshold && (!gz_dec_parse(gz_str_of(t->model_threshold), &p) ||
                               p.units < 0 || p.units > one))
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("option '--model-threshold' wants 0 to 1, not '%s'"),
                          t->model_threshold);
    o->decide.least = (int32_t)(p.units * 10000 / one);
    if (t->model_file)
        o->model = t->model = gz_model_open(t->model_file, err);
    return err->kind;
}

static enum gz_err_kind
set_options(struct route *t, struct gz_route_options *o, struct gz_err *err)
{
    int64_t n = DEFAULT_THRESHOLD;

    *o = (struct gz_route_options){ .explain = t->explain,
                                    .learned_names = t->learned_names };
    if (t->mode && strcmp(t->mode, "audit") && strcmp(t->mode, "dispatch"))
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("option '--mode' wants audit or dispatch, not '%s'"),
                          t->mode);
    if (t->mode && strcmp(t->mode, "dispatch") == 0)
        o->decide.mode = GZ_ROUTE_DISPATCH;
    if (t->threshold && (!gz_num_i64(gz_str_of(t->threshold), &n) || n < 0 || n > 100000))
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("option '--threshold' wants a number from 0 to 100000, not "
                            "'%s'"),
                          t->threshold);
    o->decide.threshold = (int32_t)n;
    o->decide.overrule = t->overrule < INT32_MAX ? (int32_t)t->overrule : INT32_MAX;
    return set_model(t, o, err);
}

static enum gz_err_kind
make_routers(struct route *t, const struct gz_route_options *o, struct gz_err *err)
{
    size_t count;

    if (!gz_stage_jobs(t->jobs, &count, err))
        return err->kind;
    while (t->routers < count) {
        t->router[t->routers] =
            gz_router_new(t->pack, t->app.schema, o, &t->arena[t->routers], err);
        if (!t->router[t->routers])
            return err->kind;
        if (t->old) {
            struct gz_arena *a = &t->arena[t->routers];
            struct gz_router *r = gz_router_new(t->old, t->app.schema, o, a, err);

            if (!r)
                return err->kind;
            t->old_router[t->routers] = r;
            t->comparer[t->routers] = gz_comparer_new(r, t->router[t->routers], a);
        }
        t->routers++;
    }
    return GZ_OK;
}

static enum gz_err_kind
dispatch(struct route *t, char **operands, struct gz_err *err)
{
    struct gz_pack_options where = { t->pack_dir, t->rules };
    struct gz_route_options o;
    char hash[17];

    if (set_options(t, &o, err))
        return err->kind;
    t->pack = gz_pack_load(&where, &t->app.setup, err);
    if (!t->pack)
        return err->kind;
    if (t->old_dir) {
        struct gz_pack_options was = { t->old_dir, NULL };

        t->app.to = NULL; // lines of text
        t->old = gz_pack_load(&was, &t->app.setup, err);
        if (!t->old)
            return err->kind;
    }
    if (t->export_dir)
        return gz_pack_export(t->pack, t->export_dir, err);
    if (gz_app_open_output(&t->app, err))
        return err->kind;
    if (t->check)
        return check(t);
    if (t->test)
        return test(t, &o, err);
    if (make_routers(t, &o, err))
        return err->kind;
    gz_pack_hash(t->pack, hash);
    gz_app_note(&t->app, _("pack %s: %zu categories, %zu rules"), hash,
                gz_pack_rows(t->pack, GZ_SHEET_CATEGORIES),
                gz_pack_rows(t->pack, GZ_SHEET_RULES));
    return run(t, operands, err);
}

int
main(int argc, char **argv)
{
    struct route t = {
        .app = {
            .name = "gz-route",
            .synopsis = N_("[OPTION]... [FILE]..."),
            .purpose = N_("Classify records, choose tier and unit, and say why."),
            .examples = N_("  gz-ingest export.csv | gz-route --explain\n"
                           "  gz-route --export-pack mypack && gz-route --pack mypack --check\n"),
        },
        .overrule = OVERRULE,
        .budget = GZ_LINT_BUDGET,
        .jobs = 1,
    };
    struct gz_app *a = &t.app;
    const struct gz_opt table[] = {
        { GZ_OPT_GROUP, 0, NULL, NULL, N_("Rules:"), NULL, NULL },
        { GZ_OPT_STR, 'p', "pack", "DIR", N_("look for sheets in DIR first"), &t.pack_dir,
          "@dir" },
        { GZ_OPT_STR, 0, "rules", "FILE", N_("the rules of FILE instead of rules.csv"),
          &t.rules, "@file" },
        { GZ_OPT_STR, 0, "threshold", "N", N_("no category with a score below N (3)"),
          &t.threshold, NULL },
        { GZ_OPT_STR, 0, "model", "FILE", N_("classify with a model of gz-learn, too"),
          &t.model_file, "@file" },
        { GZ_OPT_STR, 0, "model-threshold", "P",
          N_("do not hear the model when less sure than P (0.3)"), &t.model_threshold,
          NULL },
        { GZ_OPT_FLAG, 0, "learned-names", NULL,
          N_("write what the model says as it was learned"), &t.learned_names, NULL },
        { GZ_OPT_UINT, 0, "overrule", "N",
          N_("rules with a score of N decide against the model (100)"), &t.overrule,
          NULL },
        { GZ_OPT_STR, 0, "mode", "MODE", N_("audit old orders, or dispatch new ones"),
          &t.mode, "audit|dispatch" },
        { GZ_OPT_FLAG, 0, "explain", NULL, N_("write evidence and alternatives"),
          &t.explain, NULL },
        GZ_STAGE_JOBS_OPTION(&t.jobs),
        GZ_APP_STREAM_OPTIONS(a),
        { GZ_OPT_GROUP, 0, NULL, NULL, N_("Instead of records:"), NULL, NULL },
        { GZ_OPT_FLAG, 0, "check", NULL, N_("check the pack"), &t.check, NULL },
        { GZ_OPT_UINT, 0, "budget", "STEPS",
          N_("with --check: warn of patterns that cost more (20000)"), &t.budget, NULL },
        { GZ_OPT_STR, 0, "test", "SHEET", N_("try the expected outcomes of SHEET"),
          &t.test, "@file" },
        { GZ_OPT_STR, 0, "compare", "DIR",
          N_("say which records move from the pack in DIR"), &t.old_dir, "@dir" },
        { GZ_OPT_STR, 0, "export-pack", "DIR", N_("write the sheets to DIR"),
          &t.export_dir, "@newdir" },
        GZ_APP_COMMON_OPTIONS(a),
    };
    struct gz_err err = { 0 };
    int first = 0, status;

    if (gz_app_begin(a, table, argc, argv, &first, &err))
        dispatch(&t, argv + first, &err);
    for (size_t i = 0; i < t.routers; i++) {
        gz_router_free(t.router[i]);
        gz_router_free(t.old_router[i]);
        gz_comparer_free(t.comparer[i]);
        gz_arena_free(&t.arena[i]);
    }
    gz_model_close(t.model);
    gz_pack_release(t.pack);
    gz_pack_release(t.old);
    gz_reader_free(t.reader);
    gz_sink_free(t.sink);
    status = gz_app_finish(a, &err);
    return status;
}
