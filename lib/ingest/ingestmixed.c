// SPDX-License-Identifier: MIT
// Rows in another encoding than their file: exports of two systems, put one behind the
// other. They are read by the encoding that they are in, and flagged.
#include "base/utf8.h"
#include "ingest/ingest.h"
#include "io/gb18030.h"

enum { LEAST_CHARS = 4 }; // fewer may be right by chance

static bool
is_long_utf8(struct gz_str s)
{
    size_t han = 0;

    // Nearly all GB18030 fails at its first character.
    if (gz_utf8_valid_prefix(s) < s.len)
        return false;
    for (size_t at = 0; at < s.len && han < LEAST_CHARS;)
        han += gz_utf8_is_han(gz_utf8_next(s, &at));
    return han >= LEAST_CHARS;
}

// The row's cells, decoded; they lie in g->mixed until the next row.
static void
decode_cells(struct gz_ingest *g, const struct gz_csv_row *row, struct gz_csv_row *out)
{
    struct gz_csv_field *cell;
    struct gz_buf b = { 0 };

    gz_arena_reset(&g->mixed);
    cell = gz_arena_new(&g->mixed, struct gz_csv_field, row->count);
    for (size_t i = 0; i < row->count; i++) {
        b.len = 0;
        gz_gb18030_decode(row->field[i].text, &b);
        cell[i] = row->field[i];
        cell[i].text = gz_arena_dup(&g->mixed, gz_buf_str(&b));
    }
    gz_buf_release(&b);
    *out = *row;
    out->field = cell;
    // The cells stand elsewhere, and are longer.
    out->padded = out->ascii = false;
}

const char *
gz_ingest_mixed(struct gz_ingest *g, const struct gz_csv_row *row, struct gz_csv_row *out)
{
    if (g->own_encoding) {
        // Its second byte may be a bar.
        if (g->delimiter == '|' || !gz_gb18030_is_chinese(row->raw))
            return NULL;
        decode_cells(g, row, out);
        return "GB18030";
    }
    if (!gz_input_is_gb18030(g->in) || !is_long_utf8(row->raw))
        return NULL;
    *out = *row;
    return "UTF-8";
}
