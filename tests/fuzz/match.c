// SPDX-License-Identifier: MIT
// Rules and a text: the prefilter finds what trying each rule with PCRE2 finds. Lines
// that begin with '/' are patterns, with '=' words, with '-' negations; the rest is text.
#include "route/match.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "route/fold.h"

enum { RULES = 24 };

static struct gz_folder *folder;
static struct gz_matcher *matcher;

static void
compare(const struct gz_match_rule *rule, size_t count, const struct gz_negation *no,
        size_t nos, struct gz_str text)
{
    struct gz_arena arena = { 0 };
    struct gz_buf folded = { 0 };
    struct gz_err err = { 0 };
    size_t bad = 0;
    struct gz_ruleset *rs =
        gz_ruleset_new(rule, count, no, nos, false, folder, &arena, &bad, &err);

    fuzz_must(rs || err.kind == GZ_ERR_USAGE);
    if (rs) {
        struct gz_scan *fast = gz_scan_new(rs, &arena), *slow = gz_scan_new(rs, &arena);
        struct gz_str s = gz_fold(folder, text, &folded);

        gz_scan_text(fast, rs, matcher, s);
        gz_scan_text_naive(slow, rs, matcher, s);
        for (size_t i = 0; i < count; i++) {
            bool unknown =
                (slow->undecided[i / 64] | fast->undecided[i / 64]) >> (i % 64) & 1;

            if (unknown)
                continue;
            fuzz_must(gz_scan_has(fast, i) == gz_scan_has(slow, i));
            if (gz_scan_has(fast, i))
                fuzz_must(fast->span[i].start == slow->span[i].start &&
                          fast->span[i].end == slow->span[i].end);
        }
        gz_ruleset_free(rs);
    }
    gz_buf_release(&folded);
    gz_arena_free(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gz_str text = fuzz_copy(data, size), rest = text;
    struct gz_match_rule rule[RULES];
    struct gz_negation no[4];
    size_t count = 0, nos = 0;

    if (!folder) {
        folder = gz_folder_new();
        matcher = gz_matcher_new();
    }
    while (rest.len && gz_utf8_valid(text)) {
        struct gz_cut cut = gz_str_cut(rest, GZ_STR("\n"));
        struct gz_str s = gz_str_from(cut.head, 1);
        char mark = cut.head.len ? cut.head.ptr[0] : 0;

        if ((mark == '/' || mark == '=') && s.len && count < RULES)
            rule[count++] = (struct gz_match_rule){ s, mark == '/', false };
        else if (mark == '-' && s.len && nos < GZ_COUNT(no)) {
            no[nos] = (struct gz_negation){ s, s.len % 2 };
            nos++;
        } else
            break;
        rest = cut.tail;
    }
    if (count)
        compare(rule, count, no, nos, rest);
    free((void *)(uintptr_t)text.ptr);
    return 0;
}
