// SPDX-License-Identifier: MIT
#include "io/extsort.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/tempfile.h"

enum { RUN_ITEMS = 64 }; // read back at once, at least

struct gz_extsort_run {
    uint64_t at;  // in the file
    uint64_t end; // in the file
    char *item;   // read back
    size_t count;
    size_t next;
    size_t room;
};

void
gz_extsort_open(struct gz_extsort *s, size_t size, size_t memory,
                int (*compare)(const void *a, const void *b))
{
    *s = (struct gz_extsort){ .size = size, .compare = compare, .fd = -1 };
    s->room = memory / size < 16 ? 16 : memory / size;
}

void
gz_extsort_close(struct gz_extsort *s)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
    free(s->item);
    free(s->run);
    free(s->heap);
    free(s->block);
    s->item = s->block = NULL;
    s->run = NULL;
    s->heap = NULL;
    s->count = s->runs = s->heaped = 0;
}

// ---- runs ----

static enum gz_err_kind
spill(struct gz_extsort *s, struct gz_err *err)
{
    struct gz_extsort_run r = { .at = s->bytes };

    if (s->fd < 0 && (s->fd = gz_tempfile_open()) < 0)
        return gz_tempfile_error(err);
    qsort(s->item, s->count, s->size, s->compare);
    if (gz_tempfile_write(s->fd, (struct gz_str){ s->item, s->count * s->size },
                          &s->bytes, err))
        return err->kind;
    r.end = s->bytes;
    if (s->runs == s->runs_cap) {
        s->runs_cap = s->runs_cap ? 2 * s->runs_cap : 16;
        s->run = gz_mem_realloc(s->run, s->runs_cap, sizeof(*s->run));
    }
    s->run[s->runs++] = r;
    s->count = 0;
    return GZ_OK;
}

enum gz_err_kind
gz_extsort_add(struct gz_extsort *s, const void *item, struct gz_err *err)
{
    if (!s->item)
        s->item = gz_mem_alloc(s->room, s->size);
    if (s->count == s->room && spill(s, err))
        return err->kind;
    memcpy(s->item + s->count++ * s->size, item, s->size);
    return GZ_OK;
}

// ---- merging ----

static enum gz_err_kind
fill(struct gz_extsort *s, struct gz_extsort_run *r, struct gz_err *err)
{
    size_t want = r->room * s->size;

    if (want > r->end - r->at)
        want = (size_t)(r->end - r->at);
    if (gz_tempfile_read(s->fd, r->item, want, r->at, err))
        return err->kind;
    r->at += want;
    r->count = want / s->size;
    r->next = 0;
    return GZ_OK;
}

static const char *
first_of(const struct gz_extsort *s, size_t run)
{
    return s->run[run].item + s->run[run].next * s->size;
}

static bool
before(const struct gz_extsort *s, size_t i, size_t k)
{
    return s->compare(first_of(s, s->heap[i]), first_of(s, s->heap[k])) < 0;
}

static void
sift(struct gz_extsort *s, size_t i)
{
    for (;;) {
        size_t least = i, left = 2 * i + 1, swap;

        for (size_t c = left; c < left + 2 && c < s->heaped; c++)
            if (before(s, c, least))
                least = c;
        if (least == i)
            return;
        swap = s->heap[i];
        s->heap[i] = s->heap[least];
        s->heap[least] = swap;
        i = least;
    }
}

enum gz_err_kind
gz_extsort_finish(struct gz_extsort *s, struct gz_err *err)
{
    size_t room;

    if (!s->runs) {
        if (s->count)
            qsort(s->item, s->count, s->size, s->compare);
        return GZ_OK;
    }
    if (s->count && spill(s, err))
        return err->kind;
    free(s->item);
    s->item = NULL;
    room = s->room / s->runs < RUN_ITEMS ? RUN_ITEMS : s->room / s->runs;
    s->block = gz_mem_alloc(gz_mem_mul(s->runs, room), s->size);
    s->heap = gz_mem_alloc(s->runs, sizeof(*s->heap));
    for (size_t i = 0; i < s->runs; i++) {
        s->run[i].item = s->block + i * room * s->size;
        s->run[i].room = room;
        if (fill(s, &s->run[i], err))
            return err->kind;
        s->heap[i] = i;
    }
    s->heaped = s->runs;
    for (size_t i = s->heaped / 2 + 1; i-- > 0;)
        sift(s, i);
    return GZ_OK;
}

bool
gz_extsort_next(struct gz_extsort *s, void *item, struct gz_err *err)
{
    struct gz_extsort_run *r;

    if (!s->runs) {
        if (s->at == s->count)
            return false;
        memcpy(item, s->item + s->at++ * s->size, s->size);
        return true;
    }
    if (!s->heaped)
        return false;
    r = &s->run[s->heap[0]];
    memcpy(item, first_of(s, s->heap[0]), s->size);
    if (++r->next == r->count) {
        if (r->at == r->end)
            s->heap[0] = s->heap[--s->heaped];
        else if (fill(s, r, err))
            return false;
    }
    sift(s, 0);
    return true;
}
