// SPDX-License-Identifier: MIT
#include "base/hedge.h"

static const struct hedge {
    const char *word;
    const char *op;
} before[] = { { "近", "<=" },   { "将近", "<=" }, { "不到", "<=" }, { "不足", "<=" },
               { "至多", "<=" }, { "约", "~" },    { "大约", "~" },  { "逾", ">=" },
               { "超过", ">=" }, { "超", ">=" },   { "至少", ">=" }, { "不少于", ">=" } },
  after[] = { { "余", ">=" },   { "多", ">=" },  { "以上", ">=" },
              { "+N", ">=" },   { "+", ">=" },   { "以下", "<=" },
              { "以内", "<=" }, { "左右", "~" }, { "上下", "~" } };

static const char *const measure_words[] = {
    "人次", "个", "人", "名",     "位",       "家", "件", "条",  "项",
    "户",   "次", "处", "所",     "元",       "份", "栋", "座",  "支",
    "天",   "年", "月", "平方米", "平方公里", "%",  "％", "个月"
};

static bool
agree(const char **op, const char *more)
{
    if (**op && strcmp(*op, more) != 0)
        return false;
    *op = more;
    return true;
}

// Take the longest of `words` from the start of *s; NULL when none stands there.
static const struct hedge *
take(struct gz_str *s, const struct hedge *words, size_t count)
{
    const struct hedge *best = NULL;

    for (size_t i = 0; i < count; i++)
        if (gz_str_starts(*s, gz_str_of(words[i].word)) &&
            (!best || strlen(words[i].word) > strlen(best->word)))
            best = &words[i];
    if (best)
        *s = gz_str_from(*s, strlen(best->word));
    return best;
}

static bool
take_measure(struct gz_str *s)
{
    size_t best = 0;

    for (size_t i = 0; i < GZ_COUNT(measure_words); i++)
        if (gz_str_starts(*s, gz_str_of(measure_words[i])) &&
            strlen(measure_words[i]) > best)
            best = strlen(measure_words[i]);
    *s = gz_str_from(*s, best);
    return best > 0;
}

// The digits at the start, without commas; at most 40.
static bool
take_digits(struct gz_str *s, struct gz_dec *out)
{
    char plain[40];
    size_t n = 0, i = 0;

    for (; i < s->len; i++) {
        char c = s->ptr[i];

        if (c == ',' && i && i + 3 < s->len)
            continue;
        if ((c < '0' || c > '9') && c != '.')
            break;
        if (n == sizeof(plain))
            return false;
        plain[n++] = c;
    }
    *s = gz_str_from(*s, i);
    return n && gz_dec_parse((struct gz_str){ plain, n }, out);
}

static bool
take_scale(struct gz_str *s, struct gz_dec *n)
{
    static const struct {
        const char *word;
        int64_t times;
    } scales[] = {
        { "万", 10000 }, { "萬", 10000 }, { "亿", 100000000 }, { "億", 100000000 }
    };

    for (size_t i = 0; i < GZ_COUNT(scales); i++) {
        if (!gz_str_starts(*s, gz_str_of(scales[i].word)))
            continue;
        if (n->units / 1000000000 > (gz_i128)INT64_MAX / scales[i].times)
            return false;
        n->units *= scales[i].times;
        *s = gz_str_from(*s, strlen(scales[i].word));
        break;
    }
    return true;
}

bool
gz_hedge_parse(struct gz_str s, struct gz_hedged *out)
{
    const struct hedge *h;
    const char *op = "";
    bool measured = false;

    s = gz_str_trim(s);
    if ((h = take(&s, before, GZ_COUNT(before))) != NULL)
        op = h->op;
    s = gz_str_trim(s);
    if (!take_digits(&s, &out->n))
        return false;
    // 5000余万元, 1.6万余个, 60%以上: the hedge stands before or after scale and measure.
    for (int i = 0; i < 3; i++) {
        if ((h = take(&s, after, GZ_COUNT(after))) != NULL && !agree(&op, h->op))
            return false;
        if (!measured && !take_scale(&s, &out->n))
            return false;
        measured = take_measure(&s) || measured;
    }
    out->op = op;
    return gz_str_trim(s).len == 0;
}
