// SPDX-License-Identifier: MIT
// The CSV reader: every engine and block size finds the same rows, and every byte of the
// input lies in exactly one of them. The first byte chooses delimiter and block size.
#include "io/csv.h"
#include "base/hash.h"
#include "fuzz.h"

struct seen {
    uint64_t hash;
    uint64_t rows;
    uint64_t lines;
};

static void
mix(struct seen *s, struct gz_str bytes)
{
    s->hash = (s->hash ^ gz_hash_fixed(bytes)) * 0x9E3779B97F4A7C15u + bytes.len;
}

static struct seen
read_all(struct gz_str text, struct gz_csv_options o)
{
    char path[64];
    int fd = fuzz_file(text, path);
    struct gz_err err = { 0 };
    struct gz_input *in = gz_input_open(path, GZ_INPUT_DETECT, "UTF-8", &err);
    struct seen s = { 0 };
    struct gz_csv *csv;
    enum gz_csv_next next;
    uint64_t line = 1;

    fuzz_must(in);
    csv = gz_csv_open(in, &o);
    for (;;) {
        struct gz_csv_row row = { 0 };

        err = (struct gz_err){ 0 };
        next = gz_csv_next(csv, &row, &err);
        if (next == GZ_CSV_END || next == GZ_CSV_FAIL)
            break;
        fuzz_must(row.line == line);
        line += row.lines;
        s.rows++;
        s.lines += row.lines;
        s.hash += (uint64_t)next;
        mix(&s, row.raw);
        for (size_t i = 0; next == GZ_CSV_ROW && i < row.count; i++)
            mix(&s, row.field[i].text);
    }
    fuzz_must(next == GZ_CSV_END);
    gz_csv_close(csv);
    gz_input_close(in);
    close(fd);
    return s;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char delimiter[] = ",;\t|";
    static const size_t block[] = { 1, 3, 16, 64, 65, 4096, 0, 2 };
    struct gz_csv_options o = { .engine = GZ_CSV_PLAIN, .max_record = 300 };
    struct gz_str text;
    struct seen plain;

    if (size == 0)
        return 0;
    o.delimiter = delimiter[data[0] & 3];
    text = fuzz_copy(data + 1, size - 1);
    plain = read_all(text, o);
    for (int e = GZ_CSV_AUTO; e <= GZ_CSV_AVX2; e++) {
        struct seen other;

        o.engine = (enum gz_csv_engine)e;
        o.block = block[data[0] >> 2 & 7];
        other = read_all(text, o);
        fuzz_must(other.rows == plain.rows && other.hash == plain.hash &&
                  other.lines == plain.lines);
    }
    free((void *)(uintptr_t)text.ptr);
    return 0;
}
