// SPDX-License-Identifier: MIT
// Single values: dates by a form and by vote, times, decimals, options. The first line
// is the form, the rest are values.
#include "base/datefmt.h"
#include "base/num.h"
#include "base/time.h"
#include "fuzz.h"

static void
check_time(struct gz_str s)
{
    struct gz_time t, back;
    char out[32];

    if (!gz_time_parse(s, &t))
        return;
    s = (struct gz_str){ out, gz_time_format(t, out) };
    fuzz_must(gz_time_parse(s, &back));
    fuzz_must(back.sec == t.sec && back.prec == t.prec &&
              back.offset_min == t.offset_min);
}

static void
check_number(struct gz_str s)
{
    struct gz_dec d, back;
    struct gz_buf b = { 0 };

    if (!gz_dec_parse(s, &d))
        return;
    gz_dec_format(d, &b);
    fuzz_must(gz_dec_parse(gz_buf_str(&b), &back) && gz_dec_cmp(d, back) == 0);
    gz_buf_release(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gz_str text = fuzz_copy(data, size);
    struct gz_cut cut = gz_str_cut(text, GZ_STR("\n"));
    struct gz_datefmt form;
    struct gz_datevote vote = { 0 };
    struct gz_err err = { 0 };
    bool good = gz_datefmt_compile(&form, cut.head, 2024, &err) == GZ_OK;

    while (cut.found) {
        char out[GZ_DATEFMT_OUT];
        struct gz_time t;
        size_t n;

        cut = gz_str_cut(cut.tail, GZ_STR("\n"));
        n = good ? gz_datefmt_iso(&form, cut.head, out) : 0;
        fuzz_must(n <= sizeof(out));
        if (n)
            fuzz_must(gz_time_parse((struct gz_str){ out, n }, &t));
        gz_datevote_add(&vote, cut.head);
        check_time(cut.head);
        check_number(cut.head);
    }
    free((void *)(uintptr_t)text.ptr);
    return 0;
}
