// SPDX-License-Identifier: MIT
// The prefilter may only spare work: random rules over random texts give what trying
// each rule on its own gives.
#include "route/match.h"
#include "tap.h"

#include "route/literal.h"

static uint64_t state = 88172645463325252u;

static unsigned
pick(unsigned n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state % n);
}

static const char *const words[] = {
    "noise", "street", "light", "Pot",  "hole", "a",    "dog",  "rat",
    "water", "leak",   "no",    "停车", "噪音", "扰民", "路",   "灯",
    "水",    "小区",   "物业",  "电梯", "井盖", "不是", " ",    "，",
    "。",    "1",      "é",     "K",    "ſ",    "Ａ",   "電梯",
};
static const char *const pieces[] = {
    "noise",
    "street",
    "(?:light|lamp)s?",
    "pot.?hole",
    "[^.]{0,5}",
    "dog|rat",
    "\\bwater\\b",
    "(leak){1,2}",
    "停车",
    "噪[音声]",
    "(小区|物业).{0,4}",
    "电梯?",
    "\\d+",
    "(?=停车).",
    "(?!不是)",
    "\\Q路\\E",
    "a*",
    "(no)+",
    "[ab]",
    "(?i)LIGHT",
    "\\x{6c34}",
    "é",
    "K",
    "s",
    "[^停]",
    ".*",
    "(?<=路)灯",
    "井盖|电梯",
    "$",
    "^",
    "(?:)",
    "[K]é?",
};

static struct gz_str
random_text(struct gz_arena *a, const char *const *from, size_t count, unsigned n)
{
    struct gz_buf b = { 0 };
    struct gz_str s;

    for (unsigned i = 0; i < n; i++)
        gz_buf_cstr(&b, from[pick((unsigned)count)]);
    s = gz_arena_dup(a, gz_buf_str(&b));
    gz_buf_release(&b);
    return s;
}

static struct gz_str
random_keywords(struct gz_arena *a)
{
    struct gz_buf b = { 0 };
    struct gz_str s;

    for (unsigned i = 0, n = 1 + pick(3); i < n; i++) {
        if (i)
            gz_buf_char(&b, '|');
        gz_buf_cstr(&b, words[pick(GZ_COUNT(words))]);
        if (pick(2))
            gz_buf_cstr(&b, words[pick(GZ_COUNT(words))]);
    }
    s = gz_arena_dup(a, gz_buf_str(&b));
    gz_buf_release(&b);
    return s;
}

enum { RULES = 40, ROUNDS = 60, TEXTS = 80 };

static bool
same(const struct gz_scan *a, const struct gz_scan *b, const struct gz_match_rule *rule,
     struct gz_str text)
{
    for (size_t i = 0; i < RULES; i++)
        if (gz_scan_has(a, i) != gz_scan_has(b, i) ||
            (gz_scan_has(a, i) && (a->span[i].start != b->span[i].start ||
                                   a->span[i].end != b->span[i].end))) {
            printf("# rule '" GZ_STR_FMT "' text '" GZ_STR_FMT "'\n",
                   GZ_STR_ARG(rule[i].pattern), GZ_STR_ARG(text));
            return false;
        }
    return true;
}

static size_t matches;

static bool
one_round(struct gz_folder *folder, struct gz_matcher *m)
{
    static const struct gz_negation negation[] = { { { "不是", 6 }, false },
                                                   { { "no", 2 }, true } };
    struct gz_match_rule rule[RULES] = { 0 };
    struct gz_arena a = { 0 };
    struct gz_err err = { 0 };
    struct gz_ruleset *rs;
    struct gz_scan *fast, *slow;
    struct gz_buf text = { 0 };
    bool good = true;
    size_t bad;

    for (size_t i = 0; i < RULES; i++) {
        rule[i].regex = pick(2);
        rule[i].pattern = rule[i].regex
                              ? random_text(&a, pieces, GZ_COUNT(pieces), 1 + pick(4))
                              : random_keywords(&a);
    }
    rs = gz_ruleset_new(rule, RULES, negation, pick(3), false, folder, &a, &bad, &err);
    fast = gz_scan_new(rs, &a);
    slow = gz_scan_new(rs, &a);
    for (int t = 0; t < TEXTS && good; t++) {
        struct gz_str s =
            gz_fold(folder, random_text(&a, words, GZ_COUNT(words), pick(14)), &text);

        gz_scan_text(fast, rs, m, s);
        gz_scan_text_naive(slow, rs, m, s);
        good = same(fast, slow, rule, s);
        for (size_t i = 0; i < RULES; i++)
            matches += gz_scan_has(fast, i);
    }
    gz_buf_release(&text);
    gz_ruleset_free(rs);
    gz_arena_free(&a);
    return good;
}

static const struct {
    const char *pattern;
    const char *want; // the set, apart by spaces; "" for none
} literal_cases[] = {
    { "noise", "noise" },
    { "Noise|MUSIC", "noise music" },
    { "bars?", "bar" },
    { "ab*c", "c" },
    { "ab+c", "ab" },
    { "ab{2,}c", "ab" },
    { "ab{0,2}cd", "cd" },
    { "colou?r", "colour color" },
    { "停车[难位]", "停车难 停车位" },
    { "(小区|物业)[^。]{0,9}停车", "停车" },
    { "a(?#note)bc", "abc" },
    { "\\Qa.b|c\\E", "a.b|c" },
    { "^light$", "light" },
    { "\\blight\\b", "light" },
    { "light(?!house)", "light" },
    { "(?=.*street)x", "street" },
    { "(?<=street )lights", "lights" },
    { "(?i)Light", "light" },
    { "(?:a|b)street", "astreet bstreet" },
    { "x\\x{505c}y", "x停y" },
    { "(*UTF)light", "light" },
    // None is known, or none is claimed for safety.
    { "\\d{3}", "" },
    { "light|", "" },
    { "light|\\d", "" },
    { "(light)?", "" },
    { "light*", "ligh" },
    { "(light){0}", "" },
    { "(?x) light", "" },
    { "(?(1)light)", "" },
    { "(light)(?1)", "" },
    { "light(*ACCEPT)house", "" },
    { "(a)\\1light", "" },
    { "light\\E?", "" },
    { "x{,3}light", "" },
    { "été", "t" },
    { "[[:alpha:]]light", "light" },
    { "[^]x]light", "light" },
    { "[]x]light", "]light xlight" },
    { "(unclosed", "" },
    { "a)b", "" },
    { "[open", "" },
};

static void
check_literals(void)
{
    for (size_t i = 0; i < GZ_COUNT(literal_cases); i++) {
        struct gz_arena a = { 0 };
        struct gz_literals l =
            gz_literals_extract(gz_str_of(literal_cases[i].pattern), &a);
        struct gz_buf got = { 0 };

        for (size_t j = 0; j < l.count; j++) {
            if (j)
                gz_buf_char(&got, ' ');
            gz_buf_add(&got, l.item[j]);
        }
        is_str(gz_buf_str(&got), literal_cases[i].want, "literals of %s",
               literal_cases[i].pattern);
        gz_buf_release(&got);
        gz_arena_free(&a);
    }
}

static void
check_limit(struct gz_folder *folder, struct gz_matcher *m)
{
    struct gz_match_rule rule[] = { { GZ_STR("^(a+)+$"), true, false },
                                    { GZ_STR("b"), false, false } };
    struct gz_arena a = { 0 };
    struct gz_err err = { 0 };
    size_t bad;
    struct gz_ruleset *rs =
        gz_ruleset_new(rule, 2, NULL, 0, true, folder, &a, &bad, &err);
    struct gz_scan *s = gz_scan_new(rs, &a);
    struct gz_buf b = { 0 };
    struct gz_str text =
        gz_fold(folder, GZ_STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"), &b);

    gz_scan_text(s, rs, m, text);
    ok(s->any_undecided && (s->undecided[0] & 1), "a limit is undecided, not a miss");
    ok(!gz_scan_has(s, 0) && gz_scan_has(s, 1), "the other rules are decided");
    gz_scan_text(s, rs, m, gz_str_first(text, 3));
    ok(!s->any_undecided && gz_scan_has(s, 0), "the next text is judged afresh");
    gz_buf_release(&b);
    gz_ruleset_free(rs);
    rule[0].pattern = GZ_STR("a(");
    ok(!gz_ruleset_new(rule, 2, NULL, 0, true, folder, &a, &bad, &err) && bad == 0,
       "a bad pattern is named");
    gz_arena_free(&a);
}

static void
check_fold(struct gz_folder *folder)
{
    struct gz_buf b = { 0 };

    is_str(gz_fold(folder, GZ_STR("ABCdefGHI jkl ＡＢ１２，噪音Kſ"), &b),
           "abcdefghi jkl ab12，噪音ks", "case and width");
    is_str(gz_fold_pattern(folder, GZ_STR("\\S[Ａ]"), &b), "\\S[A]", "a pattern's case");
    if (gz_fold_has_opencc())
        is_str(gz_fold(folder, GZ_STR("電動車停車難"), &b), "电动车停车难",
               "traditional");
    gz_buf_release(&b);
}

int
main(void)
{
    struct gz_folder *folder = gz_folder_new();
    struct gz_matcher *m = gz_matcher_new();
    bool good = true;

    check_literals();
    check_fold(folder);
    check_limit(folder, m);
    for (int i = 0; i < ROUNDS && good; i++)
        good = one_round(folder, m);
    ok(good, "random rules: the same as one by one (%zu matches)", matches);
    ok(matches > 10000, "enough of them matched to mean something");
    gz_matcher_free(m);
    gz_folder_free(folder);
    return done_testing();
}
