// SPDX-License-Identifier: MIT
// Workers: any number of them gives the same bytes in the same order, and the earliest
// failure.
#include "app/pool.h"

#include "base/buf.h"
#include "tap.h"

enum { PIECES = 2000 };

struct shared {
    int next;
    int fail_at; // piece whose work fails; -1: none
    int stop_at; // piece that cannot be fetched; -1: none
    struct gz_buf out;
};

struct worker {
    int piece;
    unsigned result;
};

static bool
take(void *ctx, void *worker, struct gz_err *err)
{
    struct shared *s = ctx;

    if (s->next == s->stop_at) {
        gz_err_set(err, GZ_ERR_IO, "take %d", s->next);
        return false;
    }
    ((struct worker *)worker)->piece = s->next;
    return s->next++ < PIECES;
}

static enum gz_err_kind
work(void *ctx, void *worker, struct gz_err *err)
{
    struct shared *s = ctx;
    struct worker *w = worker;

    // Uneven work, so that pieces finish out of order.
    w->result = (unsigned)w->piece;
    for (int i = 0; i < w->piece % 7 * 1000; i++)
        w->result = w->result * 31 + 7;
    if (s->fail_at >= 0 && w->piece >= s->fail_at)
        return gz_err_set(err, GZ_ERR_DATA, "work %d", w->piece);
    return GZ_OK;
}

static enum gz_err_kind
give(void *ctx, void *worker, struct gz_err *err)
{
    struct shared *s = ctx;
    struct worker *w = worker;

    (void)err;
    gz_buf_printf(&s->out, "%d:%u ", w->piece, w->result);
    return GZ_OK;
}

static const struct gz_pool_ops ops = { take, work, give };

static struct gz_buf
run(size_t count, int fail_at, int stop_at, struct gz_err *err)
{
    struct shared s = { .fail_at = fail_at, .stop_at = stop_at };
    struct worker state[8];
    void *workers[8];

    for (size_t i = 0; i < count; i++)
        workers[i] = &state[i];
    *err = (struct gz_err){ 0 };
    gz_pool_run(&ops, &s, workers, count, err);
    return s.out;
}

int
main(void)
{
    struct gz_err err;
    struct gz_buf alone = run(1, -1, -1, &err), cut = run(1, 700, -1, &err);

    for (size_t n = 2; n <= 8; n++) {
        struct gz_buf many = run(n, -1, -1, &err);

        ok(gz_str_eq(gz_buf_str(&alone), gz_buf_str(&many)) && !err.kind,
           "%zu workers: the same bytes", n);
        gz_buf_release(&many);
        many = run(n, 700, -1, &err);
        ok(strcmp(err.text, "work 700") == 0 &&
               gz_str_eq(gz_buf_str(&cut), gz_buf_str(&many)),
           "%zu workers: the earliest failure, and nothing after it", n);
        gz_buf_release(&many);
        many = run(n, -1, 900, &err);
        ok(strcmp(err.text, "take 900") == 0, "%zu workers: a failed fetch", n);
        gz_buf_release(&many);
    }
    gz_buf_release(&alone);
    gz_buf_release(&cut);
    return done_testing();
}
