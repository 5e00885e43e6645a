// SPDX-License-Identifier: MIT
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct gz_arena_block {
    struct gz_arena_block *next;
    size_t size; // bytes of data[]
    size_t used;
    _Alignas(64) char data[];
};

enum { FIRST_BLOCK = 16 * 1024, MAX_STEP = 1024 * 1024 };

static struct gz_arena_block *
add_block(struct gz_arena *a, size_t need)
{
    size_t size = a->head ? a->head->size * 2 : FIRST_BLOCK;
    struct gz_arena_block *b;

    if (size > MAX_STEP)
        size = MAX_STEP;
    if (size < need)
        size = need;
    // The block's size is a multiple of its alignment, as aligned_alloc() asks.
    size = (size + 63) & ~(size_t)63;
    b = aligned_alloc(64, sizeof(*b) + size);
    if (!b)
        gz_fatal_memory(size);
    b->next = a->head;
    b->size = size;
    b->used = 0;
    a->head = b;
    return b;
}

void *
gz_arena_alloc(struct gz_arena *a, size_t count, size_t size, size_t align)
{
    struct gz_arena_block *b = a->head;
    size_t bytes = gz_mem_mul(count, size);
    size_t at = b ? (b->used + align - 1) & ~(align - 1) : 0;
    void *p;

    if (bytes > SIZE_MAX / 2 || (a->limit && bytes > a->limit - a->used))
        gz_fatal_memory(bytes);
    if (!b || at > b->size || bytes > b->size - at) {
        b = add_block(a, bytes);
        at = 0;
    }
    p = b->data + at;
    b->used = at + bytes;
    a->used += bytes;
    return memset(p, 0, bytes);
}

struct gz_str
gz_arena_dup(struct gz_arena *a, struct gz_str s)
{
    char *p = gz_arena_alloc(a, s.len + 1, 1, 1);

    if (s.len)
        memcpy(p, s.ptr, s.len);
    return (struct gz_str){ p, s.len };
}

const char *
gz_arena_cstr(struct gz_arena *a, struct gz_str s)
{
    return gz_arena_dup(a, s).ptr;
}

struct gz_str
gz_arena_printf(struct gz_arena *a, const char *fmt, ...)
{
    va_list ap;
    int n;
    char *p;

    va_start(ap, fmt);
    n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0)
        return (struct gz_str){ "", 0 };
    p = gz_arena_alloc(a, (size_t)n + 1, 1, 1);
    va_start(ap, fmt);
    vsnprintf(p, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return (struct gz_str){ p, (size_t)n };
}

void *
gz_arena_grow(struct gz_arena *a, void *old, size_t *cap, size_t need, size_t size)
{
    size_t want = *cap ? *cap : 8;
    void *p;

    if (need <= *cap)
        return old;
    while (want < need)
        want = gz_mem_mul(want, 2);
    p = gz_arena_alloc(a, want, size, 16);
    if (*cap)
        memcpy(p, old, *cap * size);
    *cap = want;
    return p;
}

void
gz_arena_reset(struct gz_arena *a)
{
    struct gz_arena_block *keep = a->head;
    struct gz_arena_block *b;

    a->used = 0;
    if (!keep)
        return;
    // Blocks grow, so the newest is nearly always the largest.
    b = keep->next;
    while (b) {
        struct gz_arena_block *next = b->next;

        free(b);
        b = next;
    }
    keep->next = NULL;
    keep->used = 0;
}

void
gz_arena_free(struct gz_arena *a)
{
    gz_arena_reset(a);
    free(a->head);
    *a = (struct gz_arena){ .limit = a->limit };
}
