// SPDX-License-Identifier: MIT
// words: every caption and sentence of a report, in the report's language, from
// lib/data/labels.csv. The language is an option, never the locale.
#ifndef GZ_REPORT_WORDS_H
#define GZ_REPORT_WORDS_H

#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"

enum gz_lang { GZ_LANG_EN, GZ_LANG_ZH };

// Lives in the arena it was loaded into; gz_words_release() frees its map.
struct gz_words {
    struct gz_map keys;
    struct gz_str *text; // of the key with that number
    enum gz_lang lang;
};

// "en", "zh", also "zh_CN", "zh-Hans-CN". NULL is English. GZ_ERR_USAGE for others.
enum gz_err_kind gz_lang_parse(const char *tag, enum gz_lang *out, struct gz_err *err);

enum gz_err_kind gz_words_load(struct gz_words *w, enum gz_lang lang,
                               struct gz_arena *arena, struct gz_err *err);
void gz_words_release(struct gz_words *w);

// The text for `key`, or {NULL, 0}.
struct gz_str gz_words_find(const struct gz_words *w, struct gz_str key);

// The text for `key`; the key itself when there is none.
struct gz_str gz_words_get(const struct gz_words *w, const char *key);

// The text for "GROUP.KEY" ("status.closed"), or `key` when there is none.
struct gz_str gz_words_in(const struct gz_words *w, const char *group, struct gz_str key);

// Append the blank that stands between two sentences or parts; Chinese has none. Nothing
// at the start.
void gz_words_gap(const struct gz_words *w, struct gz_buf *out);

// Append the text for `key` with {1}, {2} ... replaced by the arguments.
void gz_words_fill(const struct gz_words *w, struct gz_buf *out, const char *key,
                   const struct gz_str *arg, size_t args);

// The same into the arena: gz_say(w, arena, "sum.received", a, b).
struct gz_str gz_words_say(const struct gz_words *w, struct gz_arena *arena,
                           const char *key, const struct gz_str *arg, size_t args);
#define gz_say(w, arena, key, ...)                                                       \
    gz_words_say((w), (arena), (key), (const struct gz_str[]){ __VA_ARGS__ },            \
                 sizeof((const struct gz_str[]){ __VA_ARGS__ }) / sizeof(struct gz_str))

#endif
