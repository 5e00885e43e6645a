// SPDX-License-Identifier: MIT
#include "route/matter.h"

#include <stdbool.h>

#include "base/utf8.h"

enum { FAR = 80 }; // characters that are looked through for where a sentence begins

// ---- how writers set a matter apart ----

static bool
ends_sentence(uint32_t c)
{
    return c == '\n' || c == ';' || c == '!' || c == '?' || c == 0x3002 || c == 0xFF1B ||
           c == 0xFF01 || c == 0xFF1F; // 。；！？
}

static bool
ends_clause(uint32_t c)
{
    return c == ',' || c == ':' || c == ' ' || c == 0xFF0C || c == 0xFF1A || // ，：
           ends_sentence(c);
}

// "、", and the words that join two things: 和 及 与 且.
static bool
joins(uint32_t c)
{
    return c == 0x3001 || c == '&' || c == '/' || c == 0x548C || c == 0x53CA ||
           c == 0x4E0E || c == 0x4E14;
}

// Numbers from two on: 2 to 9, 二 to 六; what follows them in a list: 、.．)）:：是.
static bool
is_later_number(uint32_t c)
{
    return (c >= '2' && c <= '9') || c == 0x4E8C || c == 0x4E09 || c == 0x56DB ||
           c == 0x4E94 || c == 0x516D;
}

static bool
follows_number(uint32_t c)
{
    return c == 0x3001 || c == '.' || c == 0xFF0E || c == ')' || c == 0xFF09 ||
           c == ':' || c == 0xFF1A || c == 0x662F;
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

    while (s.len && (s.ptr[0] == ' ' || s.ptr[0] == '\t' || s.ptr[0] == '('))
        s = gz_str_from(s, 1);
    c = gz_utf8_next(s, &at);
    if (c >= 0x2461 && c <= 0x2469) // ② to ⑩
        return true;
    if (is_later_number(c))
        return follows_number(gz_utf8_next(s, &at));
    for (size_t i = 0; i < GZ_COUNT(words); i++)
        if (gz_str_starts(s, gz_str_of(words[i])))
            return true;
    return false;
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
        if (ends_clause(c) && adds(gz_str_from(text, at)))
            return true;
        if (ends_sentence(c))
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

    while (at < to) {
        uint32_t c = gz_utf8_next(text, &at);

        if (ends_clause(c) || joins(c))
            return true;
    }
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

        if (s->rule[e->rule].category == category && has_words_of_its_own(s, e))
            sum += e->weight;
    }
    for (size_t i = 0; i < s->f->evidences && sum >= least && !apart; i++) {
        const struct gz_evidence *e = &s->f->evidence[i];

        apart = s->rule[e->rule].category == category && has_words_of_its_own(s, e) &&
                is_set_apart(s, e);
    }
    return apart;
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
