// SPDX-License-Identifier: MIT
// Periods as people write them in Chinese: 2026年3月, 2026年第一季度, 2026年第12周.
#include "civic/period.h"

#include "base/num.h"

static bool
drop(struct gz_str *s, struct gz_str head)
{
    if (!gz_str_starts(*s, head))
        return false;
    *s = gz_str_from(*s, head.len);
    return true;
}

// 1 to 99, in digits or as far as twelve in characters.
static bool
take_number(struct gz_str *s, int32_t *out)
{
    static const char *const word[] = { "十二", "十一", "十", "一", "二", "三",
                                        "四",   "五",   "六", "七", "八", "九" };
    static const int32_t value[] = { 12, 11, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9 };
    size_t digits = 0;
    uint64_t n;

    while (digits < s->len && digits < 3 && s->ptr[digits] >= '0' &&
           s->ptr[digits] <= '9')
        digits++;
    if (digits == 1 || digits == 2) {
        if (!gz_num_u64(gz_str_first(*s, digits), &n) || n == 0)
            return false;
        *out = (int32_t)n;
        *s = gz_str_from(*s, digits);
        return true;
    }
    for (size_t i = 0; i < GZ_COUNT(word); i++)
        if (drop(s, gz_str_of(word[i]))) {
            *out = value[i];
            return true;
        }
    return false;
}

// What stands after the year.
static bool
put_part(struct gz_str s, struct gz_buf *out)
{
    int32_t n, day;

    drop(&s, GZ_STR("度"));
    if (s.len == 0)
        return true;
    drop(&s, GZ_STR("第"));
    if (!take_number(&s, &n))
        return false;
    if (drop(&s, GZ_STR("季度")) || drop(&s, GZ_STR("季"))) {
        gz_buf_printf(out, "-Q%d", (int)n);
    } else if (drop(&s, GZ_STR("周"))) {
        gz_buf_printf(out, "-W%02d", (int)n);
    } else if (drop(&s, GZ_STR("月"))) {
        gz_buf_printf(out, "-%02d", (int)n);
        drop(&s, GZ_STR("份"));
        if (s.len && take_number(&s, &day) &&
            (drop(&s, GZ_STR("日")) || drop(&s, GZ_STR("号"))))
            gz_buf_printf(out, "-%02d", (int)day);
    } else {
        return false;
    }
    return s.len == 0;
}

static bool
put_one(struct gz_str s, struct gz_buf *out)
{
    struct gz_cut cut = gz_str_cut(gz_str_trim(s), GZ_STR("年"));

    if (!cut.found) {
        gz_buf_add(out, gz_str_trim(s));
        return true;
    }
    cut.head = gz_str_trim(cut.head);
    if (cut.head.len != 4)
        return false;
    gz_buf_add(out, cut.head);
    return put_part(gz_str_trim(cut.tail), out);
}

static bool
put_plain(struct gz_str s, struct gz_buf *out)
{
    static const char *const between[] = { "..", "至", "到", "～", "~", "—" };
    struct gz_cut cut = { .head = s };

    if (gz_str_is(gz_str_trim(s), "全部")) {
        gz_buf_lit(out, "all");
        return true;
    }
    for (size_t i = 0; i < GZ_COUNT(between) && !cut.found; i++)
        cut = gz_str_cut(s, gz_str_of(between[i]));
    if (!cut.found)
        return put_one(s, out);
    if (!put_one(cut.head, out))
        return false;
    gz_buf_lit(out, "..");
    return put_one(cut.tail, out);
}

const char *
gz_period_plain(struct gz_arena *arena, const char *text)
{
    struct gz_buf b = { 0 };

    if (text && put_plain(gz_str_of(text), &b))
        text = gz_arena_cstr(arena, gz_buf_str(&b));
    gz_buf_release(&b);
    return text;
}
