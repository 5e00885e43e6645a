// SPDX-License-Identifier: MIT
#include "route/form.h"

#include <stdint.h>

#include "base/utf8.h"

enum { BEFORE = 12, AFTER = 48 }; // characters around the question word

static bool
any_of(struct gz_str at, const char *const *words, size_t count, size_t *len)
{
    for (size_t i = 0; i < count; i++)
        if (gz_str_starts(at, gz_str_of(words[i]))) {
            *len = strlen(words[i]);
            return true;
        }
    return false;
}

static size_t
back_one(struct gz_str s, size_t at)
{
    do
        at--;
    while (at > 0 && ((unsigned char)s.ptr[at] & 0xC0) == 0x80);
    return at;
}

static bool
is_digit(struct gz_str s, size_t at)
{
    return at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9';
}

// Where the item that holds `at` begins, or SIZE_MAX when `at` is in running text.
static size_t
item_start(struct gz_str s, size_t at)
{
    static const char *const ends[] = { "\n", "\r", "。", "；", ";", "）", ")" };
    static const char *const marks[] = { ".", "、", "．" }; // after a number
    size_t len;

    for (int n = 0; n <= BEFORE; n++) {
        size_t before;

        if (at == 0)
            return 0;
        before = back_one(s, at);
        if (any_of(gz_str_from(s, before), ends, GZ_COUNT(ends), &len))
            return at;
        if (any_of(gz_str_from(s, before), marks, GZ_COUNT(marks), &len))
            return before > 0 && is_digit(s, before - 1) ? at : SIZE_MAX;
        if (any_of(gz_str_from(s, before), (const char *const[]){ "，", ",", "：", ":" },
                   4, &len))
            return SIZE_MAX;
        at = before;
    }
    return SIZE_MAX;
}

// Where the colon stands that ends the question, or SIZE_MAX.
static size_t
question_end(struct gz_str s, size_t at)
{
    static const char *const stops[] = { "\n", "。", "；", "？", "?", "，" };
    static const char *const colons[] = { "：", ":" };
    size_t len;

    for (int n = 0; n < AFTER && at < s.len; n++) {
        if (any_of(gz_str_from(s, at), colons, GZ_COUNT(colons), &len))
            return at;
        if (any_of(gz_str_from(s, at), stops, GZ_COUNT(stops), &len))
            return SIZE_MAX;
        gz_utf8_next(s, &at);
    }
    return SIZE_MAX;
}

static void
blank(struct gz_buf *text, size_t start, size_t end)
{
    while (start < end) {
        unsigned char c = (unsigned char)text->ptr[start];

        if (c < 0x80) {
            text->ptr[start++] = ' ';
        } else if (c < 0xE0) {
            memcpy(text->ptr + start, "\xC2\xA0", 2); // a no-break space
            start += 2;
        } else if (c < 0xF0) {
            memcpy(text->ptr + start, "\xE3\x80\x80", 3); // an ideographic space
            start += 3;
        } else {
            start += 4; // nothing is looked for out there
        }
    }
}

static const char *const words[] = { "是否", "有无", "有没有", "是不是" };

// Is a question word within reach before the colon that stands at `at`?
static bool
asks_before(struct gz_str s, size_t at)
{
    // A character is four bytes at most; the longest question word is three of them.
    size_t reach = (AFTER + 3) * 4, from = at > reach ? at - reach : 0;
    struct gz_str before = { s.ptr + from, at - from };

    for (size_t w = 0; w < GZ_COUNT(words); w++)
        if (gz_str_find(before, gz_str_of(words[w])) != (size_t)-1)
            return true;
    return false;
}

// Most texts hold no form: is there a colon at all that may end a question? Looked for by
// the last byte of each kind, which is rare.
static bool
may_hold_form(struct gz_str s)
{
    static const char *const colons[] = { ":", "：" };

    for (size_t c = 0; c < GZ_COUNT(colons); c++) {
        struct gz_str colon = gz_str_of(colons[c]);
        const char *p = s.ptr, *end = gz_str_end(s);

        while (p < end && (p = memchr(p, colon.ptr[colon.len - 1], (size_t)(end - p)))) {
            size_t at = (size_t)(p - s.ptr);

            p++;
            if (at + 1 >= colon.len &&
                memcmp(s.ptr + at + 1 - colon.len, colon.ptr, colon.len) == 0 &&
                asks_before(s, at + 1 - colon.len))
                return true;
        }
    }
    return false;
}

bool
gz_form_blank(struct gz_buf *text)
{
    struct gz_str s = gz_buf_str(text);
    bool any = false;

    if (!may_hold_form(s))
        return false;
    for (size_t w = 0; w < GZ_COUNT(words); w++) {
        size_t at = 0, found;

        while ((found = gz_str_find(gz_str_from(s, at), gz_str_of(words[w]))) !=
               (size_t)-1) {
            size_t start, end;

            at += found;
            start = item_start(s, at);
            end = start == SIZE_MAX ? SIZE_MAX : question_end(s, at);
            at += strlen(words[w]);
            if (end == SIZE_MAX)
                continue;
            blank(text, start, end);
            any = true;
            at = end;
        }
    }
    return any;
}
