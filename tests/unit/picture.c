/* A picture's format and size, out of what it says of itself; the pictures are the
 * fuzzer's corpus, made by libvips, 3 by 5 pixels each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "domain/rendition.h"

static struct str load(const char *name, char *room, size_t n)
{
    char path[500];
    const char *source = getenv("COLOPHON_SOURCE");
    snprintf(path, sizeof path, "%s/fuzz/corpus/picture/%s", source == NULL ? "." : source, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t had = fread(room, 1, n, file);
    fclose(file);
    return (struct str){room, had};
}

static void every_format_tells_its_size(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum picture_format format;
    } samples[] = {{"baseline_jpeg", PICTURE_JPEG},
                   {"progressive_jpeg", PICTURE_JPEG},
                   {"png", PICTURE_PNG},
                   {"webp_lossy", PICTURE_WEBP},
                   {"webp_lossless", PICTURE_WEBP},
                   {"webp_alpha", PICTURE_WEBP},
                   {"webp_simple", PICTURE_WEBP},
                   {"webp_simple_lossless", PICTURE_WEBP},
                   {"gif", PICTURE_GIF},
                   {"tiff", PICTURE_TIFF},
                   {"tiff_big_endian", PICTURE_TIFF},
                   {"avif", PICTURE_AVIF}};
    char room[4096];
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct picture p;
        struct fault fault = {""};
        struct str bytes = load(samples[i].name, room, sizeof room);
        if (picture_read(bytes, &p, &fault) != RC_OK)
            fail_msg("%s: %s", samples[i].name, fault.text);
        assert_int_equal(p.format, samples[i].format);
        assert_int_equal(p.width, 3);
        assert_int_equal(p.height, 5);
        /* Cut anywhere, it is refused or says the same. */
        for (size_t n = 0; n < bytes.n; n++) {
            struct picture cut;
            if (picture_read(str_sub(bytes, 0, n), &cut, &fault) == RC_OK)
                assert_true(cut.width == 3 && cut.height == 5);
        }
    }
}

static void nothing_else_is_a_picture(void **state)
{
    (void)state;
    static const struct str others[] = {{"", 0},
                                        {"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", 41},
                                        {"GIF89a\1\0\1\0", 10},
                                        {"%PDF-1.7", 8},
                                        {"\xff\xd8\xff\xd9", 4},
                                        {"\x89PNG\r\n\x1a\n", 8},
                                        {"RIFF\0\0\0\0WEBPVP8X", 16}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct picture p;
        struct fault fault = {""};
        assert_int_equal(picture_read(others[i], &p, &fault), RC_INVALID);
        assert_true(fault.text[0] != '\0');
    }
    /* A size of nothing is none. */
    char room[4096];
    struct str png = load("png", room, sizeof room);
    memset(room + 16, 0, 4);
    struct picture p;
    assert_int_equal(picture_read(png, &p, NULL), RC_INVALID);
}

static void forms_are_packed_and_found_again(void **state)
{
    (void)state;
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO packed = BUF_INIT(1000);
    struct rendition forms[] = {{PICTURE_JPEG, 1200, 1800, 0, 70000, sha256("a", 1)},
                                {PICTURE_AVIF, 120, 65535, 70000, 1, sha256("b", 1)},
                                {PICTURE_WEBP, 1, 1, 70001, 4294967295, sha256("c", 1)}};
    rendition_list list = {forms, 3}, again;
    renditions_pack(&list, &packed);
    assert_true(renditions_unpack(&arena, buf_str(&packed), &again));
    assert_int_equal(again.n, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(again.v[i].format, forms[i].format);
        assert_int_equal(again.v[i].width, forms[i].width);
        assert_int_equal(again.v[i].height, forms[i].height);
        assert_int_equal(again.v[i].at, forms[i].at);
        assert_int_equal(again.v[i].bytes, forms[i].bytes);
        assert_true(hash_eq(&again.v[i].digest, &forms[i].digest));
    }
    assert_true(renditions_unpack(&arena, STR_NONE, &again) && again.n == 0);
    assert_false(renditions_unpack(&arena, str_sub(buf_str(&packed), 0, 40), &again));
    packed.p[0] = PICTURE_FORMATS;
    assert_false(renditions_unpack(&arena, buf_str(&packed), &again));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_tells_its_size),
        cmocka_unit_test(nothing_else_is_a_picture),
        cmocka_unit_test(forms_are_packed_and_found_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
