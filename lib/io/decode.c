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
    char name[64];
};

struct gz_decode *
gz_decode_new(const char *encoding, struct gz_err *err)
{
    struct gz_decode *d;
    bool gb18030 = strcmp(encoding, "GB18030") == 0;
    iconv_t cd = (iconv_t)-1;

    // A name with a slash would ask iconv to leave out or replace characters.
    if (!gb18030 && strlen(encoding) < sizeof(d->name) && !strchr(encoding, '/'))
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
    memcpy(d->name, encoding, strlen(encoding) + 1);
    return d;
}

void
gz_decode_free(struct gz_decode *d)
{
    if (d && !d->gb18030)
        iconv_close(d->cd);
    free(d);
}

static enum gz_err_kind
bad_byte(const struct gz_decode *d, struct gz_str raw, size_t at, struct gz_err *err)
{
    return gz_err_set(err, GZ_ERR_FORMAT, _("byte 0x%02X is no character of %s"),
                      (unsigned char)raw.ptr[at], d->name);
}

static enum gz_err_kind
cut_off(const struct gz_decode *d, struct gz_err *err)
{
    return gz_err_set(err, GZ_ERR_FORMAT,
                      _("the file ends in the middle of a character of %s"), d->name);
}

static enum gz_err_kind
run_gb18030(struct gz_decode *d, struct gz_str raw, bool last, struct gz_buf *out,
            size_t *used, struct gz_err *err)
{
    *used = gz_gb18030_decode(raw, out);
    if (*used == raw.len)
        return GZ_OK;
    if (!gz_gb18030_is_cut(gz_str_from(raw, *used)))
        return bad_byte(d, raw, *used, err);
    return last ? cut_off(d, err) : GZ_OK;
}

static enum gz_err_kind
run_iconv(struct gz_decode *d, struct gz_str raw, bool last, struct gz_buf *out,
          size_t *used, struct gz_err *err)
{
    // iconv() promises not to write to its input, but its type does not say so.
    union {
        const char *from;
        char *to;
    } in = { .from = raw.ptr };
    size_t left = raw.len;
    enum gz_err_kind kind = GZ_OK;

    while (left) {
        char *to = gz_buf_need(out, left + 64);
        size_t room = out->cap - out->len;
        size_t got = iconv(d->cd, &in.to, &left, &to, &room);

        out->len = (size_t)(to - out->ptr);
        if (got != (size_t)-1 || errno == E2BIG)
            continue;
        if (errno == EINVAL)
            kind = last ? cut_off(d, err) : GZ_OK;
        else
            kind = bad_byte(d, raw, raw.len - left, err);
        break;
    }
    *used = raw.len - left;
    return kind;
}

enum gz_err_kind
gz_decode_run(struct gz_decode *d, struct gz_str raw, bool last, struct gz_buf *out,
              size_t *used, struct gz_err *err)
{
    if (d->gb18030)
        return run_gb18030(d, raw, last, out, used, err);
    return run_iconv(d, raw, last, out, used, err);
}
