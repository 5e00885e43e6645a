// SPDX-License-Identifier: MIT
// inside: between the types of libgz.h and those of the layers below.
#ifndef GZ_API_INSIDE_H
#define GZ_API_INSIDE_H

#include "api/libgz.h"
#include "base/err.h"
#include "base/str.h"

static inline struct gz_str
gz_api_str(struct libgz_text t)
{
    return (struct gz_str){ t.ptr, t.len };
}

static inline struct libgz_text
gz_api_text(struct gz_str s)
{
    return (struct libgz_text){ s.ptr, s.len };
}

// Tell the caller; false, to be returned.
bool gz_api_fail(struct libgz_error *error, const struct gz_err *err);

#endif
