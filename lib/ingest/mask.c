// SPDX-License-Identifier: MIT
#include "ingest/mask.h"

#include <string.h>

#include "base/utf8.h"

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_word(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

// Digits at `at` with at most one blank or hyphen between them. Returns the bytes used;
// *count digits are in `digit` (room for 24; more than that is no number of a person).
static size_t
digit_run(struct gz_str s, size_t at, char digit[24], size_t *count)
{
    size_t end = at;

    *count = 0;
    for (size_t i = at; i < s.len; i++) {
        if (is_digit(s.ptr[i])) {
            if (*count < 24)
                digit[*count] = s.ptr[i];
            ++*count;
            end = i + 1;
        } else if ((s.ptr[i] != ' ' && s.ptr[i] != '-') || i + 1 >= s.len ||
                   !is_digit(s.ptr[i + 1]) || i == at) {
            break;
        }
    }
    return end - at;
}

static size_t
plain_run(struct gz_str s, size_t at)
{
    size_t n = 0;

    while (at + n < s.len && is_digit(s.ptr[at + n]))
        n++;
    return n;
}

// ISO 7064 MOD 11-2 over 17 digits; the 18th character is the check.
static bool
identity_number(struct gz_str s)
{
    static const int weight[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
    int sum = 0;

    if (s.len < 18)
        return false;
    for (int i = 0; i < 17; i++) {
        if (!is_digit(s.ptr[i]))
            return false;
        sum += (s.ptr[i] - '0') * weight[i];
    }
    return "10X98765432"[sum % 11] == (s.ptr[17] == 'x' ? 'X' : s.ptr[17]) &&
           (s.len == 18 || !is_word(s.ptr[18]));
}

static bool
mobile(const char *digit, size_t count)
{
    return count == 11 && digit[0] == '1' && digit[1] >= '3';
}

// 0 and the area code, then 7 or 8 digits, with a hyphen or blank between: 010-12345678.
static size_t
land_line(struct gz_str s, size_t at)
{
    size_t area = plain_run(s, at), rest;
    size_t sep = at + area;

    if (s.ptr[at] != '0' || area < 3 || area > 4 || sep >= s.len ||
        (s.ptr[sep] != '-' && s.ptr[sep] != ' '))
        return 0;
    rest = plain_run(s, sep + 1);
    return rest == 7 || rest == 8 ? area + 1 + rest : 0;
}

// 816-555-1234, 816.555.1234, (816) 555-1234.
static size_t
us_number(struct gz_str s, size_t at)
{
    size_t i = at;
    bool bracket = s.ptr[i] == '(';

    i += bracket;
    if (plain_run(s, i) != 3)
        return 0;
    i += 3;
    if (bracket && (i >= s.len || s.ptr[i++] != ')'))
        return 0;
    if (i < s.len && (s.ptr[i] == ' ' || s.ptr[i] == '-' || s.ptr[i] == '.'))
        i++;
    else if (!bracket)
        return 0;
    if (plain_run(s, i) != 3)
        return 0;
    i += 3;
    if (i >= s.len || (s.ptr[i] != '-' && s.ptr[i] != '.' && s.ptr[i] != ' ') ||
        plain_run(s, i + 1) != 4)
        return 0;
    return i + 5 - at;
}

// The last digit of a bank card makes its sum come out even.
static bool
bank_card(const char *digit, size_t count)
{
    int sum = 0;

    if (count < 16 || count > 19 || digit[0] == '0')
        return false;
    for (size_t i = 0; i < count; i++) {
        int d = digit[count - 1 - i] - '0';

        if (i & 1)
            d = d > 4 ? 2 * d - 9 : 2 * d;
        sum += d;
    }
    return sum % 10 == 0;
}

// 123-45-6789, with none of its parts all zero.
static bool
social_security(struct gz_str s, size_t at)
{
    struct gz_str n = gz_str_first(gz_str_from(s, at), 11);

    return n.len == 11 && plain_run(n, 0) == 3 && n.ptr[3] == '-' &&
           plain_run(n, 4) == 2 && n.ptr[6] == '-' && plain_run(n, 7) == 4 &&
           plain_run(s, at + 7) == 4 && memcmp(n.ptr, "000", 3) != 0 &&
           memcmp(n.ptr + 4, "00", 2) != 0 && memcmp(n.ptr + 7, "0000", 4) != 0;
}

// An account name behind 微信, WeChat or QQ: its bytes, and where it begins.
static size_t
account_at(struct gz_str s, size_t at, size_t *begin)
{
    static const char *const word[] = { "微信", "WeChat", "wechat", "Wechat",
                                        "QQ",   "qq",     "扣扣" };
    static const char *const between[] = { "号码", "号", "群", "账号", "ID", "id",
                                           "：",   ":",  "是", "为",   " " };
    size_t i = 0, n = 0, digits = 0;
    struct gz_str rest = gz_str_from(s, at);

    while (i < GZ_COUNT(word) && !gz_str_starts(rest, gz_str_of(word[i])))
        i++;
    if (i == GZ_COUNT(word) || (at && is_word(s.ptr[at - 1])))
        return 0;
    rest = gz_str_from(rest, strlen(word[i]));
    for (size_t k = 0; k < GZ_COUNT(between); k++)
        if (gz_str_starts(rest, gz_str_of(between[k]))) {
            rest = gz_str_from(rest, strlen(between[k]));
            k = (size_t)-1;
        }
    while (n < rest.len &&
           (is_word(rest.ptr[n]) || rest.ptr[n] == '_' || rest.ptr[n] == '-'))
        digits += is_digit(rest.ptr[n++]);
    *begin = (size_t)(rest.ptr - s.ptr);
    if (n < 5 || n > 20 || (i >= 4 && digits != n) || (i < 4 && n < 6))
        return 0;
    return n;
}

// A number that starts at `at`: its bytes, and how many of them may stay. 0 if none.
static size_t
number_at(struct gz_str s, size_t at, size_t *keep)
{
    char digit[24];
    size_t count, len, plain = plain_run(s, at);

    *keep = 0;
    if (at && is_word(s.ptr[at - 1]))
        return 0;
    if (plain >= 17 && identity_number(gz_str_from(s, at)))
        return 18;
    if (social_security(s, at))
        return 11;
    if (plain >= 16 && plain <= 19 && bank_card(s.ptr + at, plain)) {
        *keep = 4;
        return plain;
    }
    *keep = 3;
    if (plain == 11 && mobile(s.ptr + at, 11))
        return 11;
    if ((len = land_line(s, at)))
        return len;
    *keep += s.ptr[at] == '(';
    if ((len = us_number(s, at)))
        return len;
    if (plain > 4 || s.ptr[at] == '(')
        return 0;
    len = digit_run(s, at, digit, &count);
    if (count == 13 && digit[0] == '8' && digit[1] == '6' && mobile(digit + 2, 11))
        return len;
    if (mobile(digit, count))
        return len;
    *keep = 4;
    return bank_card(digit, count) ? len : 0;
}

// A plate: a province, a letter, perhaps a dot, then 5 or 6 letters or digits.
static size_t
plate_at(struct gz_str s, size_t at, size_t *keep)
{
    static const char provinces[] =
        "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
    size_t i = at + 4, n = 0, digits = 0;

    if (s.len - at < 9 || s.ptr[at + 3] < 'A' || s.ptr[at + 3] > 'Z')
        return 0;
    for (size_t p = 0; memcmp(provinces + p, s.ptr + at, 3) != 0;)
        if ((p += 3) >= sizeof(provinces) - 1)
            return 0;
    if (s.len - i > 2 && memcmp(s.ptr + i, "·", 2) == 0)
        i += 2;
    for (; i + n < s.len && is_word(s.ptr[i + n]) && n < 7; n++)
        digits += is_digit(s.ptr[i + n]);
    if ((n != 5 && n != 6) || digits < 2)
        return 0;
    *keep = 4;
    return i + n - at;
}

static bool
is_local(char c)
{
    return is_word(c) || c == '.' || c == '_' || c == '-' || c == '+';
}

// The '@' of an e-mail address stands at `at`: bytes of its domain, 0 if it is none.
static size_t
domain_after(struct gz_str s, size_t at)
{
    size_t i = at + 1, dots = 0;

    while (i < s.len && (is_word(s.ptr[i]) || s.ptr[i] == '-' ||
                         (s.ptr[i] == '.' && i + 1 < s.len && is_word(s.ptr[i + 1])))) {
        dots += s.ptr[i] == '.';
        i++;
    }
    return dots ? i - at - 1 : 0;
}

static void
stars(struct gz_buf *out, struct gz_str s, size_t keep)
{
    gz_buf_add(out, gz_str_first(s, keep));
    for (size_t i = keep; i < s.len; i++)
        gz_buf_char(out, is_word(s.ptr[i]) ? '*' : s.ptr[i]);
}

// ---- numbers in other digits ----

// The digit that a character of three bytes is, in full width or Chinese; -1 for none.
static int
wide_digit(struct gz_str s, size_t at)
{
    static const struct {
        char c[4];
        int value;
    } digits[] = { { "零", 0 }, { "〇", 0 }, { "一", 1 }, { "幺", 1 },
                   { "二", 2 }, { "三", 3 }, { "四", 4 }, { "五", 5 },
                   { "六", 6 }, { "七", 7 }, { "八", 8 }, { "九", 9 } };

    if (at + 3 > s.len)
        return -1;
    if (memcmp(s.ptr + at, "\xEF\xBC", 2) == 0) {
        int value = (unsigned char)s.ptr[at + 2] - 0x90;

        return value >= 0 && value <= 9 ? value : -1;
    }
    for (size_t i = 0; i < GZ_COUNT(digits); i++)
        if (memcmp(s.ptr + at, digits[i].c, 3) == 0)
            return digits[i].value;
    return -1;
}

// A mobile number of eleven such digits, with no other beside it: its length in bytes.
static size_t
wide_mobile_at(struct gz_str s, size_t at)
{
    size_t n = 0;
    int second;

    if (wide_digit(s, at) != 1 || (at >= 3 && wide_digit(s, at - 3) >= 0))
        return 0;
    second = wide_digit(s, at + 3);
    while (n < 12 && wide_digit(s, at + n * 3) >= 0)
        n++;
    return n == 11 && second >= 3 ? n * 3 : 0;
}

size_t
gz_mask_text(struct gz_str s, struct gz_buf *out)
{
    size_t done = 0, masked = 0;

    for (size_t at = 0; at < s.len;) {
        unsigned char c = (unsigned char)s.ptr[at];
        size_t keep = 0, len = 0, begin;

        if ((c == 0xE5 || c == 0xE6 || (c | 0x20) == 'q' || (c | 0x20) == 'w') &&
            (len = account_at(s, at, &begin))) {
            gz_buf_add(out, (struct gz_str){ s.ptr + done, begin - done });
            for (size_t i = 0; i < len; i++)
                gz_buf_char(out, '*');
            done = at = begin + len;
            masked++;
            continue;
        }
        if ((c == 0xE4 || c == 0xE5 || c == 0xEF) && (len = wide_mobile_at(s, at))) {
            gz_buf_add(out, (struct gz_str){ s.ptr + done, at + 9 - done });
            gz_buf_lit(out, "********");
            done = at += len;
            masked++;
            continue;
        }
        if (is_digit(s.ptr[at]) || c == '(') {
            len = number_at(s, at, &keep);
        } else if (c >= 0xE4 && c <= 0xE9) {
            len = plate_at(s, at, &keep);
        } else if (c == '@' && domain_after(s, at)) {
            size_t from = at;

            while (from > done && is_local(s.ptr[from - 1]))
                from--;
            if (from < at) {
                gz_buf_add(out, (struct gz_str){ s.ptr + done, from - done });
                gz_buf_lit(out, "***");
                done = at;
                at += domain_after(s, at) + 1;
                masked++;
                continue;
            }
        }
        if (len) {
            gz_buf_add(out, (struct gz_str){ s.ptr + done, at - done });
            stars(out, (struct gz_str){ s.ptr + at, len }, keep);
            done = at += len;
            masked++;
        } else if (is_digit(s.ptr[at])) {
            at += plain_run(s, at); // its later digits start no number
        } else {
            at++;
        }
    }
    gz_buf_add(out, gz_str_from(s, done));
    return masked;
}

// ---- whole values ----

// Half width, lower case, without blanks and hyphens. 0 if it does not fit.
static size_t
squeeze(struct gz_str s, char *out, size_t room)
{
    size_t n = 0;

    for (size_t at = 0; at < s.len;) {
        size_t from = at;
        uint32_t c = gz_utf8_next(s, &at);

        if (c >= 0xFF01 && c <= 0xFF5E)
            c -= 0xFEE0;
        if (c <= 0x20 || c == '-' || c == 0x3000 || c == '(' || c == ')')
            continue;
        if (n + 4 >= room)
            return 0;
        if (c < 0x80) {
            out[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
        } else {
            memcpy(out + n, s.ptr + from, at - from);
            n += at - from;
        }
    }
    return n;
}

static bool
has_mask(struct gz_str s)
{
    static const char *const marks[] = { "*", "×", "＊", "某", "xxx", "XXX", "●", "■" };

    for (size_t i = 0; i < GZ_COUNT(marks); i++)
        if (gz_str_find(s, gz_str_of(marks[i])) != (size_t)-1)
            return true;
    return false;
}

bool
gz_mask_is_contact(struct gz_str value)
{
    char plain[128];
    size_t keep, n = squeeze(value, plain, sizeof(plain));
    struct gz_str s = { plain, n };
    struct gz_str v = gz_str_trim(value);
    const char *at;

    if (n < 5)
        return false;
    if (mobile(plain, plain_run(s, 0)) && n == 11)
        return true;
    if ((plain[0] == '1' && plain[1] >= '3' && plain[1] <= '9') && plain_run(s, 0) == 3 &&
        has_mask(s))
        return true;
    if (gz_str_starts(s, GZ_STR("+86")) && n == 14 && mobile(plain + 3, 11))
        return true;
    if (n == 18 && identity_number(s))
        return true;
    if ((is_digit(v.ptr[0]) || v.ptr[0] == '(') && number_at(v, 0, &keep) == v.len)
        return true;
    at = memchr(plain, '@', n);
    return at && at > plain &&
           domain_after(s, (size_t)(at - plain)) + (size_t)(at - plain) + 1 == n;
}

size_t
gz_mask_plain_contact(struct gz_str contact, char *out, size_t room)
{
    static const char *const withheld[] = { "保密",    "不详",     "匿名", "无",
                                            "未知",    "不提供",   "隐藏", "空",
                                            "unknown", "anonymous" };
    size_t n = squeeze(contact, out, room);
    struct gz_str s = { out, n };

    if (has_mask(s))
        return 0;
    for (size_t i = 0; i < GZ_COUNT(withheld); i++)
        if (gz_str_is(s, withheld[i]))
            return 0;
    if (gz_str_starts(s, GZ_STR("+86"))) {
        memmove(out, out + 3, n -= 3);
    } else if (n == 13 && gz_str_starts(s, GZ_STR("86")) && mobile(out + 2, 11)) {
        memmove(out, out + 2, n -= 2);
    }
    return n < 5 ? 0 : n;
}
