// SPDX-License-Identifier: MIT
// libgz: records of the gz tools read, made, routed and counted inside another program.
// The only header that is installed; libgz(3) is its manual, gz-record(5) says what a
// record is.
//
// Texts are UTF-8. What is handed out belongs to the handle it came from and is good
// until the next call with that handle; what is handed in is not kept. A handle serves
// one thread at a time; different handles know nothing of one another. A function that
// can fail takes an error last, which may be NULL, and touches it only when it fails.
// When memory runs out the process is aborted.
#ifndef LIBGZ_H
#define LIBGZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Bytes, without a NUL behind them. `ptr` may be NULL only when `len` is 0.
struct libgz_text {
    const char *ptr;
    size_t len;
};

// Why something failed. `status` is what a tool would end with, see gz(7): 1 one record
// is bad and the next may be good, 2 an option, pack, plan or scheme is wrong, 3 reading
// failed, 4 the input cannot be used or a limit was reached. `text` is one line of
// English: "file:line:column: reason", as far as it is known.
struct libgz_error {
    int status;
    char text[512];
};

const char *libgz_version(void); // "0.1.0"

// ---- reading a stream of records ----

struct libgz_reader;

enum libgz_read { LIBGZ_END, LIBGZ_RECORD, LIBGZ_BAD, LIBGZ_FAILED };

// Read these files of JSON Lines one after another; none is standard input. Files are
// opened when their turn comes, so that a missing one shows at the first read.
struct libgz_reader *libgz_reader_new(const char *const *paths, size_t count);
void libgz_reader_free(struct libgz_reader *r);

// The next line. LIBGZ_BAD: it is not UTF-8 or over 1 MiB; reading may go on.
// LIBGZ_FAILED: nothing more can be read.
enum libgz_read libgz_reader_next(struct libgz_reader *r, struct libgz_text *record,
                                  struct libgz_error *error);

// ---- looking into a record ----

struct libgz_fields;

// Look for these members, at most 200: names of fields as in gz-record(5).
struct libgz_fields *libgz_fields_new(const char *const *names, size_t count,
                                      struct libgz_error *error);
void libgz_fields_free(struct libgz_fields *f);

// Find them in a record, in one pass: values[i] is that of names[i], empty when it is
// absent. Strings come unescaped, numbers as they are written, lists and objects as JSON.
bool libgz_fields_read(struct libgz_fields *f, struct libgz_text record,
                       struct libgz_text *values, struct libgz_error *error);

// ---- making a record ----

struct libgz_writer;

struct libgz_writer *libgz_writer_new(void);
void libgz_writer_free(struct libgz_writer *w);

// Begin a record of that kind, add what is known, end it. An empty text is absent and
// adds nothing. What is wrong on the way (a kind or field that does not exist, a list
// where a text belongs, bytes that are not UTF-8) is told by libgz_writer_end().
void libgz_writer_begin(struct libgz_writer *w, const char *kind);
void libgz_writer_text(struct libgz_writer *w, const char *field,
                       struct libgz_text value);
void libgz_writer_number(struct libgz_writer *w, const char *field, int64_t value);
void libgz_writer_list(struct libgz_writer *w, const char *field,
                       const struct libgz_text *values, size_t count);
bool libgz_writer_end(struct libgz_writer *w, struct libgz_text *record,
                      struct libgz_error *error);

// ---- routing ----

struct libgz_router;

// Zero is the default of each, as of gz-route(1).
struct libgz_router_options {
    const char *pack; // folder of sheets that stand for those built in, see gz-pack(5)
    int threshold;    // no category with a lower score; 0: 3
    bool dispatch;    // new orders, where the default is to look at old ones
    bool explain;     // write `evidence` and `alternatives`
};

struct libgz_router *libgz_router_new(const struct libgz_router_options *options,
                                      struct libgz_error *error);
void libgz_router_free(struct libgz_router *r);

// The record with its route fields, without a line end. Routing twice gives the same
// bytes. Records of kinds that are not routed come back as they are.
bool libgz_router_route(struct libgz_router *r, struct libgz_text record,
                        struct libgz_text *routed, struct libgz_error *error);

// ---- counting ----

struct libgz_tally;

// NULL is the default of each, as of gz-tally(1).
struct libgz_tally_options {
    const char *plan;   // name or file; NULL: "monthly"
    const char *scheme; // name or file; NULL: "calendar"
    const char *period; // "2026-03", "2026-01..2026-03"; NULL: all there are
    const char *as_of;  // "2026-03-31"; NULL: the end of the period
};

struct libgz_tally *libgz_tally_new(const struct libgz_tally_options *options,
                                    struct libgz_error *error);
void libgz_tally_free(struct libgz_tally *t);

// Count one record, or take in one line of another tally. With status 1 the line was bad:
// it is counted as a reject, and counting may go on.
bool libgz_tally_add(struct libgz_tally *t, struct libgz_text record,
                     struct libgz_error *error);

// The tally as lines, for gz-report(1) or to be merged; good until the tally is freed.
// Once, at the end: nothing can be added behind it.
bool libgz_tally_end(struct libgz_tally *t, struct libgz_text *lines,
                     struct libgz_error *error);

#ifdef __cplusplus
}
#endif

#endif
