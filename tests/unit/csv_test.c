// SPDX-License-Identifier: MIT
// Rows of every scan, at every block size, against a plain reading of the grammar and
// against libcsv.
#include "io/csv.h"

#include <csv.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "io/csvscan.h"
#include "tap.h"

static char path[32];
static int file;

static void
put_file(struct gz_str s)
{
    if (ftruncate(file, 0) || pwrite(file, s.ptr, s.len, 0) != (ssize_t)s.len)
        abort();
}

// ---- what is expected, from the whole text at once ----

struct rules {
    char delimiter;
    char eol;
    bool quotes;
    size_t max;
};

static size_t
find_eol(struct gz_str s, size_t at, char eol)
{
    while (at < s.len && s.ptr[at] != eol)
        at++;
    return at;
}

// The length of the line end at `at`, 0 if there is none.
static size_t
eol_len(struct gz_str s, size_t at, char eol)
{
    if (at == s.len || s.ptr[at] == eol)
        return at < s.len;
    if (eol == '\n' && s.ptr[at] == '\r')
        return at + 1 == s.len ? 1 : s.ptr[at + 1] == '\n' ? 2 : 0;
    return 0;
}

static bool
at_end(struct gz_str s, size_t at, char eol)
{
    return at == s.len || eol_len(s, at, eol) > 0;
}

static size_t
lines_in(struct gz_str s, size_t from, size_t to, char eol)
{
    size_t n = 0;

    for (size_t i = from; i < to; i++)
        n += s.ptr[i] == eol;
    return n;
}

// One record from `from`: its fields to `out`. `*at` becomes where it ends or fails;
// `*open` the last opening quote. Returns "" or what is wrong.
static const char *
want_record(struct gz_str s, size_t from, const struct rules *r, struct gz_buf *out,
            size_t *at, size_t *open, bool *stray, size_t *fields)
{
    size_t i = from;

    *stray = false;
    *fields = 0;
    *open = SIZE_MAX;
    for (;;) {
        gz_buf_char(out, '<');
        *fields += 1;
        if (r->quotes && i < s.len && s.ptr[i] == '"') {
            *open = i++;
            for (; i < s.len; i++) {
                if (s.ptr[i] == '"' && i + 1 < s.len && s.ptr[i + 1] == '"')
                    i++;
                else if (s.ptr[i] == '"')
                    break;
                gz_buf_char(out, s.ptr[i]);
            }
            *at = i;
            if (i == s.len)
                return "open";
            *at = ++i;
            if (!at_end(s, i, r->eol) && s.ptr[i] != r->delimiter)
                return "after";
        } else {
            for (; !at_end(s, i, r->eol) && s.ptr[i] != r->delimiter; i++) {
                *stray |= s.ptr[i] == '"' && r->quotes;
                gz_buf_char(out, s.ptr[i]);
            }
        }
        gz_buf_char(out, '>');
        *at = i;
        if (at_end(s, i, r->eol))
            return "";
        i++;
    }
}

static void
put_bytes(struct gz_buf *out, struct gz_str s)
{
    gz_buf_char(out, '[');
    gz_buf_add(out, s);
    gz_buf_lit(out, "]\n");
}

// A reject of the record at `from`; returns where to go on.
static size_t
want_bad(struct gz_str s, size_t from, const struct rules *r, size_t line, size_t quote,
         const char *code, struct gz_buf *out)
{
    size_t eol = find_eol(s, from, r->eol);
    size_t len = eol - from;
    size_t start = quote, column = 1;

    if (len && r->eol == '\n' && s.ptr[eol - 1] == '\r')
        len--;
    while (start > 0 && s.ptr[start - 1] != r->eol)
        start--;
    for (; start < quote; start++)
        column += ((unsigned char)s.ptr[start] & 0xC0) != 0x80;
    gz_buf_printf(out, "bad %zu 1 @%zu %s %zu:%zu", line, from, code,
                  line + lines_in(s, from, quote, r->eol), column);
    put_bytes(out, (struct gz_str){ s.ptr + from, len < r->max ? len : r->max });
    return eol < s.len ? eol + 1 : eol;
}

static void
want(struct gz_str s, const struct rules *r, struct gz_buf *out, bool *clean)
{
    struct gz_buf row = { 0 };
    size_t line = 1;

    *clean = true;
    for (size_t from = 0; from < s.len;) {
        size_t at, open, fields;
        bool stray;
        const char *fault;

        row.len = 0;
        fault = want_record(s, from, r, &row, &at, &open, &stray, &fields);
        if (at - from > r->max) {
            // Read only up to the limit, to see whether a quote is open there.
            struct gz_str cut = { s.ptr, from + r->max + 1 };

            row.len = 0;
            fault = want_record(cut, from, r, &row, &at, &open, &stray, &fields);
            fault = *fault == 'o' ? "open" : "long";
        }
        *clean &= !*fault && !stray;
        if (*fault) {
            bool quote = *fault != 'l';

            from = want_bad(s, from, r, line, quote ? open : from,
                            quote ? "quote" : "size", out);
            line++;
            continue;
        }
        if (at == from)
            gz_buf_printf(out, "blank %zu @%zu\n", line, from);
        else {
            gz_buf_printf(out, "row %zu %zu @%zu %s ", line,
                          lines_in(s, from, at, r->eol) + 1, from, stray ? "stray" : "");
            gz_buf_add(out, gz_buf_str(&row));
            put_bytes(out, (struct gz_str){ s.ptr + from, at - from });
        }
        line += lines_in(s, from, at, r->eol) + 1;
        from = at + eol_len(s, at, r->eol);
    }
    gz_buf_release(&row);
}

// ---- what the reader says ----

static void
put_row(const struct gz_csv_row *row, struct gz_buf *out)
{
    gz_buf_printf(out, "row %" PRIu64 " %" PRIu64 " @%" PRIu64 " %s ", row->line,
                  row->lines, row->offset, row->stray_quote ? "stray" : "");
    for (size_t i = 0; i < row->count; i++) {
        gz_buf_char(out, '<');
        gz_buf_need(out, row->field[i].text.len + 1);
        out->len += gz_csv_unescape(row->field[i], out->ptr + out->len);
        gz_buf_char(out, '>');
    }
    put_bytes(out, row->raw);
}

// What the reader gives next, written down. False at the end.
static bool
got_next(struct gz_csv *csv, struct gz_buf *out)
{
    struct gz_err err = { 0 };
    struct gz_csv_row row;
    enum gz_csv_next next = gz_csv_next(csv, &row, &err);

    if (next == GZ_CSV_ROW)
        put_row(&row, out);
    else if (next == GZ_CSV_BLANK)
        gz_buf_printf(out, "blank %" PRIu64 " @%" PRIu64 "\n", row.line, row.offset);
    else if (next == GZ_CSV_BAD) {
        gz_buf_printf(out,
                      "bad %" PRIu64 " %" PRIu64 " @%" PRIu64 " %s %" PRIu64 ":%" PRIu64,
                      row.line, row.lines, row.offset, err.code, err.line, err.column);
        put_bytes(out, row.raw);
    } else if (next == GZ_CSV_FAIL) {
        gz_buf_lit(out, "fail\n");
    }
    return next != GZ_CSV_END && next != GZ_CSV_FAIL;
}

static void
got(const struct gz_csv_options *options, struct gz_buf *out)
{
    struct gz_err err = { 0 };
    struct gz_input *in = gz_input_open(path, GZ_INPUT_DETECT, "UTF-8", &err);
    struct gz_csv *csv = gz_csv_open(in, options);

    while (got_next(csv, out))
        ;
    gz_csv_close(csv);
    gz_input_close(in);
}

// The same rows by way of parts.
static void
got_parts(const struct gz_csv_options *options, size_t bytes, struct gz_buf *out)
{
    struct gz_err err = { 0 };
    struct gz_input *in = gz_input_open(path, GZ_INPUT_DETECT, "UTF-8", &err);
    struct gz_csv *csv = gz_csv_open(in, options), *part = gz_csv_part(csv);
    enum gz_csv_cut cut;

    while ((cut = gz_csv_cut(csv, part, bytes, &err)) < GZ_CSV_CUT_END) {
        if (cut == GZ_CSV_CUT_ODD)
            got_next(csv, out);
        while (cut == GZ_CSV_CUT && got_next(part, out))
            ;
    }
    gz_csv_close(part);
    gz_csv_close(csv);
    gz_input_close(in);
}

// ---- what libcsv says of a text without faults ----

static int
never(unsigned char c)
{
    (void)c;
    return 0;
}

static void
lib_field(void *p, size_t len, void *out)
{
    gz_buf_char(out, '<');
    gz_buf_add(out, (struct gz_str){ p, len });
    gz_buf_char(out, '>');
}

static void
lib_row(int c, void *out)
{
    (void)c;
    gz_buf_char(out, '\n');
}

static void
lib_rows(struct gz_str s, char delimiter, struct gz_buf *out)
{
    struct csv_parser p;

    csv_init(&p, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_space_func(&p, never);
    csv_set_delim(&p, (unsigned char)delimiter);
    if (csv_parse(&p, s.ptr, s.len, lib_field, lib_row, out) != s.len ||
        csv_fini(&p, lib_field, lib_row, out))
        gz_buf_lit(out, "libcsv refuses");
    csv_free(&p);
}

// The fields alone of what got() wrote, in the same form.
static void
only_fields(struct gz_buf *out, const struct gz_csv_options *options)
{
    struct gz_err err = { 0 };
    struct gz_input *in = gz_input_open(path, GZ_INPUT_DETECT, "UTF-8", &err);
    struct gz_csv *csv = gz_csv_open(in, options);
    struct gz_csv_row row;
    enum gz_csv_next next;

    while ((next = gz_csv_next(csv, &row, &err)) != GZ_CSV_END) {
        if (next != GZ_CSV_ROW)
            continue;
        for (size_t i = 0; i < row.count; i++) {
            gz_buf_char(out, '<');
            gz_buf_need(out, row.field[i].text.len + 1);
            out->len += gz_csv_unescape(row.field[i], out->ptr + out->len);
            gz_buf_char(out, '>');
        }
        gz_buf_char(out, '\n');
    }
    gz_csv_close(csv);
    gz_input_close(in);
}

// ---- the comparison ----

static const enum gz_csv_engine engines[] = { GZ_CSV_PLAIN, GZ_CSV_SSE2, GZ_CSV_AVX2 };

static char
eol_of(struct gz_str s)
{
    const char *cr = s.len ? memchr(s.ptr, '\r', s.len) : NULL;

    return cr && cr + 1 < s.ptr + s.len && !memchr(s.ptr, '\n', s.len) ? '\r' : '\n';
}

static bool
lone_cr(struct gz_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] == '\r' && (i + 1 == s.len || s.ptr[i + 1] != '\n'))
            return true;
    return false;
}

static void
show(const char *what, struct gz_str s)
{
    printf("# %s:", what);
    for (size_t i = 0; i < s.len && i < 600; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (c == '\n')
            printf("\\n");
        else if (c < 0x20 || c > 0x7e)
            printf("\\x%02x", c);
        else
            putchar(c);
    }
    printf("\n");
}

// All engines, blocks 1 to `blocks`, then the default one. False at the first difference.
static bool
agree(struct gz_str s, const struct gz_csv_options *base, size_t blocks)
{
    struct rules rules = { base->delimiter, eol_of(s), !base->no_quotes,
                           base->max_record ? base->max_record : 1 << 20 };
    struct gz_buf expect = { 0 }, have = { 0 };
    bool good = true, clean;

    put_file(s);
    want(s, &rules, &expect, &clean);
    for (size_t e = 0; good && e < GZ_COUNT(engines); e++) {
        for (size_t block = 0; good && block <= blocks; block++) {
            struct gz_csv_options options = *base;

            options.engine = engines[e];
            options.block = block;
            have.len = 0;
            got(&options, &have);
            if (gz_str_eq(gz_buf_str(&have), gz_buf_str(&expect))) {
                have.len = 0;
                got_parts(&options, block * 7 + 1, &have);
            }
            good = gz_str_eq(gz_buf_str(&have), gz_buf_str(&expect));
            if (!good) {
                printf("# engine %d, block %zu\n", (int)engines[e], block);
                show("text", s);
                show("got ", gz_buf_str(&have));
                show("want", gz_buf_str(&expect));
            }
        }
    }
    if (good && clean && rules.quotes && !(rules.eol == '\n' && lone_cr(s))) {
        expect.len = have.len = 0;
        lib_rows(s, base->delimiter, &expect);
        only_fields(&have, base);
        good = gz_str_eq(gz_buf_str(&have), gz_buf_str(&expect));
        if (!good) {
            show("text  ", s);
            show("got   ", gz_buf_str(&have));
            show("libcsv", gz_buf_str(&expect));
        }
    }
    gz_buf_release(&expect);
    gz_buf_release(&have);
    return good;
}

#define NASTY(lit)                                                                       \
    {                                                                                    \
        lit, sizeof(lit) - 1                                                             \
    }

static void
test_nasty(void)
{
    static const struct gz_str cases[] = {
        NASTY(""),
        NASTY("\n"),
        NASTY("a"),
        NASTY("a,b\nc,d\n"),
        NASTY("a,b\r\nc,d\r\n"),
        NASTY("a,b\rc,d\r"),
        NASTY("a,b\rc,\"d\re\"\rf"),
        NASTY("a,b\r"),
        NASTY("\"a\"\r"),
        NASTY("a,b\nc,d"),
        NASTY(",\n,,\n,"),
        NASTY("\n\na\n\r\n\nb\n\n"),
        NASTY("\"\"\n\"\",\"\"\n"),
        NASTY("\"a\nb\",c\n\"d\r\ne\",f\n"),
        NASTY("\"a\"\"b\",\"\"\"\",\"\"\"x\"\"\"\n"),
        NASTY("5\" pipe,x\ny,6\" pipe\nz,\"ok\"\n"),
        NASTY("a\"\"b,c\n\"q\",d\"\n"),
        NASTY("5\"\r\nx,\"y\"\r\n"), // a limit that falls on the CR
        NASTY("\"\n\",5\"\r\nx\n"),
        NASTY("\"a\"x,b\nc,d\n"),
        NASTY("\"a\" ,b\nc,d\n"),
        NASTY("a, \"b\"\nc,d\n"),
        NASTY("x,\"never\nclosed,1\n2,3\n"),
        NASTY("x,y,\"\xE4\xB8\xAD\xE6\x96\x87\n z\"t,\"u\nv,w\n"),
        NASTY("\"\n"),
        NASTY("\""),
        NASTY("a,\"b\"\"\n"),
        NASTY("\"a\"\rb,c\nd\n"),
        NASTY("a\rb,c\nd\re\n"),
        NASTY("a\r\"b\",c\"\nd\n"),
        NASTY("\"a\r\",b\r\nc\r\n"),
        NASTY("a\0b,\0\n\0\n\"\0\",c\n"),
        NASTY("\xE4\xB8\xAD\xE6\x96\x87,\"\xE5\x9B\xBD\n\"\r\nx\r\n"),
        NASTY("\"a\",\"b\"\"c\nd\"\"\"\n\"\"\"\",e\n"),
        NASTY("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,\"b\"\n"),
        NASTY(
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,\"b\"\"c\"\n"),
        NASTY("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"b\"\n"),
        NASTY(
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,\"b\nccccc\"\r\n"
            "d\r\n"),
    };

    for (size_t i = 0; i < GZ_COUNT(cases); i++) {
        struct gz_csv_options options = { .delimiter = ',' };

        ok(agree(cases[i], &options, 70), "case %zu", i);
        options.no_quotes = true;
        ok(agree(cases[i], &options, 5), "case %zu, no quotes", i);
        options.no_quotes = false;
        for (options.max_record = 1; options.max_record < 24; options.max_record++)
            if (!agree(cases[i], &options, 9))
                ok(false, "case %zu, at most %zu bytes", i, options.max_record);
    }
}

static uint32_t
next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

// Random texts of few kinds of bytes; the first kinds make clean rows more likely.
static void
test_random(size_t rounds)
{
    static const char *const parts[] = {
        "a",
        "bb",
        ",",
        ",",
        "\n",
        "\"x\"",
        "\"y\"\"z\"",
        ",\"\n\",",
        "\"",
        "\r",
        "\r\n",
        "\"\"",
        "cccccccccccccccccc",
        "\xE4\xB8\xAD",
        ",\"q,q\"",
        "\n\"w\n\n\"",
    };
    uint32_t seed = 20261121;
    size_t wrong = 0;

    for (size_t round = 0; round < rounds; round++) {
        size_t kinds = 4 + next_random(&seed) % (GZ_COUNT(parts) - 3);
        size_t count = next_random(&seed) % 120;
        struct gz_csv_options options = { .delimiter = ',' };
        struct gz_buf text = { 0 };

        if (next_random(&seed) % 3 == 0)
            options.max_record = 1 + next_random(&seed) % 100;
        for (size_t i = 0; i < count; i++)
            gz_buf_cstr(&text, parts[next_random(&seed) % kinds]);
        wrong += !agree(gz_buf_str(&text), &options, round % 50 ? 4 : 70);
        gz_buf_release(&text);
        if (wrong > 3)
            break;
    }
    ok(wrong == 0, "%zu random texts", rounds);
}

// Texts larger than a window and a block, mostly clean, so that lists are shifted.
static void
test_large(void)
{
    struct gz_buf text = { 0 };
    struct gz_csv_options options = { .delimiter = '\t' };
    uint32_t seed = 7;

    while (text.len < 700000) {
        switch (next_random(&seed) % 40) {
        case 0:
            gz_buf_cstr(&text, "\t\"a \"\"quoted\"\"\nword\"\t");
            break;
        case 1:
            gz_buf_cstr(&text, "\r\n");
            break;
        case 2:
            if (next_random(&seed) % 100 == 0)
                gz_buf_cstr(&text, "6\" pipe");
            break;
        default:
            gz_buf_cstr(&text, "\tword");
        }
    }
    ok(agree(gz_buf_str(&text), &options, 0), "a large text");
    text.len = 0;
    while (text.len < 400000)
        gz_buf_cstr(&text, "\"\"\t");
    gz_buf_cstr(&text, "\nnext\n");
    put_file(gz_buf_str(&text));
    for (size_t e = 0; e < GZ_COUNT(engines); e++) {
        struct gz_buf out = { 0 };

        options.engine = engines[e];
        got(&options, &out);
        ok(strncmp(out.ptr, "bad 1 1 @0 fields 1:1[", 22) == 0, "too many fields");
        is_str(gz_str_from(gz_buf_str(&out), out.len - 27),
               &"row 2 1 @400003  <next>[next]\n"[3], "and the row after them");
        gz_buf_release(&out);
    }
    text.len = 0;
    gz_buf_cstr(&text, "\"");
    while (text.len < 300000)
        gz_buf_cstr(&text, "\n\"\"");
    gz_buf_cstr(&text, "\"\tx\n");
    ok(agree(gz_buf_str(&text), &options, 0), "a record of 100,000 lines");
    gz_buf_release(&text);
}

static void
test_sniff(void)
{
    static const struct {
        struct gz_str sample;
        char want;
    } cases[] = {
        { NASTY("a,b,c\n1,2,3\n"), ',' },
        { NASTY("a\tb\n1,5\t2\n1,2,3\t4\n"), '\t' },
        { NASTY("a;b;c\n1,5;\"x,y,z\";3\n2,7;t;4\nwor"), ';' },
        { NASTY("a|b|c\n1|2|3\n"), '|' },
        { NASTY("id,text\n1,\"a;b;c\nd;e\"\n2,f;g\n"), ',' },
        { NASTY("one\ntwo\n"), 0 },
        { NASTY(""), 0 },
        { NASTY("a;b\rc;d\r"), ';' },
        { NASTY("title of the table\n\na,b,c\n1,2,3\n4,5,6\ntotal\n"), ',' },
        { NASTY("name;place\nx;Springfield, IL\ny;Reno, NV\n"), ';' },
        { NASTY("a,b"), ',' },
    };

    for (size_t i = 0; i < GZ_COUNT(cases); i++)
        ok(gz_csv_sniff_delimiter(cases[i].sample) == cases[i].want, "delimiter %zu", i);
}

int
main(void)
{
    file = memfd_create("input", 0);
    if (file < 0)
        return 99;
    snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
    test_nasty();
    test_random(1500);
    test_large();
    test_sniff();
    close(file);
    return done_testing();
}
