// SPDX-License-Identifier: MIT
// gz-link: every join: repeats, clusters, meetings and items, whistles and report-ins.
#include <string.h>
#include <sys/stat.h>

#include "app/app.h"
#include "base/tr.h"
#include "link/link.h"
#include "record/writer.h"

struct settings {
    struct gz_link_options link;
    const char *new_state;
};

static bool
same_file(const char *a, const char *b)
{
    struct stat x, y;

    if (strcmp(a, b) == 0)
        return true;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
           x.st_ino == y.st_ino;
}

static enum gz_err_kind
check(const struct settings *s, struct gz_err *err)
{
    if (s->link.state && s->new_state && same_file(s->link.state, s->new_state))
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("--state and --new-state name the same file '%s'; a state is "
                            "never changed in place"),
                          s->new_state);
    if (s->link.similarity > 100)
        return gz_err_set(err, GZ_ERR_USAGE, _("--similarity wants 0 to 100, not %llu"),
                          (unsigned long long)s->link.similarity);
    if (s->link.window_days > 36500)
        return gz_err_set(err, GZ_ERR_USAGE, _("--window wants 0 to 36500, not %llu"),
                          (unsigned long long)s->link.window_days);
    if (s->link.min < 2)
        return gz_err_set(err, GZ_ERR_USAGE, _("--min wants 2 or more, not %llu"),
                          (unsigned long long)s->link.min);
    if (s->link.max_state > 200000000)
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("--max-state wants at most 200000000, not %llu"),
                          (unsigned long long)s->link.max_state);
    return GZ_OK;
}

// A line that cannot be read becomes a reject where it stood.
static enum gz_err_kind
reject(struct gz_app *app, struct gz_link *link, const struct gz_reader *reader,
       struct gz_err *bad, struct gz_err *err)
{
    struct gz_buf line = { 0 };

    gz_err_at(bad, gz_reader_source(reader), gz_reader_line(reader), 0);
    gz_app_reject(app, bad);
    gz_write_reject(&line, bad, app->name);
    gz_link_pass(link, gz_str_first(gz_buf_str(&line), line.len - 1), err);
    gz_buf_release(&line);
    return err->kind;
}

static enum gz_err_kind
take_all(struct gz_app *app, struct gz_link *link, struct gz_reader *reader,
         struct gz_err *err)
{
    for (;;) {
        struct gz_err bad = { 0 };
        struct gz_str line;
        enum gz_reader_next next = gz_reader_next(reader, &line, &bad);

        if (next == GZ_READER_END)
            return GZ_OK;
        if (next == GZ_READER_LINE) {
            if (!gz_link_take(link, line, &bad)) {
                app->records++;
                continue;
            }
            if (bad.kind == GZ_ERR_USAGE)
                gz_err_at(&bad, gz_reader_source(reader), gz_reader_line(reader), 0);
        }
        if (next == GZ_READER_FAIL || bad.kind != GZ_ERR_DATA) {
            *err = bad;
            return err->kind;
        }
        if (reject(app, link, reader, &bad, err))
            return err->kind;
    }
}

static enum gz_err_kind
write_all(struct gz_link *link, struct gz_sink *sink, struct gz_err *err)
{
    while (gz_link_next(link, gz_sink_buf(sink), err))
        if (gz_sink_tick(sink, err))
            return err->kind;
    return err->kind ? err->kind : gz_sink_tick(sink, err);
}

static void
tell(const struct gz_app *app, const struct gz_link *link)
{
    struct gz_link_count c = gz_link_count(link);

    gz_app_note(app, _("%llu petitions, %llu repeats, %llu topics with %llu of them"),
                (unsigned long long)c.petitions, (unsigned long long)c.repeats,
                (unsigned long long)c.topics, (unsigned long long)c.in_topics);
    if (c.undated)
        gz_app_note(app, _("%llu petitions without a day were not compared"),
                    (unsigned long long)c.undated);
}

static void
run(struct gz_app *app, const struct settings *s, char **operands, struct gz_err *err)
{
    struct gz_link *link = NULL;
    struct gz_reader *reader = NULL;
    struct gz_sink *sink = NULL;

    if (check(s, err) || !(link = gz_link_new(&s->link, err)))
        return;
    reader = gz_app_reader(app, operands, err);
    if (reader && !take_all(app, link, reader, err) && !gz_link_settle(link, err) &&
        !gz_app_open_output(app, err) && (sink = gz_app_sink(app, err)) &&
        !write_all(link, sink, err) && !gz_out_flush(&app->out, err)) {
        tell(app, link);
        if (s->new_state)
            gz_link_save(link, s->new_state, err);
    }
    gz_sink_free(sink);
    gz_reader_free(reader);
    gz_link_free(link);
}

int
main(int argc, char **argv)
{
    struct settings s = {
        .link = { .window_days = 90, .min = 3, .similarity = 30, .max_state = 4000000 }
    };
    struct gz_app app = {
        .name = "gz-link",
        .spills = true,
        .synopsis = N_("[OPTION]... [FILE]..."),
        .purpose = N_(
            "Join records: repeats, topics, meetings and items, whistles, follow-ups."),
        .examples = N_("  gz-ingest calls.csv | gz-link | gz-route | gz-tally\n"
                       "  gz-link --state may.state --new-state june.state june.jsonl\n"),
    };
    const struct gz_opt table[] = {
        { GZ_OPT_GROUP, 0, NULL, NULL, N_("Linking:"), NULL, NULL },
        { GZ_OPT_UINT, 0, "window", "DAYS",
          N_("compare petitions at most so far apart (90)"), &s.link.window_days, NULL },
        { GZ_OPT_UINT, 0, "min", "N", N_("petitions that make a topic (3)"), &s.link.min,
          NULL },
        { GZ_OPT_UINT, 0, "similarity", "PERCENT",
          N_("how alike the petitions of a topic are (30)"), &s.link.similarity, NULL },
        { GZ_OPT_STR, 0, "words", "FILE", N_("sheet of matter and stop words"),
          &s.link.words, "@file" },
        { GZ_OPT_FLAG, 0, "joins-only", NULL, N_("neither repeats nor topics"),
          &s.link.no_topics, NULL },
        { GZ_OPT_STR, 0, "state", "FILE", N_("what an earlier run remembered"),
          &s.link.state, "@file" },
        { GZ_OPT_STR, 0, "new-state", "FILE", N_("where to remember this run"),
          &s.new_state, "@newfile" },
        { GZ_OPT_UINT, 0, "max-state", "N", N_("records to remember at most (4000000)"),
          &s.link.max_state, NULL },
        GZ_APP_STREAM_OPTIONS(&app),
        GZ_APP_COMMON_OPTIONS(&app),
    };
    struct gz_err err = { 0 };
    int first;

    if (gz_app_begin(&app, table, argc, argv, &first, &err))
        run(&app, &s, argv + first, &err);
    return gz_app_finish(&app, &err);
}
