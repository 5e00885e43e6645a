// SPDX-License-Identifier: MIT
#include "io/input.h"

#include <iconv.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "io/gb18030.h"
#include "tap.h"

#define TEXT(lit)                                                                        \
    {                                                                                    \
        lit, sizeof(lit) - 1                                                             \
    }

static char path[32];
static int file;

static struct gz_input *
open_text(struct gz_str s, const char *encoding, struct gz_err *err)
{
    *err = (struct gz_err){ .kind = GZ_OK };
    if (ftruncate(file, 0) || pwrite(file, s.ptr, s.len, 0) != (ssize_t)s.len)
        abort();
    return gz_input_open(path, GZ_INPUT_DETECT, encoding, err);
}

// All of it, `step` bytes at a time.
static enum gz_err_kind
read_all(struct gz_input *in, size_t step, struct gz_buf *out, struct gz_err *err)
{
    size_t got;

    out->len = 0;
    do {
        if (gz_input_read(in, gz_buf_need(out, step), step, &got, err))
            return err->kind;
        out->len += got;
    } while (got);
    return GZ_OK;
}

// ---- what is found ----

static void
test_detect(void)
{
    static const struct {
        struct gz_str bytes;
        const char *encoding, *name, *text;
    } cases[] = {
        { TEXT(""), NULL, "UTF-8", "" },
        { TEXT("plain"), NULL, "UTF-8", "plain" },
        { TEXT("\xEF\xBB\xBF"
               "a,b"),
          NULL, "UTF-8", "a,b" },
        { TEXT("\xE4\xB8\xAD"), NULL, "UTF-8", "\xE4\xB8\xAD" },
        { TEXT("\xD6\xD0\xCE\xC4,1"), NULL, "GB18030", "\xD6\xD0\xCE\xC4,1" },
        { TEXT("\xD6\xD0|1"), "GB18030:decode", "GB18030", "\xE4\xB8\xAD|1" },
        { TEXT("\xD6\xD0"), "gbk", "GB18030", "\xD6\xD0" },
        { TEXT("\x84\x31\x95\x33\xD6\xD0"), NULL, "GB18030", "\xD6\xD0" },
        { TEXT("\xFF\xFE"
               "a\0-N"),
          NULL, "UTF-16LE", "a\xE4\xB8\xAD" },
        { TEXT("\xFE\xFF\0aN-"), NULL, "UTF-16BE", "a\xE4\xB8\xAD" },
        { TEXT("\xFF\xFE"
               "a\0-N"),
          "utf-16", "UTF-16LE", "a\xE4\xB8\xAD" },
        { TEXT("\xFE\xFF\0aN-"), "UTF-16", "UTF-16BE", "a\xE4\xB8\xAD" },
        { TEXT("a\0,\0b\0\n\0-N,\0c\0\n\0"), NULL, "UTF-16LE", "a,b\n\xE4\xB8\xAD,c\n" },
        { TEXT("\0a\0,\0b\0\nN-\0,\0c\0\n"), NULL, "UTF-16BE", "a,b\n\xE4\xB8\xAD,c\n" },
        { TEXT("a\0\0\0,\0\0\0b\0\0\0"), NULL, "UTF-32LE", "a,b" },
        { TEXT("\xFF\xFE\0\0a\0\0\0"), NULL, "UTF-32LE", "a" },
        { TEXT("caf\xE9"), "Windows-1252", "Windows-1252", "caf\xC3\xA9" },
        { TEXT("\xA4\xA4\xA4\xE5"), "Big5", "Big5", "\xE4\xB8\xAD\xE6\x96\x87" },
    };
    struct gz_buf out = { 0 };

    for (size_t i = 0; i < GZ_COUNT(cases); i++) {
        struct gz_err err;
        struct gz_input *in = open_text(cases[i].bytes, cases[i].encoding, &err);

        ok(in != NULL, "case %zu is read: %s", i, err.text);
        if (!in)
            continue;
        is_str(gz_str_of(gz_input_encoding(in)), cases[i].name, "its encoding");
        is_str(gz_input_sample(in), cases[i].text, "its sample");
        for (size_t step = 1; step < 5; step++) {
            gz_input_close(in);
            in = open_text(cases[i].bytes, cases[i].encoding, &err);
            read_all(in, step, &out, &err);
            is_str(gz_buf_str(&out), cases[i].text, "its text, %zu bytes at a time",
                   step);
        }
        is_u64(gz_input_done(in), cases[i].bytes.len, "all is read");
        is_u64(gz_input_size(in), cases[i].bytes.len, "and its size is known");
        gz_input_close(in);
    }
    gz_buf_release(&out);
}

static void
test_refused(void)
{
    static const struct {
        struct gz_str bytes;
        const char *encoding;
        uint64_t line, column;
        enum gz_err_kind kind;
    } cases[] = {
        // UTF-8 with one bad byte, GB18030 with one, and neither.
        { TEXT("a\n\xE4\xB8\xAD\xE5\x9B\xBD x\xFF\n"), NULL, 2, 5, GZ_ERR_FORMAT },
        { TEXT("a\r\n\xD6\xD0\xCE\xC4\xD6\xD0 x\xFF\n"), NULL, 2, 6, GZ_ERR_FORMAT },
        { TEXT("caf\xE9, cr\xE8me"), NULL, 1, 4, GZ_ERR_FORMAT },
        { TEXT("\xE4"), NULL, 1, 1, GZ_ERR_FORMAT }, // cut off, and nothing follows
        { TEXT("PK\x03\x04..."), NULL, 0, 0, GZ_ERR_FORMAT },
        { TEXT("\xD0\xCF\x11\xE0..."), NULL, 0, 0, GZ_ERR_FORMAT },
        { TEXT("\xEF\xBB\xBF \r\n<HTML xmlns:x=...>"), NULL, 0, 0, GZ_ERR_FORMAT },
        { TEXT("a"), "no-such-code", 0, 0, GZ_ERR_USAGE },
        { TEXT("a"), "Latin1//TRANSLIT", 0, 0, GZ_ERR_USAGE },
    };

    for (size_t i = 0; i < GZ_COUNT(cases); i++) {
        struct gz_err err;
        struct gz_input *in = open_text(cases[i].bytes, cases[i].encoding, &err);

        ok(!in && err.kind == cases[i].kind, "case %zu is refused: %s", i, err.text);
        is_u64(err.line, cases[i].line, "line");
        is_u64(err.column, cases[i].column, "column");
        ok(strstr(path, err.source) && err.source[0], "the source is named");
        gz_input_close(in);
    }
}

static void
test_files(void)
{
    struct gz_err err = { 0 };
    char sub[64];

    ok(!gz_input_open("/", GZ_INPUT_DETECT, NULL, &err) && err.kind == GZ_ERR_IO,
       "a directory is refused");
    err.kind = GZ_OK;
    snprintf(sub, sizeof(sub), "%s-none", path);
    ok(!gz_input_open(sub, GZ_INPUT_STREAM, NULL, &err) && err.kind == GZ_ERR_IO,
       "so is what does not exist");
}

// A byte that is no character stands as one that no text has, and what is behind it
// comes.
static void
test_bad_bytes(void)
{
    static const struct {
        const char *encoding;
        struct gz_str unit, bad, want;
    } cases[] = {
        { "Windows-1252", TEXT("caf\xE9, 12\n"), TEXT("x\x81,"), TEXT("x\xFF,") },
        { "Big5", TEXT("\xA4\xA4\xA4\xE5 12345\n"), TEXT("x\xFF,"), TEXT("x\xFF,") },
        { "GB18030:decode", TEXT("\xD6\xD0\xCE\xC4 12345\n"), TEXT("x\xFF,"),
          TEXT("x\xFF,") },
        { "UTF-16LE", TEXT("-Na\0\n\0"), TEXT("x\0\x3D\xD8y\0"), TEXT("x\xFFy") },
        { "Big5", TEXT("\xA4\xA4\xA4\xE5 12345\n"), TEXT("x\xA4"),
          TEXT("x\xFF") },                                              // cut off
        { "UTF-16LE", TEXT("-Na\0\n\0"), TEXT("x\0y"), TEXT("x\xFF") }, // half of one
    };
    struct gz_buf text = { 0 }, out = { 0 };

    for (size_t i = 0; i < GZ_COUNT(cases); i++) {
        struct gz_err err;
        struct gz_input *in;

        text.len = 0;
        while (text.len < 150000)
            gz_buf_add(&text, cases[i].unit);
        gz_buf_add(&text, cases[i].bad);
        in = open_text(gz_buf_str(&text), cases[i].encoding, &err);
        ok(in && gz_input_sample(in).len > 50000, "the sample is good: %s", err.text);
        ok(in && read_all(in, 4096, &out, &err) == GZ_OK, "all is read: %s", err.text);
        ok(gz_str_ends(gz_buf_str(&out), cases[i].want), "case %zu: the end of it", i);
        is_u64(gz_utf8_valid_prefix(gz_buf_str(&out)), out.len - cases[i].want.len + 1,
               "good up to the bad byte");
        gz_input_close(in);
    }
    gz_buf_release(&text);
    gz_buf_release(&out);
}

// Characters of all lengths across the borders of sample and blocks.
static void
test_borders(const char *encoding, const char *bom, size_t bom_len)
{
    struct gz_buf utf8 = { 0 }, coded = { 0 }, out = { 0 };
    struct gz_err err;
    struct gz_input *in;
    size_t wrong = 0;

    while (utf8.len < 300000)
        gz_buf_cstr(&utf8, "a\xC3\xA9\xE4\xB8\xAD\xF0\xA0\x80\x80\n");
    for (size_t shift = 0; shift < 8; shift++) {
        iconv_t cd = iconv_open(encoding, "UTF-8");
        char *from = utf8.ptr, *to;
        size_t left = utf8.len, room;

        coded.len = 0;
        gz_buf_add(&coded, (struct gz_str){ bom, bom_len });
        for (size_t i = 0; i < shift; i++) {
            if (strcmp(encoding, "UTF-16BE") == 0)
                gz_buf_char(&coded, '\0');
            gz_buf_char(&coded, 'x');
            if (strcmp(encoding, "UTF-16LE") == 0)
                gz_buf_char(&coded, '\0');
        }
        to = gz_buf_need(&coded, 1000000);
        room = 1000000;
        if (iconv(cd, &from, &left, &to, &room) == (size_t)-1)
            abort();
        iconv_close(cd);
        coded.len = (size_t)(to - coded.ptr);
        in = open_text(gz_buf_str(&coded),
                       strcmp(encoding, "GB18030") ? NULL : "GB18030:decode", &err);
        wrong += !in || read_all(in, 5000, &out, &err) || out.len != utf8.len + shift ||
                 memcmp(out.ptr + shift, utf8.ptr, utf8.len) != 0;
        gz_input_close(in);
        // Detection has to bear a sample that is cut inside a character.
        in = open_text(gz_buf_str(&coded), NULL, &err);
        wrong += !in || strcmp(gz_input_encoding(in), encoding) != 0;
        gz_input_close(in);
    }
    ok(wrong == 0, "%s across blocks: %s", encoding, err.text);
    gz_buf_release(&utf8);
    gz_buf_release(&coded);
    gz_buf_release(&out);
}

static void
test_stream(void)
{
    struct gz_err err = { 0 };
    struct gz_buf out = { 0 };
    struct gz_input *in;
    struct gz_str s = TEXT("\xEF\xBB\xBF{}\n");

    if (ftruncate(file, 0) || pwrite(file, s.ptr, s.len, 0) != (ssize_t)s.len)
        abort();
    in = gz_input_open(path, GZ_INPUT_STREAM, NULL, &err);
    ok(in && read_all(in, 1, &out, &err) == GZ_OK, "a stream is read");
    is_str(gz_buf_str(&out), "{}\n", "without the mark that it should not have");
    gz_input_close(in);
    gz_buf_release(&out);
}

// ---- GB18030 against iconv ----

// What iconv makes of one sequence: its UTF-8, or nothing.
static size_t
by_iconv(iconv_t cd, const unsigned char *p, size_t len, char *to)
{
    char bytes[4];
    char *from = bytes, *start = to;
    size_t room = 8;

    memcpy(bytes, p, len);
    if (iconv(cd, &from, &len, &to, &room) == (size_t)-1 || len) {
        iconv(cd, NULL, NULL, NULL, NULL);
        return 0;
    }
    return (size_t)(to - start);
}

static bool
same(iconv_t cd, const unsigned char *p, size_t len, struct gz_buf *out)
{
    struct gz_str s = { (const char *)p, len };
    char want[8];
    size_t n = by_iconv(cd, p, len, want);
    size_t used;

    out->len = 0;
    used = gz_gb18030_decode(s, out);
    if (used != gz_gb18030_valid_prefix(s))
        return false;
    if (n == 0)
        return used == 0 && out->len == 0;
    return used == len && out->len == n && memcmp(out->ptr, want, n) == 0;
}

static void
test_gb18030(void)
{
    iconv_t cd = iconv_open("UTF-8", "GB18030");
    struct gz_buf out = { 0 };
    unsigned char p[4];
    size_t wrong = 0;

    for (unsigned a = 0x80; a < 0x100; a++)
        for (unsigned b = 0; b < 0x100; b++) {
            p[0] = (unsigned char)a;
            p[1] = (unsigned char)b;
            // Two bytes of which the second begins a four-byte form are cut, not wrong.
            wrong += !same(cd, p, 2, &out);
        }
    ok(wrong == 0, "all sequences of two bytes");
    wrong = 0;
    for (unsigned a = 0x81; a <= 0xFE; a++)
        for (unsigned i = 0; i < 12600; i += a < 0x86 ? 1 : 7) {
            p[0] = (unsigned char)a;
            p[1] = (unsigned char)(0x30 + i / 1260);
            p[2] = (unsigned char)(0x81 + i / 10 % 126);
            p[3] = (unsigned char)(0x30 + i % 10);
            wrong += !same(cd, p, 4, &out);
        }
    ok(wrong == 0, "sequences of four bytes");
    iconv_close(cd);
    out.len = 0;
    is_u64(gz_gb18030_decode((struct gz_str)TEXT("ab\xD6,c"), &out), 2,
           "a lead byte does not swallow a comma");
    is_str(gz_buf_str(&out), "ab", "and what is before it is there");
    gz_buf_release(&out);
}

int
main(void)
{
    file = memfd_create("input", 0);
    if (file < 0)
        return 99;
    snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
    test_detect();
    test_refused();
    test_files();
    test_bad_bytes();
    test_borders("UTF-8", "", 0);
    test_borders("GB18030", "", 0);
    test_borders("UTF-16LE", "\xFF\xFE", 2);
    test_borders("UTF-16BE", "\xFE\xFF", 2);
    test_stream();
    test_gb18030();
    close(file);
    return done_testing();
}
