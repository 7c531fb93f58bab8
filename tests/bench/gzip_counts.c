/* Counts of what pages consist of, for src/web/gzip_counts.h:
 *
 *     gzip_counts PAGE... > src/web/gzip_counts.h
 *
 * Each page counts alike, whatever its length. */
#include <isa-l.h>
#include <stdio.h>
#include <stdlib.h>

enum { PAGE_MAX = 1 << 20, PARTS = 1000000 };

static void say(const char *name, const double *counts, size_t n)
{
    printf("\nstatic const uint32_t %s[] = {", name);
    for (size_t i = 0; i < n; i++)
        printf("%s%.0f,", i % 16 == 0 ? "\n    " : " ", 1 + counts[i]);
    printf("\n};\n");
}

static void count(const char *path, double *lengths, double *distances)
{
    uint8_t *page = malloc(PAGE_MAX);
    struct isal_huff_histogram *counts = calloc(1, sizeof *counts);
    FILE *f = fopen(path, "r");
    if (page == NULL || counts == NULL || f == NULL) {
        perror(path);
        exit(1);
    }
    int n = (int)fread(page, 1, PAGE_MAX, f);
    fclose(f);
    isal_update_histogram(page, n, counts);
    for (size_t i = 0; n > 0 && i < ISAL_DEF_LIT_LEN_SYMBOLS; i++)
        lengths[i] += (double)counts->lit_len_histogram[i] * PARTS / n;
    for (size_t i = 0; n > 0 && i < ISAL_DEF_DIST_SYMBOLS; i++)
        distances[i] += (double)counts->dist_histogram[i] * PARTS / n;
    free(counts);
    free(page);
}

int main(int n, char **names)
{
    double lengths[ISAL_DEF_LIT_LEN_SYMBOLS] = {0}, distances[ISAL_DEF_DIST_SYMBOLS] = {0};
    for (int i = 1; i < n; i++)
        count(names[i], lengths, distances);
    printf(
        "/* How often pages have each literal and length, and each distance: of books, results, a\n"
        " * home and the Record in English, Chinese, Arabic, and of feeds. Made by\n"
        " * tests/bench/gzip_counts.c; what it is made of changes the length of pages alone. */\n"
        "#ifndef COLOPHON_WEB_GZIP_COUNTS_H\n#define COLOPHON_WEB_GZIP_COUNTS_H\n\n"
        "#include <stdint.h>\n");
    say("gzip_lengths", lengths, ISAL_DEF_LIT_LEN_SYMBOLS);
    say("gzip_distances", distances, ISAL_DEF_DIST_SYMBOLS);
    printf("\n#endif\n");
    return 0;
}
