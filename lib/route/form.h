// SPDX-License-Identifier: MIT
// form: the questions of a form that stand inside a complaint, and are not part of it.
#ifndef GZ_ROUTE_FORM_H
#define GZ_ROUTE_FORM_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

// "2.是否已进入仲裁或诉讼程序：否" asks about arbitration; nobody complained of it. Blank
// such questions in `text` (folded, valid UTF-8): from the start of a line, a numbered
// item or a sentence, with 是否, 有无, 有没有 or 是不是 near its start, to a colon. Every
// character becomes one blank, so that offsets stay. A question in running text that no
// colon ends ("是否可以报销？") is left alone. Returns whether anything was blanked.
bool gz_form_blank(struct gz_buf *text);

#endif
