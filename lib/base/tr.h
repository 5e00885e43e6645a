// SPDX-License-Identifier: MIT
// tr: marks a message for translation. Messages only: never keys, codes or data.
#ifndef GZ_BASE_TR_H
#define GZ_BASE_TR_H

#include <libintl.h>

#define _(msgid)           gettext(msgid)
#define N_(msgid)          (msgid)
#define _n(one, many, num) ngettext((one), (many), (unsigned long)(num))

#endif
