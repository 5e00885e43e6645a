// SPDX-License-Identifier: MIT
#include "io/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/tr.h"

enum { PIPE_BYTES = 1024 * 1024, TEMP_TRIES = 100 };

static enum gz_err_kind
io_error(const struct gz_out *out, struct gz_err *err)
{
    const char *why = strerror(errno);

    return gz_err_set(err, GZ_ERR_IO, "%s: %s",
                      out->path ? out->path : _("standard output"), why);
}

// A new file beside `path`, made with the modes that open() gives by the umask. The
// process number keeps two jobs apart; O_EXCL keeps off what is there.
static int
make_temp(struct gz_out *out)
{
    size_t room = strlen(out->path) + 32;

    out->temp = gz_mem_alloc(room, 1);
    for (int i = 0; i < TEMP_TRIES; i++) {
        int fd;

        snprintf(out->temp, room, "%s.%ld-%d.tmp", out->path, (long)getpid(), i);
        fd = open(out->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

static bool
is_plain_file(const char *path)
{
    struct stat st;

    // A device, pipe or socket (/dev/stdout, /dev/null) is written straight; a name that
    // is not there yet will be a plain file.
    return stat(path, &st) != 0 || S_ISREG(st.st_mode);
}

enum gz_err_kind
gz_out_open(struct gz_out *out, const char *path, struct gz_err *err)
{
    *out = (struct gz_out){ .fd = STDOUT_FILENO };
    if (path && strcmp(path, "-") != 0) {
        out->path = gz_mem_alloc(strlen(path) + 1, 1);
        memcpy(out->path, path, strlen(path) + 1);
        out->fd = is_plain_file(path) ? make_temp(out) : open(path, O_WRONLY | O_CLOEXEC);
        if (out->fd < 0) {
            out->failed = true;
            io_error(out, err);
            free(out->temp);
            free(out->path);
            out->temp = out->path = NULL;
            return err->kind;
        }
    } else {
        // A wide pipe lets both sides of it work at once; not being allowed is no fault.
        (void)fcntl(out->fd, F_SETPIPE_SZ, PIPE_BYTES);
    }
    return GZ_OK;
}

enum gz_err_kind
gz_out_flush(struct gz_out *out, struct gz_err *err)
{
    size_t at = 0;

    if (out->failed)
        return GZ_ERR_IO;
    while (at < out->buf.len) {
        ssize_t n = write(out->fd, out->buf.ptr + at, out->buf.len - at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            out->failed = true;
            return io_error(out, err);
        }
        at += (size_t)n;
    }
    out->buf.len = 0;
    return GZ_OK;
}

// Rename into place with the modes of the file that is replaced.
static enum gz_err_kind
commit(struct gz_out *out, struct gz_err *err)
{
    struct stat st;

    if (!out->secret && stat(out->path, &st) == 0 &&
        fchmod(out->fd, st.st_mode & 07777) != 0)
        return io_error(out, err);
    // A rename that outlives a crash while the data does not would be half a report.
    if (fsync(out->fd) != 0 && errno != EINVAL && errno != EROFS)
        return io_error(out, err);
    if (close(out->fd) != 0) {
        out->fd = -1;
        return io_error(out, err);
    }
    out->fd = -1;
    if (rename(out->temp, out->path) != 0)
        return io_error(out, err);
    free(out->temp);
    out->temp = NULL;
    return GZ_OK;
}

enum gz_err_kind
gz_out_close(struct gz_out *out, enum gz_out_end end, struct gz_err *err)
{
    if (end == GZ_OUT_COMMIT || !out->temp)
        gz_out_flush(out, err);
    if (out->temp && end == GZ_OUT_COMMIT && !out->failed)
        commit(out, err);
    else if (out->fd >= 0 && !out->failed && !out->temp && close(out->fd) != 0)
        io_error(out, err);
    if (out->temp) {
        if (out->fd >= 0)
            close(out->fd);
        unlink(out->temp);
        free(out->temp);
    }
    gz_buf_release(&out->buf);
    free(out->path);
    *out = (struct gz_out){ .fd = -1 };
    return err->kind;
}
