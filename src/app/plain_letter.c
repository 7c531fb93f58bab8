#include "app/plain_letter.h"

#include "app/mail_way.h"
#include "base/clock.h"

enum { MESSAGE_MAX = 4 << 20 };

enum rc plain_letter_check(const struct mail_settings *m, struct str to, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct mail_way way;
    enum rc rc = mail_way_find(NULL, m, &arena, &way, fault);
    if (rc == RC_OK && !mail_address_valid(to))
        rc = fault_set(fault, RC_INVALID, "%.*s: this is no mail address", STR_ARG(to));
    return rc;
}

enum rc plain_letter_send(const struct mail_settings *m, struct str to, struct str subject,
                          struct str text, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO message = BUF_INIT(MESSAGE_MAX);
    struct mail_way way;
    bool reached;
    struct mail_message letter = {
        .to = to, .subject = subject, .text = text, .language = STR("en"), .date = clock_now()};
    enum rc rc = mail_way_find(NULL, m, &arena, &way, fault);
    if (rc != RC_OK)
        return rc;
    letter.from = way.from;
    letter.id = arena_printf(&arena, "%lld.%lld@%.*s", (long long)letter.date,
                             (long long)clock_monotonic_us(), STR_ARG(way.server.hello));
    rc = mail_message_write(&letter, &message, fault);
    if (rc != RC_OK)
        return rc;
    struct mail_sender *sender = mail_sender_new(&way.server);
    rc = mail_send(sender, way.from.address, to, buf_str(&message), NULL, NULL, &reached, fault);
    mail_sender_free(sender);
    return rc;
}
