// SPDX-License-Identifier: MIT
#include "app/pool.h"

#include <pthread.h>

struct pool {
    const struct gz_pool_ops *ops;
    void *shared;
    pthread_mutex_t take; // held while a piece is fetched
    pthread_mutex_t give; // guards what is below
    pthread_cond_t turn;
    size_t taken;      // pieces fetched; guarded by `take`
    size_t given;      // pieces handed on
    bool ended;        // nothing more is to be fetched; guarded by `take`
    struct gz_err err; // of the earliest piece that failed
};

struct thread {
    struct pool *pool;
    void *worker;
    pthread_t id;
};

static bool
fetch(struct pool *p, void *worker, size_t *ticket, struct gz_err *err)
{
    bool got = false;

    pthread_mutex_lock(&p->take);
    if (!p->ended)
        got = p->ops->take(p->shared, worker, err);
    if (!got)
        p->ended = true;
    // A failed fetch has a ticket too: its error must wait for its turn.
    if (got || err->kind)
        *ticket = p->taken++;
    pthread_mutex_unlock(&p->take);
    return got;
}

static void
hand_on(struct pool *p, void *worker, size_t ticket, struct gz_err *err)
{
    pthread_mutex_lock(&p->give);
    while (p->given != ticket)
        pthread_cond_wait(&p->turn, &p->give);
    if (!p->err.kind && !err->kind)
        p->ops->give(p->shared, worker, err);
    if (!p->err.kind)
        p->err = *err;
    p->given++;
    pthread_cond_broadcast(&p->turn);
    pthread_mutex_unlock(&p->give);
}

static bool
has_failed(struct pool *p)
{
    bool failed;

    pthread_mutex_lock(&p->give);
    failed = p->err.kind != GZ_OK;
    pthread_mutex_unlock(&p->give);
    return failed;
}

static void *
run_thread(void *ctx)
{
    struct thread *t = ctx;
    struct pool *p = t->pool;

    while (!has_failed(p)) {
        struct gz_err err = { 0 };
        size_t ticket = 0;
        bool got = fetch(p, t->worker, &ticket, &err);

        if (!got && !err.kind)
            break;
        if (got)
            p->ops->work(p->shared, t->worker, &err);
        hand_on(p, t->worker, ticket, &err);
    }
    return NULL;
}

static enum gz_err_kind
run_alone(const struct gz_pool_ops *ops, void *shared, void *worker, struct gz_err *err)
{
    while (!err->kind && ops->take(shared, worker, err))
        if (!ops->work(shared, worker, err))
            ops->give(shared, worker, err);
    return err->kind;
}

enum gz_err_kind
gz_pool_run(const struct gz_pool_ops *ops, void *shared, void **workers, size_t count,
            struct gz_err *err)
{
    struct pool p = { .ops = ops, .shared = shared };
    struct thread thread[GZ_POOL_MAX];
    size_t started = 0;

    if (count <= 1)
        return run_alone(ops, shared, workers[0], err);
    pthread_mutex_init(&p.take, NULL);
    pthread_mutex_init(&p.give, NULL);
    pthread_cond_init(&p.turn, NULL);
    for (; started < count && started < GZ_POOL_MAX; started++) {
        thread[started] = (struct thread){ .pool = &p, .worker = workers[started] };
        if (pthread_create(&thread[started].id, NULL, run_thread, &thread[started]) != 0)
            break;
    }
    // Fewer threads than asked for do the same work; none at all do it here.
    if (started == 0)
        run_thread(&(struct thread){ .pool = &p, .worker = workers[0] });
    for (size_t i = 0; i < started; i++)
        pthread_join(thread[i].id, NULL);
    pthread_cond_destroy(&p.turn);
    pthread_mutex_destroy(&p.give);
    pthread_mutex_destroy(&p.take);
    if (p.err.kind)
        *err = p.err;
    return err->kind;
}
