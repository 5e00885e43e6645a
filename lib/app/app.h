// SPDX-License-Identifier: MIT
// app: what every program shares: common options, messages, output, the exit status.
#ifndef GZ_APP_APP_H
#define GZ_APP_APP_H

#include <stdbool.h>
#include <stdint.h>

#include "app/opt.h"
#include "base/arena.h"
#include "base/err.h"
#include "io/output.h"
#include "record/reader.h"
#include "record/schema.h"
#include "record/sink.h"

// One per process, on the stack of main().
struct gz_app {
    const char *name;     // "gz-tally"
    const char *synopsis; // after the name in the usage line; translated
    const char *purpose;  // one sentence; translated
    const char *examples; // two lines for --help
    bool spills;          // makes files without a name in $TMPDIR

    // Common options, set by GZ_APP_OPTIONS.
    bool help, version, quiet, verbose, print_options, excel, no_sandbox;
    const char *output, *from, *to, *encoding, *rec, *tolerate, *lang, *color;
    uint64_t max_record;

    // Running.
    struct gz_arena setup;    // lives until gz_app_finish()
    struct gz_schema *schema; // loaded by gz_app_begin()
    struct gz_out out;
    bool writes; // gz_app_open_output() was called: what is in `out` is to be kept
    struct gz_err out_err; // why -o could not be opened
    uint64_t records;      // handled by this stage
    uint64_t rejects;      // rejected by this stage
    bool tolerated;        // rejects stayed within --tolerate
    bool reads_records;    // and no export: gz_app_reader() was called
    bool incomplete;       // something upstream did not finish: status 4
};

// Rows for every table: reading and writing records, then what all programs have.
#define GZ_APP_STREAM_OPTIONS(a)                                                          \
    { GZ_OPT_GROUP, 0, NULL, NULL, N_("Input and output:"), NULL, NULL },                 \
        { GZ_OPT_STR,                                                                     \
          'o',                                                                            \
          "output",                                                                       \
          "FILE",                                                                         \
          N_("write to FILE, whole or not at all"),                                       \
          &(a)->output,                                                                   \
          "@output" },                                                                    \
        { GZ_OPT_STR, 'f',        "from", "FORMAT", N_("format of the input"),            \
          &(a)->from, "jsonl|csv" },                                                      \
        { GZ_OPT_STR, 't',        "to", "FORMAT", N_("format of the output"),             \
          &(a)->to,   "jsonl|csv" },                                                      \
        { GZ_OPT_STR, 0,      "rec", "KIND", N_("kind of the rows of a CSV (petition)"),  \
          &(a)->rec,  "@kind" },                                                          \
        { GZ_OPT_FLAG,                                                                    \
          0,                                                                              \
          "excel",                                                                        \
          NULL,                                                                           \
          N_("CSV for a spreadsheet: BOM, CRLF, formula guard"),                          \
          &(a)->excel,                                                                    \
          NULL },                                                                         \
        { GZ_OPT_SIZE,      0,   "max-record", "BYTES", N_("reject longer records (1M)"), \
          &(a)->max_record, NULL },                                                       \
    {                                                                                     \
        GZ_OPT_STR, 0, "tolerate", "N", N_("let N, or N%, rejects end with status 0"),    \
            &(a)->tolerate, NULL                                                          \
    }

#define GZ_APP_COMMON_OPTIONS(a)                                                             \
    { GZ_OPT_GROUP, 0, NULL, NULL, N_("Common options:"), NULL, NULL },                      \
        { GZ_OPT_FLAG,   'v', "verbose", NULL, N_("say what was found and done"),            \
          &(a)->verbose, NULL },                                                             \
        { GZ_OPT_FLAG, 'q', "quiet", NULL, N_("no summary of rejects"), &(a)->quiet, NULL }, \
        { GZ_OPT_STR, 0,      "lang", "TAG", N_("language of messages and labels"),          \
          &(a)->lang, "zh|en" },                                                             \
        { GZ_OPT_FLAG, 'h', "help", NULL, N_("show this help"), &(a)->help, NULL },          \
        { GZ_OPT_FLAG, 'V', "version", NULL, N_("show the version"), &(a)->version, NULL },  \
        { GZ_OPT_FLAG,                                                                       \
          0,                                                                                 \
          "print-options",                                                                   \
          NULL,                                                                              \
          N_("the options as a table, for scripts"),                                         \
          &(a)->print_options,                                                               \
          NULL },                                                                            \
        { GZ_OPT_FLAG,                                                                       \
          0,                                                                                 \
          "no-sandbox",                                                                      \
          NULL,                                                                              \
          N_("do not give up other files and system calls"),                                 \
          &(a)->no_sandbox,                                                                  \
          NULL },                                                                            \
    {                                                                                        \
        GZ_OPT_END, 0, NULL, NULL, NULL, NULL, NULL                                          \
    }

// Parse; answer --help, --version and --print-options; make the temporary file of -o and
// guard it against signals; enter the sandbox (app/confine.h). Returns false when the
// process is to end now with gz_app_finish() (answered, or *err set). *first: first
// operand.
bool gz_app_begin(struct gz_app *a, const struct gz_opt *table, int argc, char **argv,
                  int *first, struct gz_err *err);

// A second file that appears whole or not at all, removed by signals as that of -o is.
enum gz_err_kind gz_app_open_beside(struct gz_out *out, const char *path,
                                    struct gz_err *err);
enum gz_err_kind gz_app_close_beside(struct gz_out *out, enum gz_out_end end,
                                     struct gz_err *err);

// Standard output, or what -o names, is written from now on. An output that is never
// asked for, or ends with a status over 1, leaves the file of -o as it was.
enum gz_err_kind gz_app_open_output(struct gz_app *a, struct gz_err *err);

// A reader over the operands, and a sink on the output, as the common options say.
struct gz_reader *gz_app_reader(struct gz_app *a, char **operands, struct gz_err *err);
struct gz_sink *gz_app_sink(struct gz_app *a, struct gz_err *err);

// Count one reject. Prints it ("gz-route: file:line:col: why") unless --quiet or ten of
// them were printed already.
void gz_app_reject(struct gz_app *a, const struct gz_err *err);

// A line on stderr: always, and only with -v. Control characters are neutralised.
void gz_app_warn(const struct gz_app *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void gz_app_note(const struct gz_app *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

// Commit or discard the output, print what is to be said, free, and return the exit
// status. The output is committed for statuses 0 and 1.
int gz_app_finish(struct gz_app *a, struct gz_err *err);

#endif
