// SPDX-License-Identifier: MIT
// fuzz: what every fuzz target shares. A target is one file with one function
// LLVMFuzzerTestOneInput(); libFuzzer drives it (scripts/fuzz), and replay.c runs it
// over the corpus with an ordinary compiler (make check).
#ifndef GZ_TESTS_FUZZ_H
#define GZ_TESTS_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// A difference between two answers is a finding: stop where the fuzzer sees it.
#define fuzz_must(cond)                                                                  \
    do {                                                                                 \
        if (!(cond)) {                                                                   \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #cond);                   \
            abort();                                                                     \
        }                                                                                \
    } while (0)

// An exact-size copy on the heap, so that reading one byte too far is seen. free() it.
static inline struct gz_str
fuzz_copy(const uint8_t *data, size_t size)
{
    char *copy = malloc(size ? size : 1);

    fuzz_must(copy);
    if (size)
        memcpy(copy, data, size);
    return (struct gz_str){ copy, size };
}

// The bytes as a file that only this process has. Fills `path`; returns its descriptor.
static inline int
fuzz_file(struct gz_str bytes, char path[64])
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);

    fuzz_must(fd >= 0);
    fuzz_must(write(fd, bytes.ptr, bytes.len) == (ssize_t)bytes.len);
    fuzz_must(lseek(fd, 0, SEEK_SET) == 0);
    snprintf(path, 64, "/proc/self/fd/%d", fd);
    return fd;
}

#endif
