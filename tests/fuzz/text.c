// SPDX-License-Identifier: MIT
// Text: UTF-8 validation against its plain twin, GB18030 against iconv, and what counts,
// cuts and prints characters on whatever comes.
#include <iconv.h>

#include "base/utf8.h"
#include "fuzz.h"
#include "io/gb18030.h"

// How much of `s` iconv decodes, and what it makes of it.
static size_t
iconv_decode(struct gz_str s, struct gz_buf *out)
{
    static iconv_t cd;
    char *from = (char *)(uintptr_t)s.ptr;
    char *to = gz_buf_need(out, s.len * 4 + 16);
    size_t left = s.len, room = s.len * 4 + 16;

    if (!cd)
        cd = iconv_open("UTF-8", "GB18030");
    iconv(cd, NULL, NULL, NULL, NULL);
    iconv(cd, &from, &left, &to, &room);
    out->len = (size_t)(to - out->ptr);
    return s.len - left;
}

static void
check_utf8(struct gz_str s)
{
    struct gz_buf b = { 0 };
    size_t good = gz_utf8_valid_prefix(s);

    fuzz_must(good == gz_utf8_valid_prefix_plain(s));
    gz_utf8_printable(s, &b);
    fuzz_must(gz_utf8_valid(gz_buf_str(&b)));
    s.len = good;
    b.len = 0;
    for (size_t at = 0; at < s.len;)
        gz_utf8_put(&b, gz_utf8_next(s, &at));
    fuzz_must(gz_str_eq(gz_buf_str(&b), s));
    fuzz_must(gz_utf8_width(gz_utf8_fit(s, 7)) <= 7);
    fuzz_must(gz_utf8_valid(gz_str_trim(s)));
    gz_buf_release(&b);
}

static void
check_gb18030(struct gz_str s)
{
    struct gz_buf ours = { 0 }, theirs = { 0 };
    size_t n = gz_gb18030_decode(s, &ours);

    fuzz_must(n == iconv_decode(s, &theirs));
    fuzz_must(gz_str_eq(gz_buf_str(&ours), gz_buf_str(&theirs)));
    fuzz_must(gz_gb18030_valid_prefix(s) == n);
    gz_buf_release(&ours);
    gz_buf_release(&theirs);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gz_str s = fuzz_copy(data, size);

    check_utf8(s);
    check_gb18030(s);
    free((void *)(uintptr_t)s.ptr);
    return 0;
}
