// SPDX-License-Identifier: MIT
// privacy: which columns name a person, and who a reporter is without saying so.
#ifndef GZ_INGEST_PRIVACY_H
#define GZ_INGEST_PRIVACY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

enum gz_privacy {
    GZ_PRIVACY_NONE,    // everything is kept
    GZ_PRIVACY_CONTACT, // names and numbers of callers never leave
    GZ_PRIVACY_TEXT,    // and numbers inside texts are masked
    GZ_PRIVACY_PUBLIC,  // and neither key, ext, src nor exact places leave
};

// "none", "contact", "text" or "public"; false for any other.
bool gz_privacy_parse(const char *word, enum gz_privacy *out);
const char *gz_privacy_name(enum gz_privacy p);

// Does the name of a column say that it holds a person's name or contact?
bool gz_privacy_header(struct gz_str name);

// Is the whole value a phone number (masked ones too), an e-mail address or an identity
// number?
bool gz_privacy_value(struct gz_str value);

// A key for reporters: the bytes of a file that only its owner can read.
struct gz_reporter {
    unsigned char key[32];
    char key_id[17]; // hash of the key, for the source record
    bool set;
};

enum { GZ_REPORTER_KEY = 33 }; // bytes that gz_reporter_key() writes, NUL included

// Read the key from `path`. GZ_ERR_USAGE when the file is shorter than 16 bytes or others
// can read it, or when this build has no keyed hash (libsodium).
enum gz_err_kind gz_reporter_open(struct gz_reporter *r, const char *path,
                                  struct gz_err *err);

// Make a key by chance in a new file of mode 600. GZ_ERR_IO when `path` is there already.
enum gz_err_kind gz_reporter_new(const char *path, struct gz_err *err);

// 32 hex digits that stand for `contact`, the same for the same person under the same key
// however the number is spaced. False, and nothing written, for a contact that is
// masked or withheld (136××××, 保密, 某某) or too short to tell people apart.
bool gz_reporter_key(const struct gz_reporter *r, struct gz_str contact,
                     char out[GZ_REPORTER_KEY]);

#endif
