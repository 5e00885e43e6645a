// SPDX-License-Identifier: MIT
// markup: HTML and SVG by a writer that cannot emit text unescaped. What is written into
// the page comes in through four doors: element and attribute names and fixed markup are
// string literals of ours; everything else is escaped on its way.
#ifndef GZ_REPORT_MARKUP_H
#define GZ_REPORT_MARKUP_H

#include "base/buf.h"
#include "base/str.h"
#include "pack/data.h"

// A literal, and only that: no function makes one from data. The macro pastes "" before
// its argument, so that a variable does not compile.
struct gz_markup_lit {
    const char *text;
};
#define GZ_LIT_INIT(lit)                                                                 \
    {                                                                                    \
        "" lit                                                                           \
    } // for tables
#define GZ_LIT(lit) ((struct gz_markup_lit){ "" lit })

enum { GZ_MARKUP_DEPTH = 32 };

// Zero-initialise with the buffer. Open elements are closed in order, by construction.
struct gz_markup {
    struct gz_buf *out;
    const char *open[GZ_MARKUP_DEPTH];
    int depth;
    int in_tag; // a start tag is being written: attributes may follow
};

// <name ...>; attributes may follow until something else is written.
void gz_markup_open(struct gz_markup *m, struct gz_markup_lit name);
// </name> of the innermost open element. A void element (meta, br, rect with nothing in
// it) is ended by gz_markup_void() instead.
void gz_markup_close(struct gz_markup *m);
void gz_markup_void(struct gz_markup *m);

// name="value", the value escaped. Not for event handlers, style or links made of data:
// there are none (the places of tiles are numbers).
void gz_markup_attr(struct gz_markup *m, struct gz_markup_lit name, struct gz_str value);
void gz_markup_attr_lit(struct gz_markup *m, struct gz_markup_lit name,
                        struct gz_markup_lit value);
// A number in tenths of a unit: 125 is "12.5".
void gz_markup_attr_num(struct gz_markup *m, struct gz_markup_lit name, long tenths);

// Text content, escaped; controls that XML forbids become U+FFFD.
void gz_markup_text(struct gz_markup *m, struct gz_str text);
void gz_markup_text_lit(struct gz_markup *m, struct gz_markup_lit text);

// Our own markup, as it is: a doctype, a style sheet.
void gz_markup_raw(struct gz_markup *m, struct gz_markup_lit markup);

// The same from a file of lib/data/, which is ours as much as a literal is.
void gz_markup_builtin(struct gz_markup *m, const struct gz_data *data);

// An element with text and nothing else.
void gz_markup_leaf(struct gz_markup *m, struct gz_markup_lit name, struct gz_str text);

// A name that is safe as an id and in a "#..." link: letters, digits, - and _ kept,
// other bytes as hex. Appends to `out`.
void gz_markup_anchor(struct gz_buf *out, struct gz_str name);

#endif
