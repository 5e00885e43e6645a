// SPDX-License-Identifier: MIT
// libgz.h as another program uses it: what it gives, and what it says when used wrongly.
#include <string.h>

#include "api/libgz.h"
#include "tap.h"

static struct libgz_text
text(const char *s)
{
    return (struct libgz_text){ s, strlen(s) };
}

static bool
is_text(struct libgz_text t, const char *want)
{
    return t.len == strlen(want) && memcmp(t.ptr, want, t.len) == 0;
}

static void
test_writer(void)
{
    struct libgz_writer *w = libgz_writer_new();
    struct libgz_text record, tags[2] = { text("a\"b"), text("丙") };
    struct libgz_error e = { 0 };

    ok(!libgz_writer_end(w, &record, &e) && e.status == 2, "a record that was not begun");
    libgz_writer_begin(w, "petition");
    libgz_writer_text(w, "petition_id", text("A1"));
    libgz_writer_text(w, "标题", text("一\n二"));
    libgz_writer_text(w, "text", text(""));
    libgz_writer_number(w, "supports", -3);
    libgz_writer_list(w, "tags", tags, 2);
    ok(libgz_writer_end(w, &record, &e) &&
           is_text(record,
                   "{\"rec\":\"petition\",\"petition_id\":\"A1\",\"title\":\"一\\n二\","
                   "\"supports\":-3,\"tags\":[\"a\\\"b\",\"丙\"]}"),
       "a record");
    libgz_writer_begin(w, "petiton");
    ok(!libgz_writer_end(w, &record, &e) && e.status == 2 && strstr(e.text, "petition"),
       "an unknown kind, with the nearest: %s", e.text);
    libgz_writer_begin(w, "petition");
    libgz_writer_text(w, "titel", text("x"));
    ok(!libgz_writer_end(w, &record, &e) && e.status == 2 && strstr(e.text, "'title'"),
       "an unknown field, with the nearest: %s", e.text);
    libgz_writer_begin(w, "petition");
    libgz_writer_text(w, "tags", text("x"));
    ok(!libgz_writer_end(w, &record, &e) && strstr(e.text, "holds a list"),
       "a text where a list belongs");
    libgz_writer_begin(w, "petition");
    libgz_writer_text(w, "title", text("\xff"));
    ok(!libgz_writer_end(w, &record, NULL), "bytes that are not UTF-8");
    libgz_writer_free(w);
    libgz_writer_free(NULL);
}

static void
test_fields(void)
{
    const char *const names[] = { "title", "tags", "supports", "title", "none" };
    struct libgz_error e = { 0 };
    struct libgz_fields *f = libgz_fields_new(names, 5, &e);
    struct libgz_text v[5];

    ok(libgz_fields_read(f,
                         text("{\"rec\":\"petition\",\"supports\":1.50,"
                              "\"title\":\"a\\u4e59\",\"tags\":[\"x\"]}"),
                         v, &e) &&
           is_text(v[0], "a乙") && is_text(v[1], "[\"x\"]") && is_text(v[2], "1.50") &&
           is_text(v[3], "a乙") && v[4].len == 0,
       "members of a record, one of them twice, one absent");
    ok(!libgz_fields_read(f, text("{\"title\":"), v, &e) && e.status == 1,
       "no record: %s", e.text);
    libgz_fields_free(f);
}

static void
test_route_and_tally(void)
{
    const struct libgz_router_options nowhere = { .pack = "/nonexistent/pack" };
    const struct libgz_tally_options wrong = { .scheme = "calender" };
    struct libgz_error e = { 0 };
    struct libgz_router *r = libgz_router_new(NULL, &e);
    struct libgz_tally *t = libgz_tally_new(NULL, &e);
    struct libgz_text once, twice, lines;
    char copy[4096];

    ok(libgz_router_route(r, text("{\"rec\":\"petition\",\"title\":\"小区停车难\"}"),
                          &once, &e),
       "a petition is routed");
    memcpy(copy, once.ptr, once.len);
    once.ptr = copy;
    ok(libgz_router_route(r, once, &twice, &e) && twice.len == once.len &&
           memcmp(twice.ptr, copy, once.len) == 0,
       "twice is once");
    ok(!libgz_router_route(r, text("[]"), &twice, &e) && e.status == 1,
       "an array is no record");
    ok(!libgz_router_route(r, text("{\"rec\":\"\xc3\"}"), &twice, &e) && e.status == 1,
       "nor is what is not UTF-8");
    ok(libgz_tally_add(t, once, &e), "it is counted");
    ok(!libgz_tally_add(t, text("{"), &e) && e.status == 1, "a bad line is told");
    ok(libgz_tally_end(t, &lines, &e) && lines.len && lines.ptr[lines.len - 1] == '\n',
       "the tally as lines");
    ok(!libgz_tally_add(t, once, &e) && e.status == 2 && !libgz_tally_end(t, &lines, &e),
       "nothing is added behind its end");
    ok(!libgz_router_new(&nowhere, &e) && e.status >= 2, "no such pack: %s", e.text);
    ok(!libgz_tally_new(&wrong, &e) && e.status == 2 && strstr(e.text, "calendar"),
       "no such scheme, with the nearest: %s", e.text);
    libgz_tally_free(t);
    libgz_router_free(r);
}

int
main(void)
{
    test_writer();
    test_fields();
    test_route_and_tally();
    return done_testing();
}
