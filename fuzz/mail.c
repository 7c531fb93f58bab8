/* Letters of hostile words. However they are, the headers are ours, and no line is
 * longer than a server takes. */
#include <stdint.h>
#include <stdlib.h>

#include "mail/message.h"
#include "mail/smtp.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct str rest = {(const char *)bytes, n}, from, to = STR_NONE, subject = STR_NONE;
    struct mail_server server;
    struct mail_address address;
    if (!str_next(&rest, 0x01, &from))
        return 0;
    (void)!str_next(&rest, 0x01, &to);
    (void)!str_next(&rest, 0x01, &subject);
    (void)!mail_server_parse(&arena, from, STR_NONE, &server, NULL);
    if (mail_address_parse(from, &address, NULL) != RC_OK)
        return 0;
    struct mail_message m = {
        .from = address, .to = to, .subject = subject, .text = rest, .id = STR("1@books.example")};
    BUF_AUTO out = BUF_INIT(16 << 20);
    if (mail_message_write(&m, &out, NULL) != RC_OK)
        return 0;
    struct str text = buf_str(&out), line;
    size_t headers = 0;
    bool body = false;
    while (str_next(&text, '\n', &line)) {
        if (line.n == 0 || line.p[line.n - 1] != '\r' || line.n > 400 || (body && line.n > 77))
            abort();
        for (size_t i = 0; i + 1 < line.n; i++)
            if (line.p[i] < ' ' || line.p[i] > '~')
                abort();
        headers += !body && line.p[0] != ' ' && line.n > 1;
        body = body || line.n == 1;
    }
    if (headers != 9)
        abort();
    return 0;
}
