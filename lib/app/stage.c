// SPDX-License-Identifier: MIT
#include "app/stage.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/pool.h"
#include "base/mem.h"
#include "base/tr.h"
#include "record/lines.h"

enum { SHOWN_NOTES = 10, SHOWN_REJECTS = 10 };

// A block of lines on its way through a worker.
struct piece {
    struct stage *stage;
    void *worker;
    struct gz_buf text; // the block's lines
    struct gz_lines lines;
    char source[256];  // the reader's own name of it may be gone by then
    struct gz_err bad; // instead of a block: a line that fits none
    struct gz_buf out, notes;
    struct gz_err reject[SHOWN_REJECTS]; // the first; no more are ever shown
    size_t rejects;                      // all of them
    uint64_t records;
};

struct stage {
    struct gz_app *app;
    struct gz_reader *reader;
    const struct gz_stage_ops *ops;
    void *shared;
    bool alone; // one worker: blocks need no copy
    uint64_t notes;
};

// ---- one at a time: fetch ----

static void
name_source(struct piece *p)
{
    struct gz_str name = gz_str_of(gz_reader_source(p->stage->reader));
    size_t len = name.len < sizeof(p->source) ? name.len : sizeof(p->source) - 1;

    memcpy(p->source, name.ptr, len);
    p->source[len] = '\0';
    p->lines.source = p->source;
}

// A row of a CSV is a block of one line.
static enum gz_reader_next
take_row(struct piece *p, struct gz_err *err)
{
    struct gz_str line;
    enum gz_reader_next next = gz_reader_next(p->stage->reader, &line, err);

    if (next != GZ_READER_LINE)
        return next;
    p->text.len = 0;
    gz_buf_add(&p->text, line);
    p->lines = (struct gz_lines){ .text = gz_buf_str(&p->text),
                                  .line = gz_reader_line(p->stage->reader) - 1,
                                  .max_record = SIZE_MAX };
    return next;
}

static bool
take(void *shared, void *ctx, struct gz_err *err)
{
    struct piece *p = ctx;
    struct stage *s = shared;
    enum gz_reader_next next =
        gz_reader_has_blocks(s->reader)
            ? gz_reader_take(s->reader, s->alone ? NULL : &p->text, &p->lines, err)
            : take_row(p, err);

    gz_err_clear(&p->bad);
    if (next == GZ_READER_END || next == GZ_READER_FAIL)
        return false;
    if (next == GZ_READER_BAD) {
        p->bad = *err;
        gz_err_clear(err);
        p->lines = (struct gz_lines){ .checked = true };
    }
    name_source(p);
    return true;
}

// ---- all at once: work ----

static enum gz_err_kind
turn_down(struct piece *p, const struct gz_err *why, struct gz_err *err)
{
    struct gz_stage_turn turn = { &p->out, &p->notes };

    if (p->rejects < SHOWN_REJECTS)
        p->reject[p->rejects] = *why;
    p->rejects++;
    return p->stage->ops->reject(p->worker, why, &turn, err);
}

// Put the place before the warnings that a line gave.
static void
place_notes(struct piece *p, size_t from)
{
    struct gz_buf placed = { 0 };
    struct gz_str rest = gz_str_from(gz_buf_str(&p->notes), from);

    while (rest.len) {
        struct gz_cut cut = gz_str_cut(rest, GZ_STR("\n"));

        gz_buf_printf(&placed, "%s:%" PRIu64 ": ", p->source, p->lines.line);
        gz_buf_add(&placed, cut.head);
        gz_buf_char(&placed, '\n');
        rest = cut.tail;
    }
    p->notes.len = from;
    gz_buf_add(&p->notes, gz_buf_str(&placed));
    gz_buf_release(&placed);
}

static enum gz_err_kind
one_line(struct piece *p, struct gz_str line, struct gz_err *why)
{
    struct gz_stage_turn turn = { &p->out, &p->notes };
    size_t out = p->out.len, notes = p->notes.len;

    if (p->stage->ops->line(p->worker, line, &turn, why)) {
        p->out.len = out;
        gz_err_at(why, p->source, p->lines.line, 0);
        return why->kind;
    }
    p->records++;
    if (p->notes.len != notes)
        place_notes(p, notes);
    return GZ_OK;
}

static enum gz_err_kind
work(void *shared, void *ctx, struct gz_err *err)
{
    struct piece *p = ctx;

    (void)shared;
    p->out.len = p->notes.len = p->rejects = 0;
    p->records = 0;
    if (p->bad.kind && turn_down(p, &p->bad, err))
        return err->kind;
    for (struct gz_err why = { 0 };; gz_err_clear(&why)) {
        struct gz_str line;
        enum gz_lines_next next = gz_lines_next(&p->lines, &line, &why);

        if (next == GZ_LINES_END)
            return GZ_OK;
        if (next == GZ_LINES_LINE && one_line(p, line, &why) == GZ_OK)
            continue;
        if (why.kind != GZ_ERR_DATA) {
            *err = why;
            return err->kind;
        }
        if (turn_down(p, &why, err))
            return err->kind;
    }
}

// ---- in order: give ----

static enum gz_err_kind
give(void *shared, void *ctx, struct gz_err *err)
{
    struct piece *p = ctx;
    struct stage *s = shared;
    struct gz_str rest = gz_buf_str(&p->notes);

    for (size_t i = 0; i < p->rejects && i < SHOWN_REJECTS; i++)
        gz_app_reject(s->app, &p->reject[i]);
    if (p->rejects > SHOWN_REJECTS)
        s->app->rejects += p->rejects - SHOWN_REJECTS;
    while (rest.len) {
        struct gz_cut cut = gz_str_cut(rest, GZ_STR("\n"));

        if (s->notes++ < SHOWN_NOTES)
            gz_app_warn(s->app, GZ_STR_FMT, GZ_STR_ARG(cut.head));
        rest = cut.tail;
    }
    s->app->records += p->records;
    return s->ops->give(s->shared, gz_buf_str(&p->out), err);
}

enum gz_err_kind
gz_stage_run(struct gz_app *app, struct gz_reader *reader, const struct gz_stage_ops *ops,
             void *shared, void *const *workers, size_t count, struct gz_err *err)
{
    static const struct gz_pool_ops pool = { take, work, give };
    struct stage s = {
        .app = app, .reader = reader, .ops = ops, .shared = shared, .alone = count == 1
    };
    struct piece *piece = gz_mem_zalloc(count, sizeof(*piece));
    void *pieces[GZ_POOL_MAX];

    for (size_t i = 0; i < count; i++) {
        piece[i].stage = &s;
        piece[i].worker = workers[i];
        pieces[i] = &piece[i];
    }
    gz_pool_run(&pool, &s, pieces, count, err);
    if (s.notes > SHOWN_NOTES)
        gz_app_warn(app, _n("%llu warning in all", "%llu warnings in all", s.notes),
                    (unsigned long long)s.notes);
    for (size_t i = 0; i < count; i++) {
        gz_buf_release(&piece[i].text);
        gz_buf_release(&piece[i].out);
        gz_buf_release(&piece[i].notes);
    }
    free(piece);
    return err->kind;
}

bool
gz_stage_jobs(uint64_t asked, size_t *count, struct gz_err *err)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    if (asked > GZ_POOL_MAX) {
        gz_err_set(err, GZ_ERR_USAGE, _("option '--jobs' wants 0 to %d"), GZ_POOL_MAX);
        return false;
    }
    *count = asked ? (size_t)asked : processors > 0 ? (size_t)processors : 1;
    if (*count > GZ_POOL_MAX)
        *count = GZ_POOL_MAX;
    return true;
}
