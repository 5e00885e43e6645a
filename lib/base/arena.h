// SPDX-License-Identifier: MIT
// arena: memory with one lifetime, freed all at once.
#ifndef GZ_BASE_ARENA_H
#define GZ_BASE_ARENA_H

#include <stddef.h>

#include "base/str.h"

// Three lifetimes exist in a worker: setup (packs, layouts, options), run (what
// outlives a record) and record. gz_arena_reset() before the next record keeps the
// blocks and forgets the contents. Nothing allocated here is ever freed on its own.
// Zero-initialise; an empty arena owns nothing.
struct gz_arena {
    struct gz_arena_block *head;
    size_t used;  // bytes handed out since the last reset
    size_t limit; // bytes; 0 means no limit
};

// Allocate `count` objects of `size` bytes, zeroed, aligned to `align` (a power of
// two, at most 64). Out of memory, or over `limit`, ends the process through
// gz_fatal_memory(): no caller can go on, and none is asked to check.
void *gz_arena_alloc(struct gz_arena *a, size_t count, size_t size, size_t align)
    __attribute__((returns_nonnull));

// Copy `s` into the arena and add a NUL after it (not counted in len).
struct gz_str gz_arena_dup(struct gz_arena *a, struct gz_str s);

// The same, as a C string. A NUL inside `s` ends it early for C functions.
const char *gz_arena_cstr(struct gz_arena *a, struct gz_str s);

// printf into the arena.
struct gz_str gz_arena_printf(struct gz_arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

// Grow an array of `*cap` elements of `size` bytes so that `need` fit: returns `old`
// when they do, else a copy twice as long in the arena. The old one is left behind.
void *gz_arena_grow(struct gz_arena *a, void *old, size_t *cap, size_t need, size_t size);

// Forget every allocation; keep the largest block for reuse.
void gz_arena_reset(struct gz_arena *a);

// Give all memory back. The arena is empty and usable afterwards.
void gz_arena_free(struct gz_arena *a);

#define gz_arena_new(a, type, n)                                                         \
    ((type *)gz_arena_alloc((a), (n), sizeof(type), _Alignof(type)))

#endif
