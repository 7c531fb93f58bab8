/* Runs a fuzzer over the files of its corpus, as an ordinary test. */
#include <dirent.h>
#include <stdint.h>

#include "base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static int replay(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return -1;
    BUF_AUTO bytes = BUF_INIT(64u << 20);
    size_t got = 1;
    while (got > 0) {
        char *to = buf_reserve(&bytes, 65536);
        got = to == NULL ? 0 : fread(to, 1, 65536, file);
        bytes.n += got;
    }
    fclose(file);
    /* A copy of the exact size, so that a read past its end is seen. */
    uint8_t *exact = malloc(bytes.n > 0 ? bytes.n : 1);
    if (exact == NULL)
        abort();
    if (bytes.n > 0)
        memcpy(exact, bytes.p, bytes.n);
    LLVMFuzzerTestOneInput(exact, bytes.n);
    free(exact);
    return 0;
}

int main(int argc, char **argv)
{
    int replayed = 0;
    for (int i = 1; i < argc; i++) {
        DIR *dir = opendir(argv[i]);
        for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;)
            if (entry->d_name[0] != '.' && replay(argv[i], entry->d_name) == 0)
                replayed++;
        if (dir != NULL)
            closedir(dir);
    }
    printf("%d inputs replayed\n", replayed);
    return replayed > 0 ? 0 : 1;
}
