// SPDX-License-Identifier: MIT
#include "route/classify.h"

#include <stdlib.h>

#include "base/tr.h"
#include "base/utf8.h"
#include "pack/packfile.h"
#include "route/form.h"

enum { HEAD = 30, TITLE_FACTOR = 2 };
#define NO_LIST UINT32_MAX

struct gz_classifier {
    const struct gz_pack *pack;
    size_t rules, referrals, answers, categories;
    struct gz_ruleset *rs; // rules, then referrals, then answers
    struct gz_folder *folder;
    struct gz_matcher *matcher;
    struct gz_scan *in_title, *in_text, *in_given;
    struct gz_words *guards; // folded
    // Requires and excludes are rules too, after the answers, so that one pass over a
    // text finds them all: the number of the rule, or NO_LIST.
    size_t lists;
    uint32_t *needs, *excludes, *answer_needs, *answer_excludes;
    struct gz_buf title, text, given, form_text;
    struct gz_evidence *evidence;
    int32_t *own, *sum; // by category; of a first level with all below it
    uint32_t *touched;  // the categories that have a score
    bool *seen;
    size_t n_touched;
    uint64_t *undecided;
    struct gz_findings found;
};

// ---- building ----

static struct gz_words
fold_words(struct gz_classifier *c, struct gz_words w, struct gz_arena *arena)
{
    struct gz_words r = { gz_arena_new(arena, struct gz_str, w.count + 1), w.count };

    for (size_t i = 0; i < w.count; i++)
        r.item[i] = gz_arena_dup(arena, gz_fold(c->folder, w.item[i], &c->title));
    return r;
}

// The words of a list as the pattern of a keyword rule.
static struct gz_str
join_words(struct gz_words w, struct gz_arena *arena)
{
    struct gz_buf b = { 0 };
    struct gz_str joined;

    for (size_t i = 0; i < w.count; i++) {
        if (i)
            gz_buf_char(&b, '|');
        gz_buf_add(&b, w.item[i]);
    }
    joined = gz_arena_dup(arena, gz_buf_str(&b));
    gz_buf_release(&b);
    return joined;
}

static uint32_t
add_list(struct gz_classifier *c, struct gz_match_rule *rule, struct gz_words w,
         struct gz_arena *arena)
{
    size_t at = gz_classifier_rule_count(c) + c->lists;

    if (w.count == 0)
        return NO_LIST;
    rule[at] = (struct gz_match_rule){ join_words(w, arena), .plain = true };
    c->lists++;
    return (uint32_t)at;
}

// Rules, referrals, answers, then the lists that rules and answers require or exclude.
static struct gz_match_rule *
gather_rules(struct gz_classifier *c, struct gz_arena *arena)
{
    const struct gz_pack *p = c->pack;
    size_t known = c->rules + c->referrals;
    size_t most = known + c->answers + 2 * (c->rules + c->answers);
    struct gz_match_rule *rule = gz_arena_new(arena, struct gz_match_rule, most + 1);

    c->needs = gz_arena_new(arena, uint32_t, c->rules + 1);
    c->excludes = gz_arena_new(arena, uint32_t, c->rules + 1);
    c->answer_needs = gz_arena_new(arena, uint32_t, c->answers + 1);
    c->answer_excludes = gz_arena_new(arena, uint32_t, c->answers + 1);
    for (size_t i = 0; i < c->rules; i++) {
        rule[i] = (struct gz_match_rule){ p->rule[i].pattern, p->rule[i].regex, false };
        c->needs[i] = add_list(c, rule, p->rule[i].needs, arena);
        c->excludes[i] = add_list(c, rule, p->rule[i].excludes, arena);
    }
    for (size_t i = 0; i < c->referrals; i++)
        rule[c->rules + i] =
            (struct gz_match_rule){ p->referral[i].pattern, p->referral[i].regex, false };
    for (size_t i = 0; i < c->answers; i++) {
        rule[known + i] =
            (struct gz_match_rule){ p->answer[i].pattern, p->answer[i].regex, false };
        c->answer_needs[i] = add_list(c, rule, p->answer[i].needs, arena);
        c->answer_excludes[i] = add_list(c, rule, p->answer[i].excludes, arena);
    }
    return rule;
}

static struct gz_ruleset *
make_rules(struct gz_classifier *c, bool compile, struct gz_arena *arena,
           struct gz_err *err)
{
    const struct gz_pack *p = c->pack;
    struct gz_match_rule *rule = gather_rules(c, arena);
    size_t known = c->rules + c->referrals, bad = 0;
    size_t count = known + c->answers + c->lists;
    size_t negations = gz_pack_rows(p, GZ_SHEET_NEGATIONS);
    struct gz_negation *negation = gz_arena_new(arena, struct gz_negation, negations + 1);
    struct gz_ruleset *rs;

    for (size_t i = 0; i < negations; i++)
        negation[i] = (struct gz_negation){ p->negator[i].word, p->negator[i].after };
    rs = gz_ruleset_new(rule, count, negation, negations, compile, c->folder, arena, &bad,
                        err);
    if (!rs) {
        enum gz_pack_sheet s = bad < c->rules ? GZ_SHEET_RULES
                               : bad < known  ? GZ_SHEET_REFERRALS
                                              : GZ_SHEET_ANSWERS;
        const struct gz_sheet *sheet = p->sheet[s];
        size_t before = bad < c->rules ? 0 : bad < known ? c->rules : known;
        uint64_t line = sheet->row[bad - before].line;
        uint64_t column =
            gz_pack_cell_column(p->text[s], line, gz_sheet_column(sheet, "pattern"));

        err->column += column ? column - 1 : 0;
        gz_err_at(err, sheet->name, line, 0);
    }
    return rs;
}

struct gz_classifier *
gz_classifier_new(const struct gz_pack *pack, bool compile, struct gz_arena *arena,
                  struct gz_err *err)
{
    struct gz_classifier *c = gz_arena_new(arena, struct gz_classifier, 1);

    c->pack = pack;
    c->rules = gz_pack_rows(pack, GZ_SHEET_RULES);
    c->referrals = gz_pack_rows(pack, GZ_SHEET_REFERRALS);
    c->answers = gz_pack_rows(pack, GZ_SHEET_ANSWERS);
    c->categories = gz_pack_rows(pack, GZ_SHEET_CATEGORIES);
    c->folder = gz_folder_new();
    c->matcher = gz_matcher_new();
    c->guards = gz_arena_new(arena, struct gz_words, c->referrals + 1);
    for (size_t i = 0; i < c->referrals; i++)
        c->guards[i] = fold_words(c, pack->referral[i].guards, arena);
    c->rs = make_rules(c, compile, arena, err);
    if (!c->rs) {
        gz_classifier_free(c);
        return NULL;
    }
    c->in_title = gz_scan_new(c->rs, arena);
    c->in_text = gz_scan_new(c->rs, arena);
    c->in_given = gz_scan_new(c->rs, arena);
    c->evidence = gz_arena_new(arena, struct gz_evidence, c->rules + 1);
    c->own = gz_arena_new(arena, int32_t, c->categories + 1);
    c->sum = gz_arena_new(arena, int32_t, c->categories + 1);
    c->touched = gz_arena_new(arena, uint32_t, c->categories + 1);
    c->seen = gz_arena_new(arena, bool, c->categories + 1);
    c->undecided = gz_arena_new(arena, uint64_t, c->in_text->words + 1);
    return c;
}

void
gz_classifier_free(struct gz_classifier *c)
{
    if (!c)
        return;
    gz_ruleset_free(c->rs);
    gz_matcher_free(c->matcher);
    gz_folder_free(c->folder);
    gz_buf_release(&c->title);
    gz_buf_release(&c->text);
    gz_buf_release(&c->given);
    gz_buf_release(&c->form_text);
}

struct gz_ruleset *
gz_classifier_rules(struct gz_classifier *c)
{
    return c->rs;
}

size_t
gz_classifier_rule_count(const struct gz_classifier *c)
{
    return c->rules + c->referrals + c->answers;
}

struct gz_str
gz_classifier_rule_id(const struct gz_classifier *c, size_t i)
{
    if (i < c->rules)
        return c->pack->rule[i].id;
    i -= c->rules;
    return i < c->referrals ? c->pack->referral[i].id
                            : c->pack->answer[i - c->referrals].id;
}

// ---- looking ----

// Does a word of the list stand anywhere in the record?
static bool
has_any(const struct gz_classifier *c, uint32_t list)
{
    return list != NO_LIST &&
           (gz_scan_has(c->in_title, list) || gz_scan_has(c->in_text, list) ||
            (c->found.given.len && gz_scan_has(c->in_given, list)));
}

// Are the words there that it requires, and none that it excludes?
static bool
allowed(const struct gz_classifier *c, uint32_t needs, uint32_t excludes)
{
    return (needs == NO_LIST || has_any(c, needs)) && !has_any(c, excludes);
}

// The bytes of the first HEAD characters.
static size_t
head_bytes(struct gz_str s)
{
    size_t at = 0;

    for (int n = 0; n < HEAD && at < s.len; n++)
        gz_utf8_next(s, &at);
    return at;
}

static void
touch(struct gz_classifier *c, uint32_t category)
{
    if (!c->seen[category])
        c->touched[c->n_touched++] = category;
    c->seen[category] = true;
}

static void
score(struct gz_classifier *c, uint32_t category, int32_t weight)
{
    uint32_t top = c->pack->category[category].top;

    touch(c, category);
    touch(c, top);
    c->own[category] += weight;
    c->sum[top] += weight;
}

static void
weigh(struct gz_classifier *c, size_t i, int64_t day, size_t head)
{
    const struct gz_category_rule *r = &c->pack->rule[i];
    struct gz_findings *f = &c->found;
    bool title = r->in_title && gz_scan_has(c->in_title, i);
    bool text = r->in_text && gz_scan_has(c->in_text, i);
    bool given = f->given.len && r->in_title && gz_scan_has(c->in_given, i);
    struct gz_evidence e = { .rule = (uint32_t)i, .weight = r->weight };

    if ((!title && !text && !given) || !gz_valid_on(r->valid, day))
        return;
    if (!allowed(c, c->needs[i], c->excludes[i]))
        return;
    e.source = title ? GZ_IN_TITLE : given ? GZ_IN_GIVEN : GZ_IN_TEXT;
    e.at = title   ? c->in_title->span[i]
           : given ? c->in_given->span[i]
                   : c->in_text->span[i];
    if (title || given || e.at.start < head)
        e.weight *= TITLE_FACTOR;
    c->evidence[f->evidences++] = e;
    score(c, r->category, e.weight);
}

// Does a guard touch or hold [at.start, at.end)? The word that does, or nothing.
static struct gz_str
guard_of(struct gz_words guards, struct gz_str text, struct gz_span at)
{
    for (size_t i = 0; i < guards.count; i++) {
        struct gz_str g = guards.item[i];
        size_t from = at.start > g.len ? at.start - g.len : 0;
        size_t to = at.end + g.len < text.len ? at.end + g.len : text.len;
        struct gz_str around = { text.ptr + from, to - from };

        if (gz_str_find(around, g) != (size_t)-1)
            return g;
    }
    return (struct gz_str){ NULL, 0 };
}

// A referral stands if one of its matches is not guarded; else the first guard is told.
static void
raise_alarm(struct gz_classifier *c, size_t i, enum gz_source source, struct gz_str text)
{
    struct gz_findings *f = &c->found;
    struct gz_alarm a = { .referral = (uint32_t)i, .source = source };
    struct gz_span at;
    size_t from = 0;
    bool first = true;

    if (f->alarms == GZ_ALARMS)
        return;
    while (gz_ruleset_next(c->rs, c->rules + i, c->matcher, text, from, &at) ==
           GZ_MATCH_YES) {
        struct gz_str guard = guard_of(c->guards[i], text, at);

        if (first || guard.len == 0) {
            a.at = at;
            a.guard = guard;
        }
        first = false;
        if (guard.len == 0)
            break;
        from = at.end > at.start ? at.end : at.end + 1;
    }
    a.form = source == GZ_IN_FORM;
    if (!first)
        f->alarm[f->alarms++] = a;
}

static void
find_alarms(struct gz_classifier *c, int64_t day)
{
    struct gz_findings *f = &c->found;

    for (size_t i = 0; i < c->referrals; i++) {
        bool title = gz_scan_has(c->in_title, c->rules + i);
        bool text = gz_scan_has(c->in_text, c->rules + i);

        if (!gz_valid_on(c->pack->referral[i].valid, day))
            continue;
        if (title)
            raise_alarm(c, i, GZ_IN_TITLE, f->title);
        if (text)
            raise_alarm(c, i, GZ_IN_TEXT, f->text);
        if (!title && !text && f->form_text.len)
            raise_alarm(c, i, GZ_IN_FORM, f->form_text);
    }
}

static void
find_answer(struct gz_classifier *c, int64_t day)
{
    struct gz_findings *f = &c->found;
    size_t before = c->rules + c->referrals;

    f->has_answer = false;
    for (size_t i = 0; i < c->answers && !f->has_answer; i++) {
        bool title = gz_scan_has(c->in_title, before + i);
        bool text = gz_scan_has(c->in_text, before + i);

        if ((!title && !text) || !gz_valid_on(c->pack->answer[i].valid, day) ||
            !allowed(c, c->answer_needs[i], c->answer_excludes[i]))
            continue;
        f->has_answer = true;
        f->answered = (struct gz_answered){ (uint32_t)i, title ? GZ_IN_TITLE : GZ_IN_TEXT,
                                            title ? c->in_title->span[before + i]
                                                  : c->in_text->span[before + i] };
    }
}

// Is `a` to be put before `b`?
static bool
better(const struct gz_classifier *c, uint32_t a, uint32_t b)
{
    uint32_t top_a = c->pack->category[a].top, top_b = c->pack->category[b].top;

    if (top_a != top_b)
        return c->sum[top_a] != c->sum[top_b] ? c->sum[top_a] > c->sum[top_b]
                                              : top_a < top_b;
    if (c->own[a] != c->own[b])
        return c->own[a] > c->own[b];
    if ((a == top_a) != (b == top_b))
        return b == top_b;
    return a < b;
}

static void
rank(struct gz_classifier *c)
{
    struct gz_findings *f = &c->found;

    f->candidates = 0;
    for (size_t t = 0; t < c->n_touched; t++) {
        uint32_t category = c->touched[t];
        size_t at = f->candidates;

        if (c->own[category] <= 0)
            continue;
        while (at > 0 && better(c, category, f->best[at - 1].category)) {
            if (at < GZ_CANDIDATES)
                f->best[at] = f->best[at - 1];
            at--;
        }
        if (at < GZ_CANDIDATES)
            f->best[at] = (struct gz_score){ category, c->own[category] };
        if (f->candidates < GZ_CANDIDATES)
            f->candidates++;
    }
    for (size_t t = 0; t < c->n_touched; t++) {
        c->own[c->touched[t]] = c->sum[c->touched[t]] = 0;
        c->seen[c->touched[t]] = false;
    }
    c->n_touched = 0;
}

static void
note_undecided(struct gz_classifier *c)
{
    bool given = c->found.given.len && c->in_given->any_undecided;

    c->found.undecided = NULL;
    if (!c->in_title->any_undecided && !c->in_text->any_undecided && !given)
        return;
    for (size_t w = 0; w < c->in_text->words; w++) {
        c->undecided[w] = c->in_title->undecided[w] | c->in_text->undecided[w];
        if (given)
            c->undecided[w] |= c->in_given->undecided[w];
    }
    c->found.undecided = c->undecided;
}

const struct gz_findings *
gz_classify(struct gz_classifier *c, const struct gz_subject *s, int64_t day, bool forms)
{
    struct gz_findings *f = &c->found;
    size_t head;

    f->title = gz_fold(c->folder, s->title, &c->title);
    f->text = gz_fold(c->folder, s->text, &c->text);
    f->given = (struct gz_str){ NULL, 0 };
    f->form_text = (struct gz_str){ NULL, 0 };
    f->evidences = f->alarms = 0;
    if (gz_form_blank(&c->text) && forms)
        f->form_text = gz_fold(c->folder, s->text, &c->form_text);
    gz_scan_text(c->in_title, c->rs, c->matcher, f->title);
    gz_scan_text(c->in_text, c->rs, c->matcher, f->text);
    if (s->given.len) {
        f->given = gz_fold(c->folder, s->given, &c->given);
        gz_scan_text(c->in_given, c->rs, c->matcher, f->given);
    }
    head = s->title.len ? 0 : head_bytes(f->text);
    for (size_t w = 0; w < c->in_text->words; w++)
        for (uint64_t bits = c->in_title->matched[w] | c->in_text->matched[w] |
                             (f->given.len ? c->in_given->matched[w] : 0);
             bits; bits &= bits - 1) {
            size_t i = w * 64 + (size_t)__builtin_ctzll(bits);

            if (i < c->rules)
                weigh(c, i, day, head);
        }
    f->evidence = c->evidence;
    find_alarms(c, day);
    find_answer(c, day);
    rank(c);
    note_undecided(c);
    return f;
}
