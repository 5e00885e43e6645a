// SPDX-License-Identifier: MIT
#include "ingest/evidence.h"

#include <string.h>

#include "base/utf8.h"
#include "ingest/mask.h"

enum { KEY_BYTES = 120 };

const char *const gz_evidence_path[GZ_EVIDENCE_PATHS] = { "->", "—>", "→", ">", "/" };

static const char *const forms[GZ_DATE_FORMS] = { "ymd",        "mdy",     "dmy",
                                                  "month-name", "compact", "excel",
                                                  "epoch",      "epoch-ms" };

// The most frequent family names, which nine of ten people bear.
static const char family[] = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯"
                             "曹彭曾肖田董潘袁蔡蒋余于杜叶程魏"
                             "苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯"
                             "江尹薛闫段雷龙黎史陶贺毛郝顾龚邵"
                             "万覃武钱戴严莫孔向常汤康易乔赖文";

// ---- kinds of value ----

static bool
one_of(struct gz_str s, const char *const *word, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (gz_str_eq_nocase(s, gz_str_of(word[i])))
            return true;
    return false;
}

bool
gz_evidence_is_nothing(struct gz_str value)
{
    static const char *const words[] = {
        "不详",
        "无",
        "暂无",
        "未知",
        "空",
        "-",
        "--",
        "/",
        "NULL",
        "N/A",
        "NA",
        "none",
        "nan",
        "unspecified",
        "unknown",
        "not available",
        "0001-01-01T00:00:00Z",
        "1900-01-01",
        "0000-00-00",
        "0000-00-00 00:00:00",
        "1900/1/0",
    };

    return one_of(value, words, GZ_COUNT(words));
}

static bool
ends_with_any(struct gz_str s, const char *const *word, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (gz_str_ends(s, gz_str_of(word[i])))
            return true;
    return false;
}

static bool
has_any(struct gz_str s, const char *const *word, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (gz_str_find(s, gz_str_of(word[i])) != (size_t)-1)
            return true;
    return false;
}

static bool
is_unit(struct gz_str s, size_t chars)
{
    static const char *const end[] = {
        "局",       "委员会", "委",        "办公室",     "办",       "政府",
        "公司",     "中心",   "大队",      "支队",       "管理处",   "管理所",
        "派出所",   "集团",   "办事处",    "Department", "Bureau",   "Agency",
        "Division", "Office", "Authority", "Council",    "Services", "Works",
    };

    return chars >= 3 && chars <= 40 && ends_with_any(s, end, GZ_COUNT(end));
}

static bool
is_address(struct gz_str s, size_t chars)
{
    static const char *const zh[] = {
        "路", "街", "巷", "号", "弄", "胡同", "大道", "村"
    };
    static const char *const en[] = { " st",     " ave",    " rd",   " blvd",   " dr",
                                      " street", " avenue", " road", " lane",   " ln",
                                      " way",    " pl",     " ct",   " terrace" };
    char low[KEY_BYTES];
    struct gz_str l = { low, s.len < sizeof(low) ? s.len : sizeof(low) };
    bool digit = false;

    for (size_t i = 0; i < l.len; i++) {
        low[i] = s.ptr[i] >= 'A' && s.ptr[i] <= 'Z' ? (char)(s.ptr[i] + 32) : s.ptr[i];
        digit |= s.ptr[i] >= '0' && s.ptr[i] <= '9';
    }
    if (chars < 4 || chars > 100)
        return false;
    return (digit && has_any(s, zh, GZ_COUNT(zh)) &&
            gz_str_find(s, GZ_STR("，")) == (size_t)-1) ||
           (s.ptr[0] >= '0' && s.ptr[0] <= '9' && has_any(l, en, GZ_COUNT(en)));
}

// 王小明, 王某, John Smith. Offices and places end otherwise.
static bool
is_person(struct gz_str s, size_t chars)
{
    static const char *const other[] = { "区", "县", "镇", "乡", "村", "局", "路", "街",
                                         "市", "类", "件", "所", "部", "科", "级" };
    size_t at = 0, words = 0;
    bool capital = true;

    if (chars >= 2 && chars <= 4 && gz_utf8_is_han(gz_utf8_next(s, &at))) {
        for (size_t i = at; i < s.len;)
            if (!gz_utf8_is_han(gz_utf8_next(s, &i)))
                return false;
        return gz_str_find(gz_str_of(family), gz_str_first(s, at)) != (size_t)-1 &&
               !ends_with_any(s, other, GZ_COUNT(other));
    }
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool begins = i == 0 || s.ptr[i - 1] == ' ';

        words += begins;
        capital &= begins ? c >= 'A' && c <= 'Z'
                          : (c >= 'a' && c <= 'z') || c == ' ' || c == '\'' || c == '.' ||
                                c == '-';
    }
    return capital && words >= 2 && words <= 3 && chars <= 30;
}

static bool
is_clock(struct gz_str s)
{
    size_t colon = gz_str_find(s, GZ_STR(":"));

    if (colon == (size_t)-1 || colon == 0 || colon > 2 || s.len > 11 || s.len < colon + 3)
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!strchr("0123456789:. AaPpMm", s.ptr[i]))
            return false;
    return true;
}

// ---- counting ----

// The whole part of a plain decimal, without its sign; -1 for anything else.
static int64_t
whole_part(struct gz_str v, size_t *places)
{
    size_t i = v.ptr[0] == '-' || v.ptr[0] == '+', from = i;
    int64_t n = 0;

    for (; i < v.len && v.ptr[i] >= '0' && v.ptr[i] <= '9' && i < from + 18; i++)
        n = n * 10 + (v.ptr[i] - '0');
    *places = 0;
    if (i == from)
        return -1;
    if (i < v.len && v.ptr[i] == '.')
        for (i++; i < v.len && v.ptr[i] >= '0' && v.ptr[i] <= '9'; i++)
            (*places)++;
    return i == v.len ? n : -1;
}

static void
count_number(struct gz_evidence *e, struct gz_str v)
{
    size_t places;
    int64_t n = whole_part(v, &places);

    if (n < 0)
        return;
    e->numbers++;
    e->wholes += places == 0;
    e->counting += !places && e->last_number + 1 == (uint64_t)n;
    e->last_number = (uint64_t)n;
    if (places < 3)
        return;
    e->latitudes += n < 90;
    e->longitudes += n < 180;
    e->west += v.ptr[0] == '-' && n >= 60 && n < 170;
}

// A number is a date only where it lies between 1990 and 2040.
static bool
is_likely(enum gz_evidence_date form, struct gz_str v, const char *iso)
{
    (void)v;
    return form < GZ_DATE_COMPACT ||
           (iso[0] == '1' ? memcmp(iso, "1990", 4) >= 0 : memcmp(iso, "2040", 4) < 0);
}

// Is the file in the order of its dates? Asked where the day could be the month.
static void
note_order(struct gz_evidence *e, size_t reading, const char *iso)
{
    int cmp = e->last[reading][0] ? strcmp(iso, e->last[reading]) : 0;

    if (e->last[reading][0]) {
        e->ascending[reading] += cmp >= 0;
        e->descending[reading] += cmp <= 0;
    }
    memcpy(e->last[reading], iso, GZ_DATEFMT_OUT);
}

static void
count_date(struct gz_evidence *e, struct gz_str v)
{
    struct gz_err unused = { 0 };

    if (!e->dates.count)
        for (size_t i = 0; i < GZ_DATE_FORMS; i++)
            gz_datevote_form(&e->dates, gz_str_of(forms[i]), 0, &unused);
    for (size_t i = 0; i < GZ_DATE_FORMS; i++) {
        char iso[GZ_DATEFMT_OUT] = "";

        if (!gz_datefmt_iso(&e->dates.form[i], v, iso) ||
            !is_likely((enum gz_evidence_date)i, v, iso))
            continue;
        e->hits[i]++;
        if (i == GZ_DATE_MDY && strlen(iso) >= 10) {
            e->firsts |= 1u << ((iso[5] - '0') * 10 + iso[6] - '0');
            e->seconds |= 1u << ((iso[8] - '0') * 10 + iso[9] - '0');
        }
        if (i == GZ_DATE_MDY || i == GZ_DATE_DMY)
            note_order(e, i - GZ_DATE_MDY, iso);
    }
}

static void
count_shape(struct gz_evidence *e, struct gz_str v, size_t chars)
{
    static const char *const district[] = { "区", "县", "市", "旗" };
    static const char *const street[] = { "街道", "镇", "乡", "街道办", "街道办事处" };
    static const char *const community[] = { "社区", "村", "居委会", "村委会" };
    static const char *const list[] = { ",", "，", "、", ";", "；" };
    bool digit = false, blank = false, letter = false;

    for (size_t i = 0; i < v.len; i++) {
        digit |= v.ptr[i] >= '0' && v.ptr[i] <= '9';
        blank |= v.ptr[i] == ' ';
        letter |= (v.ptr[i] | 0x20) >= 'a' && (v.ptr[i] | 0x20) <= 'z';
        letter |= (v.ptr[i] & 0x80) != 0;
    }
    e->worded += letter;
    e->nested += v.ptr[0] == '{' || v.ptr[0] == '[' || (v.ptr[0] == '(' && !letter);
    e->single += !blank && chars <= 60;
    e->codes += digit && !blank && chars <= 40;
    e->persons += is_person(v, chars);
    e->units += is_unit(v, chars);
    e->addresses += is_address(v, chars);
    e->clocks += is_clock(v);
    if (chars > 60)
        return;
    e->districts += chars <= 8 && ends_with_any(v, district, GZ_COUNT(district));
    e->streets += chars <= 12 && ends_with_any(v, street, GZ_COUNT(street));
    e->communities += chars <= 14 && ends_with_any(v, community, GZ_COUNT(community));
    e->lists += has_any(v, list, GZ_COUNT(list));
    for (size_t i = 0; i < GZ_EVIDENCE_PATHS; i++)
        e->paths[i] += gz_str_find(v, gz_str_of(gz_evidence_path[i])) != (size_t)-1;
}

void
gz_evidence_add(struct gz_evidence *e, struct gz_str value, struct gz_arena *arena)
{
    struct gz_str key = gz_str_first(value, KEY_BYTES);
    size_t chars, at = 0;
    uint32_t n;
    bool han = false;

    e->rows++;
    if (!value.len)
        return;
    if (gz_evidence_is_nothing(value)) {
        gz_map_put(&e->nothing, value, NULL);
        return;
    }
    e->filled++;
    key = gz_str_first(key, gz_utf8_valid_prefix(key));
    n = gz_map_put(&e->values, key, NULL);
    e->times = gz_arena_grow(arena, e->times, &e->times_cap, n + 1, sizeof(*e->times));
    e->times[n]++;
    chars = gz_utf8_count(value);
    e->chars += chars;
    e->longest = chars > e->longest ? chars : e->longest;
    while (at < value.len && !han)
        han = gz_utf8_is_han(gz_utf8_next(value, &at));
    e->han += han;
    e->contacts += gz_mask_is_contact(value);
    if (value.len <= 40) {
        count_number(e, value);
        count_date(e, value);
    }
    count_shape(e, value, chars);
}

void
gz_evidence_release(struct gz_evidence *e)
{
    gz_map_release(&e->values);
    gz_map_release(&e->nothing);
}
