// SPDX-License-Identifier: MIT
// linter: what the checks of a pack share; checks that stand in files of their own.
#ifndef GZ_ROUTE_LINTER_H
#define GZ_ROUTE_LINTER_H

#include "base/arena.h"
#include "route/lint.h"

struct gz_linter {
    const struct gz_pack *pack;
    struct gz_buf *out;
    struct gz_lint count;
    uint32_t budget;
    struct gz_arena arena;
};

enum gz_lint_level { GZ_LINT_FAULT, GZ_LINT_WARNING };

// A line for a finding in a cell; `within` characters behind its start.
void gz_lint_report(struct gz_linter *l, enum gz_lint_level level, enum gz_pack_sheet s,
                    size_t row, const char *column, size_t within, const char *fmt, ...)
    __attribute__((format(printf, 7, 8)));

// ---- route/lintpattern.c ----

// Regular expressions: do they compile, can they match, what do they cost?
void gz_lint_patterns(struct gz_linter *l);

// ---- route/lintrules.c ----

// Rules, referrals and answers that say nothing that another row does not say first, or
// that can never count.
void gz_lint_rules(struct gz_linter *l);

#endif
