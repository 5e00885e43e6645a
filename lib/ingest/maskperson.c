// SPDX-License-Identifier: MIT
// Who and where exactly, inside a text that is for the public: names behind words that
// announce them or before a form of address, and the numbers of houses and doors.
#include <string.h>

#include "base/utf8.h"
#include "ingest/mask.h"

enum { HAN = 3 }; // bytes of a Chinese character

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_han(struct gz_str s, size_t at)
{
    unsigned char c = at < s.len ? (unsigned char)s.ptr[at] : 0;

    return c >= 0xE4 && c <= 0xE9 && s.len - at >= HAN;
}

static bool
stands_at(struct gz_str s, size_t at, const char *word)
{
    return gz_str_starts(gz_str_from(s, at), gz_str_of(word));
}

static bool
is_surname(struct gz_str s, size_t at)
{
    static const char names[] = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华"
                                "金魏陶姜戚谢邹喻柏窦章苏潘葛范彭"
                                "郎鲁韦昌马苗凤方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝"
                                "邬安常乐于时傅皮卞齐康伍余元顾孟"
                                "黄穆萧尹姚邵汪祁毛禹狄米贝明臧戴宋庞熊纪舒屈项祝董梁杜阮"
                                "蓝闵席季麻强贾路娄江童颜郭梅林钟"
                                "徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房裘解应宗丁邓洪包左"
                                "石崔吉龚程邢裴陆荣翁荀羊惠曲封储"
                                "靳段焦侯宓班仰秋仲伊宫宁仇栾甘厉祖武符刘景詹束龙叶幸司黎"
                                "薄白蒲卓蔺池乔闻翟谭劳申冉郦雍桑"
                                "桂牛寿边燕冀浦尚温庄晏柴瞿阎连习艾容向古易慎戈廖终居衡步"
                                "都耿满匡文寇广东沃利蔚越隆师巩聂"
                                "晁勾敖融冷辛简饶曾沙丰关相查游权盖益桓公";

    for (size_t i = 0; i + HAN < sizeof(names); i += HAN)
        if (is_han(s, at) && memcmp(names + i, s.ptr + at, HAN) == 0)
            return true;
    return false;
}

// Bytes of the word that announces a name at `at`, with what may stand behind it.
static size_t
announcement(struct gz_str s, size_t at)
{
    static const char *const word[] = { "我叫", "我名叫", "姓名", "本人姓名", "联系人" };
    static const char *const sure[] = { "：", ":", "是", "为", " " };
    size_t n = 0;

    for (size_t i = 0; i < GZ_COUNT(word) && !n; i++)
        if (stands_at(s, at, word[i]))
            n = strlen(word[i]);
    for (size_t i = 0; n && i < GZ_COUNT(sure); i++)
        if (stands_at(s, at + n, sure[i])) {
            n += strlen(sure[i]);
            i = (size_t)-1; // and another
        }
    return n;
}

// A name that begins at `at`: the surname and one or two more.
static size_t
name_at(struct gz_str s, size_t at)
{
    static const char *const not_in_it[] = { "是", "住", "的", "在", "和", "家",
                                             "为", "电", "反", "今", "有", "想",
                                             "要", "来", "于", "因" };
    size_t n = HAN;

    if (!is_surname(s, at))
        return 0;
    for (; n < 3 * HAN && is_han(s, at + n); n += HAN)
        for (size_t i = 0; i < GZ_COUNT(not_in_it); i++)
            if (stands_at(s, at + n, not_in_it[i]))
                return n;
    return n;
}

// The form of address that stands at `at` follows a name: bytes of the name.
static size_t
name_before(struct gz_str s, size_t at)
{
    static const char *const form[] = { "先生", "女士", "小姐", "大爷",
                                        "大妈", "阿姨", "师傅" };
    bool found = false;

    for (size_t i = 0; i < GZ_COUNT(form); i++)
        found = found || stands_at(s, at, form[i]);
    for (size_t n = HAN; found && n <= 3 * HAN && n <= at && is_han(s, at - n); n += HAN)
        if (is_surname(s, at - n))
            return n;
    return 0;
}

// Letters of a word; *capital: it begins with one.
static size_t
word_at(struct gz_str s, size_t at, bool *capital)
{
    size_t n = 0;

    *capital = at < s.len && s.ptr[at] >= 'A' && s.ptr[at] <= 'Z';
    while (at + n < s.len &&
           (((s.ptr[at + n] | 0x20) >= 'a' && (s.ptr[at + n] | 0x20) <= 'z') ||
            s.ptr[at + n] == '\''))
        n++;
    return n;
}

// "Mr. Roe", "my name is Jane Roe": bytes before the name, and of the name.
static size_t
english_name(struct gz_str s, size_t at, size_t *before)
{
    static const char *const word[] = { "Mr. ",        "Mrs. ",       "Ms. ",
                                        "Mr ",         "Mrs ",        "Ms ",
                                        "my name is ", "My name is ", "Name: " };
    bool capital;
    size_t n, more;

    for (size_t i = 0; i < GZ_COUNT(word); i++) {
        if (!stands_at(s, at, word[i]))
            continue;
        *before = strlen(word[i]);
        n = word_at(s, at + *before, &capital);
        if (!n || !capital)
            return 0;
        if (at + *before + n < s.len && s.ptr[at + *before + n] == ' ' &&
            (more = word_at(s, at + *before + n + 1, &capital)) && capital)
            n += 1 + more;
        return n;
    }
    return 0;
}

// Is the number before `at` one of a house or door? `from` is where it begins.
static bool
is_door(struct gz_str s, size_t from, size_t at)
{
    static const char *const door[] = { "号楼", "号院", "单元", "室", "栋", "幢", "号" };
    static const char *const other[] = { "号线",   "号文",   "号令",
                                         "号公告", "号工单", "号桌" };

    if (from >= HAN && (stands_at(s, from - HAN, "月") || stands_at(s, from - HAN, "第")))
        return false; // a day, an ordinal
    for (size_t i = 0; i < GZ_COUNT(other); i++)
        if (stands_at(s, at, other[i]))
            return false;
    for (size_t i = 0; i < GZ_COUNT(door); i++)
        if (stands_at(s, at, door[i]))
            return true;
    return false;
}

// "123 Main St", "Apt 5": is the number at `from` of a house?
static bool
is_us_house(struct gz_str s, size_t from, size_t at)
{
    static const char *const kind[] = { "St",    "Street", "Ave",   "Avenue",
                                        "Rd",    "Road",   "Blvd",  "Dr",
                                        "Drive", "Ln",     "Lane",  "Ct",
                                        "Way",   "Pl",     "Place", "Ter" };
    static const char *const unit[] = { "Apt ", "apt ", "Unit ", "unit ", "Suite ", "#" };
    bool capital;

    for (size_t i = 0; i < GZ_COUNT(unit); i++)
        if (from >= strlen(unit[i]) && stands_at(s, from - strlen(unit[i]), unit[i]))
            return true;
    for (int words = 0; words < 4 && at < s.len && s.ptr[at] == ' '; words++) {
        size_t n = word_at(s, at + 1, &capital);
        struct gz_str w = { s.ptr + at + 1, n };

        if (!n || !capital)
            return false;
        for (size_t i = 0; words && i < GZ_COUNT(kind); i++)
            if (gz_str_is(w, kind[i]))
                return true;
        at += 1 + n;
        if (at < s.len && s.ptr[at] == '.')
            at++;
    }
    return false;
}

static size_t
hide(struct gz_buf *out, struct gz_str s, size_t *done, size_t from, size_t len)
{
    gz_buf_add(out, (struct gz_str){ s.ptr + *done, from - *done });
    for (size_t i = from; i < from + len;) {
        gz_utf8_next(s, &i);
        gz_buf_char(out, '*');
    }
    *done = from + len;
    return from + len;
}

size_t
gz_mask_person(struct gz_str s, struct gz_buf *out)
{
    size_t done = 0, masked = 0;

    for (size_t at = 0; at < s.len;) {
        size_t len, before = 0, digits = 0;

        while (at + digits < s.len && is_digit(s.ptr[at + digits]))
            digits++;
        if (digits) {
            if (digits <= 5 &&
                (is_door(s, at, at + digits) || is_us_house(s, at, at + digits))) {
                hide(out, s, &done, at, digits);
                masked++;
            }
            at += digits;
        } else if ((before = announcement(s, at)) && (len = name_at(s, at + before))) {
            at = hide(out, s, &done, at + before, len);
            masked++;
        } else if ((len = name_before(s, at)) && at - len >= done) {
            at = hide(out, s, &done, at - len, len);
            masked++;
            gz_utf8_next(s, &at);
        } else if ((len = english_name(s, at, &before))) {
            at = hide(out, s, &done, at + before, len);
            masked++;
        } else {
            gz_utf8_next(s, &at);
        }
    }
    gz_buf_add(out, gz_str_from(s, done));
    return masked;
}
