// SPDX-License-Identifier: MIT
// rate: how often a text is likely to hold some bytes.
#ifndef GZ_ROUTE_RATE_H
#define GZ_ROUTE_RATE_H

#include <stddef.h>

// The smaller the rarer. From rough frequencies of English letters and of Han characters
// in complaints; only the order means anything. `bytes` are folded.
double gz_gram_rate(const char *bytes, size_t len);

#endif
