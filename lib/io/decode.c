// SPDX-License-Identifier: MIT
#include "io/decode.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "io/gb18030.h"

struct gz_decode {
    iconv_t cd; // not used when gb18030
    bool gb18030;
    size_t unit; // bytes of the smallest character
};

struct gz_decode *
gz_decode_new(const char *encoding, struct gz_err *err)
{
    struct gz_decode *d;
    bool gb18030 = strcmp(encoding, "GB18030") == 0;
    iconv_t cd = (iconv_t)-1;

    // A name with a slash would ask iconv to leave out or replace characters.
    if (!gb18030 && strlen(encoding) < 64 && !strchr(encoding, '/'))
        cd = iconv_open("UTF-8", encoding);
    if (!gb18030 && cd == (iconv_t)-1) {
        gz_err_set(err, GZ_ERR_USAGE,
                   _("unknown encoding '%s', expected a name such as UTF-8, GB18030, "
                     "Big5, UTF-16LE, Windows-1252"),
                   encoding);
        return NULL;
    }
    d = gz_mem_zalloc(1, sizeof(*d));
    d->cd = cd;
    d->gb18030 = gb18030;
    d->unit = strstr(encoding, "32")      ? 4
              : strstr(encoding, "16")    ? 2
              : strstr(encoding, "UCS-2") ? 2
                                          : 1;
    return d;
}

void
gz_decode_free(struct gz_decode *d)
{
    if (d && !d->gb18030)
        iconv_close(d->cd);
    free(d);
}

static size_t
run_gb18030(struct gz_str raw, bool last, struct gz_buf *out)
{
    size_t used = 0;

    for (;;) {
        used += gz_gb18030_decode(gz_str_from(raw, used), out);
        if (used == raw.len || (!last && gz_gb18030_is_cut(gz_str_from(raw, used))))
            return used;
        gz_buf_char(out, GZ_DECODE_BAD);
        used++;
    }
}

static size_t
run_iconv(struct gz_decode *d, struct gz_str raw, bool last, struct gz_buf *out)
{
    // iconv() promises not to write to its input, but its type does not say so.
    union {
        const char *from;
        char *to;
    } in = { .from = raw.ptr };
    size_t left = raw.len;

    while (left) {
        char *to = gz_buf_need(out, left + 64);
        size_t room = out->cap - out->len;
        size_t got = iconv(d->cd, &in.to, &left, &to, &room);
        size_t skip;

        out->len = (size_t)(to - out->ptr);
        if (got != (size_t)-1 || errno == E2BIG)
            continue;
        if (errno == EINVAL && !last)
            break;
        skip = left < d->unit ? left : d->unit;
        in.from += skip;
        left -= skip;
        gz_buf_char(out, GZ_DECODE_BAD);
    }
    return raw.len - left;
}

size_t
gz_decode_run(struct gz_decode *d, struct gz_str raw, bool last, struct gz_buf *out)
{
    return d->gb18030 ? run_gb18030(raw, last, out) : run_iconv(d, raw, last, out);
}
