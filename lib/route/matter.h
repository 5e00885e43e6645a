// SPDX-License-Identifier: MIT
// matter: the several matters that one text holds.
#ifndef GZ_ROUTE_MATTER_H
#define GZ_ROUTE_MATTER_H

#include <stddef.h>
#include <stdint.h>

#include "pack/pack.h"
#include "route/classify.h"

enum { GZ_MATTERS = 4 };

// The categories of the matters in a text whose own is `category`: that one first, then
// those that the rules found at least half as clearly as the clearest, and with a score
// of `least` or more in words that speak for none before them. Besides, the writer has to
// set them apart: side by side at the head ("停车难、没电梯", of two first levels), or
// where a sentence adds something ("另外，路灯也不亮", "2、…"). Returns how many stand at
// `out`, 1 at least.
size_t gz_matters_find(const struct gz_pack *pack, const struct gz_findings *found,
                       uint32_t category, int32_t least, uint32_t out[GZ_MATTERS]);

#endif
