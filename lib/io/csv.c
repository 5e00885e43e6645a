// SPDX-License-Identifier: MIT
#include "io/csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "io/csvlib.h"
#include "io/csvtext.h"
#include "io/gb18030.h"

enum {
    BLOCK = 256 * 1024,
    MAX_RECORD = 1024 * 1024,
    MOST_RECORD = 1 << 30, // positions are 32 bits
};

// Line ends are CR only in a file without LF. A CR at the very end of a sample may be
// half of CRLF.
static char
line_end(struct gz_str sample)
{
    const char *cr;

    if (sample.len == 0 || memchr(sample.ptr, '\n', sample.len))
        return '\n';
    cr = memchr(sample.ptr, '\r', sample.len);
    return cr && cr + 1 < sample.ptr + sample.len ? '\r' : '\n';
}

struct gz_csv *
gz_csv_open(struct gz_input *in, const struct gz_csv_options *options)
{
    struct gz_csv *csv = gz_mem_zalloc(1, sizeof(*csv));
    size_t max = options->max_record ? options->max_record : MAX_RECORD;

    csv->in = in;
    csv->rules = (struct gz_csvrec_rules){
        .delimiter = options->delimiter,
        .eol = line_end(gz_input_sample(in)),
        .quotes = !options->no_quotes,
        .max = max < MOST_RECORD ? max : MOST_RECORD,
    };
    csv->block = options->block ? options->block : BLOCK;
    csv->line = 1;
    csv->run = gz_csvscan_get(options->engine);
    csv->scan.delimiter = (unsigned char)csv->rules.delimiter;
    csv->scan.eol = (unsigned char)csv->rules.eol;
    csv->scan.quotes = csv->rules.quotes;
    csv->scan.sep = gz_mem_alloc(GZ_CSVTEXT_LIST, sizeof(*csv->scan.sep));
    csv->scan.odd = gz_mem_alloc(GZ_CSVTEXT_LIST, sizeof(*csv->scan.odd));
    csv->scan.row = gz_mem_alloc(GZ_CSVTEXT_LIST, sizeof(*csv->scan.row));
    gz_csvtext_restart(csv);
    gz_csvtext_need(csv, csv->block);
    return csv;
}

void
gz_csv_close(struct gz_csv *csv)
{
    if (!csv)
        return;
    free(csv->scan.sep);
    free(csv->scan.odd);
    free(csv->scan.row);
    free(csv->memory);
    free(csv->field);
    gz_arena_free(&csv->arena);
    free(csv);
}

// What the second list says of the row: lines inside quotes, doubled quotes.
static void
mark_odd(struct gz_csv *csv, struct gz_csv_row *row, size_t end)
{
    const struct gz_csvscan *s = &csv->scan;
    size_t i = 0;

    for (; csv->next_odd < s->odds && s->odd[csv->next_odd] < end; csv->next_odd++) {
        const char *p = csv->text + s->odd[csv->next_odd];

        if (*p != '"') {
            row->lines++;
            continue;
        }
        while (csv->field[i].text.ptr + csv->field[i].text.len < p)
            i++;
        csv->field[i].escaped = true;
    }
}

// A field that opens with a quote closes with one: the scan has seen to that.
static inline void
cut_field(struct gz_csv_field *f, const char *from, const char *to, int quote)
{
    size_t quoted = (unsigned char)*from == quote;

    *f = (struct gz_csv_field){ { from + quoted, (size_t)(to - from) - 2 * quoted },
                                quoted,
                                false };
}

// All fields of the row that begins at `begin`, ends at `end` and has the separators
// `sep`.
static inline void
cut_fields(struct gz_csv *csv, const uint32_t *sep, const char *begin, size_t count,
           const char *end)
{
    int quote = csv->rules.quotes ? '"' : -1;
    const char *text = csv->text, *from = begin;
    struct gz_csv_field *f = csv->field, *last = f + count - 1;

    for (; f < last; f++) {
        const char *to = text + *sep++;

        cut_field(f, from, to, quote);
        from = to + 1;
    }
    cut_field(f, from, end, quote);
}

static inline void
cut_wanted(struct gz_csv *csv, const uint32_t *sep, const char *begin, size_t count,
           const char *end)
{
    int quote = csv->rules.quotes ? '"' : -1;
    const char *text = csv->text;
    const uint32_t *w = csv->want, *last = w + csv->wants;
    struct gz_csv_field *field = csv->field;

    if (__builtin_expect(csv->used, 0)) {
        memset(field, 0, csv->fields * sizeof(*field));
        csv->used = false;
    }
    if (w < last && *w == 0)
        cut_field(&field[*w++], begin, count > 1 ? text + sep[0] : end, quote);
    for (; w < last && *w + 1 < count; w++)
        cut_field(&field[*w], text + sep[*w - 1] + 1, text + sep[*w], quote);
    if (w < last && *w + 1 == count && count > 1)
        cut_field(&field[*w], text + sep[*w - 1] + 1, end, quote);
}

// Cut the row whose end is known. False when it is not as it should be; nothing is used
// up then.
static bool
cut_row(struct gz_csv *csv, struct gz_csv_row *row)
{
    const uint32_t *sep = csv->scan.sep + csv->next_sep;
    size_t last = csv->scan.row[csv->next_row] >> 1;
    const char *begin = csv->text + csv->start;
    const char *end = csv->text + csv->scan.sep[last], *to = end;
    bool odd = csv->next_odd < csv->scan.odds &&
               csv->scan.odd[csv->next_odd] < csv->scan.sep[last];

    to -= csv->rules.eol == '\n' && end > begin && end[-1] == '\r';
    row->raw = (struct gz_str){ begin, (size_t)(to - begin) };
    row->count = last - csv->next_sep + 1;
    if (row->raw.len > csv->rules.max || row->count > GZ_CSVREC_MAX_FIELDS)
        return false;
    row->field = csv->field;
    row->ascii = !(csv->scan.row[csv->next_row] & 1);
    row->padded = true;
    row->partial = csv->wants && !odd;
    csv->of = sep;
    if (row->partial) {
        cut_wanted(csv, sep, begin, row->count, to);
    } else {
        cut_fields(csv, sep, begin, row->count, to);
        csv->used = true;
    }
    if (odd)
        mark_odd(csv, row, (size_t)(end - csv->text));
    csv->next_row++;
    csv->next_sep = last + 1;
    csv->start = (size_t)(end - csv->text) + 1;
    return true;
}

void
gz_csv_want(struct gz_csv *csv, const uint32_t *column, size_t count)
{
    csv->want = column;
    csv->wants = count;
    csv->used = true;
}

void
gz_csv_whole(struct gz_csv *csv, struct gz_csv_row *row)
{
    if (!row->partial)
        return;
    cut_fields(csv, csv->of, row->raw.ptr, row->count, row->raw.ptr + row->raw.len);
    csv->used = true;
    row->partial = false;
}

// Column of the byte at `at` of the row at `start`, in code points.
static uint64_t
column_of(const struct gz_csv *csv, size_t at)
{
    const char *row = csv->text + csv->start;
    size_t from = at;
    struct gz_buf utf8 = { 0 };
    struct gz_str s;
    uint64_t column;

    while (from > 0 && row[from - 1] != csv->rules.eol)
        from--;
    s = (struct gz_str){ row + from, at - from };
    if (gz_input_is_gb18030(csv->in)) {
        gz_gb18030_decode(s, &utf8);
        s = gz_buf_str(&utf8);
    }
    column = gz_utf8_count(s) + 1;
    gz_buf_release(&utf8);
    return column;
}

static void
explain(const struct gz_csv *csv, enum gz_csvrec_end why, const struct gz_csvrec *rec,
        struct gz_err *err)
{
    size_t max = csv->rules.max;

    gz_err_clear(err); // of the reject before
    switch (why) {
    case GZ_CSVREC_AFTER:
        gz_err_set(err, GZ_ERR_DATA,
                   N_("text follows the closing quote of the field that begins here, "
                      "expected a delimiter or the end of the line"));
        break;
    case GZ_CSVREC_OPEN:
        gz_err_set(err, GZ_ERR_DATA, N_("the quote opened here is never closed"));
        break;
    case GZ_CSVREC_LONG_QUOTED:
        gz_err_set(err, GZ_ERR_DATA,
                   N_("the quote opened here is not closed within %zu bytes "
                      "(--max-record)"),
                   max);
        break;
    case GZ_CSVREC_LONG:
        gz_err_set(err, GZ_ERR_DATA,
                   N_("the record is longer than %zu bytes (--max-record)"), max);
        break;
    default:
        gz_err_set(err, GZ_ERR_DATA, N_("%zu fields in one record, expected at most %d"),
                   rec->count, GZ_CSVREC_MAX_FIELDS);
        break;
    }
    gz_err_code(err, why == GZ_CSVREC_FIELDS ? "fields"
                     : why == GZ_CSVREC_LONG ? "size"
                                             : "quote");
    if (why == GZ_CSVREC_FIELDS || why == GZ_CSVREC_LONG)
        gz_err_at(err, gz_input_name(csv->in), csv->line, 1);
    else
        gz_err_at(err, gz_input_name(csv->in), csv->line + rec->at_line,
                  column_of(csv, rec->at));
}

// Turn `rec`, which has ended badly, into a reject: all of it when its end is known, else
// the physical line on which it starts. False when more of that line has to be read.
static bool
reject(struct gz_csv *csv, enum gz_csvrec_end why, struct gz_csvrec *rec,
       struct gz_csv_row *row, struct gz_err *err)
{
    const char *from = csv->text + csv->start;
    size_t left = csv->end - csv->start;

    if (why != GZ_CSVREC_FIELDS) {
        size_t look = left <= csv->rules.max + 2 ? left : csv->rules.max + 2;
        const char *eol = memchr(from, csv->rules.eol, look);

        if (!eol && !csv->eof && left < csv->rules.max + 2)
            return false;
        csv->skipping = !eol && (left > look || !csv->eof);
        rec->len = eol ? (size_t)(eol - from) : look;
        rec->next = rec->len + (eol != NULL);
        if (csv->rules.eol == '\n' && rec->len && from[rec->len - 1] == '\r')
            rec->len--;
        if (rec->len > csv->rules.max)
            rec->len = csv->rules.max;
        rec->lines = 1;
    }
    explain(csv, why, rec, err);
    row->raw = (struct gz_str){ from, rec->len };
    row->count = 0;
    row->field = NULL;
    row->lines = rec->lines;
    return true;
}

// The fields of an odd but sound record, by libcsv.
static bool
split_record(struct gz_csv *csv, const struct gz_csvrec *rec, struct gz_csv_row *row)
{
    struct gz_str record = { csv->text + csv->start, rec->len };
    struct gz_str *field;
    size_t count;

    gz_arena_reset(&csv->arena);
    if (!gz_csvlib_split(record, csv->rules.delimiter, &csv->arena, &field, &count) ||
        count != rec->count)
        return false;
    gz_csvtext_need_fields(csv, count);
    csv->used = true;
    for (size_t i = 0; i < count; i++)
        csv->field[i] = (struct gz_csv_field){ field[i], false, false };
    row->field = csv->field;
    row->count = count;
    row->raw = record;
    row->lines = rec->lines;
    row->stray_quote = rec->stray;
    return true;
}

enum walked { WALKED_ROW, WALKED_BAD, WALKED_MORE };

// The careful way through the record at `start`.
static enum walked
walk(struct gz_csv *csv, struct gz_csv_row *row, struct gz_err *err)
{
    struct gz_str text = { csv->text + csv->start, csv->end - csv->start };
    struct gz_csvrec rec;
    enum gz_csvrec_end why = gz_csvrec_walk(&rec, text, csv->eof, &csv->rules);
    enum walked result = WALKED_ROW;

    if (why == GZ_CSVREC_MORE)
        return WALKED_MORE;
    if (why != GZ_CSVREC_WHOLE || !split_record(csv, &rec, row)) {
        if (!reject(csv, why, &rec, row, err))
            return WALKED_MORE;
        result = WALKED_BAD;
    }
    csv->start += rec.next;
    gz_csvtext_restart(csv);
    return result;
}

static enum gz_csv_next
finish(struct gz_csv *csv, enum gz_csv_next what, struct gz_csv_row *row)
{
    csv->line += row->lines;
    if (csv->start > csv->end) { // past the line end that was made
        csv->start = csv->end;
        gz_csvtext_restart(csv);
    }
    if (what == GZ_CSV_ROW && row->raw.len == 0)
        return GZ_CSV_BLANK;
    return what;
}

static void
begin_row(const struct gz_csv *csv, struct gz_csv_row *row)
{
    *row = (struct gz_csv_row){ .line = csv->line,
                                .lines = 1,
                                .offset = csv->before + csv->start };
}

enum gz_csv_next
gz_csv_next(struct gz_csv *csv, struct gz_csv_row *row, struct gz_err *err)
{
    enum walked w;

    begin_row(csv, row);
    if (csv->next_row < csv->scan.rows && cut_row(csv, row))
        return finish(csv, GZ_CSV_ROW, row);
    gz_err_clear(err); // of the reject before
    for (;;) {
        enum gz_csvtext how = gz_csvtext_advance(csv, err);

        begin_row(csv, row);
        if (how == GZ_CSVTEXT_FAIL)
            return GZ_CSV_FAIL;
        if (how == GZ_CSVTEXT_END)
            return GZ_CSV_END;
        if (how == GZ_CSVTEXT_ROWS && cut_row(csv, row))
            return finish(csv, GZ_CSV_ROW, row);
        w = walk(csv, row, err);
        if (w != WALKED_MORE)
            return finish(csv, w == WALKED_ROW ? GZ_CSV_ROW : GZ_CSV_BAD, row);
        if (gz_csvtext_more(csv, err))
            return GZ_CSV_FAIL;
    }
}

size_t
gz_csv_unescape(struct gz_csv_field field, char *to)
{
    struct gz_str s = field.text;
    size_t len = 0;

    while (field.escaped && s.len) {
        const char *quote = memchr(s.ptr, '"', s.len);
        size_t n = quote ? (size_t)(quote - s.ptr) + 1 : s.len;

        memcpy(to + len, s.ptr, n);
        len += n;
        s = gz_str_from(s, n + (quote != NULL));
    }
    if (s.len)
        memcpy(to + len, s.ptr, s.len);
    return len + s.len;
}
