// SPDX-License-Identifier: MIT
// csvrow: one record as a row of CSV and back: all schema columns in order, lists
// joined by '|' (with \| and \\), nested objects as one JSON cell, empty = absent.
#ifndef GZ_RECORD_CSVROW_H
#define GZ_RECORD_CSVROW_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "record/keyset.h"
#include "record/schema.h"

// The header line of `k` without its line end: field names apart by commas.
void gz_csvrow_header(const struct gz_kind *k, struct gz_buf *out);

// `line` as a row of kind `k`, without its line end. `keys` holds the names of all fields
// of `k` in order, `members` has room for them. False when the line is no record or of
// another kind. `guard` puts a ' before cells that a spreadsheet would run as formulas.
bool gz_csvrow_from_json(const struct gz_kind *k, const struct gz_keyset *keys,
                         struct gz_member *members, struct gz_str line, bool guard,
                         struct gz_arena *arena, struct gz_buf *out, struct gz_err *err);

// Append `"name":value` for one cell, as the type of `field` wants it: a number that is
// none, a nested object that is no JSON: GZ_ERR_DATA with the code "cell".
enum gz_err_kind gz_csvrow_to_json(const struct gz_field *field, struct gz_str cell,
                                   struct gz_arena *arena, struct gz_buf *out,
                                   struct gz_err *err);

#endif
