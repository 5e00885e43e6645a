// SPDX-License-Identifier: MIT
#include "io/sniff.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "io/gb18030.h"

#if defined(GZ_HAVE_UCHARDET)
#include <uchardet.h>
#endif

struct gz_sniff
gz_sniff_bom(struct gz_str sample)
{
    // The four-byte marks first: UTF-32LE begins like UTF-16LE.
    static const struct {
        struct gz_str mark;
        const char *encoding;
    } marks[] = {
        { { "\xFF\xFE\0\0", 4 }, "UTF-32LE" },    { { "\0\0\xFE\xFF", 4 }, "UTF-32BE" },
        { { "\x84\x31\x95\x33", 4 }, "GB18030" }, { { "\xEF\xBB\xBF", 3 }, "UTF-8" },
        { { "\xFF\xFE", 2 }, "UTF-16LE" },        { { "\xFE\xFF", 2 }, "UTF-16BE" },
    };

    for (size_t i = 0; i < GZ_COUNT(marks); i++)
        if (gz_str_starts(sample, marks[i].mark))
            return (struct gz_sniff){ marks[i].encoding, marks[i].mark.len };
    return (struct gz_sniff){ NULL, 0 };
}

// What is no table of text but known by its first bytes, with the way to make it one.
static const char *
not_text(struct gz_str sample)
{
    static const struct {
        struct gz_str magic;
        const char *what;
    } kinds[] = {
        { { "PK\x03\x04", 4 },
          N_("this is an XLSX workbook or another ZIP file, not text: convert it first, "
             "as "
             "in 'xlsx2csv FILE | gz-ingest'") },
        { { "\xD0\xCF\x11\xE0", 4 },
          N_("this is an XLS workbook, not text: convert it first, as in 'libreoffice "
             "--headless --convert-to csv FILE'") },
        { { "\x1F\x8B", 2 },
          N_("this is gzip data, not text: unpack it first, as in 'zcat FILE | "
             "gz-ingest'") },
        { { "%PDF-", 5 }, N_("this is a PDF file, not a table of text") },
    };

    for (size_t i = 0; i < GZ_COUNT(kinds); i++)
        if (gz_str_starts(sample, kinds[i].magic))
            return kinds[i].what;
    return NULL;
}

// Some systems export a web page, or a workbook in XML, under the name of a workbook.
static bool
is_markup(struct gz_str sample)
{
    static const struct gz_str starts[] = { { "<html", 5 },
                                            { "<!doctype html", 14 },
                                            { "<table", 6 },
                                            { "<?xml", 5 },
                                            { "<meta ", 6 } };

    if (gz_str_starts(sample, GZ_STR("\xEF\xBB\xBF")))
        sample = gz_str_from(sample, 3);
    while (sample.len && memchr(" \t\r\n", sample.ptr[0], 4))
        sample = gz_str_from(sample, 1);
    for (size_t i = 0; i < GZ_COUNT(starts); i++)
        if (gz_str_eq_nocase(gz_str_first(sample, starts[i].len), starts[i]))
            return true;
    return false;
}

// UTF-16 and UTF-32 without a mark: the zero bytes of ASCII characters all stand in the
// same places. A stray NUL in other text does not look like that.
static const char *
by_zeros(struct gz_str sample)
{
    size_t zeros[4] = { 0, 0, 0, 0 };
    size_t units = sample.len / 4;

    for (size_t i = 0; i < units * 4; i++)
        zeros[i % 4] += sample.ptr[i] == 0;
    if (units < 2)
        return NULL;
    if (zeros[3] == units && zeros[2] * 10 >= units * 9)
        return "UTF-32LE";
    if (zeros[0] == units && zeros[1] * 10 >= units * 9)
        return "UTF-32BE";
    if ((zeros[1] + zeros[3]) * 10 >= units * 2 &&
        (zeros[0] + zeros[2]) * 8 <= zeros[1] + zeros[3])
        return "UTF-16LE";
    if ((zeros[0] + zeros[2]) * 10 >= units * 2 &&
        (zeros[1] + zeros[3]) * 8 <= zeros[0] + zeros[2])
        return "UTF-16BE";
    return NULL;
}

// Could more bytes make a UTF-8 character of `tail`?
static bool
utf8_is_cut(struct gz_str tail)
{
    const unsigned char *p = (const unsigned char *)tail.ptr;
    size_t need;

    if (tail.len == 0 || p[0] < 0xC2 || p[0] > 0xF4)
        return false;
    need = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    for (size_t i = 1; i < tail.len; i++)
        if ((p[i] & 0xC0) != 0x80)
            return false;
    return tail.len < need;
}

#if defined(GZ_HAVE_UCHARDET)
// A guess worth telling, or "".
static void
guess(struct gz_str sample, char *name, size_t room)
{
    uchardet_t det = uchardet_new();

    name[0] = '\0';
    if (!det)
        return;
    if (uchardet_handle_data(det, sample.ptr, sample.len) == 0) {
        const char *got;

        uchardet_data_end(det);
        got = uchardet_get_charset(det);
        if (got && strlen(got) < room && strcmp(got, "UTF-8") && strcmp(got, "GB18030"))
            memcpy(name, got, strlen(got) + 1);
    }
    uchardet_delete(det);
}
#else
static void
guess(struct gz_str sample, char *name, size_t room)
{
    (void)sample;
    (void)room;
    name[0] = '\0';
}
#endif

// Line and column of the byte at `at`; what stands before it is valid in the encoding.
static void
place(struct gz_str sample, size_t at, bool gb18030, struct gz_err *err)
{
    char eol = memchr(sample.ptr, '\n', sample.len) ? '\n' : '\r';
    struct gz_str before = { sample.ptr, at };
    struct gz_buf utf8 = { 0 };
    uint64_t line = 1;

    for (const char *p; (p = memchr(before.ptr, eol, before.len)); line++)
        before = gz_str_from(before, (size_t)(p - before.ptr) + 1);
    if (gb18030) {
        gz_gb18030_decode(before, &utf8);
        before = gz_buf_str(&utf8);
    }
    gz_err_at(err, NULL, line, gz_utf8_count(before) + 1);
    gz_buf_release(&utf8);
}

static enum gz_err_kind
refuse(struct gz_str sample, size_t utf8, size_t gb, struct gz_err *err)
{
    // The encoding that got further is the likelier one: its fault is the one to see.
    bool gb18030 = gb > utf8;
    size_t at = gb18030 ? gb : utf8;
    char name[32];

    guess(sample, name, sizeof(name));
    if (name[0])
        gz_err_set(err, GZ_ERR_FORMAT,
                   _("neither UTF-8 nor GB18030: byte 0x%02X at offset %zu; perhaps %s, "
                     "to be named with --encoding"),
                   (unsigned char)sample.ptr[at], at, name);
    else
        gz_err_set(err, GZ_ERR_FORMAT,
                   _("neither UTF-8 nor GB18030: byte 0x%02X at offset %zu; name the "
                     "encoding with --encoding"),
                   (unsigned char)sample.ptr[at], at);
    place(sample, at, gb18030, err);
    return err->kind;
}

// ---- Big5 ----

// Much of Big5 is valid GB18030, of characters that nobody writes; and Chinese in GB18030
// is none of the frequent half of Big5. Only where both say so is it Big5.
static bool
is_big5(struct gz_str sample)
{
    const unsigned char *p = (const unsigned char *)sample.ptr, *end = p + sample.len;
    size_t all = 0, frequent = 0, as_gb = 0, bad = 0;

    for (; p + 1 < end; p++) {
        if (*p < 0x80)
            continue;
        all++;
        if (*p < 0xA1 || *p > 0xF9 || p[1] < 0x40 || (p[1] > 0x7E && p[1] < 0xA1)) {
            bad++;
            continue;
        }
        frequent += *p <= 0xC6;
        as_gb += *p >= 0xB0 && *p <= 0xD7 && p[1] >= 0xA1;
        p++;
    }
    return all >= 16 && bad * 50 <= all && frequent * 100 >= all * 93 && as_gb * 2 < all;
}

// ---- text with a few bad bytes ----

struct health {
    size_t lines, bad_lines; // bad: with a byte that is no character
    size_t characters;       // beyond ASCII, that are right
    bool first;              // the first line beyond ASCII is right
    bool begun;
};

static size_t
valid_prefix(struct gz_str s, bool gb18030)
{
    return gb18030 ? gz_gb18030_valid_prefix(s) : gz_utf8_valid_prefix(s);
}

static bool
is_ascii(struct gz_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] & 0x80)
            return false;
    return true;
}

static struct health
examine(struct gz_str sample, bool gb18030)
{
    char eol = memchr(sample.ptr, '\n', sample.len) ? '\n' : '\r';
    struct health h = { 0 };

    while (sample.len) {
        const char *end = memchr(sample.ptr, eol, sample.len);
        size_t len = end ? (size_t)(end - sample.ptr) + 1 : sample.len;
        struct gz_str line = gz_str_first(sample, len);
        size_t good = valid_prefix(line, gb18030);

        h.lines++;
        // A line of another export, put behind this one, is read as what it is.
        h.bad_lines += good < len && !(gb18030 ? valid_prefix(line, false) == len
                                               : gz_gb18030_is_chinese(line));
        if (!h.begun && !is_ascii(line)) {
            h.begun = true;
            h.first = good == len;
        }
        for (size_t i = 0; i < good; i++)
            h.characters += (line.ptr[i] & 0x80) != 0;
        sample = gz_str_from(sample, len);
    }
    h.characters /= gb18030 ? 2 : 3;
    return h;
}

// A line in twenty may be bad, or a single one of three; the rows in it are rejected.
static bool
is_nearly(struct health h, bool gb18030)
{
    // Any two bytes above ASCII are nearly GB18030: there has to be some of it.
    if (gb18030 && h.characters < 20 * h.bad_lines)
        return false;
    return h.bad_lines * 20 <= h.lines || (h.bad_lines == 1 && h.lines >= 3);
}

static struct gz_str
whole_lines(struct gz_str s)
{
    size_t len = s.len;

    while (len && s.ptr[len - 1] != '\n' && s.ptr[len - 1] != '\r')
        len--;
    return len ? gz_str_first(s, len) : s;
}

static bool
begins_in_utf8(struct gz_str sample)
{
    struct health h = examine(sample, false);

    return h.first && h.characters >= 4 && is_nearly(h, false);
}

// The encoding that nearly all lines are in; NULL when there is none.
static const char *
nearly(struct gz_str sample)
{
    struct health utf8 = examine(sample, false), gb = examine(sample, true);

    if (is_nearly(gb, true) && !(is_nearly(utf8, false) && utf8.first))
        return "GB18030";
    return is_nearly(utf8, false) ? "UTF-8" : NULL;
}

enum gz_err_kind
gz_sniff_encoding(struct gz_str sample, bool whole, struct gz_sniff *out,
                  struct gz_err *err)
{
    const char *what;
    size_t utf8, gb;

    what = not_text(sample);
    if (!what && is_markup(sample))
        what =
            N_("this is a web page or XML, whatever its name says: convert it first, as "
               "in 'libreoffice --headless --convert-to csv FILE'");
    if (what)
        return gz_err_set(err, GZ_ERR_FORMAT, "%s", _(what));
    *out = gz_sniff_bom(sample);
    if (out->encoding)
        return GZ_OK;
    out->encoding = by_zeros(sample);
    if (out->encoding)
        return GZ_OK;
    utf8 = gz_utf8_valid_prefix(sample);
    if (utf8 == sample.len || (!whole && utf8_is_cut(gz_str_from(sample, utf8)))) {
        out->encoding = "UTF-8";
        return GZ_OK;
    }
    if (is_big5(sample)) {
        out->encoding = "Big5";
        return GZ_OK;
    }
    gb = gz_gb18030_valid_prefix(sample);
    // A file that begins in UTF-8 and goes on in GB18030 can be valid GB18030 throughout.
    if (gb > utf8 && begins_in_utf8(whole ? sample : whole_lines(sample))) {
        out->encoding = "UTF-8";
        return GZ_OK;
    }
    if (gb == sample.len || (!whole && gz_gb18030_is_cut(gz_str_from(sample, gb)))) {
        out->encoding = "GB18030";
        return GZ_OK;
    }
    // A character cut off by the end of the sample is no fault.
    out->encoding = nearly(whole ? sample : whole_lines(sample));
    return out->encoding ? GZ_OK : refuse(sample, utf8, gb, err);
}
