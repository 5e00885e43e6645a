// SPDX-License-Identifier: MIT
#include "route/matter.h"

#include <stdbool.h>

#include "base/utf8.h"

enum { FAR = 80 }; // characters that are looked through for where a sentence begins

// ---- how writers set a matter apart ----

static bool
one_of(uint32_t c, const char *set)
{
    struct gz_str s = gz_str_of(set);

    for (size_t at = 0; at < s.len;)
        if (gz_utf8_next(s, &at) == c)
            return true;
    return false;
}

// "2、", "三是", "另外": what begins a further matter.
static bool
adds(struct gz_str s)
{
    static const char *const words[] = { "另",      "此外",   "还有", "同时", "其次",
                                         "再者",    "再就是", "第二", "第三", "其二",
                                         "其三",    "以及",   "并且", "而且", "also",
                                         "another", "second" };
    size_t at = 0;
    uint32_t c;

    while (s.len && one_of((unsigned char)s.ptr[0], " \t\"("))
        s = gz_str_from(s, 1);
    for (size_t i = 0; i < GZ_COUNT(words); i++)
        if (gz_str_starts(s, gz_str_of(words[i])))
            return true;
    if (s.len == 0)
        return false;
    c = gz_utf8_next(s, &at);
    return one_of(c, "23456789二三四五六②③④⑤") && at < s.len &&
           (c >= 0x2460 && c <= 0x2473 ? true
                                       : one_of(gz_utf8_next(s, &at), "、.．)）:：是"));
}

// Does the sentence in which `at` stands, or one of its clauses before, add something?
static bool
added(struct gz_str text, size_t at)
{
    for (int n = 0; n < FAR && at > 0; n++) {
        size_t before = at, next;
        uint32_t c;

        do
            before--;
        while (before > 0 && ((unsigned char)text.ptr[before] & 0xC0) == 0x80);
        next = before;
        c = gz_utf8_next(text, &next);
        if (one_of(c, "。；;！!？?\n，,：: ") && adds(gz_str_from(text, at)))
            return true;
        if (one_of(c, "。；;！!？?\n"))
            return false;
        at = before;
    }
    return at == 0 && adds(text);
}

// Is something between the two spans that parts them?
static bool
parted(struct gz_str text, struct gz_span a, struct gz_span b)
{
    size_t at = a.start < b.start ? a.end : b.end;
    size_t to = a.start < b.start ? b.start : a.start;

    while (at < to)
        if (one_of(gz_utf8_next(text, &at), "，,、；;。！!？?\n和及与且 &/"))
            return true;
    return false;
}

// ---- what speaks for which ----

struct search {
    const struct gz_category *category;
    const struct gz_category_rule *rule;
    const struct gz_findings *f;
    const uint32_t *known; // the matters found so far
    size_t knowns;
};

static bool
is_known(const struct search *s, const struct gz_evidence *e)
{
    for (size_t i = 0; i < s->knowns; i++)
        if (s->rule[e->rule].category == s->known[i])
            return true;
    return false;
}

static bool
overlap(const struct gz_evidence *a, const struct gz_evidence *b)
{
    return a->source == b->source && a->at.start < b->at.end && b->at.start < a->at.end;
}

static bool
at_head(const struct search *s, const struct gz_evidence *e)
{
    int32_t weight = s->rule[e->rule].weight;

    return e->source == GZ_IN_TITLE || e->weight != weight;
}

static bool
one_first_level(const struct search *s, const struct gz_evidence *a,
                const struct gz_evidence *b)
{
    return s->category[s->rule[a->rule].category].top ==
           s->category[s->rule[b->rule].category].top;
}

// Words that speak for a matter that is known already are no second matter.
static bool
has_words_of_its_own(const struct search *s, const struct gz_evidence *e)
{
    for (size_t i = 0; i < s->f->evidences; i++)
        if (is_known(s, &s->f->evidence[i]) && overlap(e, &s->f->evidence[i]))
            return false;
    return true;
}

// Two words of one first level, side by side, are mostly one matter (欠薪，已申请仲裁):
// there only a sentence that adds sets apart.
static bool
is_set_apart(const struct search *s, const struct gz_evidence *e)
{
    struct gz_str text = e->source == GZ_IN_TITLE ? s->f->title : s->f->text;

    if (e->source == GZ_IN_GIVEN)
        return false;
    if (added(text, e->at.start))
        return true;
    for (size_t i = 0; at_head(s, e) && i < s->f->evidences; i++) {
        const struct gz_evidence *other = &s->f->evidence[i];

        if (is_known(s, other) && other->source == e->source && at_head(s, other) &&
            !one_first_level(s, e, other) && parted(text, e->at, other->at))
            return true;
    }
    return false;
}

static bool
is_matter(const struct search *s, uint32_t category, int32_t least)
{
    int32_t sum = 0;
    bool apart = false;

    for (size_t i = 0; i < s->f->evidences; i++) {
        const struct gz_evidence *e = &s->f->evidence[i];

        if (s->rule[e->rule].category != category || !has_words_of_its_own(s, e))
            continue;
        sum += e->weight;
        apart = apart || is_set_apart(s, e);
    }
    return apart && sum >= least;
}

size_t
gz_matters_find(const struct gz_pack *pack, const struct gz_findings *found,
                uint32_t category, int32_t least, uint32_t out[GZ_MATTERS])
{
    struct search s = { pack->category, pack->rule, found, out, 1 };

    out[0] = category;
    for (size_t i = 0; i < found->candidates && s.knowns < GZ_MATTERS; i++) {
        const struct gz_score *b = &found->best[i];
        bool related = false;

        // A first level says nothing beside one of its own.
        for (size_t j = 0; j < s.knowns; j++)
            related = related || out[j] == b->category ||
                      pack->category[out[j]].top == b->category ||
                      pack->category[b->category].top == out[j];
        if (!related && 2 * b->score >= found->best[0].score &&
            is_matter(&s, b->category, least))
            out[s.knowns++] = b->category;
    }
    return s.knowns;
}
