// SPDX-License-Identifier: MIT
// public: a document as it may leave the office: no single orders, no small counts, and
// none that can be had by subtracting.
#ifndef GZ_REPORT_PUBLIC_H
#define GZ_REPORT_PUBLIC_H

#include "report/doc.h"

// Hide counts of 1 to small - 1 with what hangs on them (report/suppress.h), and as many
// more rows as it takes that no sum of hidden cells is that small; lists, checks, names
// of files and tables that cannot be made safe are left out. Definitions stay.
void gz_doc_publish(struct gz_doc *doc, struct gz_arena *arena, int64_t small);

#endif
