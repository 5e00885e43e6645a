// SPDX-License-Identifier: MIT
// render: a document in each of the forms that people and programs read.
#ifndef GZ_REPORT_RENDER_H
#define GZ_REPORT_RENDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "report/doc.h"

struct gz_render {
    size_t width; // of text, in columns; 0 for 100
    bool color;   // of text
    size_t top;   // body rows of a table at most; 0 for all
    bool excel;   // CSV for a spreadsheet: BOM, CRLF, formula guard
};

void gz_render_text(const struct gz_doc *doc, const struct gz_render *how,
                    struct gz_buf *out);
void gz_render_markdown(const struct gz_doc *doc, const struct gz_render *how,
                        struct gz_buf *out);
void gz_render_html(const struct gz_doc *doc, const struct gz_render *how,
                    struct gz_buf *out);

// The schema is in gz-report(1).
void gz_render_json(const struct gz_doc *doc, struct gz_buf *out);

// One table. Unknown figures are empty cells; the first row holds the keys of the
// columns.
void gz_render_csv(const struct gz_grid *table, const struct gz_render *how,
                   struct gz_buf *out);

// One sheet a table. GZ_ERR_USAGE when XLSX was not built in; GZ_ERR_IO when the library
// cannot write its temporary files.
enum gz_err_kind gz_render_xlsx(const struct gz_doc *doc, struct gz_buf *out,
                                struct gz_err *err);

// How many body rows of `table` are shown under how->top; and is body row `n`, from 0?
size_t gz_render_shown(const struct gz_grid *table, const struct gz_render *how);
bool gz_render_shows(const struct gz_grid *table, const struct gz_render *how, size_t n);

// Cut the next line of at most `cols` columns off *rest: at spaces, between Chinese
// characters (none of which closing marks may begin a line), or inside a word that is
// longer than a line. `cols` is at least 2.
struct gz_str gz_render_wrap(struct gz_str *rest, size_t cols);

#endif
