// SPDX-License-Identifier: MIT
// Reading records back: lines, rows of CSV, broken ones, and writing files whole.
#include "record/reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "io/output.h"
#include "record/sink.h"
#include "record/writer.h"
#include "tap.h"

static struct gz_arena arena;
static struct gz_schema *schema;
static char dir[] = "/tmp/gz-reader-XXXXXX";
static char path[64];

static void
put(struct gz_str bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    if (fd < 0 || write(fd, bytes.ptr, bytes.len) != (ssize_t)bytes.len)
        exit(99);
    close(fd);
}

// Every line as "NUMBER:text|", every bad one as "NUMBER!code|".
static struct gz_str
read_all(struct gz_reader_options o)
{
    const char *paths[] = { path };
    struct gz_reader *r;
    struct gz_buf b = { 0 };
    struct gz_str all, line;

    o.schema = schema;
    r = gz_reader_new(paths, 1, &o);
    for (;;) {
        struct gz_err err = { 0 };
        enum gz_reader_next next = gz_reader_next(r, &line, &err);

        if (next == GZ_READER_END)
            break;
        if (next == GZ_READER_FAIL) {
            gz_buf_printf(&b, "fail %s", err.text);
            break;
        }
        gz_buf_u64(&b, gz_reader_line(r));
        gz_buf_char(&b, next == GZ_READER_BAD ? '!' : ':');
        gz_buf_add(&b, next == GZ_READER_BAD ? gz_str_of(err.code) : line);
        gz_buf_char(&b, '|');
    }
    gz_reader_free(r);
    all = gz_arena_dup(&arena, gz_buf_str(&b));
    gz_buf_release(&b);
    return all;
}

static void
test_lines(void)
{
    struct gz_reader_options o = { 0 };

    put(GZ_STR("{\"a\":1}\r\n\n{\"b\":2}"));
    is_str(read_all(o), "1:{\"a\":1}|3:{\"b\":2}|",
           "CRLF, a blank line, no last newline");
    put(GZ_STR(""));
    is_str(read_all(o), "", "nothing");
    put(GZ_STR("{\"a\":\"\xff\"}\n{\"路\":2}\n"));
    is_str(read_all(o), "1!encoding|2:{\"路\":2}|", "one bad byte costs one line");
    o.max_record = 10;
    put(GZ_STR("{\"a\":1}\n{\"bbbbbbbbb\":2}\n{\"c\":3}\n"));
    is_str(read_all(o), "1:{\"a\":1}|2!too_long|3:{\"c\":3}|", "a line over the limit");
}

// Lines of every length around the block size come back whole, and one that is longer
// than the block and the limit is passed over with its exact number.
static void
test_blocks(void)
{
    struct gz_buf b = { 0 };
    struct gz_reader_options o = { .schema = schema };
    const char *paths[] = { path };
    struct gz_reader *r;
    struct gz_str line;
    struct gz_err err = { 0 };
    size_t n = 0;
    bool right = true;

    for (size_t i = 0; i < 600; i++) {
        size_t len = i == 300 ? 3000000 : 1000 + i;

        for (size_t j = 0; j < len; j++)
            gz_buf_char(&b, (char)('a' + (i + j) % 26));
        gz_buf_char(&b, '\n');
    }
    put(gz_buf_str(&b));
    r = gz_reader_new(paths, 1, &o);
    for (;; n++) {
        enum gz_reader_next next = gz_reader_next(r, &line, &err);

        if (next == GZ_READER_END)
            break;
        right &= gz_reader_line(r) == n + 1;
        right &= (next == GZ_READER_BAD) == (n == 300);
        if (next == GZ_READER_LINE)
            right &= line.len == 1000 + n &&
                     line.ptr[line.len - 1] == (char)('a' + (n + line.len - 1) % 26);
    }
    gz_reader_free(r);
    gz_buf_release(&b);
    is_u64(n, 600, "blocks: as many lines as were written");
    ok(right, "blocks: each whole, each with its number");
}

static void
test_csv(void)
{
    struct gz_reader_options o = { .format = "csv" };

    put(GZ_STR("\xEF\xBB\xBFpetition_id,受理时间,tags,supports,nope\r\n"
               "7,2024-01-02,a\\|b|c,12,x\r\n8,,,many,\r\n"));
    is_str(read_all(o),
           "2:{\"rec\":\"petition\",\"petition_id\":\"7\",\"received_at\":\"2024-01-02\","
           "\"tags\":[\"a|b\",\"c\"],\"supports\":12}|3!cell|",
           "CSV: names and labels, lists, numbers; a word is no number");
}

static void
test_sink(void)
{
    struct gz_err err = { 0 };
    struct gz_out out;
    struct gz_sink_options o = { .format = "csv", .rec = "event", .schema = schema };
    struct gz_sink *s;
    struct gz_str text;
    char bytes[512];
    int fd;

    gz_out_open(&out, path, &err);
    s = gz_sink_new(&out, &o, &err);
    gz_write_begin(gz_sink_buf(s), "petition");
    gz_write_end(gz_sink_buf(s));
    gz_write_begin(gz_sink_buf(s), "event");
    gz_write_text(gz_sink_buf(s), "note", GZ_STR("a,\"b\""));
    gz_write_end(gz_sink_buf(s));
    gz_sink_tick(s, &err);
    gz_sink_free(s);
    ok(gz_out_close(&out, GZ_OUT_COMMIT, &err) == GZ_OK, "sink: written");
    fd = open(path, O_RDONLY);
    text = (struct gz_str){ bytes, (size_t)read(fd, bytes, sizeof(bytes)) };
    close(fd);
    is_str(text,
           "event_id,subject_rec,subject_id,at,actor_org,type,from_state,to_state,note,"
           "src,ext,checks\n,,,,,,,,\"a,\"\"b\"\"\",,,\n",
           "sink: one kind as CSV, other kinds left out");
}

static void
test_output(void)
{
    struct gz_err err = { 0 };
    struct gz_out out;
    struct stat st;

    put(GZ_STR("old"));
    chmod(path, 0640);
    gz_out_open(&out, path, &err);
    gz_buf_lit(&out.buf, "new");
    gz_out_close(&out, GZ_OUT_DISCARD, &err);
    ok(stat(path, &st) == 0 && st.st_size == 3 && !err.kind,
       "output: discarded, old stays");
    gz_out_open(&out, path, &err);
    gz_buf_lit(&out.buf, "newer");
    gz_out_close(&out, GZ_OUT_COMMIT, &err);
    ok(stat(path, &st) == 0 && st.st_size == 5 && (st.st_mode & 0777) == 0640,
       "output: replaced whole, with the modes of the old file");
    ok(gz_out_open(&out, "/nonexistent/x", &err) == GZ_ERR_IO,
       "output: no such directory");
    err = (struct gz_err){ 0 };
    gz_out_open(&out, "/dev/full", &err);
    gz_buf_lit(&out.buf, "x");
    ok(gz_out_close(&out, GZ_OUT_COMMIT, &err) == GZ_ERR_IO,
       "output: a full disk is told");
}

int
main(void)
{
    if (!mkdtemp(dir))
        return 99;
    snprintf(path, sizeof(path), "%s/in", dir);
    schema = gz_schema_load(&arena);
    test_lines();
    test_blocks();
    test_csv();
    test_sink();
    test_output();
    gz_schema_release(schema);
    gz_arena_free(&arena);
    unlink(path);
    rmdir(dir);
    return done_testing();
}
