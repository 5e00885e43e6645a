// SPDX-License-Identifier: MIT
// Complaints of one's own, as from a database, become records, are routed, shown and
// counted; records of files, if any are named, are counted with them. To build:
//
//   cc example.c $(pkg-config --cflags --libs libgz)
//   ./a.out [records.jsonl]... >march.tally && gz-report march.tally
#include <libgz.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *id, *received, *street, *title;
} own[] = {
    { "A-1", "2026-03-02T08:15:00", "东河街道", "小区里停车难，消防通道被占" },
    { "A-2", "2026-03-03T19:40:00", "北桥街道", "楼下烧烤店半夜噪声扰民" },
    { "A-3", "2026-03-05T10:05:00", "东河街道", "整栋楼暖气不热" },
};

static struct libgz_text
text(const char *s)
{
    return (struct libgz_text){ s, strlen(s) };
}

static int
fail(const struct libgz_error *e)
{
    fprintf(stderr, "example: %s\n", e->text);
    return e->status;
}

int
main(int argc, char **argv)
{
    const char *const wanted[] = { "petition_id", "category", "to_org" };
    const struct libgz_tally_options march = { .period = "2026-03" };
    struct libgz_error e = { 0 };
    struct libgz_text record, routed, value[3], lines;
    struct libgz_writer *writer = libgz_writer_new();
    struct libgz_router *router = libgz_router_new(NULL, &e);
    struct libgz_fields *fields = libgz_fields_new(wanted, 3, &e);
    struct libgz_tally *tally = libgz_tally_new(&march, &e);
    enum libgz_read next;

    if (!router || !fields || !tally)
        return fail(&e);
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        libgz_writer_begin(writer, "petition");
        libgz_writer_text(writer, "petition_id", text(own[i].id));
        libgz_writer_text(writer, "received_at", text(own[i].received));
        libgz_writer_text(writer, "subdistrict", text(own[i].street));
        libgz_writer_text(writer, "title", text(own[i].title));
        if (!libgz_writer_end(writer, &record, &e) ||
            !libgz_router_route(router, record, &routed, &e) ||
            !libgz_fields_read(fields, routed, value, &e) ||
            !libgz_tally_add(tally, routed, &e))
            return fail(&e);
        fprintf(stderr, "%.*s: %.*s, to %.*s\n", (int)value[0].len, value[0].ptr,
                (int)value[1].len, value[1].ptr, (int)value[2].len, value[2].ptr);
    }
    if (argc > 1) {
        struct libgz_reader *reader =
            libgz_reader_new((const char *const *)argv + 1, (size_t)argc - 1);

        while ((next = libgz_reader_next(reader, &record, &e)) == LIBGZ_RECORD)
            if (!libgz_tally_add(tally, record, &e))
                fail(&e); // a bad line is counted as one, and the rest goes on
        libgz_reader_free(reader);
        if (next != LIBGZ_END)
            return fail(&e);
    }
    if (!libgz_tally_end(tally, &lines, &e))
        return fail(&e);
    fwrite(lines.ptr, 1, lines.len, stdout);
    libgz_tally_free(tally);
    libgz_fields_free(fields);
    libgz_router_free(router);
    libgz_writer_free(writer);
    return fflush(stdout) ? 3 : 0;
}
