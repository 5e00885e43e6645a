// SPDX-License-Identifier: MIT
#include "io/tempfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/tr.h"

static const char *
folder(void)
{
    const char *dir = getenv("TMPDIR");

    return dir && *dir ? dir : "/tmp";
}

int
gz_tempfile_open(void)
{
    struct gz_buf path = { 0 };
    int fd;

    fd = open(folder(), O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
    if (fd >= 0)
        return fd;
    // Not every file system can do without a name.
    gz_buf_printf(&path, "%s/gz.XXXXXX", folder());
    gz_buf_char(&path, '\0');
    fd = mkostemp(path.ptr, O_CLOEXEC);
    if (fd >= 0)
        unlink(path.ptr);
    gz_buf_release(&path);
    return fd;
}

enum gz_err_kind
gz_tempfile_error(struct gz_err *err)
{
    return gz_err_set(err, GZ_ERR_IO, _("temporary file in %s: %s"), folder(),
                      strerror(errno));
}

enum gz_err_kind
gz_tempfile_write(int fd, struct gz_str bytes, uint64_t *end, struct gz_err *err)
{
    while (bytes.len) {
        ssize_t n = pwrite(fd, bytes.ptr, bytes.len, (off_t)*end);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return gz_tempfile_error(err);
        bytes = gz_str_from(bytes, (size_t)n);
        *end += (uint64_t)n;
    }
    return GZ_OK;
}

enum gz_err_kind
gz_tempfile_read(int fd, char *to, size_t len, uint64_t at, struct gz_err *err)
{
    while (len) {
        ssize_t n = pread(fd, to, len, (off_t)at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return gz_tempfile_error(err);
        if (n == 0)
            return gz_err_set(err, GZ_ERR_IO, _("temporary file: shorter than it was"));
        to += n;
        len -= (size_t)n;
        at += (uint64_t)n;
    }
    return GZ_OK;
}
