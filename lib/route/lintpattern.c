// SPDX-License-Identifier: MIT
#include "base/pattern.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "route/linter.h"
#include "route/literal.h"
#include "route/never.h"

// "\b" beside a Han character: where another one stands on the other side, as it nearly
// always does, there is no boundary, and the pattern cannot match.
static size_t
boundary_at_han(struct gz_str s)
{
    uint32_t before = 0;

    for (size_t i = 0; i < s.len;) {
        size_t start = i;

        if (s.ptr[i] == '\\' && i + 1 < s.len) {
            size_t next = i + 2;

            if (s.ptr[i + 1] == 'b' &&
                (gz_utf8_is_han(before) ||
                 (next < s.len && gz_utf8_is_han(gz_utf8_next(s, &next)))))
                return gz_utf8_count(gz_str_first(s, start)) + 1;
            before = 0;
            i++;
        }
        before = gz_utf8_next(s, &i);
        if (start + 1 < i && s.ptr[start] == '\\')
            before = 0;
    }
    return 0;
}

// Texts that are hard: the words of the pattern over and over, nearly a match and never
// one at once, and long runs of one kind of character.
static void
han_backwards(struct gz_str pattern, struct gz_buf *out)
{
    for (size_t at = pattern.len; at > 0;) {
        size_t next, to = at--;

        while (at > 0 && ((unsigned char)pattern.ptr[at] & 0xC0) == 0x80)
            at--;
        next = at;
        if (gz_utf8_is_han(gz_utf8_next(pattern, &next)))
            gz_buf_add(out, (struct gz_str){ pattern.ptr + at, to - at });
    }
}

static uint32_t
worst_cost(struct gz_linter *l, struct gz_pattern *p, struct gz_str pattern,
           struct gz_matcher *m)
{
    static const char *const runs[] = { "a", "a ", "1", "12 ", "的", "一个", "小区 的 " };
    enum { BYTES = 3000 };
    struct gz_literals words = gz_literals_extract(pattern, &l->arena);
    struct gz_buf text = { 0 };
    uint32_t worst = 0;

    // Three times: as they are; with all the words at the end, where a pattern that first
    // looks for the last of them sees it; and with a mark there, where a match breaks
    // off.
    for (size_t turn = 0; turn < 3 * (GZ_COUNT(runs) + 4); turn++) {
        size_t i = turn / 3, from = i - GZ_COUNT(runs), n = 0;
        uint32_t cost;

        text.len = 0;
        for (; text.len < BYTES; n++) {
            if (i < GZ_COUNT(runs)) {
                gz_buf_cstr(&text, runs[i]);
            } else if (from == 3) {
                size_t before = text.len;

                han_backwards(pattern, &text);
                if (text.len == before)
                    break;
            } else if (words.count == 0) {
                break;
            } else {
                // The first word, the last, or all in turn.
                size_t k = from == 0 ? 0 : from == 1 ? words.count - 1 : n % words.count;

                gz_buf_add(&text, words.item[k]);
                if (from == 2)
                    gz_buf_cstr(&text, n % 2 ? " " : "，a ");
            }
        }
        for (size_t k = 0; turn % 3 == 1 && k < words.count; k++)
            gz_buf_add(&text, words.item[k]);
        if (turn % 3 == 2)
            gz_buf_char(&text, '~');
        cost = gz_pattern_cost(p, m, gz_buf_str(&text));
        worst = cost > worst ? cost : worst;
    }
    gz_buf_release(&text);
    return worst;
}

static void
check_pattern(struct gz_linter *l, enum gz_pack_sheet s, size_t i, struct gz_str pattern,
              struct gz_matcher *m)
{
    struct gz_err err = { 0 };
    struct gz_pattern *p = gz_pattern_new(pattern, GZ_PATTERN_NOCASE, &err);
    const char *why;
    size_t at;
    uint32_t cost;

    if (!p) {
        gz_lint_report(l, GZ_LINT_FAULT, s, i, "pattern", err.column ? err.column - 1 : 0,
                       "%s", err.text);
        return;
    }
    if ((why = gz_pattern_never(pattern, &at)) != NULL) {
        gz_lint_report(l, GZ_LINT_FAULT, s, i, "pattern", at - 1, "%s", why);
        gz_pattern_free(p);
        return;
    }
    if (gz_pattern_match(p, m, GZ_STR(""), 0, NULL, 0) == GZ_MATCH_YES)
        gz_lint_report(l, GZ_LINT_WARNING, s, i, "pattern", 0,
                       _("matches nothing at all, and so every text"));
    else if (gz_literals_extract(pattern, &l->arena).count == 0)
        gz_lint_report(l, GZ_LINT_WARNING, s, i, "pattern", 0,
                       _("no word that must be there is known: tried on every record"));
    cost = worst_cost(l, p, pattern, m);
    if (cost > l->budget || cost >= GZ_PATTERN_LIMIT)
        gz_lint_report(l, GZ_LINT_WARNING, s, i, "pattern", 0,
                       _("takes %lu steps on a hard text, over the budget of %lu%s"),
                       (unsigned long)cost, (unsigned long)l->budget,
                       cost >= GZ_PATTERN_LIMIT ? _(", and runs into the limit") : "");
    if ((at = boundary_at_han(pattern)) != 0)
        gz_lint_report(
            l, GZ_LINT_WARNING, s, i, "pattern", at - 1,
            _("'\\b' beside a Han character is no boundary between two of them"));
    gz_pattern_free(p);
}

void
gz_lint_patterns(struct gz_linter *l)
{
    const struct gz_pack *p = l->pack;
    struct gz_matcher *m = gz_matcher_new();

    for (size_t i = 0; i < gz_pack_rows(p, GZ_SHEET_RULES); i++)
        if (p->rule[i].regex)
            check_pattern(l, GZ_SHEET_RULES, i, p->rule[i].pattern, m);
    for (size_t i = 0; i < gz_pack_rows(p, GZ_SHEET_REFERRALS); i++)
        if (p->referral[i].regex)
            check_pattern(l, GZ_SHEET_REFERRALS, i, p->referral[i].pattern, m);
    for (size_t i = 0; i < gz_pack_rows(p, GZ_SHEET_ANSWERS); i++)
        if (p->answer[i].regex)
            check_pattern(l, GZ_SHEET_ANSWERS, i, p->answer[i].pattern, m);
    gz_matcher_free(m);
}
