// SPDX-License-Identifier: MIT
// mask: phone numbers, identity numbers, plates and e-mail addresses inside texts.
#ifndef GZ_INGEST_MASK_H
#define GZ_INGEST_MASK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

// Append `text`, valid UTF-8, with '*' for what identifies a person: Chinese mobile
// numbers (the first three digits stay; in full width and Chinese digits, too) and land
// lines with an area code, US numbers, 18-digit identity numbers whose check digit is
// right, plates (the first two characters stay), e-mail addresses (the domain stays).
// Returns how many were masked.
size_t gz_mask_text(struct gz_str text, struct gz_buf *out);

// Is the whole of `value` such a number or address, or a masked one (136××××)?
bool gz_mask_is_contact(struct gz_str value);

// A contact in a form that is equal for equal people: digits of a number without blanks,
// hyphens and +86, or the text in half width and lower case. 0 when it is masked,
// withheld (保密, 某某, 不详 ...) or shorter than 5 characters.
size_t gz_mask_plain_contact(struct gz_str contact, char *out, size_t room);

// The same for what is public: names behind words that announce them (我叫, 姓名, Mr.) or
// before a form of address (先生, 女士), numbers of houses and doors. Each character
// becomes a star. A text goes through gz_mask_text() first.
size_t gz_mask_person(struct gz_str s, struct gz_buf *out);

#endif
