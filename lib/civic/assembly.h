// SPDX-License-Identifier: MIT
// assembly: who must sit on a committee or at a table, how an election goes, and when a
// vote carries; from the sheets bodies.csv, parties.csv and votes.csv.
#ifndef GZ_CIVIC_ASSEMBLY_H
#define GZ_CIVIC_ASSEMBLY_H

#include "civic/codes.h"
#include "civic/whole.h"
#include "pack/pack.h"

// A meeting that was held: QUORUM (fewer came than needed), PARTY (one of its set of
// parties is not among those who came).
void gz_assembly_meeting(const struct gz_pack *pack, const struct gz_whole *v,
                         struct gz_codes *codes);

// A resolution: VOTE (called passed or not against its own figures), COUNT (more voices
// than voters).
void gz_assembly_vote(const struct gz_pack *pack, const struct gz_whole *v,
                      struct gz_codes *codes);

// An election: NOMINATION, ELECTORATE, WINDOW, TIME.
void gz_assembly_election(const struct gz_pack *pack, const struct gz_whole *v,
                          struct gz_codes *codes);

// A forum that is a committee: MEMBERS (too few), ODD, OWNERS (too small a share).
void gz_assembly_body(const struct gz_pack *pack, const struct gz_whole *v,
                      struct gz_codes *codes);

#endif
