// SPDX-License-Identifier: MIT
// suppress: which cells of a document are hidden, so that no small count is shown and
// none can be worked out.
//
// The cells of a row hang together: solved and partly solved are parts of valid, a rate
// gives its numerator. So they are hidden by family, each with those after it:
// received, with its share and its changes; closed; all the rest.
// Rows of one name are one row, whatever the table: a sub-district stands among the units
// and among the areas, and hidden in one it must not be shown in the other.
#ifndef GZ_REPORT_SUPPRESS_H
#define GZ_REPORT_SUPPRESS_H

#include "base/map.h"
#include "report/doc.h"

enum gz_family { GZ_FAMILY_RECEIVED, GZ_FAMILY_CLOSED, GZ_FAMILY_REST, GZ_FAMILIES };

// Zero-initialise, but for `arena` and `small`.
struct gz_suppress {
    struct gz_arena *arena;
    gz_i128 small;        // counts from 1 to under it are
    struct gz_map hidden; // family and name of rows
    bool changed;
};

// Hide what this table makes necessary. Until nothing changes for any table.
void gz_suppress_visit(struct gz_suppress *s, const struct gz_grid *t);

// Groups of rows whose sum another table hides must have a hidden row themselves.
void gz_suppress_below(struct gz_suppress *s, const struct gz_grid *t);

enum gz_family gz_suppress_family(const struct gz_grid *t, size_t column);
bool gz_suppress_hides(const struct gz_suppress *s, const struct gz_grid *t, size_t row,
                       enum gz_family family);
bool gz_suppress_has_small(const struct gz_suppress *s, const struct gz_grid *t,
                           size_t row, enum gz_family family);

#endif
