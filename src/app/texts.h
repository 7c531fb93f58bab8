/* Texts that a storefront owes its readers (domain/shop_text.h): saving a version, and reading
 * those that were saved. Nothing that was saved is ever changed or hidden. */
#ifndef COLOPHON_APP_TEXTS_H
#define COLOPHON_APP_TEXTS_H

#include "app/gate.h"
#include "app/viewer.h"
#include "app/writer.h"
#include "domain/shop_text.h"

enum { TEXT_BODY_MAX = 100000, TEXT_ABOUT_MAX = 300 };

struct text_order {
    struct str storefront, kind, language; /* as they are typed */
    struct str body;                       /* Markdown; of "about" one line, plain */
    bool withdrawn;                        /* from then on there is none; without a body */
    struct str from;                       /* a date or time; empty: at once */
    const uint64_t *after; /* the version that was looked at; NULL: whatever is there */
};
/* RC_INVALID names the field; RC_CONFLICT where another version was saved meanwhile. */
enum rc text_set(struct writer *writer, const struct viewer *viewer, const struct text_order *order,
                 uint64_t *ret_version, struct fault *fault) MUST_CHECK;

/* The storefronts they belong to. */
enum rc texts_storefronts(struct store_conn *conn, struct arena *arena, struct storefront **ret,
                          size_t *ret_n, struct fault *fault) MUST_CHECK;
/* All that is there, by storefront, kind, language and version. */
enum rc texts_all(struct store_conn *conn, struct arena *arena, shop_text_list *ret,
                  struct fault *fault) MUST_CHECK;
/* Of one storefront (`which`), kind and language, the latest version first. */
enum rc text_versions(struct store_conn *conn, struct arena *arena, const struct shop_text *which,
                      text_version_list *ret, struct fault *fault) MUST_CHECK;
/* The text of one version: RC_NOT_FOUND. */
enum rc text_body(struct store_conn *conn, struct arena *arena, const struct shop_text *which,
                  struct str *ret, struct fault *fault) MUST_CHECK;

/* What is in force in the storefront, as the gate knows it. */
size_t texts_in_force(const struct gate_view *view, const struct storefront *storefront,
                      const struct shop_text *const **ret);
/* One of them: in the language, else in that of the storefront's which comes first, else in
 * any; NULL: it has none. */
const struct shop_text *text_in_force(const struct gate_view *view,
                                      const struct storefront *storefront, enum text_kind kind,
                                      struct str language);

#endif
