#include "app/known_records.h"

#include <stdlib.h>

#include "store/catalogue.h"
#include "store/catalogue_write.h"
#include "store/store.h"

enum { KNOWN_MAX = 2000000 }; /* some 100 MB; what is beyond is parsed */

struct known_record {
    uint8_t bytes[16];
    struct str reference;
};

struct known_records {
    struct arena arena;
    struct known_record *v;
    size_t n, room;
};

static int by_bytes(const void *a, const void *b)
{
    return memcmp(((const struct known_record *)a)->bytes, ((const struct known_record *)b)->bytes,
                  16);
}

static bool add(void *context, struct str reference, const uint8_t bytes[16])
{
    struct known_records *known = context;
    if (known->n == known->room) {
        known->room = known->room == 0 ? 1024 : 2 * known->room;
        known->v = reallocarray(known->v, known->room, sizeof *known->v);
        if (known->v == NULL)
            abort();
    }
    struct known_record *one = &known->v[known->n++];
    memcpy(one->bytes, bytes, sizeof one->bytes);
    one->reference = arena_str(&known->arena, reference);
    return known->n < KNOWN_MAX;
}

enum rc known_records_load(struct site *site, struct str shop, struct str sender,
                           struct known_records **ret, struct fault *fault)
{
    struct known_records *known = calloc(1, sizeof *known);
    if (known == NULL)
        abort();
    known->arena = ARENA_INIT;
    struct store_conn *conn = NULL;
    struct shop row;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = catalogue_shop(conn, &known->arena, shop, &row, fault);
    if (rc == RC_OK)
        rc = catalogue_records_known(conn, row.id, sender, add, known, fault);
    store_disconnect(conn);
    if (rc != RC_OK) {
        known_records_free(known);
        return rc;
    }
    if (known->n > 0)
        qsort(known->v, known->n, sizeof *known->v, by_bytes);
    *ret = known;
    return RC_OK;
}

void known_records_free(struct known_records *known)
{
    if (known == NULL)
        return;
    free(known->v);
    arena_free(&known->arena);
    free(known);
}

bool known_records_none(const struct known_records *known)
{
    return known == NULL || known->n == 0;
}

bool known_records_find(const struct known_records *known, const uint8_t bytes[16],
                        struct str *ret_reference)
{
    struct known_record key;
    if (known_records_none(known))
        return false;
    memcpy(key.bytes, bytes, sizeof key.bytes);
    const struct known_record *found = bsearch(&key, known->v, known->n, sizeof key, by_bytes);
    if (found == NULL)
        return false;
    *ret_reference = found->reference;
    return true;
}
