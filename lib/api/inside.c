// SPDX-License-Identifier: MIT
#include "api/inside.h"

#include <string.h>

#include "base/buf.h"

bool
gz_api_fail(struct libgz_error *error, const struct gz_err *err)
{
    struct gz_buf text = { 0 };
    size_t len;

    if (!error)
        return false;
    gz_err_format(err, &text);
    len = text.len < sizeof(error->text) ? text.len : sizeof(error->text) - 1;
    // No half character at the end.
    while (len < text.len && len && ((unsigned char)text.ptr[len] & 0xc0) == 0x80)
        len--;
    *error = (struct libgz_error){ .status = gz_err_status(err->kind) };
    if (len)
        memcpy(error->text, text.ptr, len);
    gz_buf_release(&text);
    return false;
}

const char *
libgz_version(void)
{
    return GZ_VERSION;
}
