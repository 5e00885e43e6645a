// SPDX-License-Identifier: MIT
// opt: one table describes the options; parser, --help, completions and the check
// against the manuals read it and nothing else.
#ifndef GZ_APP_OPT_H
#define GZ_APP_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum gz_opt_type {
    GZ_OPT_END,
    GZ_OPT_GROUP, // a heading in --help: only `help` is set
    GZ_OPT_FLAG,  // bool *; --no-NAME sets it false
    GZ_OPT_STR,   // const char **
    GZ_OPT_UINT,  // uint64_t *
    GZ_OPT_SIZE,  // uint64_t *; bytes, with k, M, G for powers of 1024
    GZ_OPT_LIST,  // struct gz_opt_list *; may be given several times
};

struct gz_opt_list {
    const char **item;
    size_t count;
    size_t cap;
};

struct gz_opt {
    enum gz_opt_type type;
    char short_name;       // 0 if none
    const char *long_name; // NULL only for GROUP and END
    const char *arg;       // name of the argument, NULL if none
    const char *help;      // one line, lower case, no full stop; marked with N_()
    void *value;
    // Words apart by '|', a class as "@layout", or NULL: for completions, and for the
    // sandbox, which reads from the class what a value may name (app/confine.h).
    const char *values;
};

// Parse argv by POSIX rules plus --long[=arg], --long arg and --no-long for flags. No
// abbreviations; the first operand or "--" ends the options. On success *first is the
// index of the first operand. On failure the message names the nearest option.
enum gz_err_kind gz_opt_parse(const struct gz_opt *table, int argc, char **argv,
                              int *first, struct gz_err *err);

// The option part of --help.
void gz_opt_help(const struct gz_opt *table, struct gz_buf *out);

// One line an option, tab-separated: short, long, argument, values, help. For scripts.
void gz_opt_print(const struct gz_opt *table, struct gz_buf *out);

void gz_opt_list_free(struct gz_opt_list *list);

#endif
