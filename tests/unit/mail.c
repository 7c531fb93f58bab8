/* Letters as bytes: headers that nothing can begin but us, lines that every server takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "app/mailer.h"
#include "mail/message.h"
#include "mail/smtp.h"

static struct mail_message sample(void)
{
    return (struct mail_message){.from = {STR("Riverside"), STR("post@books.example")},
                                 .to = STR("ann@readers.example"),
                                 .subject = STR("Hello"),
                                 .text = STR("One line.\n"),
                                 .language = STR("en"),
                                 .id = STR("1@books.example"),
                                 .date = 1732428420};
}

static void assert_message(const struct mail_message *m, const char *part)
{
    BUF_AUTO out = BUF_INIT(1 << 20);
    struct fault fault = {""};
    assert_int_equal(mail_message_write(m, &out, &fault), RC_OK);
    buf_char(&out, '\0');
    if (strstr(out.p, part) == NULL)
        fail_msg("no <%s> in <%s>", part, out.p);
}

static void test_headers(void **state)
{
    (void)state;
    struct mail_message m = sample();
    assert_message(&m, "Date: Sun, 24 Nov 2024 06:07:00 +0000\r\n");
    assert_message(&m, "From: Riverside <post@books.example>\r\n");
    assert_message(&m, "\r\nSubject: Hello\r\n");
    assert_message(&m, "Message-ID: <1@books.example>\r\n");
    m.from.name = STR("Smith, John");
    assert_message(&m, "From: =?UTF-8?B?U21pdGgsIEpvaG4=?= <post@books.example>\r\n");
    m.subject = STR("西游记");
    assert_message(&m, "Subject: =?UTF-8?B?6KW/5ri46K6w?=\r\n");
    /* What would begin a header is text; what looks like an encoded word is encoded. */
    m.subject = STR("Hi\r\nBcc: x@y.example");
    assert_message(&m, "Subject: =?UTF-8?B?SGkgIEJjYzogeEB5LmV4YW1wbGU=?=\r\n");
    m.subject = STR("=?UTF-8?B?SGk=?=");
    assert_message(&m, "Subject: =?UTF-8?B?PT9VVEYtOD9CP1NHaz0/PQ==?=\r\n");
    m.language = STR("en\r\nX: y");
    BUF_AUTO out = BUF_INIT(1 << 20);
    assert_int_equal(mail_message_write(&m, &out, NULL), RC_OK);
    assert_null(memmem(out.p, out.n, "X: y", 4));
}

static void test_how_letters_are_ended(void **state)
{
    (void)state;
    struct mail_message m = sample();
    m.unsubscribe = STR("https://books.example/us/news/x/stop");
    assert_message(&m, "\r\nList-Unsubscribe: <https://books.example/us/news/x/stop>\r\n"
                       "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
    m.unsubscribe = STR("http://books.example/stop"); /* RFC 8058 wants https */
    assert_message(&m, "\r\nList-Unsubscribe: <http://books.example/stop>\r\nContent-Language:");
    static const char *const others[] = {"", "https://x/\r\nBcc: y@z.example", "https://x/>",
                                         "https://x/ y", "https://x/\xc3\xa9"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        BUF_AUTO out = BUF_INIT(1 << 20);
        m.unsubscribe = str_of(others[i]);
        assert_int_equal(mail_message_write(&m, &out, NULL), RC_OK);
        assert_null(memmem(out.p, out.n, "List-", 5));
        assert_null(memmem(out.p, out.n, "Bcc", 3));
    }
}

static void test_a_long_subject_is_folded_between_characters(void **state)
{
    (void)state;
    struct mail_message m = sample();
    m.subject = STR("西游记西游记西游记西游记西游记西游记");
    assert_message(&m, "?=\r\n =?UTF-8?B?");
    BUF_AUTO out = BUF_INIT(1 << 20);
    assert_int_equal(mail_message_write(&m, &out, NULL), RC_OK);
    struct str rest = buf_str(&out), line;
    while (str_next(&rest, '\n', &line))
        assert_true(line.n <= 77);
}

static void test_the_text(void **state)
{
    (void)state;
    struct mail_message m = sample();
    m.text = STR("a=b \n记\n.\nFrom here\n\nend");
    assert_message(&m, "\r\n\r\na=3Db=20\r\n=E8=AE=B0\r\n.\r\nFrom here\r\n\r\nend\r\n");
    m.text = STR("0123456789012345678901234567890123456789012345678901234567890123456789012345"
                 "6789");
    assert_message(&m, "01234=\r\n56789\r\n");
}

static void test_addresses(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",      "a",     "@b",    "a@",      "a@b@c",       "a b@c",
        "a@b c", "a@.b",  "a@b.",  "a@b..c",  ".a@b",        "a\r\n@b",
        "a@b\n", "<a@b>", "a,c@b", "\"a\"@b", "a@[1.2.3.4]", "\xE8\xAE\xB0@b",
        "a@b>"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (mail_address_valid(str_of(bad[i])))
            fail_msg("<%s> passes", bad[i]);
    assert_true(mail_address_valid(STR("ann.o'neil+books@readers-1.example")));
    struct mail_address a;
    assert_int_equal(mail_address_parse(STR("A B <a@b.example>"), &a, NULL), RC_OK);
    assert_true(str_eq(a.name, STR("A B")) && str_eq(a.address, STR("a@b.example")));
    assert_int_equal(mail_address_parse(STR("a@b.example"), &a, NULL), RC_OK);
    assert_int_equal(a.name.n, 0);
    assert_int_equal(mail_address_parse(STR("A <a@b> x"), &a, NULL), RC_INVALID);
    struct mail_message m = sample();
    BUF_AUTO out = BUF_INIT(1 << 20);
    m.to = STR("a@b\r\nRCPT TO:<c@d>");
    assert_int_equal(mail_message_write(&m, &out, NULL), RC_INVALID);
    m = sample();
    m.id = STR("1@b>\r\nBcc: x@y");
    assert_int_equal(mail_message_write(&m, &out, NULL), RC_INVALID);
}

static void test_servers(void **state)
{
    (void)state;
    ARENA_AUTO arena = ARENA_INIT;
    struct mail_server s;
    assert_int_equal(mail_server_parse(&arena, STR("smtp://mail.example"), STR_NONE, &s, NULL),
                     RC_OK);
    assert_true(s.port == 25 && s.tls == MAIL_TLS_STARTTLS);
    assert_int_equal(mail_server_parse(&arena, STR("smtps://mail.example/"), STR_NONE, &s, NULL),
                     RC_OK);
    assert_true(s.port == 465 && s.tls == MAIL_TLS_AT_ONCE);
    assert_int_equal(mail_server_parse(&arena, STR("smtp://[::1]:2525"), STR_NONE, &s, NULL),
                     RC_OK);
    assert_true(s.port == 2525 && s.tls == MAIL_TLS_NONE && str_eq(s.host, STR("::1")));
    static const char *const bad[] = {"",           "smtp://",         "smtp://a:0",    "smtp://a:",
                                      "smtp://a/x", "smtp://u:p@a:25", "smtp://[::1",   "smtp://-a",
                                      "imap://a",   "smtp://a b",      "smtp://a:25:25"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (mail_server_parse(&arena, str_of(bad[i]), STR_NONE, &s, NULL) != RC_INVALID)
            fail_msg("<%s> passes", bad[i]);
}

static void test_pauses_grow(void **state)
{
    (void)state;
    int64_t sum = 0;
    for (unsigned n = 1; n < 60; n++) {
        assert_true(mail_pause(n) > 0 && mail_pause(n + 1) >= mail_pause(n));
        sum += mail_pause(n);
    }
    assert_true(mail_pause(1) <= 60 && sum > 5 * 86400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_how_letters_are_ended),
        cmocka_unit_test(test_a_long_subject_is_folded_between_characters),
        cmocka_unit_test(test_the_text),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_servers),
        cmocka_unit_test(test_pauses_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
