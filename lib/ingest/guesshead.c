// SPDX-License-Identifier: MIT
// The header of a table that no layout knows: a row of names above rows of values.
#include "base/datefmt.h"
#include "base/num.h"
#include "base/utf8.h"
#include "ingest/ingest.h"

enum { LONGEST_NAME = 40 };

// A date in figures, or a number: a value, not the name of a column.
static bool
is_value(struct gz_str s)
{
    struct gz_dec number;
    size_t digits = 0;

    for (size_t i = 0; i < s.len; i++)
        digits += s.ptr[i] >= '0' && s.ptr[i] <= '9';
    // Years head columns of counts: they are names, four digits and alone.
    return gz_dec_parse(s, &number) || digits * 2 > s.len;
}

// How much a row is like a header: its names, or 0 when one of them cannot be a name.
static size_t
names_in(struct gz_ingest *g, const struct gz_csv_row *row)
{
    struct gz_map seen = { 0 };
    struct gz_str *cells;
    size_t n = 0;
    bool good = gz_ingest_header_cells(g, row, &cells);

    for (size_t i = 0; i < row->count && good; i++) {
        struct gz_str s = gz_str_trim(cells[i]);
        bool added = true;

        if (!s.len)
            continue;
        gz_map_put(&seen, s, &added);
        good = !is_value(s) && gz_utf8_count(s) <= LONGEST_NAME;
        n += added;
    }
    gz_map_release(&seen);
    return good ? n : 0;
}

// Does some row below it, in a column it names, hold a number or a date?
static bool
stands_above_values(struct gz_ingest *g, size_t at)
{
    size_t looked = 0, differ = 0;

    for (size_t i = at + 1; i < g->held_count && looked < GZ_INGEST_HEADER_ROWS; i++) {
        struct gz_str *cells;

        if (g->held[i].what != GZ_CSV_ROW)
            continue;
        looked++;
        gz_ingest_header_cells(g, &g->held[i].row, &cells);
        for (size_t c = 0; c < g->held[i].row.count; c++)
            differ +=
                is_value(gz_str_trim(cells[c])) || gz_utf8_count(cells[c]) > LONGEST_NAME;
    }
    return differ > 0 || looked == 0;
}

bool
gz_ingest_guess_header(struct gz_ingest *g, size_t *at)
{
    size_t looked = 0, best = 1, widest = 0;
    bool found = false;

    for (size_t i = 0; i < g->held_count && i < GZ_INGEST_SAMPLE_ROWS; i++)
        if (g->held[i].what == GZ_CSV_ROW && g->held[i].row.count > widest)
            widest = g->held[i].row.count;
    for (size_t i = 0; i < g->held_count && looked < GZ_INGEST_HEADER_ROWS; i++) {
        size_t n;

        if (g->held[i].what != GZ_CSV_ROW)
            continue;
        looked++;
        n = names_in(g, &g->held[i].row);
        if (n <= best || n * 2 < widest || !stands_above_values(g, i))
            continue;
        best = n;
        *at = i;
        found = true;
    }
    return found;
}
