// SPDX-License-Identifier: MIT
// trial: expected outcomes kept beside a pack, and whether the pack still gives them.
#ifndef GZ_ROUTE_TRIAL_H
#define GZ_ROUTE_TRIAL_H

#include "base/buf.h"
#include "pack/sheet.h"
#include "record/schema.h"
#include "route/route.h"

// Route each row of `sheet` as a record and append a line "ok" or "not ok" for each to
// `out`, in the form of TAP. Columns are fields of records; `rec` is the kind (petition),
// `mode` the mode of one row, `case` its name, and `expect_FIELD` what is to come out:
// empty asks for nothing, '-' for nothing to be there; of a list every word is to be in
// it, and none that stands behind '!'. *misses counts the rows that were missed.
// GZ_ERR_USAGE on a sheet that cannot be understood.
enum gz_err_kind gz_trial_run(const struct gz_sheet *sheet, const struct gz_pack *pack,
                              const struct gz_schema *schema,
                              const struct gz_route_options *options,
                              struct gz_arena *arena, struct gz_buf *out, size_t *misses,
                              struct gz_err *err);

#endif
