// SPDX-License-Identifier: MIT
// lanes: weights of eight classes times values, summed: the inner loop of a prediction.
#ifndef GZ_ROUTE_LANES_H
#define GZ_ROUTE_LANES_H

#include <stddef.h>
#include <stdint.h>

enum { GZ_LANES = 8, GZ_LANES_VALUE = 32767 };

// Add to each sum[k] the weights rows[row[i] * stride + k] times value[i], for all i <
// count and k < GZ_LANES. Values are from 0 to GZ_LANES_VALUE. Vectorised where the
// processor allows; the twin in plain C gives the same, for tests hold them together.
void gz_lanes_add(const int8_t *rows, size_t stride, const uint32_t *row,
                  const int32_t *value, size_t count, int64_t sum[GZ_LANES]);
void gz_lanes_add_plain(const int8_t *rows, size_t stride, const uint32_t *row,
                        const int32_t *value, size_t count, int64_t sum[GZ_LANES]);

#endif
