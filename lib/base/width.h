// SPDX-License-Identifier: MIT
// width: columns of a code point on a terminal, without asking the locale.
#ifndef GZ_BASE_WIDTH_H
#define GZ_BASE_WIDTH_H

#include <stdint.h>

// 2 for East Asian wide and full-width, 0 for combining marks, controls and invisible
// formats, else 1.
int gz_width_of(uint32_t code_point);

#endif
