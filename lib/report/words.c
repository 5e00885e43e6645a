// SPDX-License-Identifier: MIT
#include "report/words.h"

#include "base/tr.h"
#include "pack/sheet.h"

static bool
names_language(struct gz_str tag, struct gz_str language)
{
    if (!gz_str_starts(tag, language))
        return false;
    return tag.len == language.len || tag.ptr[language.len] == '_' ||
           tag.ptr[language.len] == '-' || tag.ptr[language.len] == '.';
}

enum gz_err_kind
gz_lang_parse(const char *tag, enum gz_lang *out, struct gz_err *err)
{
    struct gz_str t = gz_str_of(tag);

    *out = GZ_LANG_EN;
    if (!tag || names_language(t, GZ_STR("en")))
        return GZ_OK;
    *out = GZ_LANG_ZH;
    if (names_language(t, GZ_STR("zh")))
        return GZ_OK;
    return gz_err_set(err, GZ_ERR_USAGE,
                      _("--lang: '%s' is not a language that reports have, expected zh "
                        "or en"),
                      tag);
}

enum gz_err_kind
gz_words_load(struct gz_words *w, enum gz_lang lang, struct gz_arena *arena,
              struct gz_err *err)
{
    struct gz_sheet *sheet = gz_sheet_builtin("labels.csv", arena, err);
    int key, text;

    if (!sheet)
        return err->kind;
    key = gz_sheet_column(sheet, "key");
    text = gz_sheet_column(sheet, lang == GZ_LANG_ZH ? "zh" : "en");
    w->lang = lang;
    w->text = gz_arena_new(arena, struct gz_str, sheet->rows + 1);
    for (size_t i = 0; i < sheet->rows; i++) {
        bool added;
        uint32_t n = gz_map_put(&w->keys, gz_sheet_cell(&sheet->row[i], key), &added);

        if (!added)
            return gz_sheet_fault(sheet, &sheet->row[i], key, err,
                                  _("the key is there already"));
        w->text[n] = gz_sheet_cell(&sheet->row[i], text);
    }
    return GZ_OK;
}

void
gz_words_release(struct gz_words *w)
{
    gz_map_release(&w->keys);
}

struct gz_str
gz_words_find(const struct gz_words *w, struct gz_str key)
{
    uint32_t n = gz_map_get(&w->keys, key);

    return n == GZ_MAP_NONE ? (struct gz_str){ NULL, 0 } : w->text[n];
}

struct gz_str
gz_words_get(const struct gz_words *w, const char *key)
{
    struct gz_str k = gz_str_of(key), text = gz_words_find(w, k);

    return text.ptr ? text : k;
}

struct gz_str
gz_words_in(const struct gz_words *w, const char *group, struct gz_str key)
{
    struct gz_buf b = { 0 };
    struct gz_str text;

    gz_buf_cstr(&b, group);
    gz_buf_char(&b, '.');
    gz_buf_add(&b, key);
    text = gz_words_find(w, gz_buf_str(&b));
    gz_buf_release(&b);
    return text.ptr ? text : key;
}

void
gz_words_gap(const struct gz_words *w, struct gz_buf *out)
{
    if (out->len && w->lang != GZ_LANG_ZH)
        gz_buf_char(out, ' ');
}

void
gz_words_fill(const struct gz_words *w, struct gz_buf *out, const char *key,
              const struct gz_str *arg, size_t args)
{
    struct gz_str t = gz_words_get(w, key);

    for (size_t i = 0; i < t.len; i++) {
        size_t n = i + 2 < t.len && t.ptr[i] == '{' && t.ptr[i + 2] == '}'
                       ? (size_t)(t.ptr[i + 1] - '0')
                       : 0;

        if (n >= 1 && n <= args && n <= 9) {
            gz_buf_add(out, arg[n - 1]);
            i += 2;
        } else {
            gz_buf_char(out, t.ptr[i]);
        }
    }
}

struct gz_str
gz_words_say(const struct gz_words *w, struct gz_arena *arena, const char *key,
             const struct gz_str *arg, size_t args)
{
    struct gz_buf b = { 0 };
    struct gz_str text;

    gz_words_fill(w, &b, key, arg, args);
    text = gz_arena_dup(arena, gz_buf_str(&b));
    gz_buf_release(&b);
    return text;
}
