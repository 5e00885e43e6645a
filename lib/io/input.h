// SPDX-License-Identifier: MIT
// input: one opened input, its encoding, and its bytes in order.
#ifndef GZ_IO_INPUT_H
#define GZ_IO_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct gz_input;

enum gz_input_mode {
    // A user's file: the first 64 KiB are looked at for a byte order mark and the
    // encoding (BOM; strict UTF-8; UTF-16 by its zero bytes; GB18030 if the whole
    // sample decodes; else refused with the place of the first bad byte).
    GZ_INPUT_DETECT,
    // Our own stream: UTF-8, read as it comes, nothing waited for.
    GZ_INPUT_STREAM,
};

// Open `path`; NULL and "-" are standard input. `encoding` overrides detection (any
// name that iconv knows; NULL to detect). A directory, and an input that is also the
// file behind standard output, are refused. Pipes are widened to 1 MiB where allowed.
// NULL on failure.
struct gz_input *gz_input_open(const char *path, enum gz_input_mode mode,
                               const char *encoding, struct gz_err *err);
void gz_input_close(struct gz_input *in);

// The base name of the path, or "<stdin>". Lives as long as `in`.
const char *gz_input_name(const struct gz_input *in);

// The encoding as detected or given: "UTF-8", "GB18030", "UTF-16LE" ...
const char *gz_input_encoding(const struct gz_input *in);
bool gz_input_had_bom(const struct gz_input *in);

// True when the bytes handed out are GB18030 as they stand in the file. Quote, comma,
// semicolon, tab and line ends never lie inside one of its characters, so structure is
// found in the raw bytes and only the fields that are kept are decoded
// (io/gb18030.h). '|' and '\' can be second bytes: an input to be split at those is
// opened with encoding "GB18030:decode", which decodes up front. All other encodings
// are handed out as UTF-8, decoded as they are read.
bool gz_input_is_gb18030(const struct gz_input *in);

// True when what is handed out was decoded. A byte that was no character stands in it as
// GZ_DECODE_BAD (io/decode.h), which is no UTF-8.
bool gz_input_is_decoded(const struct gz_input *in);

// From now on hand out UTF-8 of an input that would be handed out as GB18030, for a
// reader that cannot do without. Only before the first gz_input_read().
enum gz_err_kind gz_input_decode(struct gz_input *in, struct gz_err *err);

// The first bytes, at most 64 KiB, in the form that gz_input_read() will give them
// (again: they are not consumed). Without the byte order mark. Shorter only when the
// whole input is.
struct gz_str gz_input_sample(const struct gz_input *in);

// Read up to `room` bytes to `to`. *got is 0 at the end. UTF-8 is not validated here.
enum gz_err_kind gz_input_read(struct gz_input *in, char *to, size_t room, size_t *got,
                               struct gz_err *err);

// Bytes of the file read so far, and its size (0 when it is not a regular file).
uint64_t gz_input_done(const struct gz_input *in);
uint64_t gz_input_size(const struct gz_input *in);

#endif
