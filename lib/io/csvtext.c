// SPDX-License-Identifier: MIT
#include "io/csvtext.h"

#include <string.h>

#include "base/mem.h"

// Scanned first after an odd record, which makes the scan start again: the next may be
// odd too.
enum { FIRST_WINDOW = 256 };

void
gz_csvtext_restart(struct gz_csv *csv)
{
    gz_csvscan_restart(&csv->scan);
    csv->next_sep = csv->next_odd = csv->next_row = 0;
    csv->scanned = csv->start;
    csv->window = FIRST_WINDOW;
}

void
gz_csvtext_need(struct gz_csv *csv, size_t more)
{
    size_t cap = gz_mem_add(csv->end, more);

    if (csv->memory && csv->cap >= cap)
        return;
    csv->memory = gz_mem_realloc(csv->memory, gz_mem_add(cap, 2 * GZ_CSVTEXT_SLACK), 1);
    csv->text = csv->memory + GZ_CSVTEXT_SLACK;
    csv->cap = cap;
    // The slack and what is not read yet are looked at, but decide nothing.
    memset(csv->memory, 0, GZ_CSVTEXT_SLACK);
    memset(csv->text + csv->end, 0, cap + GZ_CSVTEXT_SLACK - csv->end);
}

void
gz_csvtext_need_fields(struct gz_csv *csv, size_t count)
{
    if (csv->fields >= count)
        return;
    csv->field = gz_mem_realloc(csv->field, count * 2, sizeof(*csv->field));
    memset(csv->field + csv->fields, 0, (count * 2 - csv->fields) * sizeof(*csv->field));
    csv->fields = count * 2;
}

// Move a list to its front, and its positions back by `back` bytes.
static size_t
shift_list(uint32_t *list, size_t count, size_t used, size_t back)
{
    if (used == 0 && back == 0)
        return count;
    for (size_t i = used; i < count; i++)
        list[i - used] = list[i] - (uint32_t)back;
    return count - used;
}

static void
shift(struct gz_csv *csv, size_t back)
{
    struct gz_csvscan *s = &csv->scan;

    s->rows = shift_list(s->row, s->rows, csv->next_row, csv->next_sep * 2);
    s->seps = shift_list(s->sep, s->seps, csv->next_sep, back);
    s->odds = shift_list(s->odd, s->odds, csv->next_odd, back);
    csv->next_sep = csv->next_odd = csv->next_row = 0;
    if (s->flag != GZ_CSVSCAN_NONE)
        s->flag -= back;
}

enum gz_err_kind
gz_csvtext_more(struct gz_csv *csv, struct gz_err *err)
{
    size_t kept = csv->end - csv->start;
    // A long row doubles, so that walking it again and again stays linear.
    size_t want = kept > GZ_CSVTEXT_WINDOW && kept > csv->block ? kept : csv->block;
    size_t got;

    if (csv->start) {
        memmove(csv->text, csv->text + csv->start, kept);
        shift(csv, csv->start);
        csv->scanned -= csv->start;
        csv->before += csv->start;
        csv->end = kept;
        csv->start = 0;
    }
    gz_csvtext_need(csv, want);
    if (gz_input_read(csv->in, csv->text + csv->end, want, &got, err))
        return err->kind;
    csv->end += got;
    csv->eof = got == 0;
    return GZ_OK;
}

static void
scan_window(struct gz_csv *csv)
{
    size_t left = csv->end - csv->scanned;

    shift(csv, 0);
    csv->scanned = csv->run(&csv->scan, csv->text, csv->scanned,
                            csv->scanned + (left < csv->window ? left : csv->window));
    csv->window = csv->window < GZ_CSVTEXT_WINDOW ? csv->window * 2 : GZ_CSVTEXT_WINDOW;
    gz_csvtext_need_fields(csv, csv->scan.seps);
}

// Has the unfinished row more parts than the lists should hold?
static bool
overfull(const struct gz_csv *csv)
{
    return csv->scan.seps - csv->next_sep > GZ_CSVTEXT_PENDING ||
           csv->scan.odds - csv->next_odd > GZ_CSVTEXT_PENDING;
}

// Drop the rest of a line that was too long. False when it goes on behind the data.
static bool
skip_line(struct gz_csv *csv)
{
    const char *from = csv->text + csv->start;
    const char *eol = memchr(from, csv->rules.eol, csv->end - csv->start);

    csv->start = eol ? (size_t)(eol - csv->text) + 1 : csv->end;
    csv->skipping = !eol && !csv->eof;
    gz_csvtext_restart(csv);
    return !csv->skipping;
}

// Make a line end where the file forgot it.
static void
end_last_row(struct gz_csv *csv)
{
    csv->text[csv->end] = csv->rules.eol;
    csv->scan.sep[csv->scan.seps] = (uint32_t)csv->end;
    csv->scan.row[csv->scan.rows++] = (uint32_t)(csv->scan.seps++ << 1) | csv->scan.high;
    gz_csvtext_need_fields(csv, csv->scan.seps);
}

enum gz_csvtext
gz_csvtext_advance(struct gz_csv *csv, struct gz_err *err)
{
    const struct gz_csvscan *s = &csv->scan;

    for (;;) {
        bool done = csv->eof && csv->scanned == csv->end;
        bool odd = s->flag != GZ_CSVSCAN_NONE || overfull(csv);

        if (csv->skipping) {
            if (skip_line(csv))
                continue;
        } else if (csv->next_row < s->rows) {
            return GZ_CSVTEXT_ROWS;
        } else if (csv->scanned < csv->end && !odd) {
            scan_window(csv);
            continue;
        } else if (done && csv->start == csv->end) {
            return GZ_CSVTEXT_END;
        } else if (odd || csv->end - csv->start > csv->rules.max + 2 ||
                   (done && s->inside)) {
            return GZ_CSVTEXT_ODD;
        } else if (done) {
            end_last_row(csv);
            continue;
        }
        if (gz_csvtext_more(csv, err))
            return GZ_CSVTEXT_FAIL;
    }
}
