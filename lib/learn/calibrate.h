// SPDX-License-Identifier: MIT
// calibrate: from margins to probabilities that mean what they say.
#ifndef GZ_LEARN_CALIBRATE_H
#define GZ_LEARN_CALIBRATE_H

#include <stddef.h>
#include <stdint.h>

// Temperature scaling: softmax(heat * margin + shift). `heat` and `shift[0 .. classes)`
// are the most likely ones for `margin` (count x classes) of texts that took no part in
// training and whose classes are `class`. The shifts are held back towards 0, so that a
// class seen a few times is not judged by them. Without texts: heat 1, shifts 0.
void gz_calibrate(const double *margin, const uint32_t *class, size_t count,
                  uint32_t classes, double *heat, double *shift);

#endif
