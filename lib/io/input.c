// SPDX-License-Identifier: MIT
#include "io/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "io/decode.h"
#include "io/sniff.h"

enum { SAMPLE = 64 * 1024, PIPE_SIZE = 1024 * 1024 };

struct gz_input {
    int fd;
    char *name;
    char *encoding;
    bool bom;
    bool gb18030; // handed out raw
    bool eof;
    bool begun; // a stream's byte order mark has been looked for
    uint64_t done;
    uint64_t size;
    struct gz_buf raw;        // read, not handed out or decoded yet: raw.ptr[raw_at ...]
    size_t raw_at;            //
    struct gz_decode *decode; // NULL when bytes are handed out as they are
    struct gz_buf text;       // decoded, not handed out yet: text.ptr[text_at ...]
    size_t text_at;           //
};

static enum gz_err_kind
io_error(struct gz_input *in, const char *what, struct gz_err *err)
{
    gz_err_set(err, GZ_ERR_IO, "%s: %s", what, strerror(errno));
    gz_err_at(err, in->name, 0, 0);
    return err->kind;
}

// read(2), once.
static enum gz_err_kind
read_some(struct gz_input *in, char *to, size_t room, size_t *got, struct gz_err *err)
{
    ssize_t n;

    *got = 0;
    if (in->eof || room == 0)
        return GZ_OK;
    do {
        n = read(in->fd, to, room);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return io_error(in, _("reading failed"), err);
    in->eof = n == 0;
    *got = (size_t)n;
    in->done += (uint64_t)n;
    return GZ_OK;
}

// Read to `raw` until it holds `want` bytes or the input ends.
static enum gz_err_kind
fill_raw(struct gz_input *in, size_t want, struct gz_err *err)
{
    while (in->raw.len < want && !in->eof) {
        char *to = gz_buf_need(&in->raw, want - in->raw.len);
        size_t got;

        if (read_some(in, to, want - in->raw.len, &got, err))
            return err->kind;
        in->raw.len += got;
    }
    return GZ_OK;
}

// Decode what is in `raw`, and keep a cut-off character for the next time.
static void
decode_raw(struct gz_input *in)
{
    struct gz_str raw = gz_str_from(gz_buf_str(&in->raw), in->raw_at);
    size_t used = gz_decode_run(in->decode, raw, in->eof, &in->text);

    raw = gz_str_from(raw, used);
    if (raw.len)
        memmove(in->raw.ptr, raw.ptr, raw.len);
    in->raw.len = raw.len;
    in->raw_at = 0;
}

// Names that mean GB18030 or a part of it, and UTF-8, are handled here and not by iconv.
static const char *
own_name(const char *encoding)
{
    static const char *const names[][2] = {
        { "UTF-8", "UTF-8" },     { "UTF8", "UTF-8" },
        { "GB18030", "GB18030" }, { "GBK", "GB18030" },
        { "GB2312", "GB18030" },  { "CP936", "GB18030" },
        { "EUC-CN", "GB18030" },  { "GB18030:decode", "GB18030:decode" },
    };

    for (size_t i = 0; i < GZ_COUNT(names); i++)
        if (gz_str_eq_nocase(gz_str_of(encoding), gz_str_of(names[i][0])))
            return names[i][1];
    return encoding;
}

// A given name decides, but for what the byte order mark adds to it: the order of bytes
// in plain "UTF-16", and how much to leave out.
static struct gz_sniff
given(struct gz_str sample, const char *encoding)
{
    struct gz_sniff mark = gz_sniff_bom(sample);
    struct gz_str name = gz_str_of(own_name(encoding));
    bool either = gz_str_eq_nocase(name, GZ_STR("UTF-16")) ||
                  gz_str_eq_nocase(name, GZ_STR("UTF-32"));
    const char *plain = name.ptr;

    if (gz_str_is(name, "GB18030:decode"))
        plain = "GB18030";
    else if (either)
        plain = name.len && name.ptr[name.len - 1] == '6' ? "UTF-16LE" : "UTF-32LE";
    if (!mark.encoding)
        return (struct gz_sniff){ either ? plain : name.ptr, 0 };
    if (either &&
        gz_str_eq_nocase(gz_str_first(gz_str_of(mark.encoding), name.len), name))
        return mark;
    if (!gz_str_eq_nocase(gz_str_of(mark.encoding), gz_str_of(plain)))
        mark.bom = 0;
    mark.encoding = either ? plain : name.ptr;
    return mark;
}

static enum gz_err_kind
set_encoding(struct gz_input *in, const char *encoding, struct gz_err *err)
{
    struct gz_sniff sniff = { NULL, 0 };
    const char *plain;

    if (encoding)
        sniff = given(gz_buf_str(&in->raw), encoding);
    else if (gz_sniff_encoding(gz_buf_str(&in->raw), in->eof, &sniff, err))
        return err->kind;
    in->bom = sniff.bom != 0;
    in->raw_at = sniff.bom;
    in->gb18030 = strcmp(sniff.encoding, "GB18030") == 0;
    plain = strcmp(sniff.encoding, "GB18030:decode") ? sniff.encoding : "GB18030";
    in->encoding = strdup(plain);
    if (!in->encoding)
        gz_fatal_memory(strlen(plain));
    if (in->gb18030 || strcmp(plain, "UTF-8") == 0)
        return GZ_OK;
    in->decode = gz_decode_new(plain, err);
    if (!in->decode)
        return err->kind;
    decode_raw(in);
    return GZ_OK;
}

static enum gz_err_kind
check_file(struct gz_input *in, struct gz_err *err)
{
    struct stat st, out;

    if (fstat(in->fd, &st))
        return io_error(in, _("cannot be read"), err);
    if (S_ISDIR(st.st_mode))
        return gz_err_set(err, GZ_ERR_IO, _("is a directory, expected a file"));
    if (S_ISREG(st.st_mode)) {
        if (fstat(STDOUT_FILENO, &out) == 0 && S_ISREG(out.st_mode) &&
            out.st_dev == st.st_dev && out.st_ino == st.st_ino)
            return gz_err_set(err, GZ_ERR_IO,
                              _("this input is also the output; a shell empties such a "
                                "file before it is read: use --output"));
        in->size = (uint64_t)st.st_size;
        posix_fadvise(in->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    }
    // Fewer turns between the processes of a pipe. Not being allowed to is no harm.
    if (S_ISFIFO(st.st_mode))
        fcntl(in->fd, F_SETPIPE_SZ, PIPE_SIZE);
    return GZ_OK;
}

struct gz_input *
gz_input_open(const char *path, enum gz_input_mode mode, const char *encoding,
              struct gz_err *err)
{
    struct gz_input *in = gz_mem_zalloc(1, sizeof(*in));
    bool is_stdin = !path || strcmp(path, "-") == 0;

    in->fd = is_stdin ? STDIN_FILENO : -1;
    in->name = strdup(is_stdin ? "<stdin>" : gz_str_basename(path).ptr);
    if (!in->name)
        gz_fatal_memory(1);
    if (!is_stdin)
        in->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (in->fd < 0) {
        gz_err_set(err, GZ_ERR_IO, _("cannot be opened: %s"), strerror(errno));
        goto fail;
    }
    if (check_file(in, err))
        goto fail;
    in->begun = mode == GZ_INPUT_DETECT || encoding;
    if (in->begun) {
        if (fill_raw(in, SAMPLE, err) || set_encoding(in, encoding, err))
            goto fail;
    } else {
        in->encoding = strdup("UTF-8");
        if (!in->encoding)
            gz_fatal_memory(1);
    }
    return in;
fail:
    gz_err_at(err, in->name, 0, 0);
    gz_input_close(in);
    return NULL;
}

void
gz_input_close(struct gz_input *in)
{
    if (!in)
        return;
    if (in->fd > STDIN_FILENO)
        close(in->fd);
    gz_decode_free(in->decode);
    gz_buf_release(&in->raw);
    gz_buf_release(&in->text);
    free(in->encoding);
    free(in->name);
    free(in);
}

const char *
gz_input_name(const struct gz_input *in)
{
    return in->name;
}

const char *
gz_input_encoding(const struct gz_input *in)
{
    return in->encoding;
}

bool
gz_input_had_bom(const struct gz_input *in)
{
    return in->bom;
}

bool
gz_input_is_gb18030(const struct gz_input *in)
{
    return in->gb18030;
}

bool
gz_input_is_decoded(const struct gz_input *in)
{
    return in->decode != NULL;
}

enum gz_err_kind
gz_input_decode(struct gz_input *in, struct gz_err *err)
{
    if (!in->gb18030)
        return GZ_OK;
    in->decode = gz_decode_new("GB18030", err);
    if (!in->decode)
        return err->kind;
    in->gb18030 = false;
    decode_raw(in);
    return GZ_OK;
}

struct gz_str
gz_input_sample(const struct gz_input *in)
{
    struct gz_str s = in->decode ? gz_str_from(gz_buf_str(&in->text), in->text_at)
                                 : gz_str_from(gz_buf_str(&in->raw), in->raw_at);

    return gz_str_first(s, SAMPLE);
}

// Hand out bytes that wait in `from`.
static size_t
hand_out(struct gz_buf *from, size_t *at, char *to, size_t room)
{
    struct gz_str s = gz_str_first(gz_str_from(gz_buf_str(from), *at), room);

    memcpy(to, s.ptr, s.len);
    *at += s.len;
    if (*at == from->len) {
        from->len = 0;
        *at = 0;
    }
    return s.len;
}

static enum gz_err_kind
read_decoded(struct gz_input *in, char *to, size_t room, size_t *got, struct gz_err *err)
{
    while (in->text.len == 0) {
        size_t more;

        if (in->eof)
            return GZ_OK;
        if (read_some(in, gz_buf_need(&in->raw, SAMPLE), SAMPLE, &more, err))
            return err->kind;
        in->raw.len += more;
        decode_raw(in);
    }
    *got = hand_out(&in->text, &in->text_at, to, room);
    return GZ_OK;
}

enum gz_err_kind
gz_input_read(struct gz_input *in, char *to, size_t room, size_t *got, struct gz_err *err)
{
    *got = 0;
    if (in->decode)
        return read_decoded(in, to, room, got, err);
    if (!in->begun) {
        // A stream has no mark, but one made by hand may.
        in->begun = true;
        if (fill_raw(in, 1, err))
            return err->kind;
        if (in->raw.len && in->raw.ptr[0] == '\xEF' && fill_raw(in, 3, err))
            return err->kind;
        in->raw_at = gz_str_starts(gz_buf_str(&in->raw), GZ_STR("\xEF\xBB\xBF")) ? 3 : 0;
        in->bom = in->raw_at != 0;
    }
    if (in->raw.len > in->raw_at) {
        *got = hand_out(&in->raw, &in->raw_at, to, room);
        return GZ_OK;
    }
    return read_some(in, to, room, got, err);
}

uint64_t
gz_input_done(const struct gz_input *in)
{
    return in->done;
}

uint64_t
gz_input_size(const struct gz_input *in)
{
    return in->size;
}
