/* What a partner, or an operator, corrects of one title: it stands over what the shop's feeds
 * say, now and after each import, until it is taken back. */
#ifndef COLOPHON_APP_CORRECTIONS_H
#define COLOPHON_APP_CORRECTIONS_H

#include "app/partner.h"
#include "app/writer.h"
#include "domain/correction.h"

/* Something of a title that can be corrected. */
struct corrected_field {
    enum correction_field field;
    struct str said;  /* by the feed; of a description, clean HTML */
    struct str value; /* as it is shown */
    bool corrected;
    int64_t at;
    struct str who; /* may be empty */
};
typedef LIST(struct corrected_field) corrected_fields;

/* Title, subtitle, contributors, description, and a cover that somebody gave here, of the
 * shop's record that is shown. RC_NOT_FOUND. */
enum rc corrections_read(struct store_conn *conn, struct arena *arena,
                         const struct partner_shop *shop, struct str key, corrected_fields *ret,
                         struct fault *fault) MUST_CHECK;

/* As it shall be: what is as the feed has it is no correction, or none any more. RC_INVALID
 * names the field; *ret_n counts what changed. */
enum rc corrections_put(struct writer *writer, const struct viewer *viewer,
                        const struct partner_shop *shop, struct str key,
                        const struct correction *wished, size_t n, size_t *ret_n,
                        struct fault *fault) MUST_CHECK;

/* A picture out of a file, as cover_put (cover.h) takes it; where it is, and taking it away. Of an
 * edition that this shop's record describes, or an operator's wish. */
enum rc correction_cover_put(struct site *site, struct writer *writer, const struct viewer *viewer,
                             const struct partner_shop *shop, struct str key, const char *path,
                             struct fault *fault) MUST_CHECK;
enum rc correction_cover_remove(struct site *site, struct writer *writer,
                                const struct viewer *viewer, const struct partner_shop *shop,
                                struct str key, struct fault *fault) MUST_CHECK;

#endif
