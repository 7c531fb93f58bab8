/* The thread of a server that sends the letters that wait (mail_queue.h). Of several
 * nodes the one that leads does it; each letter is claimed in the database before it
 * is handed to the mail server, and its end is noted after. So none is lost, and a
 * second copy is possible only of the one letter that is on its way where the process dies, or
 * hangs and is taken for dead, between the claim and our commit after the mail server's
 * "250": its Message-ID is that of the first. */
#ifndef COLOPHON_APP_MAILER_H
#define COLOPHON_APP_MAILER_H

#include "app/gate.h"
#include "app/site.h"
#include "app/writer.h"
#include "base/json.h"

/* Among a letter's values where it waited for an entry: that one's index in its log. */
#define LETTER_INDEX "record_index"

/* Among them, where letters of its kind may be ended: the path of the page that does it. */
#define LETTER_STOP "stop"

struct mailer;

/* What a letter says: made from the values of its kind, in its language. `url` is
 * where the shop is, for links. RC_INVALID ends the letter: it can never be sent. */
typedef enum rc (*letter_composer)(struct arena *arena, struct str kind, struct str language,
                                   struct str url, const json_t *values, struct str *ret_subject,
                                   struct str *ret_text, struct fault *fault);

/* `gate`: asked again for what letters show of the catalogue. */
enum rc mailer_open(struct site *site, struct gate *gate, struct writer *writer,
                    letter_composer compose, struct mailer **ret, struct fault *fault) MUST_CHECK;
/* Ends the thread, before the writer is closed: a letter on its way is given some
 * seconds. Then it may still be woken, until it is freed. */
void mailer_stop(struct mailer *mailer);
void mailer_free(struct mailer *mailer);
/* Whether the shop sends mail, as of a moment ago; false for NULL. Never waits. */
bool mailer_is_set(const struct mailer *mailer);
/* Something was committed: perhaps a letter. */
void mailer_wake(struct mailer *mailer);

/* One letter at once, past the queue: whether the settings are right. */
enum rc mail_test(struct site *site, letter_composer compose, struct str to, struct str language,
                  struct fault *fault) MUST_CHECK;

/* Seconds until the next attempt, after so many. */
int64_t mail_pause(unsigned attempts);

#endif
