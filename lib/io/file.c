// SPDX-License-Identifier: MIT
#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/tr.h"
#include "base/utf8.h"

static struct gz_str
fail(int fd, struct gz_buf *b, const char *path, int sys, struct gz_err *err)
{
    gz_err_set(err, GZ_ERR_IO, "%s: %s", path, strerror(sys));
    gz_buf_release(b);
    if (fd > STDERR_FILENO)
        close(fd);
    return (struct gz_str){ NULL, 0 };
}

// The place of byte `at` of `s`.
static void
place(struct gz_str s, size_t at, const char *path, struct gz_err *err)
{
    uint64_t line = 1;
    size_t start = 0;

    for (size_t i = 0; i < at; i++)
        if (s.ptr[i] == '\n') {
            line++;
            start = i + 1;
        }
    gz_err_at(err, path, line,
              gz_utf8_count((struct gz_str){ s.ptr + start, at - start }) + 1);
}

struct gz_str
gz_file_read(const char *path, size_t limit, struct gz_arena *arena, struct gz_err *err)
{
    enum { STEP = 64 * 1024 };
    int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    struct gz_buf b = { 0 };
    struct gz_str text;
    size_t good;
    ssize_t n;

    if (fd < 0)
        return fail(fd, &b, path, errno, err);
    do {
        n = read(fd, gz_buf_need(&b, STEP), STEP);
        if (n < 0 && errno != EINTR)
            return fail(fd, &b, path, errno, err);
        b.len += n > 0 ? (size_t)n : 0;
        if (b.len > limit)
            return fail(fd, &b, path, EFBIG, err);
    } while (n != 0);
    text = gz_arena_dup(arena, gz_buf_str(&b));
    gz_buf_release(&b);
    if (fd > STDERR_FILENO)
        close(fd);
    if (gz_str_starts(text, GZ_STR("\xEF\xBB\xBF")))
        text = gz_str_from(text, 3);
    good = gz_utf8_valid_prefix(text);
    if (good != text.len) {
        gz_err_set(err, GZ_ERR_USAGE, _("this byte is not UTF-8"));
        place(text, good, path, err);
        return (struct gz_str){ NULL, 0 };
    }
    return text;
}
