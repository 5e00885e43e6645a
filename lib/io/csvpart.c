// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/csvtext.h"

struct gz_csv *
gz_csv_part(const struct gz_csv *whole)
{
    struct gz_csv *part = gz_mem_zalloc(1, sizeof(*part));

    part->in = whole->in;
    part->rules = whole->rules;
    part->scan = whole->scan;
    part->scan.sep = part->scan.odd = part->scan.row = NULL;
    part->eof = true;
    gz_csvtext_restart(part);
    return part;
}

static void
empty(const struct gz_csv *csv, struct gz_csv *part)
{
    part->start = part->end = 0;
    gz_csvtext_restart(part);
    part->scanned = 0;
    gz_csv_want(part, csv->want, csv->wants);
}

// Make room for `more` in the lists; they share one size.
static void
need_lists(struct gz_csv *part, size_t more)
{
    size_t most = part->scan.seps > part->scan.odds ? part->scan.seps : part->scan.odds;
    size_t cap = gz_mem_add(most, more);

    if (part->lists >= cap)
        return;
    cap *= 2;
    part->scan.sep = gz_mem_realloc(part->scan.sep, cap, sizeof(*part->scan.sep));
    part->scan.odd = gz_mem_realloc(part->scan.odd, cap, sizeof(*part->scan.odd));
    part->scan.row = gz_mem_realloc(part->scan.row, cap, sizeof(*part->scan.row));
    part->lists = cap;
}

static size_t
move_list(uint32_t *to, const uint32_t *from, size_t count, size_t add)
{
    for (size_t i = 0; i < count; i++)
        to[i] = from[i] + (uint32_t)add; // which may be negative
    return count;
}

// How many of the rows whose ends are known are neither too long nor have too many
// fields. *most: fields of one of them.
static size_t
sound_rows(const struct gz_csv *csv, size_t *most)
{
    const struct gz_csvscan *s = &csv->scan;
    size_t start = csv->start, sep = csv->next_sep, row = csv->next_row;

    for (*most = 0; row < s->rows; row++) {
        size_t last = s->row[row] >> 1, count = last - sep + 1;

        // The byte more may be the CR of the line end: such a row is judged by itself.
        if (s->sep[last] - start > csv->rules.max || count > GZ_CSVREC_MAX_FIELDS)
            break;
        *most = count > *most ? count : *most;
        start = s->sep[last] + 1;
        sep = last + 1;
    }
    return row - csv->next_row;
}

// Move `rows` rows with their part of the lists.
static void
move_rows(struct gz_csv *csv, struct gz_csv *part, size_t rows)
{
    struct gz_csvscan *from = &csv->scan, *to = &part->scan;
    size_t seps = (from->row[csv->next_row + rows - 1] >> 1) + 1 - csv->next_sep;
    size_t end = from->sep[csv->next_sep + seps - 1] + (size_t)1;
    size_t back = part->end - csv->start, odds = 0;

    if (part->end == 0) {
        part->line = csv->line;
        part->before = csv->before + csv->start;
    }
    for (; csv->next_odd + odds < from->odds; odds++) {
        size_t at = from->odd[csv->next_odd + odds];

        if (at >= end)
            break;
        csv->line += csv->text[at] != '"'; // a line end inside quotes
    }
    csv->line += rows;
    need_lists(part, seps > odds ? seps : odds);
    to->rows += move_list(to->row + to->rows, from->row + csv->next_row, rows,
                          (to->seps - csv->next_sep) * 2);
    to->seps += move_list(to->sep + to->seps, from->sep + csv->next_sep, seps, back);
    to->odds += move_list(to->odd + to->odds, from->odd + csv->next_odd, odds, back);
    gz_csvtext_need(part, end - csv->start);
    memcpy(part->text + part->end, csv->text + csv->start, end - csv->start);
    part->scanned = part->end += end - csv->start;
    csv->next_row += rows;
    csv->next_sep += seps;
    csv->next_odd += odds;
    csv->start = end;
    if (csv->start > csv->end) { // past the line end that was made
        csv->start = csv->end;
        gz_csvtext_restart(csv);
    }
}

enum gz_csv_cut
gz_csv_cut(struct gz_csv *csv, struct gz_csv *part, size_t bytes, struct gz_err *err)
{
    enum gz_csvtext how = GZ_CSVTEXT_ROWS;

    empty(csv, part);
    gz_csvtext_need(part, gz_mem_add(bytes, GZ_CSVTEXT_WINDOW));
    while (part->end < bytes && how == GZ_CSVTEXT_ROWS) {
        size_t most, rows;

        how = gz_csvtext_advance(csv, err);
        if (how != GZ_CSVTEXT_ROWS)
            break;
        rows = sound_rows(csv, &most);
        gz_csvtext_need_fields(part, most);
        if (rows)
            move_rows(csv, part, rows);
        if (csv->next_row < csv->scan.rows)
            how = GZ_CSVTEXT_ODD;
    }
    if (part->end > 0) {
        // A failure is met again when there is nothing before it any more.
        gz_err_clear(err);
        return GZ_CSV_CUT;
    }
    return how == GZ_CSVTEXT_END    ? GZ_CSV_CUT_END
           : how == GZ_CSVTEXT_FAIL ? GZ_CSV_CUT_FAIL
                                    : GZ_CSV_CUT_ODD;
}
