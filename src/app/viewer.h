/* Who asks. */
#ifndef COLOPHON_APP_VIEWER_H
#define COLOPHON_APP_VIEWER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* All zero: somebody not signed in. */
struct viewer {
    uint64_t account; /* 0: nobody */
    struct str name;
    struct str email;
    bool operator_role; /* of staff, who have given what their session needs */
    uint64_t shop;      /* at whose desk a partner works, who has given the same; 0: none */
    bool partner;       /* of staff of a shop, whatever their session lacks */
    int64_t since;      /* when the account was made */
    int lacks;          /* enum session_lacks (session_lacks.h); 0: nothing */
    bool bearer;        /* by token in a header, not by cookie: no CSRF to fear */
    uint64_t key;       /* a shop's program, by this key (shop_keys.h); 0: a person */
    unsigned duties;    /* what the key is for: SHOP_DUTY_BIT */
};

#endif
