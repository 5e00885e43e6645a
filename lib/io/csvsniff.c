// SPDX-License-Identifier: MIT
#include <string.h>

#include "io/csv.h"

enum { MOST_FIELDS = 255, MOST_ROWS = 1000 };

// How evenly `delimiter` cuts the sample.
struct cut {
    size_t rows[MOST_FIELDS + 1]; // how many rows have so many fields
    size_t total;
};

// Count the fields of each row as `delimiter` would cut them. The last row may be cut
// off, so it only counts when it is the only one. Quotes count at the start of a field.
static void
count_fields(struct gz_str sample, char delimiter, char eol, struct cut *cut)
{
    size_t fields = 1, bytes = 0;
    bool inside = false, start = true;

    memset(cut, 0, sizeof(*cut));
    for (size_t i = 0; i <= sample.len && cut->total < MOST_ROWS; i++) {
        bool end = i == sample.len;
        char c = end ? eol : sample.ptr[i];

        if (end ? cut->total == 0 : c == eol && !inside) {
            if (bytes) {
                cut->rows[fields < MOST_FIELDS ? fields : MOST_FIELDS]++;
                cut->total++;
            }
            fields = 1;
            bytes = 0;
            start = true;
        } else if (c == '"' && (start || inside)) {
            inside = !inside;
            start = !inside; // the second of two doubled ones opens again
            bytes++;
        } else if (c == delimiter && !inside) {
            fields++;
            start = true;
            bytes++;
        } else if (c != '\r') {
            start = false;
            bytes++;
        }
    }
}

// Rows that agree, squared, times the columns they give: a delimiter that only stands in
// prose is uneven, and one that stands once in a place name gives few columns.
static size_t
score(const struct cut *cut)
{
    size_t best = 1, share, columns;

    for (size_t n = 2; n <= MOST_FIELDS; n++)
        if (cut->rows[n] > 0 && (best == 1 || cut->rows[n] > cut->rows[best]))
            best = n;
    if (best == 1)
        return 0;
    share = cut->rows[best] * 1000 / cut->total;
    columns = best < 8 ? best : 8;
    return share * share * columns + 1;
}

char
gz_csv_sniff_delimiter(struct gz_str sample)
{
    static const char candidates[] = { ',', '\t', ';', '|' };
    char eol = sample.len && memchr(sample.ptr, '\n', sample.len) ? '\n' : '\r';
    struct cut cut;
    size_t most = 0;
    char found = 0;

    for (size_t i = 0; i < sizeof(candidates); i++) {
        size_t points;

        count_fields(sample, candidates[i], eol, &cut);
        points = score(&cut);
        if (points > most) {
            most = points;
            found = candidates[i];
        }
    }
    return found;
}
