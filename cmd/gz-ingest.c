// SPDX-License-Identifier: MIT
// gz-ingest: exports in any layout to records.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/app.h"
#include "app/pool.h"
#include "app/progress.h"
#include "app/stage.h"
#include "base/time.h"
#include "base/tr.h"
#include "ingest/ingest.h"
#include "ingest/ingestpart.h"
#include "ingest/latest.h"
#include "record/writer.h"

struct ingest {
    struct gz_app app;
    const char *layout, *layout_dir, *columns, *ext, *rejects, *privacy, *key, *delimiter;
    const char *print_layout, *check, *new_key;
    const char *latest_by, *as_of, *repair;
    bool list_layouts, inspect, propose, latest;
    uint64_t memory, jobs;
    size_t workers;
    struct gz_opt_list dates;

    struct gz_sink *sink;
    struct gz_latest *newest; // of --latest
    struct gz_buf lines;      // on their way there
    struct gz_out reject_file;
    bool has_reject_file;
    struct gz_err reject_err;

    const char *progress_word;
    struct gz_progress progress;
    const struct gz_ingest *at; // the input at hand
    unsigned ticks;
};

static struct gz_progress_now
how_far(const struct ingest *t)
{
    const struct gz_ingest *g = t->at;

    return (struct gz_progress_now){ gz_input_name(g->in), gz_input_done(g->in),
                                     gz_input_size(g->in), g->records, g->rejected };
}

static enum gz_err_kind
on_tick(void *ctx, struct gz_err *err)
{
    struct ingest *t = ctx;

    if (t->progress.how && t->at && ++t->ticks % 64 == 0) {
        struct gz_progress_now now = how_far(t);

        gz_progress_tick(&t->progress, &now);
    }
    return t->newest ? gz_latest_take(t->newest, &t->lines, err)
                     : gz_sink_tick(t->sink, err);
}

static enum gz_err_kind
on_kept(void *ctx, struct gz_err *err)
{
    struct ingest *t = ctx;

    return gz_sink_tick(t->sink, err);
}

static void
on_reject(void *ctx, const struct gz_err *err, struct gz_str raw)
{
    struct ingest *t = ctx;
    struct gz_buf *b = &t->reject_file.buf;

    gz_app_reject(&t->app, err);
    if (!t->has_reject_file)
        return;
    gz_write_reject(b, err, "gz-ingest");
    b->len -= 2; // "}\n"
    gz_write_text(b, "raw", raw);
    gz_write_end(b);
    gz_out_tick(&t->reject_file, &t->reject_err);
}

static void
on_note(void *ctx, const char *text)
{
    struct ingest *t = ctx;

    gz_app_note(&t->app, "%s", text);
}

// ---- with several workers ----

static bool
take_part(void *shared, void *worker, struct gz_err *err)
{
    return gz_ingest_part_take(shared, worker, err);
}

static enum gz_err_kind
work_part(void *shared, void *worker, struct gz_err *err)
{
    (void)shared;
    return gz_ingest_part_work(worker, err);
}

static enum gz_err_kind
give_part(void *shared, void *worker, struct gz_err *err)
{
    return gz_ingest_part_give(shared, worker, err);
}

static enum gz_err_kind
on_spread(void *ctx, struct gz_ingest *g, struct gz_err *err)
{
    static const struct gz_pool_ops ops = { take_part, work_part, give_part };
    struct ingest *t = ctx;
    void *part[GZ_POOL_MAX];

    for (size_t i = 0; i < t->workers; i++)
        part[i] = gz_ingest_part_new(g);
    gz_pool_run(&ops, g, part, t->workers, err);
    for (size_t i = 0; i < t->workers; i++)
        gz_ingest_part_free(part[i]);
    return err->kind;
}

// ---- questions about layouts ----

static enum gz_err_kind
list_layouts(struct ingest *t, struct gz_err *err)
{
    struct gz_str *name;
    size_t count = gz_layout_list(&t->app.setup, &name);

    for (size_t i = 0; i < count; i++) {
        const struct gz_layout *l = gz_layout_parse(
            gz_layout_builtin(name[i], &t->app.setup),
            gz_arena_cstr(&t->app.setup, name[i]), t->app.schema, &t->app.setup, err);

        if (!l)
            return err->kind;
        gz_buf_printf(&t->app.out.buf, "%-18s " GZ_STR_FMT "\n", l->name.ptr,
                      GZ_STR_ARG(l->about));
    }
    return GZ_OK;
}

static enum gz_err_kind
print_layout(struct ingest *t, struct gz_err *err)
{
    struct gz_str text = gz_layout_builtin(gz_str_of(t->print_layout), &t->app.setup);

    if (!text.ptr)
        return gz_layout_missing(gz_str_of(t->print_layout), &t->app.setup, err);
    gz_buf_add(&t->app.out.buf, text);
    return GZ_OK;
}

// ---- running ----

// One character, or its name.
static enum gz_err_kind
parse_delimiter(const char *word, char *out, struct gz_err *err)
{
    *out = 0;
    if (!word)
        return GZ_OK;
    if (strcmp(word, "tab") == 0 || strcmp(word, "\\t") == 0)
        *out = '\t';
    else if (strlen(word) == 1 && *word > 0 && *word != '"' && *word != '\n' &&
             *word != '\r')
        *out = *word;
    else
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("option '--delimiter' wants one ASCII character or tab, not "
                            "'%s'"),
                          word);
    return GZ_OK;
}

static enum gz_err_kind
open_rejects(struct ingest *t, struct gz_err *err)
{
    if (!t->rejects || gz_app_open_beside(&t->reject_file, t->rejects, err))
        return err->kind;
    t->has_reject_file = true;
    // The raw text of rejects may hold what the records leave out.
    t->reject_file.secret = true;
    if (t->reject_file.temp && fchmod(t->reject_file.fd, 0600) != 0)
        return gz_err_set(err, GZ_ERR_IO, "%s: %s", t->rejects, strerror(errno));
    return GZ_OK;
}

static enum gz_err_kind
set_options(struct ingest *t, struct gz_ingest_options *o, struct gz_reporter *reporter,
            struct gz_err *err)
{
    *o = (struct gz_ingest_options){
        .schema = t->app.schema,
        .tool = "gz-ingest " GZ_VERSION,
        .layout = t->layout,
        .layout_dir = t->layout_dir,
        .columns = t->columns,
        .from = t->app.from,
        .encoding = t->app.encoding,
        .max_record = (size_t)t->app.max_record,
        .privacy = GZ_PRIVACY_CONTACT,
        .reporter = reporter,
        .dates = t->dates.item,
        .date_count = t->dates.count,
        .as_of = t->as_of,
        .repair_pinyin = t->repair != NULL,
        .propose = t->propose   ? GZ_PROPOSE_ALWAYS
                   : t->inspect ? GZ_PROPOSE_IF_UNKNOWN
                                : GZ_PROPOSE_NOTHING,
    };
    struct gz_time as_of;

    if (t->as_of &&
        (!gz_time_parse(gz_str_of(t->as_of), &as_of) || as_of.prec < GZ_PREC_DAY))
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("option '--as-of' wants a date such as 2026-03-31, not '%s'"),
                          t->as_of);
    if (t->repair && strcmp(t->repair, "pinyin"))
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("option '--repair' wants pinyin, not '%s'"), t->repair);
    if (t->privacy && !gz_privacy_parse(t->privacy, &o->privacy))
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("option '--privacy' wants none, contact, text or public, not "
                            "'%s'"),
                          t->privacy);
    if (t->ext && strcmp(t->ext, "keep") && strcmp(t->ext, "drop"))
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("option '--ext' wants keep or drop, not '%s'"), t->ext);
    o->drop_ext = t->ext && strcmp(t->ext, "drop") == 0;
    if (parse_delimiter(t->delimiter, &o->delimiter, err))
        return err->kind;
    return t->key ? gz_reporter_open(reporter, t->key, err) : GZ_OK;
}

static void
run_input(struct ingest *t, struct gz_ingest *g, struct gz_err *err)
{
    struct gz_progress_now now;

    t->at = g;
    gz_ingest_run(g, err);
    now = how_far(t);
    gz_progress_end(&t->progress, &now);
    t->at = NULL;
}

static enum gz_err_kind
ingest_file(struct ingest *t, const char *path, const struct gz_ingest_options *o,
            struct gz_err *err)
{
    struct gz_ingest_hooks hooks = { t, on_tick, on_reject, on_note,
                                     t->workers > 1 ? on_spread : NULL };
    struct gz_ingest *g = gz_arena_new(&t->app.setup, struct gz_ingest, 1);
    struct gz_buf *out = t->newest ? &t->lines : gz_sink_buf(t->sink);

    if (t->newest)
        gz_latest_begin(t->newest);
    if (gz_ingest_open(g, path, o, &hooks, out, err) == GZ_OK) {
        if (t->propose)
            gz_ingest_propose(g, &t->app.out.buf, err);
        else if (t->inspect)
            gz_ingest_inspect(g, &t->app.out.buf, err);
        else
            run_input(t, g, err);
        t->app.records += g->records;
    }
    gz_ingest_close(g);
    if (t->newest)
        gz_latest_end(t->newest);
    return err->kind;
}

static enum gz_err_kind
ingest_files(struct ingest *t, char **operands, const struct gz_ingest_options *o,
             struct gz_err *err)
{
    if (!operands[0]) {
        if (isatty(STDIN_FILENO))
            gz_app_warn(&t->app, _("reading from the terminal; see --help"));
        return ingest_file(t, NULL, o, err);
    }
    for (size_t i = 0; operands[i]; i++)
        if (ingest_file(t, operands[i], o, err))
            return err->kind;
    return GZ_OK;
}

static enum gz_err_kind
run(struct ingest *t, char **operands, struct gz_err *err)
{
    struct gz_ingest_options o;
    struct gz_reporter reporter = { 0 };

    if (set_options(t, &o, &reporter, err) ||
        gz_progress_begin(&t->progress, t->progress_word, err) ||
        !gz_stage_jobs(t->jobs, &t->workers, err) || open_rejects(t, err))
        return err->kind;
    t->sink = gz_app_sink(&t->app, err);
    if (!t->sink)
        return err->kind;
    if (t->latest_by && !t->latest)
        return gz_err_set(err, GZ_ERR_USAGE, _("option '--latest-by' wants --latest"));
    if (t->latest && !t->inspect && !t->propose) {
        t->newest = gz_latest_new(t->app.schema, t->latest_by, (size_t)t->memory, err);
        if (err->kind)
            return err->kind;
    }
    if (ingest_files(t, operands, &o, err) || !t->newest)
        return err->kind;
    return gz_latest_write(t->newest, gz_sink_buf(t->sink), on_kept, t, err);
}

static enum gz_err_kind
dispatch(struct ingest *t, char **operands, struct gz_err *err)
{
    if (gz_app_open_output(&t->app, err))
        return err->kind;
    if (t->list_layouts)
        return list_layouts(t, err);
    if (t->print_layout)
        return print_layout(t, err);
    if (t->new_key)
        return gz_reporter_new(t->new_key, err);
    if (t->check) {
        gz_layout_load(gz_str_of(t->check), t->app.schema, &t->app.setup, err);
        return err->kind;
    }
    return run(t, operands, err);
}

int
main(int argc, char **argv)
{
    struct ingest t = {
        .memory = 64 * 1024 * 1024,
        .jobs = 1,
        .app = {
            .name = "gz-ingest",
            .spills = true,
            .synopsis = N_("[OPTION]... [FILE]..."),
            .purpose = N_("Turn exports in any layout, encoding and language into records."),
            .examples = N_("  gz-ingest export.csv | gz-route | gz-tally | gz-report\n"
                           "  gz-ingest --inspect export.csv\n"),
        },
    };
    struct gz_app *a = &t.app;
    const struct gz_opt table[] = {
        { GZ_OPT_GROUP, 0, NULL, NULL, N_("Reading:"), NULL, NULL },
        { GZ_OPT_STR, 'l', "layout", "NAME|FILE", N_("how columns become fields"),
          &t.layout, "@layout" },
        { GZ_OPT_STR, 0, "layout-dir", "DIR", N_("choose among the layouts in DIR, too"),
          &t.layout_dir, "@dir" },
        { GZ_OPT_STR, 0, "columns", "NAMES", N_("the columns of a file without a header"),
          &t.columns, NULL },
        { GZ_OPT_STR, 'f', "from", "FORMAT", N_("format of the input"), &a->from,
          "csv|tsv|json|jsonl" },
        { GZ_OPT_STR, 'e', "encoding", "NAME", N_("encoding of the input"), &a->encoding,
          NULL },
        { GZ_OPT_STR, 'd', "delimiter", "C", N_("what stands between cells"),
          &t.delimiter, NULL },
        { GZ_OPT_LIST, 0, "date", "COLUMN=FORM", N_("the form of a date"), &t.dates,
          NULL },
        { GZ_OPT_STR, 0, "as-of", "DATE", N_("flag later dates as odd"), &t.as_of, NULL },
        { GZ_OPT_STR, 0, "repair", "WHAT", N_("put damaged text right: pinyin"),
          &t.repair, "pinyin" },
        { GZ_OPT_SIZE, 0, "max-record", "BYTES", N_("reject longer records (1M)"),
          &a->max_record, NULL },
        GZ_STAGE_JOBS_OPTION(&t.jobs),
        { GZ_OPT_GROUP, 0, NULL, NULL, N_("Writing:"), NULL, NULL },
        { GZ_OPT_STR, 'o', "output", "FILE", N_("write to FILE, whole or not at all"),
          &a->output, "@output" },
        { GZ_OPT_STR, 't', "to", "FORMAT", N_("format of the output"), &a->to,
          "jsonl|csv" },
        { GZ_OPT_STR, 0, "rec", "KIND", N_("kind of the rows of a CSV (petition)"),
          &a->rec, "@kind" },
        { GZ_OPT_FLAG, 0, "excel", NULL,
          N_("CSV for a spreadsheet: BOM, CRLF, formula guard"), &a->excel, NULL },
        { GZ_OPT_STR, 0, "ext", "WHAT", N_("columns that fill no field: keep or drop"),
          &t.ext, "keep|drop" },
        { GZ_OPT_STR, 0, "privacy", "LEVEL", N_("what is left out or masked (contact)"),
          &t.privacy, "none|contact|text|public" },
        { GZ_OPT_STR, 0, "key", "FILE", N_("make reporter keys with the key in FILE"),
          &t.key, "@file" },
        { GZ_OPT_FLAG, 0, "latest", NULL, N_("keep the newest version of each record"),
          &t.latest, NULL },
        { GZ_OPT_STR, 0, "latest-by", "FIELD",
          N_("the newest has the largest value (what came last)"), &t.latest_by,
          "@field" },
        { GZ_OPT_SIZE, 0, "memory", "BYTES", N_("memory for --latest (64M)"), &t.memory,
          NULL },
        { GZ_OPT_STR, 0, "rejects", "FILE", N_("write rejects with their text to FILE"),
          &t.rejects, "@newfile" },
        { GZ_OPT_STR, 0, "tolerate", "N", N_("let N, or N%, rejects end with status 0"),
          &a->tolerate, NULL },
        { GZ_OPT_STR, 0, "progress", "WHEN",
          N_("tell how far it is: auto, always or never"), &t.progress_word,
          "auto|always|never" },
        { GZ_OPT_GROUP, 0, NULL, NULL, N_("Instead of records:"), NULL, NULL },
        { GZ_OPT_FLAG, 0, "inspect", NULL, N_("show how the input is understood"),
          &t.inspect, NULL },
        { GZ_OPT_FLAG, 0, "propose", NULL, N_("write a layout for the input"), &t.propose,
          NULL },
        { GZ_OPT_FLAG, 0, "list-layouts", NULL, N_("name the built-in layouts"),
          &t.list_layouts, NULL },
        { GZ_OPT_STR, 0, "print-layout", "NAME", N_("print a built-in layout"),
          &t.print_layout, "@layout" },
        { GZ_OPT_STR, 0, "new-key", "FILE", N_("make a key for --key"), &t.new_key,
          "@newfile" },
        { GZ_OPT_STR, 0, "check", "FILE", N_("check a layout"), &t.check, "@file" },
        GZ_APP_COMMON_OPTIONS(a),
    };
    struct gz_err err = { 0 };
    int first = 0, status;

    if (gz_app_begin(a, table, argc, argv, &first, &err))
        dispatch(&t, argv + first, &err);
    if (t.has_reject_file) {
        gz_app_close_beside(&t.reject_file, err.kind ? GZ_OUT_DISCARD : GZ_OUT_COMMIT,
                            &t.reject_err);
        if (!err.kind)
            err = t.reject_err;
    }
    gz_latest_free(t.newest);
    gz_buf_release(&t.lines);
    gz_sink_free(t.sink);
    gz_opt_list_free(&t.dates);
    status = gz_app_finish(a, &err);
    return status;
}
