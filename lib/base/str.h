// SPDX-License-Identifier: MIT
// str: borrowed views of bytes, and how to cut them.
#ifndef GZ_BASE_STR_H
#define GZ_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

// A borrowed view of bytes. Not NUL-terminated; may contain NUL.
// `ptr` may be NULL only when `len` is 0. Pass by value.
struct gz_str {
    const char *ptr;
    size_t len; // bytes
};

// What gz_str_cut() returns: the parts before and after the separator.
struct gz_cut {
    struct gz_str head;
    struct gz_str tail;
    bool found; // false: `head` is the whole, `tail` is empty
};

#define GZ_STR(lit) ((struct gz_str){ "" lit, sizeof(lit) - 1 })
// For printf in messages only: at most 4,096 bytes are shown.
#define GZ_STR_FMT      "%.*s"
#define GZ_STR_ARG(s)   (int)((s).len > 4096 ? 4096 : (s).len), ((s).ptr ? (s).ptr : "")
#define GZ_COUNT(array) (sizeof(array) / sizeof((array)[0]))

static inline struct gz_str
gz_str_of(const char *cstr)
{
    return (struct gz_str){ cstr, cstr ? strlen(cstr) : 0 };
}

static inline bool
gz_str_eq(struct gz_str a, struct gz_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool
gz_str_is(struct gz_str a, const char *cstr)
{
    return gz_str_eq(a, gz_str_of(cstr));
}

// The place after the last byte. Of no bytes there is none to count from.
static inline const char *
gz_str_end(struct gz_str s)
{
    return s.len ? s.ptr + s.len : s.ptr;
}

static inline struct gz_str
gz_str_from(struct gz_str s, size_t at)
{
    return at >= s.len ? (struct gz_str){ s.ptr, 0 }
                       : (struct gz_str){ s.ptr + at, s.len - at };
}

static inline struct gz_str
gz_str_first(struct gz_str s, size_t len)
{
    return (struct gz_str){ s.ptr, len < s.len ? len : s.len };
}

// Order by bytes, shorter first on a tie: <0, 0, >0.
int gz_str_cmp(struct gz_str a, struct gz_str b);

// The same letters, where A-Z and a-z count as one. Other bytes compare as they are.
bool gz_str_eq_nocase(struct gz_str a, struct gz_str b);

bool gz_str_starts(struct gz_str s, struct gz_str prefix);
bool gz_str_ends(struct gz_str s, struct gz_str suffix);

// Offset of the first `needle` in `s`, or (size_t)-1. An empty needle is found at 0.
size_t gz_str_find(struct gz_str s, struct gz_str needle);

// Without white space at both ends: ASCII blanks and controls, U+00A0, U+3000, U+FEFF,
// U+200B. `s` must be valid UTF-8 to be trimmed of the latter four.
struct gz_str gz_str_trim(struct gz_str s);

// Split at the first `sep`. Views into `s`.
struct gz_cut gz_str_cut(struct gz_str s, struct gz_str sep);

// The part after the last '/'.
struct gz_str gz_str_basename(const char *path);

// How many single edits (insert, delete, replace, swap neighbours, by byte) turn `a`
// into `b`; at most `limit`. For "did you mean".
size_t gz_str_distance(struct gz_str a, struct gz_str b, size_t limit);

#endif
