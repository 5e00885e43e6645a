// SPDX-License-Identifier: MIT
// tap: what a unit test needs to speak the Test Anything Protocol.
#ifndef GZ_TESTS_TAP_H
#define GZ_TESTS_TAP_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

static int tap_count;
static int tap_failed;

// One check. Prints the expression and its line when it fails.
#define ok(cond, ...)                                                                    \
    do {                                                                                 \
        bool tap_good = (cond);                                                          \
        tap_failed += !tap_good;                                                         \
        printf("%sok %d - ", tap_good ? "" : "not ", ++tap_count);                       \
        printf(__VA_ARGS__);                                                             \
        printf("\n");                                                                    \
        if (!tap_good)                                                                   \
            printf("# %s:%d: %s\n", __FILE__, __LINE__, #cond);                          \
    } while (0)

#define is_u64(got, want, ...)                                                           \
    do {                                                                                 \
        uint64_t tap_got = (uint64_t)(got), tap_want = (uint64_t)(want);                 \
        ok(tap_got == tap_want, __VA_ARGS__);                                            \
        if (tap_got != tap_want)                                                         \
            printf("# got %" PRIu64 ", want %" PRIu64 "\n", tap_got, tap_want);          \
    } while (0)

// Compare a struct gz_str with a C string.
#define is_str(got, want, ...)                                                           \
    do {                                                                                 \
        struct gz_str tap_s = (got);                                                     \
        const char *tap_w = (want);                                                      \
        ok(gz_str_is(tap_s, tap_w), __VA_ARGS__);                                        \
        if (!gz_str_is(tap_s, tap_w))                                                    \
            printf("# got  '" GZ_STR_FMT "'\n# want '%s'\n", GZ_STR_ARG(tap_s), tap_w);  \
    } while (0)

// The last line of main(): `return done_testing();`
static inline int
done_testing(void)
{
    printf("1..%d\n", tap_count);
    return tap_failed ? 1 : 0;
}

#endif
