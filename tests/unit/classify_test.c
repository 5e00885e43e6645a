// SPDX-License-Identifier: MIT
// Forms, the table of GB2312, prefilter hits, categories that sources name, deadlines,
// and the choice among categories that have scores.
#include "route/classify.h"
#include "tap.h"

#include "base/time.h"
#include "base/utf8.h"
#include "civic/category.h"
#include "civic/deadline.h"
#include "civic/unit.h"
#include "io/gb18030.h"
#include "pack/pack.h"
#include "route/form.h"
#include "route/gb2312.h"
#include "route/prefilter.h"

static void
form(const char *text, const char *want, const char *what)
{
    struct gz_buf b = { 0 };

    gz_buf_cstr(&b, text);
    gz_form_blank(&b);
    is_str(gz_buf_str(&b), want, "%s", what);
    gz_buf_release(&b);
}

static void
check_forms(void)
{
    form("2.是否欠薪：否", "2.　　　　：否", "a numbered question");
    form("1.是否报警:是2.是否起诉:否", "1.　　　　:是2.　　　　:否",
         "one after the other");
    form("诉求\n有无停水：无", "诉求\n　　　　：无", "a question on a line of its own");
    form("请问是否可以报销？", "请问是否可以报销？", "somebody's own question stays");
    form("市民反映，是否停水：不详", "市民反映，是否停水：不详", "running text stays");
    form("是否停水。地址：甲", "是否停水。地址：甲", "a sentence ends before the colon");
    form("", "", "nothing");
}

static bool
in_table(uint32_t c)
{
    return c >= GZ_GB2312_FIRST && c < GZ_GB2312_END &&
           (gz_gb2312[(c - GZ_GB2312_FIRST) / 64] >> ((c - GZ_GB2312_FIRST) % 64) & 1);
}

static void
check_table(void)
{
    struct gz_buf codes = { 0 }, text = { 0 };
    size_t have = 0, want = 0, at = 0, all = 0;

    for (int row = 0xB0; row <= 0xF7; row++)
        for (int cell = 0xA1; cell <= (row == 0xD7 ? 0xF9 : 0xFE); cell++) {
            gz_buf_char(&codes, (char)row);
            gz_buf_char(&codes, (char)cell);
        }
    gz_gb18030_decode(gz_buf_str(&codes), &text);
    while (at < text.len) {
        want++;
        have += in_table(gz_utf8_next(gz_buf_str(&text), &at));
    }
    for (uint32_t c = 0; c < 0x20000; c++)
        all += in_table(c);
    is_u64(want, 6763, "GB2312 has 6763 Han characters");
    is_u64(have, want, "the table has them all");
    is_u64(all, want, "and no other");
    gz_buf_release(&codes);
    gz_buf_release(&text);
}

static size_t hits[8];

static void
on_hit(void *ctx, const struct gz_prefilter_hit *h)
{
    const struct gz_str *text = ctx;

    for (size_t i = 0; i < h->owners; i++)
        hits[h->owner[i]] += h->end <= text->len;
}

static void
check_prefilter(void)
{
    static const struct gz_str literal[] = {
        { "停车难", 9 }, { "noise", 5 }, { "a", 1 },   { "水", 3 },
        { "noise", 5 },  { "路a灯", 7 }, { "dog", 3 }, { "难停", 6 },
    };
    static const uint32_t owner[] = { 0, 1, 2, 3, 4, 5, 6, 7 };
    static const size_t want[] = { 2, 2, 2, 1, 2, 1, 1, 1 };
    struct gz_arena a = { 0 };
    struct gz_str text =
        gz_arena_dup(&a, GZ_STR("停车难停车难noise路a灯noise水dog停车a\0\0\0\0\0\0\0\0"));
    struct gz_prefilter *p = gz_prefilter_new(literal, owner, GZ_COUNT(owner), &a);

    text.len -= 8;
    gz_prefilter_scan(p, text, on_hit, &text);
    for (size_t i = 0; i < GZ_COUNT(want); i++)
        is_u64(hits[i], want[i], "hits of '%.*s'", GZ_STR_ARG(literal[i]));
    gz_arena_free(&a);
}

static void
category_is(struct gz_category_index *x, const char *given, const char *want)
{
    uint32_t c = gz_category_find(x, gz_str_of(given));
    struct gz_str path = c == GZ_NO_CATEGORY ? GZ_STR("-") : x->pack->category[c].path;

    is_str(path, want, "category of %s", given);
    is_u64(gz_category_find(x, gz_str_of(given)), c, "and again");
}

static void
check_categories(const struct gz_pack *pack)
{
    struct gz_arena a = { 0 };
    struct gz_category_index x;

    gz_category_index_init(&x, pack, &a);
    category_is(&x, "生态环境->噪声->施工噪声", "生态环境/噪声");
    category_is(&x, "城市管理", "城市管理");
    category_is(&x, "", "-");
    category_is(&x, "---", "-");
    category_is(&x, "住房城乡建设->物业管理->停车管理", "住房城乡建设/小区停车");
    category_is(&x, "NOISE - RESIDENTIAL", "Noise/Residential");
    category_is(&x, "Trash / Recycling-Trash Collection-Missed by City", "Trash");
    category_is(&x, "甲->乙->丙", "-");
    gz_category_index_release(&x);
    gz_arena_free(&a);
}

static void
due_is(const struct gz_pack *pack, const char *class, const char *from, const char *want)
{
    struct gz_time t = { 0 }, due;
    const struct gz_deadline *d = gz_deadline_find(pack, gz_str_of(class), GZ_UNDATED);
    char text[32] = "-";
    size_t len = 1;

    if (d && gz_time_parse(gz_str_of(from), &t) && gz_deadline_due(pack, d, t, &due))
        len = gz_time_format(due, text);
    is_str(((struct gz_str){ text, len }), want, "%s from %s", class, from);
}

static void
check_deadlines(const struct gz_pack *pack)
{
    due_is(pack, "2h", "2026-03-31T23:10", "2026-04-01T01:10");
    due_is(pack, "二十四小时", "2024-02-28T08:00:05", "2024-02-29T08:00:05");
    due_is(pack, "2h", "2026-03-31", "2026-04-01");
    due_is(pack, "7d", "2025-12-28", "2026-01-04");
    due_is(pack, "5w", "2025-09-26T10:00", "2025-10-10T10:00"); // a Friday; 28 is worked
    due_is(pack, "5w", "2027-03-06T10:00", "2027-03-12T10:00"); // a Saturday, no sheet
    due_is(pack, "7d", "2026-03", "-");
    due_is(pack, "no such class", "2026-03-01", "-");
    ok(!gz_calendar_works(pack, gz_date_to_days((struct gz_date){ 2025, 10, 1 })),
       "a holiday");
    ok(gz_calendar_works(pack, gz_date_to_days((struct gz_date){ 2025, 9, 28 })),
       "a Sunday that is worked");
}

static const struct gz_findings *
look(struct gz_classifier *c, struct gz_str title, struct gz_str text)
{
    struct gz_subject s = { title, text, { NULL, 0 } };

    return gz_classify(c, &s, GZ_UNDATED, false);
}

static void
best_is(struct gz_classifier *c, const struct gz_pack *p, const char *title,
        const char *text, const char *want, int32_t score)
{
    const struct gz_findings *f = look(c, gz_str_of(title), gz_str_of(text));

    is_str(f->candidates ? p->category[f->best[0].category].path : GZ_STR("-"), want,
           "category of '%s' '%s'", title, text);
    ok(f->candidates && f->best[0].score == score, "score %d", score);
}

static void
check_choice(const struct gz_pack *pack)
{
    struct gz_arena a = { 0 };
    struct gz_err err = { 0 };
    struct gz_classifier *c = gz_classifier_new(pack, true, &a, &err);
    const struct gz_findings *f;

    ok(c != NULL, "every pattern of the pack compiles: %s", err.text);
    best_is(c, pack, "井盖", "", "城市管理/井盖", 18);
    best_is(c, pack, "问题", "井盖坏了", "城市管理/井盖", 9);
    best_is(c, pack, "", "井盖坏了", "城市管理/井盖",
            18); // the head of a text without title
    f = look(c, GZ_STR("问题"), GZ_STR("今天天气"));
    is_u64(f->candidates, 0, "nothing is met");
    f = look(c, GZ_STR(""), GZ_STR("不是起火"));
    is_u64(f->alarms, 0, "a negated alarm is none");
    f = look(c, GZ_STR(""), GZ_STR("火灾隐患，又起火了"));
    ok(f->alarms == 1 && f->alarm[0].guard.len == 0, "one that stands beside a guarded");
    gz_classifier_free(c);
    gz_arena_free(&a);
}

static void
check_units(const struct gz_pack *pack)
{
    struct gz_arena a = { 0 };
    struct gz_unit_index x;
    const struct gz_unit *u;

    gz_unit_index_init(&x, pack, &a);
    u = gz_unit_find(&x, GZ_STR("环保部门"), GZ_UNDATED);
    is_str(u ? u->name : GZ_STR("-"), "生态环境部门", "an alias");
    is_str(gz_unit_tier(&x, GZ_STR("某某镇"), GZ_UNDATED), "subdistrict", "by its end");
    is_str(gz_unit_tier(&x, GZ_STR("Public Works"), GZ_UNDATED), "", "unknown");
    is_str(gz_rung_find(pack, GZ_STR("丙社区居民议事厅"))->tier, "community", "a forum");
    is_str(gz_rung_find(pack, GZ_STR("subdistrict"))->tier, "subdistrict", "a code");
    ok(gz_rung_find(pack, GZ_STR("会议室")) == NULL, "no rung");
    gz_unit_index_release(&x);
    gz_arena_free(&a);
}

int
main(void)
{
    struct gz_pack_options where = { NULL, NULL };
    struct gz_arena a = { 0 };
    struct gz_err err = { 0 };
    struct gz_pack *pack = gz_pack_load(&where, &a, &err);

    check_forms();
    check_table();
    check_prefilter();
    ok(pack != NULL, "the built-in pack loads: %s", err.text);
    check_categories(pack);
    check_deadlines(pack);
    check_choice(pack);
    check_units(pack);
    gz_pack_release(pack);
    gz_arena_free(&a);
    return done_testing();
}
