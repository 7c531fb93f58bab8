/* Which restrictions somebody asks for. A pure rule: texts and names are looked up
 * by who asks. What is left zero asks for nothing. */
#ifndef COLOPHON_DOMAIN_RESTRICTION_FILTER_H
#define COLOPHON_DOMAIN_RESTRICTION_FILTER_H

#include "domain/restriction.h"

struct restriction_filter {
    unsigned states;       /* 1 << enum restriction_state */
    unsigned grounds;      /* 1 << enum ground */
    unsigned targets;      /* 1 << enum target_kind */
    feature_mask features; /* at least one of them is withheld */
    struct str authority;  /* exactly */
    bool some_storefronts; /* in at least one of these, which may be none */
    const struct str *storefronts;
    size_t storefront_count;
    bool some_works; /* it is about at least one of these: a shop's, say */
    struct work_set works;
    /* Decided or in effect at some moment of since <= t < before. */
    int64_t since, before;
};

bool restriction_matches(const struct restriction_filter *f, const struct restriction *r,
                         enum restriction_state state);

/* The first second at which it has no effect any more, or never will: its lift, its
 * end or its missed review. */
int64_t restriction_end(const struct restriction *r);

#endif
