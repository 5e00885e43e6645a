// SPDX-License-Identifier: MIT
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>

void (*gz_fatal_memory_hook)(size_t bytes);

_Noreturn void
gz_fatal_memory(size_t bytes)
{
    if (gz_fatal_memory_hook)
        gz_fatal_memory_hook(bytes);
    abort();
}

size_t
gz_mem_mul(size_t count, size_t size)
{
    size_t n;

    if (__builtin_mul_overflow(count, size, &n))
        gz_fatal_memory(SIZE_MAX);
    return n;
}

size_t
gz_mem_add(size_t a, size_t b)
{
    size_t n;

    if (__builtin_add_overflow(a, b, &n))
        gz_fatal_memory(SIZE_MAX);
    return n;
}

void *
gz_mem_alloc(size_t count, size_t size)
{
    size_t n = gz_mem_mul(count, size);
    void *p = malloc(n ? n : 1);

    if (!p)
        gz_fatal_memory(n);
    return p;
}

void *
gz_mem_zalloc(size_t count, size_t size)
{
    void *p = calloc(count ? count : 1, size ? size : 1);

    if (!p)
        gz_fatal_memory(gz_mem_mul(count, size));
    return p;
}

void *
gz_mem_realloc(void *old, size_t count, size_t size)
{
    size_t n = gz_mem_mul(count, size);
    void *p = realloc(old, n ? n : 1);

    if (!p)
        gz_fatal_memory(n);
    return p;
}
