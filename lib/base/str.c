// SPDX-License-Identifier: MIT
#include "base/str.h"

#include <string.h>

int
gz_str_cmp(struct gz_str a, struct gz_str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int d = n ? memcmp(a.ptr, b.ptr, n) : 0;

    return d ? d : (a.len > b.len) - (a.len < b.len);
}

static unsigned char
lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

bool
gz_str_eq_nocase(struct gz_str a, struct gz_str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return false;
    return true;
}

bool
gz_str_starts(struct gz_str s, struct gz_str prefix)
{
    return s.len >= prefix.len && gz_str_eq(gz_str_first(s, prefix.len), prefix);
}

bool
gz_str_ends(struct gz_str s, struct gz_str suffix)
{
    return s.len >= suffix.len && gz_str_eq(gz_str_from(s, s.len - suffix.len), suffix);
}

size_t
gz_str_find(struct gz_str s, struct gz_str needle)
{
    const char *hit;

    if (needle.len == 0)
        return 0;
    if (s.len < needle.len)
        return (size_t)-1;
    hit = memmem(s.ptr, s.len, needle.ptr, needle.len);
    return hit ? (size_t)(hit - s.ptr) : (size_t)-1;
}

static const struct gz_str wide_blanks[] = {
    { "\xC2\xA0", 2 },     // U+00A0 no-break space
    { "\xE3\x80\x80", 3 }, // U+3000 ideographic space
    { "\xEF\xBB\xBF", 3 }, // U+FEFF byte order mark
    { "\xE2\x80\x8B", 3 }, // U+200B zero-width space
};

static size_t
blank_at_start(struct gz_str s)
{
    if (s.len == 0)
        return 0;
    if ((unsigned char)s.ptr[0] <= ' ' || s.ptr[0] == 0x7f)
        return 1;
    if ((unsigned char)s.ptr[0] < 0x80)
        return 0;
    for (size_t i = 0; i < GZ_COUNT(wide_blanks); i++)
        if (gz_str_starts(s, wide_blanks[i]))
            return wide_blanks[i].len;
    return 0;
}

static size_t
blank_at_end(struct gz_str s)
{
    unsigned char last;

    if (s.len == 0)
        return 0;
    last = (unsigned char)s.ptr[s.len - 1];
    if (last <= ' ' || last == 0x7f)
        return 1;
    if (last < 0x80)
        return 0;
    for (size_t i = 0; i < GZ_COUNT(wide_blanks); i++)
        if (gz_str_ends(s, wide_blanks[i]))
            return wide_blanks[i].len;
    return 0;
}

struct gz_str
gz_str_trim(struct gz_str s)
{
    size_t n;

    while ((n = blank_at_start(s)) != 0)
        s = gz_str_from(s, n);
    while ((n = blank_at_end(s)) != 0)
        s.len -= n;
    return s;
}

struct gz_cut
gz_str_cut(struct gz_str s, struct gz_str sep)
{
    size_t at = gz_str_find(s, sep);

    if (at == (size_t)-1)
        return (struct gz_cut){ s, { s.ptr, 0 }, false };
    return (struct gz_cut){ gz_str_first(s, at), gz_str_from(s, at + sep.len), true };
}

struct gz_str
gz_str_basename(const char *path)
{
    const char *slash = strrchr(path, '/');

    return gz_str_of(slash && slash[1] ? slash + 1 : path);
}

size_t
gz_str_distance(struct gz_str a, struct gz_str b, size_t limit)
{
    enum { MAX = 64 };
    size_t row[3][MAX + 1];
    size_t *before = row[0], *last = row[1], *now = row[2];

    if (a.len > MAX || b.len > MAX)
        return limit;
    for (size_t j = 0; j <= b.len; j++)
        before[j] = last[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t *spare = before;

        now[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t best = last[j - 1] + (a.ptr[i - 1] != b.ptr[j - 1]);

            if (last[j] + 1 < best)
                best = last[j] + 1;
            if (now[j - 1] + 1 < best)
                best = now[j - 1] + 1;
            if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] &&
                a.ptr[i - 2] == b.ptr[j - 1] && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            now[j] = best;
        }
        before = last;
        last = now;
        now = spare;
    }
    return last[b.len] < limit ? last[b.len] : limit;
}
