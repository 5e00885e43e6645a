// SPDX-License-Identifier: MIT
#include "io/tempfile.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"

int
gz_tempfile_open(void)
{
    const char *dir = getenv("TMPDIR");
    struct gz_buf path = { 0 };
    int fd;

    if (!dir || !*dir)
        dir = "/tmp";
    fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
    if (fd >= 0)
        return fd;
    // Not every file system can do without a name.
    gz_buf_printf(&path, "%s/gz.XXXXXX", dir);
    gz_buf_char(&path, '\0');
    fd = mkostemp(path.ptr, O_CLOEXEC);
    if (fd >= 0)
        unlink(path.ptr);
    gz_buf_release(&path);
    return fd;
}
