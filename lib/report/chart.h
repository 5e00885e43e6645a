// SPDX-License-Identifier: MIT
// chart: charts as inline SVG. Every point, bar and label is a cell of a table.
#ifndef GZ_REPORT_CHART_H
#define GZ_REPORT_CHART_H

#include "report/doc.h"
#include "report/markup.h"

// One <figure>. `serial` makes its ids unique on the page.
void gz_chart_put(struct gz_markup *m, const struct gz_chart *chart,
                  const struct gz_words *words, unsigned serial);

// Would there be anything to see? False when no body row has a known figure to draw.
bool gz_chart_has_points(const struct gz_chart *chart);

// One row a line or a tile, its name beside it: no axis, no legend.
bool gz_chart_is_list(enum gz_chart_type type);

// Of the kinds that are lists rather than drawings; `row` are those of the table to show.
// bars.c and tiles.c
void gz_bars_put(struct gz_markup *m, const struct gz_chart *chart, const size_t *row,
                 size_t rows);
void gz_tiles_put(struct gz_markup *m, const struct gz_chart *chart, const size_t *row,
                  size_t rows);

#endif
