// SPDX-License-Identifier: MIT
#include "link/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/signals.h"
#include "base/tr.h"

static const char magic[] = "gz-link state 1\n";
enum { MAGIC = sizeof(magic) - 1, SUM = 8 };

// ---- writing ----

// Numbers are little-endian whatever the machine is.
static void
put(struct gz_buf *b, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        gz_buf_char(b, (char)(value >> (8 * i) & 0xff));
}

static void
put_str(struct gz_buf *b, struct gz_str s)
{
    put(b, s.len, 4);
    gz_buf_add(b, s);
}

static void
put_entry(struct gz_buf *b, const struct gz_entry *e)
{
    put_str(b, e->id);
    put_str(b, e->first);
    put(b, (uint64_t)e->sec, 8);
    put(b, e->person, 8);
    put(b, e->place, 8);
    put(b, e->matter, 8);
    put(b, e->supports, 8);
    for (int i = 0; i < GZ_LEVELS; i++)
        put(b, e->part[i], 4);
    put(b, e->gram_count, 2);
    put(b, e->names, 1);
    put(b, e->matters, 1);
    put(b, e->flags & GZ_ENTRY_HIDDEN, 1);
    for (size_t i = 0; i < e->names; i++)
        put(b, e->term[i], 4);
    for (size_t i = 0; i < e->matters; i++)
        put(b, e->term[GZ_ENTRY_NAMES + i], 4);
    for (int i = 0; i < GZ_MINHASH_BANDS; i++)
        put(b, e->hash.band[i], 4);
    gz_buf_add(b, (struct gz_str){ (const char *)e->hash.low, GZ_MINHASH_BINS });
}

static void
put_docfreq(struct gz_buf *b, const struct gz_docfreq *df)
{
    size_t used = 0;

    for (size_t i = 0; i < GZ_DOCFREQ_CELLS; i++)
        used += df->count[i] != 0;
    put(b, df->records, 4);
    put(b, used, 4);
    for (size_t i = 0; i < GZ_DOCFREQ_CELLS; i++)
        if (df->count[i]) {
            put(b, i, 4);
            put(b, df->count[i], 4);
        }
}

// A topic lives on while one of its members is young enough.
static bool
lives(const struct gz_topic *t, const struct gz_entries *e, int64_t since)
{
    return e->entry[t->member[t->members - 1]].sec >= since;
}

static void
put_all(struct gz_buf *b, struct gz_str key_id, const struct gz_entries *e,
        const struct gz_topics *topics, const struct gz_docfreq *df, int64_t since)
{
    uint32_t *number = gz_mem_alloc(topics->count + 1, sizeof(*number));
    size_t kept = 0, entries = 0;

    gz_buf_add(b, (struct gz_str){ magic, MAGIC });
    put_str(b, key_id);
    put_docfreq(b, df);
    put(b, e->places.count, 4);
    for (size_t i = 0; i < e->places.count; i++)
        put_str(b, e->places.keys[i]);
    for (size_t i = 0; i < topics->count; i++)
        number[i] = lives(&topics->topic[i], e, since) ? (uint32_t)kept++ : GZ_NONE;
    put(b, kept, 4);
    for (size_t i = 0; i < topics->count; i++) {
        const struct gz_topic *t = &topics->topic[i];

        if (number[i] == GZ_NONE)
            continue;
        put_str(b, t->id);
        put_str(b, t->title);
        put_str(b, t->text);
        put_str(b, t->keywords);
    }
    for (int pass = 0; pass < 2; pass++) {
        if (pass)
            put(b, entries, 4);
        for (size_t i = 0; i < e->count; i++) {
            const struct gz_entry *x = &e->entry[i];
            uint32_t topic = x->topic == GZ_NONE ? GZ_NONE : number[x->topic];

            if (x->sec < since && topic == GZ_NONE)
                continue;
            if (pass) {
                put(b, topic, 4);
                put_entry(b, x);
            } else {
                entries++;
            }
        }
    }
    free(number);
}

static enum gz_err_kind
io_error(const char *path, struct gz_err *err)
{
    return gz_err_set(err, GZ_ERR_IO, "%s: %s", path, strerror(errno));
}

static enum gz_err_kind
write_all(int fd, struct gz_str s, const char *path, struct gz_err *err)
{
    for (size_t at = 0; at < s.len;) {
        ssize_t n = write(fd, s.ptr + at, s.len - at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return io_error(path, err);
        at += (size_t)n;
    }
    return fsync(fd) != 0 ? io_error(path, err) : GZ_OK;
}

static enum gz_err_kind
write_file(const char *path, struct gz_str bytes, struct gz_err *err)
{
    struct gz_buf temp = { 0 };
    int fd;

    gz_buf_printf(&temp, "%s.%ld.tmp", path, (long)getpid());
    gz_buf_char(&temp, '\0');
    fd = open(temp.ptr, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        io_error(temp.ptr, err);
    } else {
        write_all(fd, bytes, path, err);
        if (close(fd) != 0)
            io_error(path, err);
        if (!err->kind && rename(temp.ptr, path) != 0)
            io_error(path, err);
        if (err->kind)
            unlink(temp.ptr);
    }
    gz_buf_release(&temp);
    return err->kind;
}

enum gz_err_kind
gz_state_save(const char *path, struct gz_str key_id, const struct gz_entries *entries,
              const struct gz_topics *topics, const struct gz_docfreq *df, int64_t since,
              struct gz_err *err)
{
    struct gz_buf b = { 0 };
    struct gz_signals held;

    put_all(&b, key_id, entries, topics, df, since);
    put(&b, gz_hash_fixed(gz_buf_str(&b)), SUM);
    // Nothing is left beside it by a signal.
    gz_signals_hold(&held);
    write_file(path, gz_buf_str(&b), err);
    gz_signals_release(&held);
    gz_buf_release(&b);
    return err->kind;
}

// ---- reading ----

// What is left to read. Running over the end leaves `bad` set and gives zeros.
struct in {
    struct gz_str s;
    bool bad;
    struct gz_arena *arena;
};

static uint64_t
get(struct in *in, int bytes)
{
    uint64_t value = 0;

    if (in->s.len < (size_t)bytes) {
        in->bad = true;
        return 0;
    }
    for (int i = 0; i < bytes; i++)
        value |= (uint64_t)(unsigned char)in->s.ptr[i] << (8 * i);
    in->s = gz_str_from(in->s, (size_t)bytes);
    return value;
}

static struct gz_str
get_str(struct in *in)
{
    size_t len = get(in, 4);
    struct gz_str s = gz_str_first(in->s, len);

    if (len > in->s.len) {
        in->bad = true;
        return (struct gz_str){ NULL, 0 };
    }
    in->s = gz_str_from(in->s, len);
    return gz_arena_dup(in->arena, s);
}

static void
get_entry(struct in *in, struct gz_entry *e, size_t topics, size_t places)
{
    e->topic = (uint32_t)get(in, 4);
    in->bad |= e->topic != GZ_NONE && e->topic >= topics;
    e->id = get_str(in);
    e->first = get_str(in);
    e->sec = (int64_t)get(in, 8);
    e->person = get(in, 8);
    e->place = get(in, 8);
    e->matter = get(in, 8);
    e->supports = get(in, 8);
    for (int i = 0; i < GZ_LEVELS; i++) {
        e->part[i] = (uint32_t)get(in, 4);
        in->bad |= e->part[i] != GZ_NONE && e->part[i] >= places;
    }
    e->gram_count = (uint16_t)get(in, 2);
    e->names = (uint8_t)get(in, 1);
    e->matters = (uint8_t)get(in, 1);
    e->flags = (uint8_t)(get(in, 1) | GZ_ENTRY_OLD);
    if (e->names > GZ_ENTRY_NAMES || e->matters > GZ_ENTRY_MATTERS)
        in->bad = true;
    for (size_t i = 0; !in->bad && i < e->names; i++)
        e->term[i] = (uint32_t)get(in, 4);
    for (size_t i = 0; !in->bad && i < e->matters; i++)
        e->term[GZ_ENTRY_NAMES + i] = (uint32_t)get(in, 4);
    for (int i = 0; i < GZ_MINHASH_BANDS; i++)
        e->hash.band[i] = (uint32_t)get(in, 4);
    for (int i = 0; i < GZ_MINHASH_BINS; i++)
        e->hash.low[i] = (uint8_t)get(in, 1);
}

static void
get_all(struct in *in, struct gz_state *state, struct gz_entries *entries,
        struct gz_docfreq *df)
{
    size_t n;

    state->key_id = get_str(in);
    df->records = (uint32_t)get(in, 4);
    n = get(in, 4);
    for (size_t i = 0; !in->bad && i < n; i++) {
        size_t cell = get(in, 4);

        if (cell < GZ_DOCFREQ_CELLS)
            df->count[cell] = (uint32_t)get(in, 4);
        else
            in->bad = true;
    }
    n = get(in, 4);
    for (size_t i = 0; !in->bad && i < n; i++)
        gz_map_put(&entries->places, get_str(in), NULL);
    state->topics = get(in, 4);
    in->bad |= state->topics > in->s.len;
    if (in->bad)
        return;
    state->topic = gz_arena_new(in->arena, struct gz_old_topic, state->topics + 1);
    for (size_t i = 0; !in->bad && i < state->topics; i++) {
        state->topic[i].id = get_str(in);
        state->topic[i].title = get_str(in);
        state->topic[i].text = get_str(in);
        state->topic[i].keywords = get_str(in);
    }
    n = get(in, 4);
    for (size_t i = 0; !in->bad && i < n; i++)
        get_entry(in, gz_entries_add(entries), state->topics, entries->places.count);
}

static enum gz_err_kind
read_file(const char *path, struct gz_buf *out, struct gz_err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n;

    if (fd < 0)
        return io_error(path, err);
    while ((n = read(fd, gz_buf_need(out, 1 << 20), 1 << 20)) != 0) {
        if (n < 0 && errno != EINTR) {
            io_error(path, err);
            break;
        }
        if (n > 0)
            out->len += (size_t)n;
    }
    close(fd);
    return err->kind;
}

enum gz_err_kind
gz_state_load(const char *path, struct gz_state *state, struct gz_entries *entries,
              struct gz_docfreq *df, struct gz_err *err)
{
    struct gz_buf b = { 0 };
    struct gz_str s;
    struct in in, sum;

    if (read_file(path, &b, err)) {
        gz_buf_release(&b);
        return err->kind;
    }
    s = gz_buf_str(&b);
    if (!gz_str_starts(s, (struct gz_str){ magic, MAGIC - 2 }))
        gz_err_set(err, GZ_ERR_FORMAT, _("'%s' is not a state of gz-link"), path);
    else if (!gz_str_starts(s, (struct gz_str){ magic, MAGIC }))
        gz_err_set(err, GZ_ERR_USAGE, _("'%s' was written by another version"), path);
    else if (s.len < MAGIC + SUM)
        gz_err_set(err, GZ_ERR_FORMAT, _("'%s' is cut short"), path);
    if (!err->kind) {
        sum = (struct in){ .s = gz_str_from(s, s.len - SUM) };
        s.len -= SUM;
        if (get(&sum, SUM) != gz_hash_fixed(s))
            gz_err_set(err, GZ_ERR_FORMAT, _("'%s' is damaged: wrong checksum"), path);
    }
    if (!err->kind) {
        in = (struct in){ .s = gz_str_from(s, MAGIC), .arena = &entries->arena };
        get_all(&in, state, entries, df);
        if (in.bad || in.s.len)
            gz_err_set(err, GZ_ERR_FORMAT, _("'%s' is damaged"), path);
    }
    gz_buf_release(&b);
    return err->kind;
}
