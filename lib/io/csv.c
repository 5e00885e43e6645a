// SPDX-License-Identifier: MIT
#include "io/csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "io/csvlib.h"
#include "io/csvrec.h"
#include "io/csvscan.h"
#include "io/gb18030.h"

enum {
    BLOCK = 256 * 1024,
    MAX_RECORD = 1024 * 1024,
    MOST_RECORD = 1 << 30, // positions are 32 bits
    // Scanned at a time, so that the lists stay in the first-level cache. After an odd
    // record, which makes the scan start again, it begins small: the next may be odd too.
    WINDOW = 16 * 1024,
    FIRST_WINDOW = 256,
    // Lists of one record may grow so long; then it is walked byte by byte instead.
    PENDING = GZ_CSVREC_MAX_FIELDS + 1,
    LIST = PENDING + WINDOW + GZ_CSVSCAN_SLACK,
    SLACK = 128, // readable bytes on both sides of the text
};

struct gz_csv {
    struct gz_input *in;
    struct gz_csvrec_rules rules;
    size_t block;
    gz_csvscan_fn *run;
    struct gz_csvscan scan;
    size_t window;   // to be scanned next
    size_t next_sep; // first entries of the lists that no row has used
    size_t next_odd;
    size_t next_row;

    char *memory; // SLACK bytes before `text`
    char *text;
    size_t cap;     // bytes at `text`, and SLACK more
    size_t start;   // of the next row
    size_t scanned; // end of what the lists cover
    size_t end;     // of the data
    bool eof;
    bool skipping; // the rest of a line that is too long

    uint64_t line;   // at `start`
    uint64_t before; // bytes before `text`

    struct gz_csv_field *field;
    size_t fields;      // room
    const uint32_t *of; // the separators of the row that was cut last
    bool used;          // fields that are not wanted have been set
    const uint32_t *want;
    size_t wants; // 0: all columns
    struct gz_arena arena;
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

// Start scanning afresh at `start`.
static void
restart(struct gz_csv *csv)
{
    gz_csvscan_restart(&csv->scan);
    csv->next_sep = csv->next_odd = csv->next_row = 0;
    csv->scanned = csv->start;
    csv->window = FIRST_WINDOW;
}

// Make room for `more` bytes after `end`.
static void
need_text(struct gz_csv *csv, size_t more)
{
    size_t cap = gz_mem_add(csv->end, more);

    if (csv->memory && csv->cap >= cap)
        return;
    csv->memory = gz_mem_realloc(csv->memory, gz_mem_add(cap, 2 * SLACK), 1);
    csv->text = csv->memory + SLACK;
    csv->cap = cap;
    // The slack and what is not read yet are looked at, but decide nothing.
    memset(csv->memory, 0, SLACK);
    memset(csv->text + csv->end, 0, cap + SLACK - csv->end);
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
    csv->scan.sep = gz_mem_alloc(LIST, sizeof(*csv->scan.sep));
    csv->scan.odd = gz_mem_alloc(LIST, sizeof(*csv->scan.odd));
    csv->scan.row = gz_mem_alloc(LIST, sizeof(*csv->scan.row));
    restart(csv);
    need_text(csv, csv->block);
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

static void
need_fields(struct gz_csv *csv, size_t count)
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

// Read a block behind the unfinished row, which moves to the front.
static enum gz_err_kind
read_more(struct gz_csv *csv, struct gz_err *err)
{
    size_t kept = csv->end - csv->start;
    // A long row doubles, so that walking it again and again stays linear.
    size_t want = kept > WINDOW && kept > csv->block ? kept : csv->block;
    size_t got;

    if (csv->start) {
        memmove(csv->text, csv->text + csv->start, kept);
        shift(csv, csv->start);
        csv->scanned -= csv->start;
        csv->before += csv->start;
        csv->end = kept;
        csv->start = 0;
    }
    need_text(csv, want);
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
    csv->window = csv->window < WINDOW ? csv->window * 2 : WINDOW;
    need_fields(csv, csv->scan.seps);
}

// Has the unfinished row more parts than the lists should hold?
static bool
overfull(const struct gz_csv *csv)
{
    return csv->scan.seps - csv->next_sep > PENDING ||
           csv->scan.odds - csv->next_odd > PENDING;
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
    need_fields(csv, count);
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
    restart(csv);
    return result;
}

// Drop the rest of a line that was too long. False when it goes on behind the data.
static bool
skip_line(struct gz_csv *csv)
{
    const char *from = csv->text + csv->start;
    const char *eol = memchr(from, csv->rules.eol, csv->end - csv->start);

    csv->start = eol ? (size_t)(eol - csv->text) + 1 : csv->end;
    csv->skipping = !eol && !csv->eof;
    restart(csv);
    return !csv->skipping;
}

// Make a line end where the file forgot it.
static void
end_last_row(struct gz_csv *csv)
{
    csv->text[csv->end] = csv->rules.eol;
    csv->scan.sep[csv->scan.seps] = (uint32_t)csv->end;
    csv->scan.row[csv->scan.rows++] = (uint32_t)(csv->scan.seps++ << 1) | csv->scan.high;
    need_fields(csv, csv->scan.seps);
}

static enum gz_csv_next
finish(struct gz_csv *csv, enum gz_csv_next what, struct gz_csv_row *row)
{
    csv->line += row->lines;
    if (csv->start > csv->end) { // past the line end that was made
        csv->start = csv->end;
        restart(csv);
    }
    if (what == GZ_CSV_ROW && row->raw.len == 0)
        return GZ_CSV_BLANK;
    return what;
}

enum gz_csv_next
gz_csv_next(struct gz_csv *csv, struct gz_csv_row *row, struct gz_err *err)
{
    const struct gz_csvscan *s = &csv->scan;

    for (;;) {
        bool done, careful;

        *row = (struct gz_csv_row){ .line = csv->line,
                                    .lines = 1,
                                    .offset = csv->before + csv->start };
        if (csv->next_row < s->rows && cut_row(csv, row))
            return finish(csv, GZ_CSV_ROW, row);
        done = csv->eof && csv->scanned == csv->end;
        careful = s->flag != GZ_CSVSCAN_NONE || overfull(csv) ||
                  csv->next_row < s->rows || csv->end - csv->start > csv->rules.max + 2 ||
                  (done && s->inside);
        if (csv->skipping) {
            if (skip_line(csv))
                continue;
            careful = false;
        } else if (csv->next_row < s->rows) {
            // it is odd
        } else if (csv->scanned < csv->end && s->flag == GZ_CSVSCAN_NONE &&
                   !overfull(csv)) {
            scan_window(csv);
            continue;
        } else if (done && csv->start == csv->end) {
            return GZ_CSV_END;
        } else if (done && !careful) {
            end_last_row(csv);
            continue;
        }
        if (careful) {
            enum walked w = walk(csv, row, err);

            if (w != WALKED_MORE)
                return finish(csv, w == WALKED_ROW ? GZ_CSV_ROW : GZ_CSV_BAD, row);
        }
        gz_err_clear(err); // of the reject before
        if (read_more(csv, err))
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
