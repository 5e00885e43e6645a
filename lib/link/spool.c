// SPDX-License-Identifier: MIT
#include "link/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/tr.h"
#include "io/tempfile.h"

enum { BLOCK = 256 * 1024, HEAD = GZ_SPOOL_HEAD };

static enum gz_err_kind
io_error(struct gz_err *err)
{
    return gz_err_set(err, GZ_ERR_IO, _("temporary file: %s"), strerror(errno));
}

enum gz_err_kind
gz_spool_open(struct gz_spool *s, struct gz_err *err)
{
    *s = (struct gz_spool){ .fd = gz_tempfile_open() };
    return s->fd < 0 ? io_error(err) : GZ_OK;
}

void
gz_spool_close(struct gz_spool *s)
{
    if (s->map)
        munmap(s->map, s->map_len);
    s->map = NULL;
    if (s->fd >= 0)
        close(s->fd);
    gz_buf_release(&s->out);
    gz_buf_release(&s->in);
    s->fd = -1;
}

static enum gz_err_kind
flush(struct gz_spool *s, struct gz_err *err)
{
    size_t at = 0;

    while (at < s->out.len) {
        ssize_t n = write(s->fd, s->out.ptr + at, s->out.len - at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return io_error(err);
        at += (size_t)n;
    }
    s->out.len = 0;
    return GZ_OK;
}

enum gz_err_kind
gz_spool_add(struct gz_spool *s, uint32_t tag, struct gz_str blob, struct gz_err *err)
{
    uint32_t head[2] = { tag, (uint32_t)blob.len };

    gz_buf_add(&s->out, (struct gz_str){ (const char *)head, HEAD });
    gz_buf_add(&s->out, blob);
    s->bytes += HEAD + blob.len;
    return s->out.len < BLOCK ? GZ_OK : flush(s, err);
}

enum gz_err_kind
gz_spool_rewind(struct gz_spool *s, struct gz_err *err)
{
    if (flush(s, err))
        return err->kind;
    s->at = s->in.len = 0;
    return lseek(s->fd, 0, SEEK_SET) < 0 ? io_error(err) : GZ_OK;
}

// Have at least `need` bytes at s->at. False at the end of the file or on a fault.
static bool
fill(struct gz_spool *s, size_t need, struct gz_err *err)
{
    while (s->in.len - s->at < need) {
        ssize_t n;

        if (s->at) {
            memmove(s->in.ptr, s->in.ptr + s->at, s->in.len - s->at);
            s->in.len -= s->at;
            s->at = 0;
        }
        n = read(s->fd, gz_buf_need(&s->in, BLOCK + need), BLOCK + need);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            io_error(err);
        if (n <= 0)
            return false;
        s->in.len += (size_t)n;
    }
    return true;
}

bool
gz_spool_next(struct gz_spool *s, uint32_t *tag, struct gz_str *blob, struct gz_err *err)
{
    uint32_t head[2];

    if (!fill(s, HEAD, err))
        return false;
    memcpy(head, s->in.ptr + s->at, HEAD);
    if (!fill(s, HEAD + (size_t)head[1], err)) {
        if (!err->kind)
            gz_err_set(err, GZ_ERR_IO, _("temporary file: shorter than it was"));
        return false;
    }
    *tag = head[0];
    *blob = (struct gz_str){ s->in.ptr + s->at + HEAD, head[1] };
    s->at += HEAD + head[1];
    return true;
}

const void *
gz_spool_map(struct gz_spool *s, uint64_t offset, size_t bytes, struct gz_err *err)
{
    if (!s->map && s->bytes) {
        void *map = mmap(NULL, s->bytes, PROT_READ, MAP_PRIVATE, s->fd, 0);

        if (map == MAP_FAILED) {
            io_error(err);
            return NULL;
        }
        s->map = map;
        s->map_len = s->bytes;
    }
    if (offset > s->map_len || bytes > s->map_len - offset)
        return NULL;
    return s->map + offset;
}
