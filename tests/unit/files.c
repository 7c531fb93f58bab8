/* Where files are kept: names and addresses that are none are refused; a folder
 * keeps what it is given, whole. Stores that speak S3: tests/blackbox/test_files.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/engine.h"

static void names_stay_below_their_place(void **state)
{
    (void)state;
    static const char *const good[] = {"a", "covers/ab/ab12-00ff.jpg", "x_1/y.z"};
    static const char *const bad[] = {"",         "/a",   "a/",  "a//b", "..",   "a/../b",
                                      ".a",       "a/.b", "A",   "a b",  "a\\b", "a%2fb",
                                      "\xc3\xa9", "a\n",  "a:b", "./a",  "a/./b"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(files_name_valid(str_of(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (files_name_valid(str_of(bad[i])))
            fail_msg("taken for a name: %s", bad[i]);
    assert_false(files_name_valid((struct str){"a\0b", 3}));
    char longest[201];
    memset(longest, 'a', sizeof longest);
    assert_true(files_name_valid((struct str){longest, 200}));
    assert_false(files_name_valid((struct str){longest, 201}));
}

static void addresses_are_taken_apart(void **state)
{
    (void)state;
    ARENA_AUTO arena = ARENA_INIT;
    struct files_address a;
    struct fault fault = {""};
    assert_int_equal(files_address_read(&arena, STR("/srv/files"), &a, &fault), RC_OK);
    assert_false(a.remote);
    assert_int_equal(
        files_address_read(&arena,
                           STR("s3://books/shop/one/?endpoint=http://[::1]:9000&region=eu-west-3"),
                           &a, &fault),
        RC_OK);
    assert_true(a.remote);
    assert_true(str_eq(a.bucket, STR("books")));
    assert_true(str_eq(a.prefix, STR("shop/one/")));
    assert_true(str_eq(a.endpoint, STR("http://[::1]:9000")));
    assert_true(str_eq(a.region, STR("eu-west-3")));
    assert_int_equal(files_address_read(&arena, STR("s3://books"), &a, &fault), RC_OK);
    assert_true(str_eq(a.endpoint, STR("https://s3.us-east-1.amazonaws.com")));
    assert_int_equal(a.prefix.n, 0);
}

static void addresses_that_are_none_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "http://example.org/files",
        "s3://",
        "s3:///x",
        "s3://ab",
        "s3://Books",
        "s3://books/../x",
        "s3://books?endpoint=ftp://example.org",
        "s3://books?endpoint=http://id:secret@example.org",
        "s3://books?endpoint=http://example.org/path",
        "s3://books?region=a/b",
        "s3://books?key=secret",
        "/srv/\nfiles",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct fault fault = {""};
        if (files_check(str_of(bad[i]), &fault) != RC_INVALID)
            fail_msg("taken for an address: %s", bad[i]);
        assert_true(fault.text[0] != '\0');
    }
}

static void a_folder_keeps_files(void **state)
{
    (void)state;
    char base[] = "/tmp/colophon-files-XXXXXX", path[100];
    struct files *files;
    struct fault fault = {""};
    struct stat stat_of;
    uint64_t size = 0;
    assert_non_null(mkdtemp(base));
    snprintf(path, sizeof path, "%s/files/", base);
    assert_int_equal(files_open(str_of(path), NULL, NULL, &files, &fault), RC_OK);
    struct str name = STR("covers/ab/ab-1.jpg"), bytes = {"one\0two", 7};
    BUF_AUTO got = BUF_INIT(7);
    assert_int_equal(files_get(files, name, &got, &fault), RC_NOT_FOUND);
    assert_int_equal(files_size(files, name, &size, &fault), RC_NOT_FOUND);
    assert_int_equal(files_put(files, name, bytes, "image/jpeg", &fault), RC_OK);
    assert_int_equal(files_get(files, name, &got, &fault), RC_OK);
    assert_true(str_eq(buf_str(&got), bytes));
    assert_int_equal(files_size(files, name, &size, &fault), RC_OK);
    assert_int_equal(size, 7);
    BUF_AUTO small = BUF_INIT(6);
    assert_int_equal(files_get(files, name, &small, &fault), RC_LIMIT);
    /* Its owner's alone, and nothing half-written beside it. */
    snprintf(path, sizeof path, "%s/files/covers/ab/ab-1.jpg", base);
    assert_int_equal(stat(path, &stat_of), 0);
    assert_int_equal(stat_of.st_mode & 0777, 0600);
    snprintf(path, sizeof path, "%s/files/covers/ab/ab-1.jpg.part", base);
    assert_int_not_equal(access(path, F_OK), 0);
    /* A link that somebody laid there is no file of ours. */
    snprintf(path, sizeof path, "%s/files/covers/ab/link", base);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    buf_clear(&got);
    assert_int_equal(files_get(files, STR("covers/ab/link"), &got, &fault), RC_IO);
    assert_int_equal(files_get(files, STR("covers/ab"), &got, &fault), RC_IO);
    assert_int_equal(files_put(files, STR("../x"), bytes, "image/jpeg", &fault), RC_INVALID);
    assert_int_equal(files_remove(files, STR("covers/ab/link"), &fault), RC_OK);
    assert_int_equal(files_remove(files, name, &fault), RC_OK);
    assert_int_equal(files_remove(files, name, &fault), RC_OK);
    assert_int_equal(files_get(files, name, &got, &fault), RC_NOT_FOUND);
    files_close(files);
    static const char *const left[] = {"files/covers/ab", "files/covers", "files", ""};
    for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
        snprintf(path, sizeof path, "%s/%s", base, left[i]);
        assert_int_equal(rmdir(path), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_stay_below_their_place),
        cmocka_unit_test(addresses_are_taken_apart),
        cmocka_unit_test(addresses_that_are_none_are_refused),
        cmocka_unit_test(a_folder_keeps_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
