// SPDX-License-Identifier: MIT
// lint: what is wrong, or likely to be, with a pack that could be loaded.
#ifndef GZ_ROUTE_LINT_H
#define GZ_ROUTE_LINT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "pack/pack.h"

struct gz_lint {
    size_t faults;   // the pack does not do what it says
    size_t warnings; // it may not do what is meant, or is slow
};

// Steps (gz_pattern_cost) that a pattern may take on a text made to be hard for it.
enum { GZ_LINT_BUDGET = 20000 };

// Append a line for each finding, "file:line:col: fault: ..." or "warning", in the order
// of sheets and rows.
// `budget`: see GZ_LINT_BUDGET.
struct gz_lint gz_lint_pack(const struct gz_pack *pack, uint32_t budget,
                            struct gz_buf *out);

#endif
