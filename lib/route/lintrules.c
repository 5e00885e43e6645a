// SPDX-License-Identifier: MIT
#include "base/tr.h"
#include "route/linter.h"

// What the rows of the three sheets have in common here.
struct row {
    struct gz_str id, pattern;
    bool regex, conditional; // something else must hold, too
    struct gz_valid valid;
};

static bool
holds(struct gz_str text, struct gz_words words)
{
    for (size_t i = 0; i < words.count; i++)
        if (words.item[i].len && gz_str_find(text, words.item[i]) != (size_t)-1)
            return true;
    return false;
}

static struct gz_words
words_of(struct gz_linter *l, struct gz_str pattern)
{
    struct gz_cut cut = { .tail = pattern, .found = true };
    struct gz_words w = { NULL, 0 };
    size_t cap = 0;

    while (cut.found) {
        struct gz_str word;

        cut = gz_str_cut(cut.tail, GZ_STR("|"));
        word = gz_str_trim(cut.head);
        w.item = gz_arena_grow(&l->arena, w.item, &cap, w.count + 1, sizeof(*w.item));
        if (word.len)
            w.item[w.count++] = word;
    }
    return w;
}

// Does each of `words` hold one of `others`? Then wherever one of these stands, so does
// one of those.
static bool
all_hold(struct gz_words words, struct gz_words others)
{
    for (size_t i = 0; i < words.count; i++)
        if (!holds(words.item[i], others))
            return false;
    return words.count > 0;
}

static void
check_never_counts(struct gz_linter *l, enum gz_pack_sheet s, size_t i,
                   const struct row *r, struct gz_words needs, struct gz_words excludes)
{
    if (excludes.count == 0)
        return;
    if (!r->regex && all_hold(words_of(l, r->pattern), excludes))
        gz_lint_report(l, GZ_LINT_FAULT, s, i, "excludes", 0,
                       _("never counts: each word of its pattern holds one that it "
                         "excludes"));
    else if (all_hold(needs, excludes))
        gz_lint_report(l, GZ_LINT_FAULT, s, i, "excludes", 0,
                       _("never counts: each word that it requires holds one that it "
                         "excludes"));
}

// Of rows the first of which wins: is this one met only where an earlier one is?
static void
check_shadowed(struct gz_linter *l, enum gz_pack_sheet s, const struct row *row, size_t i)
{
    struct gz_words mine = words_of(l, row[i].pattern);

    for (size_t j = 0; j < i; j++) {
        const struct row *b = &row[j];
        bool same = b->regex == row[i].regex && gz_str_eq(b->pattern, row[i].pattern);

        if (b->conditional || b->valid.from > row[i].valid.from ||
            b->valid.to < row[i].valid.to)
            continue;
        if (!same &&
            (b->regex || row[i].regex || !all_hold(mine, words_of(l, b->pattern))))
            continue;
        gz_lint_report(l, GZ_LINT_WARNING, s, i, "id", 0,
                       _("never reached: '" GZ_STR_FMT "' in line %llu comes first"),
                       GZ_STR_ARG(b->id),
                       (unsigned long long)l->pack->sheet[s]->row[j].line);
        return;
    }
}

// Two rules of one category with one pattern count twice what one says.
static void
check_twice(struct gz_linter *l, size_t i)
{
    const struct gz_category_rule *a = &l->pack->rule[i];

    for (size_t j = 0; j < i; j++) {
        const struct gz_category_rule *b = &l->pack->rule[j];

        if (a->category != b->category || a->regex != b->regex ||
            !gz_str_eq(a->pattern, b->pattern) || a->in_title != b->in_title ||
            a->in_text != b->in_text || a->valid.from > b->valid.to ||
            b->valid.from > a->valid.to || a->needs.count || b->needs.count ||
            a->excludes.count || b->excludes.count)
            continue;
        gz_lint_report(l, GZ_LINT_WARNING, GZ_SHEET_RULES, i, "pattern", 0,
                       _("the pattern of '" GZ_STR_FMT "' in line %llu: it counts twice"),
                       GZ_STR_ARG(b->id),
                       (unsigned long long)l->pack->sheet[GZ_SHEET_RULES]->row[j].line);
        return;
    }
}

static void
check_rules(struct gz_linter *l)
{
    const struct gz_pack *p = l->pack;

    for (size_t i = 0; i < gz_pack_rows(p, GZ_SHEET_RULES); i++) {
        const struct gz_category_rule *r = &p->rule[i];
        struct row row = { r->id, r->pattern, r->regex, false, r->valid };

        check_never_counts(l, GZ_SHEET_RULES, i, &row, r->needs, r->excludes);
        check_twice(l, i);
        if (r->weight == 0)
            gz_lint_report(l, GZ_LINT_WARNING, GZ_SHEET_RULES, i, "weight", 0,
                           _("counts for nothing"));
    }
}

static void
check_referrals(struct gz_linter *l)
{
    const struct gz_pack *p = l->pack;
    size_t rows = gz_pack_rows(p, GZ_SHEET_REFERRALS);
    struct row *row = gz_arena_new(&l->arena, struct row, rows + 1);

    for (size_t i = 0; i < rows; i++) {
        const struct gz_referral *r = &p->referral[i];

        row[i] =
            (struct row){ r->id, r->pattern, r->regex, r->guards.count > 0, r->valid };
        check_shadowed(l, GZ_SHEET_REFERRALS, row, i);
    }
}

static void
check_answers(struct gz_linter *l)
{
    const struct gz_pack *p = l->pack;
    size_t rows = gz_pack_rows(p, GZ_SHEET_ANSWERS);
    struct row *row = gz_arena_new(&l->arena, struct row, rows + 1);

    for (size_t i = 0; i < rows; i++) {
        const struct gz_answer *a = &p->answer[i];

        row[i] = (struct row){ a->id, a->pattern, a->regex,
                               a->needs.count || a->excludes.count, a->valid };
        check_never_counts(l, GZ_SHEET_ANSWERS, i, &row[i], a->needs, a->excludes);
        check_shadowed(l, GZ_SHEET_ANSWERS, row, i);
    }
}

void
gz_lint_rules(struct gz_linter *l)
{
    check_rules(l);
    check_referrals(l);
    check_answers(l);
}
