// SPDX-License-Identifier: MIT
// Numbers as reports print them, with what hedges them.
#include "base/hedge.h"
#include "tap.h"

static void
hedged(const char *text, const char *want)
{
    struct gz_buf b = { 0 };
    struct gz_hedged h;

    if (gz_hedge_parse(gz_str_of(text), &h)) {
        gz_buf_cstr(&b, h.op);
        gz_dec_format(h.n, &b);
    } else {
        gz_buf_lit(&b, "refused");
    }
    is_str(gz_buf_str(&b), want, "'%s'", text);
    gz_buf_release(&b);
}

int
main(void)
{
    hedged("1.6万余个", ">=16000");
    hedged("5000余万元", ">=50000000");
    hedged("7600万元", "76000000");
    hedged("17.5亿元", "1750000000");
    hedged("20余万人次", ">=200000");
    hedged("近万名", "refused"); // no digits: which number is meant is not said
    hedged("近1万名", "<=10000");
    hedged("近20%", "<=20");
    hedged("60%以上", ">=60");
    hedged("600余件", ">=600");
    hedged("30多人", ">=30");
    hedged("22+N", ">=22");
    hedged("约300家", "~300");
    hedged("1,285份", "1285");
    hedged("19729名", "19729");
    hedged("2~3", "refused");
    hedged("约20余家", "refused"); // two hedges that disagree
    hedged("甲3号楼", "refused");
    hedged("", "refused");
    return done_testing();
}
