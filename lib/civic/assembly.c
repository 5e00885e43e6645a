// SPDX-License-Identifier: MIT
#include "civic/assembly.h"

#include "base/num.h"
#include "base/time.h"

static struct gz_str
text(const struct gz_whole *v, const char *field)
{
    return gz_whole_text(v, gz_str_of(field));
}

static bool
number(const struct gz_whole *v, const char *field, struct gz_dec *out)
{
    return gz_dec_parse(text(v, field), out) && out->units >= 0;
}

static bool
any_word(const struct gz_words *w, struct gz_str s)
{
    for (size_t i = 0; i < w->count; i++)
        if (gz_str_eq(w->item[i], s))
            return true;
    return false;
}

static bool
any_within(const struct gz_words *w, struct gz_str s)
{
    for (size_t i = 0; i < w->count; i++)
        if (gz_str_find(s, w->item[i]) != (size_t)-1)
            return true;
    return false;
}

static int64_t
day_of(const struct gz_whole *v, const char *field)
{
    struct gz_time t;

    return gz_time_parse(text(v, field), &t) && t.prec >= GZ_PREC_DAY ? gz_time_day(t)
                                                                      : GZ_UNDATED;
}

// ---- meetings ----

static bool
party_came(const struct gz_party *p, const struct gz_str *came, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (gz_str_eq(p->name, came[i]) || any_word(&p->words, came[i]))
            return true;
    return false;
}

static void
check_parties(const struct gz_pack *pack, const struct gz_whole *v,
              struct gz_codes *codes)
{
    struct gz_str set = text(v, "party_set"), *came;
    size_t count;

    if (!set.len)
        return;
    came = gz_whole_list(v, GZ_STR("parties"), &count);
    for (size_t i = 0; i < gz_pack_rows(pack, GZ_SHEET_PARTIES); i++) {
        const struct gz_party *p = &pack->party[i];

        if (!gz_str_eq(p->set, set))
            continue;
        if (!count)
            gz_codes_gap(codes, "PARTY");
        else if (!party_came(p, came, count))
            gz_codes_fault(codes, "PARTY");
    }
}

void
gz_assembly_meeting(const struct gz_pack *pack, const struct gz_whole *v,
                    struct gz_codes *codes)
{
    struct gz_str status = text(v, "status");
    struct gz_dec present, needed;

    if (status.len && !gz_str_is(status, "held"))
        return;
    if (number(v, "quorum_needed", &needed)) {
        if (!number(v, "n_present", &present))
            gz_codes_gap(codes, "QUORUM");
        else if (gz_dec_cmp(present, needed) < 0)
            gz_codes_fault(codes, "QUORUM");
    }
    check_parties(pack, v, codes);
}

// ---- votes ----

// part / whole against a share, exactly. False when it falls short.
static bool
reaches(struct gz_share s, struct gz_dec part, struct gz_dec whole)
{
    gz_i128 a = part.units * s.den, b = whole.units * s.num;

    return s.more ? a > b : a >= b;
}

enum { KNOWN_NO, KNOWN_YES, UNKNOWN };

static int
judge(struct gz_share s, bool known, struct gz_dec part, struct gz_dec whole)
{
    if (s.den == 0)
        return KNOWN_YES;
    if (!known || whole.units == 0)
        return UNKNOWN;
    return reaches(s, part, whole) ? KNOWN_YES : KNOWN_NO;
}

static int
both(int a, int b)
{
    return a == KNOWN_NO || b == KNOWN_NO ? KNOWN_NO
           : a == UNKNOWN || b == UNKNOWN ? UNKNOWN
                                          : KNOWN_YES;
}

struct ballot {
    struct gz_dec yes, voted, eligible, yes_area, voted_area, eligible_area;
    bool has_yes, has_voted, has_eligible, has_yes_area, has_voted_area, has_area;
};

static void
read_ballot(const struct gz_whole *v, struct ballot *b)
{
    struct gz_dec no = { 0 }, abstain = { 0 };
    bool has_no;

    *b = (struct ballot){ 0 };
    b->has_yes = number(v, "yes", &b->yes);
    has_no = number(v, "no", &no);
    number(v, "abstain", &abstain);
    b->voted.units = b->yes.units + no.units + abstain.units;
    b->has_voted = b->has_yes && has_no;
    b->has_eligible = number(v, "eligible", &b->eligible);
    b->has_yes_area = number(v, "yes_area", &b->yes_area);
    b->has_voted_area = number(v, "voted_area", &b->voted_area);
    b->has_area = number(v, "eligible_area", &b->eligible_area);
}

static int
carries(const struct gz_vote_rule *r, const struct ballot *b)
{
    int part =
        both(judge(r->part_heads, b->has_voted && b->has_eligible, b->voted, b->eligible),
             judge(r->part_area, b->has_voted_area && b->has_area, b->voted_area,
                   b->eligible_area));
    int heads = r->of_all ? judge(r->yes_heads, b->has_yes && b->has_eligible, b->yes,
                                  b->eligible)
                          : judge(r->yes_heads, b->has_voted, b->yes, b->voted);
    int area = r->of_all ? judge(r->yes_area, b->has_yes_area && b->has_area, b->yes_area,
                                 b->eligible_area)
                         : judge(r->yes_area, b->has_yes_area && b->has_voted_area,
                                 b->yes_area, b->voted_area);

    return both(part, both(heads, area));
}

static const struct gz_vote_rule *
rule_of(const struct gz_pack *pack, const struct gz_whole *v)
{
    struct gz_str name = text(v, "rule");
    int64_t day = day_of(v, "at");

    for (size_t i = 0; name.len && i < gz_pack_rows(pack, GZ_SHEET_VOTES); i++)
        if ((gz_str_eq(pack->vote[i].rule, name) ||
             any_word(&pack->vote[i].words, name)) &&
            gz_valid_on(pack->vote[i].valid, day))
            return &pack->vote[i];
    return NULL;
}

void
gz_assembly_vote(const struct gz_pack *pack, const struct gz_whole *v,
                 struct gz_codes *codes)
{
    const struct gz_vote_rule *rule = rule_of(pack, v);
    struct gz_str passed = text(v, "passed");
    struct ballot b;
    int carried;

    read_ballot(v, &b);
    if ((b.has_eligible && gz_dec_cmp(b.voted, b.eligible) > 0) ||
        (b.has_area && b.has_voted_area &&
         gz_dec_cmp(b.voted_area, b.eligible_area) > 0) ||
        (b.has_voted_area && b.has_yes_area && gz_dec_cmp(b.yes_area, b.voted_area) > 0))
        gz_codes_fault(codes, "COUNT");
    if (!rule || !passed.len)
        return;
    carried = carries(rule, &b);
    if (carried == UNKNOWN)
        gz_codes_gap(codes, "VOTE");
    else if ((carried == KNOWN_YES) != gz_str_is(passed, "yes"))
        gz_codes_fault(codes, "VOTE");
}

// ---- elections, committees ----

static const struct gz_body *
body_of(const struct gz_pack *pack, struct gz_str name)
{
    for (size_t i = 0; name.len && i < gz_pack_rows(pack, GZ_SHEET_BODIES); i++)
        if (gz_str_eq(pack->body[i].name, name) || any_within(&pack->body[i].words, name))
            return &pack->body[i];
    return NULL;
}

void
gz_assembly_election(const struct gz_pack *pack, const struct gz_whole *v,
                     struct gz_codes *codes)
{
    const struct gz_body *rule = body_of(pack, GZ_STR("选举"));
    struct gz_str open = text(v, "open_nomination"), by = text(v, "electorate");
    int64_t from = day_of(v, "opened_at"), to = day_of(v, "closed_at");

    if (!open.len)
        gz_codes_gap(codes, "NOMINATION");
    else if (gz_str_is(open, "no"))
        gz_codes_fault(codes, "NOMINATION");
    if (!by.len)
        gz_codes_gap(codes, "ELECTORATE");
    else if (gz_str_find(by, GZ_STR("户代表")) == (size_t)-1 &&
             !gz_str_is(by, "household_rep"))
        gz_codes_fault(codes, "ELECTORATE");
    if (from == GZ_UNDATED || to == GZ_UNDATED)
        gz_codes_gap(codes, "WINDOW");
    else if (to < from)
        gz_codes_fault(codes, "TIME");
    else if (rule && to - from < rule->days)
        gz_codes_fault(codes, "WINDOW");
}

void
gz_assembly_body(const struct gz_pack *pack, const struct gz_whole *v,
                 struct gz_codes *codes)
{
    const struct gz_body *rule = body_of(pack, text(v, "body"));
    struct gz_dec members, owners;
    const gz_i128 one = 1000000000;

    if (!rule)
        return;
    if (!number(v, "n_members", &members)) {
        gz_codes_gap(codes, "MEMBERS");
        return;
    }
    if (members.units < rule->members * one)
        gz_codes_fault(codes, "MEMBERS");
    if (rule->odd && members.units / one % 2 == 0)
        gz_codes_fault(codes, "ODD");
    if (!number(v, "n_owners", &owners))
        gz_codes_gap(codes, "OWNERS");
    else if (judge(rule->owners, true, owners, members) == KNOWN_NO)
        gz_codes_fault(codes, "OWNERS");
}
