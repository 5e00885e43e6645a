// SPDX-License-Identifier: MIT
// order: what store.c, order.c, spill.c and merge.c share about rows. Others include
// tally/store.h.
#ifndef GZ_TALLY_ORDER_H
#define GZ_TALLY_ORDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "record/cursor.h"
#include "tally/row.h"
#include "tally/store.h"

// order.c: by the rank of the table, its name, period and key.
int gz_row_compare(const struct gz_row *a, const struct gz_row *b);

// A row whose measures are all zero is no row.
bool gz_row_is_zero(struct gz_row *r);

// Append the row as a line.
void gz_row_write(struct gz_tally *t, struct gz_row *r, struct gz_buf *out);

// store.c: a row that is not there yet. Its strings are copied.
struct gz_row *gz_tally_new_row(struct gz_tally *t, struct gz_str table,
                                struct gz_str period, const struct gz_str *key,
                                size_t key_count);
void gz_row_release(struct gz_row *r);

// Add what the value of "m" holds to the cells of a row.
enum gz_err_kind gz_tally_read_cells(struct gz_tally *t, struct gz_row *r,
                                     const struct gz_member *m, struct gz_arena *arena,
                                     struct gz_err *err);

#endif
