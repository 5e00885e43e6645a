// SPDX-License-Identifier: MIT
// mem: sizes that cannot wrap, and the one way out when memory is gone.
#ifndef GZ_BASE_MEM_H
#define GZ_BASE_MEM_H

#include <stddef.h>

// Called when `bytes` cannot be had. lib/app sets it to a function that prints and
// exits with status 4; the default aborts. It must not return.
extern void (*gz_fatal_memory_hook)(size_t bytes);

_Noreturn void gz_fatal_memory(size_t bytes);

// count * size and a + b; gz_fatal_memory() when they do not fit a size_t.
size_t gz_mem_mul(size_t count, size_t size);
size_t gz_mem_add(size_t a, size_t b);

// malloc(), calloc() and realloc() of count * size bytes that never return NULL.
// For what owns its memory: hash tables, buffers. Everything else uses an arena.
void *gz_mem_alloc(size_t count, size_t size) __attribute__((returns_nonnull, malloc));
void *gz_mem_zalloc(size_t count, size_t size) __attribute__((returns_nonnull, malloc));
void *gz_mem_realloc(void *old, size_t count, size_t size)
    __attribute__((returns_nonnull));

#endif
