// SPDX-License-Identifier: MIT
#include "ingest/mask.h"

#include "ingest/privacy.h"
#include "tap.h"

static void
texts(void)
{
    static const struct {
        const char *in, *out;
    } cases[] = {
        { "", "" },
        { "路灯不亮", "路灯不亮" },
        { "电话13812345678。", "电话138********。" },
        { "13812345678", "138********" },
        { "１３８１２３４５６７８。", "１３８********。" },
        { "打一三八一二三四五六七八", "打一三八********" },
        { "一三八一二三四五六七八九", "一三八一二三四五六七八九" }, // twelve digits
        { "二〇一三八一二三四五六七八", "二〇一三八一二三四五六七八" },
        { "一二三四五六七八九〇一", "一二三四五六七八九〇一" }, // no mobile number
        { "+86 13812345678", "+86 ***********" },
        { "138-1234-5678", "138-****-****" },
        { "138 1234 5678", "138 **** ****" },
        { "12812345678", "12812345678" },
        { "138123456789", "138123456789" },
        { "a13812345678", "a13812345678" },
        { "010-12345678", "010-********" },
        { "0571-1234567", "057*-*******" },
        { "(816) 555-1234", "(816) ***-****" },
        { "816-555-1234", "816-***-****" },
        { "2024-03-19 17:46:52", "2024-03-19 17:46:52" },
        { "身份证11010519491231002X", "身份证******************" },
        { "110105194912310021", "110105194912310021" },
        { "京A12345", "京A*****" },
        { "京A·12345", "京A·*****" },
        { "粤B12345D", "粤B******" },
        { "京ABCDEF", "京ABCDEF" },
        { "写信li.si@example.cn吧", "写信***@example.cn吧" },
        { "@home a@ b@c", "@home a@ b@c" },
        { "二单元1302室，13812345678、13912345678",
          "二单元1302室，138********、139********" },
    };

    for (size_t i = 0; i < GZ_COUNT(cases); i++) {
        struct gz_buf b = { 0 };

        gz_mask_text(gz_str_of(cases[i].in), &b);
        is_str(gz_buf_str(&b), cases[i].out, "masked: %s", cases[i].in);
        gz_buf_release(&b);
    }
}

static void
values(void)
{
    static const char *const yes[] = { "13812345678",        "138 1234 5678",
                                       "+86-13812345678",    "136××××",
                                       "138****5678",        "010-12345678",
                                       "(816) 555-1234",     "a@b.cn",
                                       "11010519491231002X", "１３８１２３４５６７８" };
    static const char *const no[] = { "",
                                      "2024-03-19",
                                      "110105194912310021",
                                      "热线-250329",
                                      "39.102738",
                                      "a@b",
                                      "12345678901",
                                      "某某",
                                      "1006 GERARD AVENUE" };

    for (size_t i = 0; i < GZ_COUNT(yes); i++)
        ok(gz_mask_is_contact(gz_str_of(yes[i])), "a contact: %s", yes[i]);
    for (size_t i = 0; i < GZ_COUNT(no); i++)
        ok(!gz_mask_is_contact(gz_str_of(no[i])), "no contact: %s", no[i]);
}

static void
headers(void)
{
    static const char *const yes[] = { "来电人",     "联系电话",   "手机号码",
                                       "举报人姓名", "身份证号",   "caller_phone",
                                       "Email",      "callerName", "Mobile No",
                                       "First Name", "Telephone",  "contact" };
    static const char *const no[] = { "是否联系", "处理受理方式", "Street Name",
                                      "MobileOS", "Agency Name",  "NCName",
                                      "主要内容", "Landmark",     "是否电话回访" };

    for (size_t i = 0; i < GZ_COUNT(yes); i++)
        ok(gz_privacy_header(gz_str_of(yes[i])), "names a person: %s", yes[i]);
    for (size_t i = 0; i < GZ_COUNT(no); i++)
        ok(!gz_privacy_header(gz_str_of(no[i])), "names none: %s", no[i]);
}

static void
plain_contacts(void)
{
    static const char *const none[] = { "136××××", "保密",        "某某",
                                        "",        "138****5678", "1234" };
    char a[64], b[64];
    size_t n = gz_mask_plain_contact(GZ_STR("+86 138-1234-5678"), a, sizeof(a));
    size_t m = gz_mask_plain_contact(GZ_STR("１３８１２３４５６７８"), b, sizeof(b));

    ok(n == 11 && m == n && memcmp(a, b, n) == 0, "one number in two spellings");
    for (size_t i = 0; i < GZ_COUNT(none); i++)
        is_u64(gz_mask_plain_contact(gz_str_of(none[i]), a, sizeof(a)), 0,
               "no key from %s", none[i]);
}

int
main(void)
{
    texts();
    values();
    headers();
    plain_contacts();
    return done_testing();
}
