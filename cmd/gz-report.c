// SPDX-License-Identifier: MIT
// gz-report: the report that people read, from tallies.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/app.h"
#include "base/near.h"
#include "base/signals.h"
#include "base/tr.h"
#include "pack/data.h"
#include "report/build.h"
#include "report/public.h"
#include "report/render.h"
#include "report/split.h"
#include "report/tiles.h"
#include "report/verify.h"
#include "tally/store.h"

struct report {
    struct gz_app app;
    const char *title, *table, *dir, *period, *compare, *population, *tile_sheet,
        *privacy, *split;
    uint64_t small;
    uint64_t top, width, max_rows;
    bool partial, verify, list_tables, print_schema;
    struct gz_verify figures;
    struct gz_reading reading;
    struct gz_store store;
    struct gz_words words;
    struct gz_people people;
    struct gz_tiles tiles;
    struct gz_arena run;
    struct gz_build_all all;
    struct gz_doc doc;
};

enum form { FORM_TEXT, FORM_MD, FORM_HTML, FORM_CSV, FORM_JSON, FORM_XLSX, FORMS };

static const char *const FORM[FORMS] = { "text", "md", "html", "csv", "json", "xlsx" };

static enum gz_err_kind
find_form(const struct gz_app *a, enum form *out, struct gz_err *err)
{
    for (*out = FORM_TEXT; a->to && *out < FORMS; ++*out)
        if (strcmp(a->to, FORM[*out]) == 0)
            return GZ_OK;
    if (!a->to) {
        *out = FORM_TEXT;
        return GZ_OK;
    }
    return gz_err_set(err, GZ_ERR_USAGE,
                      _("--to: '%s' is not a format, expected text, md, html, csv, json "
                        "or xlsx"),
                      a->to);
}

// ---- reading ----

static struct gz_str
rec_of(struct gz_str line, struct gz_arena *arena)
{
    struct gz_cursor c;
    struct gz_member m;
    struct gz_err ignored = { 0 };

    gz_cursor_open(&c, line, arena);
    while (gz_cursor_next(&c, &m, &ignored) == GZ_CURSOR_MEMBER)
        if (gz_str_is(m.key, "rec"))
            return gz_member_text(&m, arena);
    return (struct gz_str){ NULL, 0 };
}

static void
take_bad(struct report *r, struct gz_err *bad, const struct gz_reader *reader)
{
    gz_err_at(bad, gz_reader_source(reader), gz_reader_line(reader), 0);
    if (r->reading.bad++ == 0)
        r->reading.first = *bad;
    gz_app_reject(&r->app, bad);
}

// What is done with one line of the input.
typedef enum gz_err_kind take_line(struct report *r, struct gz_str line,
                                   const struct gz_reader *reader,
                                   struct gz_arena *scratch, struct gz_err *err);

static enum gz_err_kind
read_line(struct report *r, struct gz_str line, const struct gz_reader *reader,
          struct gz_arena *scratch, struct gz_err *err)
{
    struct gz_err bad = { 0 };

    gz_arena_reset(scratch);
    if (!gz_store_takes(rec_of(line, scratch))) {
        r->reading.other++;
        return GZ_OK;
    }
    switch (gz_store_read(&r->store, line, &bad)) {
    case GZ_OK:
        r->app.records++;
        return GZ_OK;
    case GZ_ERR_DATA:
        take_bad(r, &bad, reader);
        return GZ_OK;
    default:
        *err = bad;
        gz_err_at(err, gz_reader_source(reader), gz_reader_line(reader), 0);
        return err->kind;
    }
}

static enum gz_err_kind
read_lines(struct report *r, char **operands, take_line *take, struct gz_err *err)
{
    struct gz_reader *reader = gz_app_reader(&r->app, operands, err);
    struct gz_arena scratch = { 0 };
    struct gz_str line;

    while (reader && !err->kind) {
        struct gz_err bad = { 0 };
        enum gz_reader_next next = gz_reader_next(reader, &line, &bad);

        if (next == GZ_READER_END)
            break;
        if (next == GZ_READER_FAIL)
            *err = bad;
        else if (next == GZ_READER_BAD)
            take_bad(r, &bad, reader);
        else
            take(r, line, reader, &scratch, err);
    }
    gz_arena_free(&scratch);
    gz_reader_free(reader);
    return err->kind;
}

// ---- a published bulletin ----

static enum gz_err_kind
read_figure(struct report *r, struct gz_str line, const struct gz_reader *reader,
            struct gz_arena *scratch, struct gz_err *err)
{
    struct gz_err bad = { 0 };

    (void)err;
    gz_arena_reset(scratch);
    if (gz_str_is(rec_of(line, scratch), "figure") &&
        gz_verify_read(&r->figures, line, &bad))
        take_bad(r, &bad, reader);
    return GZ_OK;
}

static enum gz_err_kind
read_figures(struct report *r, char **operands, struct gz_err *err)
{
    r->figures.arena = &r->run;
    if (read_lines(r, operands, read_figure, err) == GZ_OK && r->figures.rows == 0)
        return gz_err_set(err, GZ_ERR_LIMIT, _("there is no record of a figure"));
    return err->kind;
}

// ---- writing ----

static struct gz_render
how_to_render(const struct report *r, enum form form)
{
    struct gz_render how = { .width = (size_t)r->width,
                             .top = (size_t)r->top,
                             .excel = r->app.excel };
    static const size_t rows[FORMS] = {
        [FORM_TEXT] = 30, [FORM_MD] = 30, [FORM_HTML] = 60
    };
    struct winsize size;
    bool terminal = form == FORM_TEXT && !r->app.output && isatty(STDOUT_FILENO);
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

    if (r->top == UINT64_MAX)
        how.top = rows[form];
    if (!how.width && terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        how.width = size.ws_col;
    how.color = terminal && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
    if (r->app.color && strcmp(r->app.color, "auto") != 0)
        how.color = strcmp(r->app.color, "always") == 0;
    return how;
}

// The one table that --table names.
static const struct gz_grid *
find_table(const struct report *r, struct gz_err *err)
{
    const struct gz_grid *g = gz_doc_table(&r->doc, gz_str_of(r->table));
    struct gz_near near = { .want = gz_str_of(r->table) };

    if (g)
        return g;
    for (size_t i = 0; (g = gz_doc_table_at(&r->doc, i)); i++)
        gz_near_try(&near, g->name);
    if (near.best.ptr)
        gz_err_set(err, GZ_ERR_USAGE, _("--table: no table '%s'%s"), r->table,
                   gz_near_hint(&near));
    else
        gz_err_set(err, GZ_ERR_USAGE,
                   _("--table: no table '%s'; --list-tables names those there are"),
                   r->table);
    return NULL;
}

// One file a table in the directory, made if need be.
static enum gz_err_kind
write_files(struct report *r, const struct gz_render *how, struct gz_err *err)
{
    const struct gz_grid *g;

    if (mkdir(r->dir, 0777) != 0 && errno != EEXIST)
        return gz_err_set(err, GZ_ERR_IO, "%s: %s", r->dir, strerror(errno));
    for (size_t i = 0; (g = gz_doc_table_at(&r->doc, i)) && !err->kind; i++) {
        struct gz_out out = { 0 };
        struct gz_signals held;
        struct gz_str path = gz_arena_printf(&r->run, "%s/" GZ_STR_FMT ".csv", r->dir,
                                             GZ_STR_ARG(g->name));

        // A signal waits until the file has its name.
        gz_signals_hold(&held);
        if (gz_out_open(&out, gz_arena_cstr(&r->run, path), err) == GZ_OK) {
            gz_render_csv(g, how, &out.buf);
            gz_out_close(&out, GZ_OUT_COMMIT, err);
        }
        gz_signals_release(&held);
    }
    return err->kind;
}

static enum gz_err_kind
write_report(struct report *r, enum form form, struct gz_err *err)
{
    struct gz_render how = how_to_render(r, form);
    struct gz_buf *out = &r->app.out.buf;
    const struct gz_grid *g;

    switch (form) {
    case FORM_MD:
        gz_render_markdown(&r->doc, &how, out);
        break;
    case FORM_HTML:
        gz_render_html(&r->doc, &how, out);
        break;
    case FORM_JSON:
        gz_render_json(&r->doc, out);
        break;
    case FORM_XLSX:
        return gz_render_xlsx(&r->doc, out, err);
    case FORM_CSV:
        if (r->dir)
            return write_files(r, &how, err);
        g = find_table(r, err);
        if (g)
            gz_render_csv(g, &how, out);
        break;
    case FORM_TEXT:
    case FORMS:
        gz_render_text(&r->doc, &how, out);
        break;
    }
    return err->kind;
}

// One file a unit: DIR/UNIT.html; a name that is there already gets a number.
static enum gz_err_kind
write_units(struct report *r, enum form form, struct gz_err *err)
{
    static const char *const end[FORMS] = { "txt", "md", "html", "csv", "json", "xlsx" };
    const struct gz_doc whole = r->doc;
    struct gz_buf page = r->app.out.buf;
    struct gz_map taken = { 0 };
    size_t count;
    const struct gz_str *unit = gz_split_units(&whole, &r->run, &count);

    if (mkdir(r->dir, 0777) != 0 && errno != EEXIST)
        return gz_err_set(err, GZ_ERR_IO, "%s: %s", r->dir, strerror(errno));
    if (count == 0)
        return gz_err_set(err, GZ_ERR_USAGE, _("--split-by: no table has units"));
    for (size_t i = 0; i < count && !err->kind; i++) {
        struct gz_str name = gz_split_name(&r->run, unit[i]);
        struct gz_out out = { 0 };
        bool added;

        gz_map_put(&taken, name, &added);
        if (!added)
            name = gz_arena_printf(&r->run, GZ_STR_FMT "-%zu", GZ_STR_ARG(name), i + 1);
        name = gz_arena_printf(&r->run, "%s/" GZ_STR_FMT ".%s", r->dir, GZ_STR_ARG(name),
                               end[form]);
        gz_split_doc(&whole, unit[i], &r->run, &r->doc);
        r->app.out.buf = (struct gz_buf){ 0 };
        write_report(r, form, err);
        if (!err->kind && !gz_out_open(&out, gz_arena_cstr(&r->run, name), err)) {
            gz_buf_add(&out.buf, gz_buf_str(&r->app.out.buf));
            gz_out_close(&out, GZ_OUT_COMMIT, err);
        }
        gz_buf_release(&r->app.out.buf);
    }
    r->app.out.buf = page;
    r->doc = whole;
    gz_map_release(&taken);
    return err->kind;
}

// In the language of messages, which need not be the report's.
static void
warn_of_lack(struct report *r, const struct gz_lack *l)
{
    unsigned long long begun = l->begun, ended = l->ended;

    switch (l->kind) {
    case GZ_LACK_ALL:
        gz_app_warn(&r->app,
                    _("incomplete: nothing arrived; a stage before this one died "
                      "or was given nothing"));
        break;
    case GZ_LACK_TALLIES:
        gz_app_warn(&r->app, _("incomplete: there are records but no tallies; put "
                               "gz-tally before gz-report"));
        break;
    case GZ_LACK_TALLY:
        gz_app_warn(&r->app,
                    _("incomplete: tally %.*s began %llu times and ended %llu times, or "
                      "lost rows"),
                    GZ_STR_ARG(l->name), begun, ended);
        break;
    case GZ_LACK_SOURCE:
        gz_app_warn(&r->app,
                    _("incomplete: source %.*s began %llu times and ended %llu times"),
                    GZ_STR_ARG(l->name), begun, ended);
        break;
    }
}

// The names for --table, one a line, with their captions.
static void
list_tables(struct report *r)
{
    const struct gz_grid *g;

    for (size_t i = 0; (g = gz_doc_table_at(&r->doc, i)); i++)
        gz_buf_printf(&r->app.out.buf, GZ_STR_FMT "\t" GZ_STR_FMT "\n",
                      GZ_STR_ARG(g->name), GZ_STR_ARG(g->caption));
}

static enum gz_err_kind
run(struct report *r, char **operands, struct gz_err *err)
{
    const struct gz_build_options options = {
        .title = r->title,
        .period = gz_period_plain(&r->run, r->period),
        .compare = r->compare,
        .people = &r->people,
        .top = r->top == UINT64_MAX ? 0 : (size_t)r->top
    };
    enum gz_lang lang;
    enum form form;

    if (r->print_schema) {
        const struct gz_data *schema = gz_data_find(GZ_STR("report/schema.json"));

        if (!gz_app_open_output(&r->app, err) && schema)
            gz_buf_add(&r->app.out.buf, gz_data_str(schema));
        return err->kind;
    }
    if (find_form(&r->app, &form, err) || gz_lang_parse(r->app.lang, &lang, err) ||
        gz_words_load(&r->words, lang, &r->app.setup, err))
        return err->kind;
    if (r->split && (strcmp(r->split, "unit") != 0 || !r->dir || form == FORM_CSV))
        return gz_err_set(
            err, GZ_ERR_USAGE,
            _("--split-by: expected unit, with --output-dir DIR and a format "
              "other than csv"));
    if (form == FORM_CSV && !r->list_tables && !r->table == !r->dir)
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("-t csv: expected --table NAME or --output-dir DIR, and not "
                            "both"));
    if (r->verify) {
        if (gz_app_open_output(&r->app, err) || read_figures(r, operands, err))
            return err->kind;
        r->app.records += r->figures.rows;
        r->app.rejects += gz_verify_build(&r->figures, &r->words, &r->doc) != 0;
        return write_report(r, form, err);
    }
    r->people.arena = &r->run;
    if (r->population && gz_people_load(&r->people, r->population, err))
        return err->kind;
    if (r->tile_sheet && gz_tiles_load(&r->tiles, r->tile_sheet, &r->run, err))
        return err->kind;
    if (r->privacy && strcmp(r->privacy, "public") != 0 &&
        strcmp(r->privacy, "office") != 0)
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("--privacy: '%s' is none of office, public"), r->privacy);
    if (r->small > 1000000)
        return gz_err_set(err, GZ_ERR_USAGE, _("--small: at most 1000000"));
    if (gz_app_open_output(&r->app, err) || read_lines(r, operands, read_line, err))
        return err->kind;
    if (gz_store_sort(&r->store, err) ||
        gz_doc_build(&r->doc, &r->all, &r->store, r->app.schema, &r->words, &r->run,
                     &options, &r->reading, err))
        return err->kind;
    gz_doc_clean(&r->doc, &r->run);
    if (r->privacy && strcmp(r->privacy, "public") == 0)
        gz_doc_publish(&r->doc, &r->run, (int64_t)r->small);
    if (r->doc.missings) {
        r->app.incomplete = !r->partial;
        for (size_t i = 0; i < r->doc.missings; i++)
            warn_of_lack(r, &r->doc.lack[i]);
    }
    if (r->list_tables) {
        list_tables(r);
        return GZ_OK;
    }
    if (r->split)
        return r->app.incomplete ? GZ_OK : write_units(r, form, err);
    // An incomplete report goes to a terminal or a pipe with its warning, never to a
    // file.
    return write_report(r, form, err);
}

int
main(int argc, char **argv)
{
    struct report r = {
        .app = { .name = "gz-report",
                 .spills = true,
                 .synopsis = N_("[OPTION]... [TALLIES]..."),
                 .purpose = N_("Write the report that people read, from tallies."),
                 .examples = N_("  gz-tally records.jsonl | gz-report --lang zh\n"
                                "  gz-report -t html -o march.html march.tally\n") },
    };
    const struct gz_opt table[] = {
        { GZ_OPT_GROUP, 0, NULL, NULL, N_("The report:"), NULL, NULL },
        { GZ_OPT_STR, 't', "to", "FORMAT", N_("text, md, html, csv, json or xlsx (text)"),
          &r.app.to, "text|md|html|csv|json|xlsx" },
        { GZ_OPT_STR, 'o', "output", "FILE", N_("write to FILE, whole or not at all"),
          &r.app.output, "@output" },
        { GZ_OPT_STR, 0, "title", "TEXT", N_("title of the report"), &r.title, NULL },
        { GZ_OPT_STR, 0, "period", "PERIOD", N_("report on this period of the tallies"),
          &r.period, NULL },
        { GZ_OPT_STR, 0, "compare", "WITH", N_("none, previous, year (both, if there)"),
          &r.compare, "none|previous|year" },
        { GZ_OPT_STR, 0, "population", "FILE", N_("residents of units, a sheet"),
          &r.population, "@file" },
        { GZ_OPT_STR, 0, "tiles", "FILE", N_("where the tiles of units lie, a sheet"),
          &r.tile_sheet, "@file" },
        { GZ_OPT_STR, 0, "table", "NAME", N_("the one table of -t csv"), &r.table, NULL },
        { GZ_OPT_FLAG, 0, "list-tables", NULL,
          N_("write the names and captions of the tables"), &r.list_tables, NULL },
        { GZ_OPT_FLAG, 0, "print-schema", NULL,
          N_("write the JSON schema of -t json, and no report"), &r.print_schema, NULL },
        { GZ_OPT_STR, 0, "output-dir", "DIR",
          N_("one file a table (-t csv), a unit (--split-by)"), &r.dir, "@newdir" },
        { GZ_OPT_STR, 0, "split-by", "unit", N_("one report a unit, in --output-dir"),
          &r.split, "unit" },
        { GZ_OPT_UINT, 0, "top", "N", N_("rows of a table, bars of a chart at most"),
          &r.top, NULL },
        { GZ_OPT_UINT, 0, "width", "N", N_("columns of text (the terminal's, or 100)"),
          &r.width, NULL },
        { GZ_OPT_STR, 0, "privacy", "LEVEL",
          N_("office, or public: no lists, no small counts"), &r.privacy,
          "office|public" },
        { GZ_OPT_UINT, 0, "small", "N", N_("counts under N are small (10)"), &r.small,
          NULL },
        { GZ_OPT_FLAG, 0, "verify", NULL, N_("check the figures of a published bulletin"),
          &r.verify, NULL },
        { GZ_OPT_FLAG, 0, "partial", NULL, N_("write a report that is incomplete, too"),
          &r.partial, NULL },
        { GZ_OPT_FLAG, 0, "excel", NULL,
          N_("CSV for a spreadsheet: BOM, CRLF, formula guard"), &r.app.excel, NULL },
        { GZ_OPT_STR, 0, "color", "WHEN", N_("always, never or auto"), &r.app.color,
          "always|never|auto" },
        { GZ_OPT_SIZE, 0, "max-record", "BYTES", N_("refuse longer lines (64M)"),
          &r.app.max_record, NULL },
        { GZ_OPT_UINT, 0, "max-rows", "N", N_("refuse more rows of tallies (4000000)"),
          &r.max_rows, NULL },
        GZ_APP_COMMON_OPTIONS(&r.app),
    };
    struct gz_err err = { 0 };
    int first = 0, status;

    r.app.max_record = 64 << 20;
    r.max_rows = 4000000;
    r.small = 10;
    r.top = UINT64_MAX;
    if (gz_app_begin(&r.app, table, argc, argv, &first, &err)) {
        gz_store_init(&r.store, r.max_rows, 0);
        run(&r, argv + first, &err);
        gz_build_close(&r.all);
        gz_store_release(&r.store);
        gz_people_release(&r.people);
        gz_tiles_release(&r.tiles);
        gz_words_release(&r.words);
    }
    status = gz_app_finish(&r.app, &err);
    gz_arena_free(&r.run);
    return status;
}
