// SPDX-License-Identifier: MIT
// extsort: items of one size sorted in bounded memory, by way of a file without a name.
#ifndef GZ_IO_EXTSORT_H
#define GZ_IO_EXTSORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct gz_extsort_run;

struct gz_extsort {
    size_t size; // of an item, bytes
    int (*compare)(const void *a, const void *b);
    char *item;
    size_t count;
    size_t room; // items
    size_t at;
    int fd; // -1 until memory was full
    uint64_t bytes;
    struct gz_extsort_run *run;
    size_t runs;
    size_t runs_cap;
    size_t *heap; // runs by their first item
    size_t heaped;
    char *block; // of all runs
};

// `memory` in bytes: for the items, and later for reading them back. `compare` must tell
// any two items apart for the order to be one and the same every time.
void gz_extsort_open(struct gz_extsort *s, size_t size, size_t memory,
                     int (*compare)(const void *a, const void *b));
void gz_extsort_close(struct gz_extsort *s);

enum gz_err_kind gz_extsort_add(struct gz_extsort *s, const void *item,
                                struct gz_err *err);

// After the last item; nothing may be added then.
enum gz_err_kind gz_extsort_finish(struct gz_extsort *s, struct gz_err *err);

// The next item in order; false at the end or on a fault (*err).
bool gz_extsort_next(struct gz_extsort *s, void *item, struct gz_err *err);

#endif
