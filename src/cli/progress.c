#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

enum { BAR = 28, EVERY_MS = 200 };

void progress_show(struct progress_line *line, uint64_t done, uint64_t all, uint64_t counted)
{
    int64_t now = clock_monotonic_ms();
    if (line->begun == 0)
        line->begun = now;
    if (!isatty(STDERR_FILENO) || now - line->told < EVERY_MS)
        return;
    line->told = now;
    line->shown = true;
    double seconds = (double)(now - line->begun) / 1000 + 0.001;
    fprintf(stderr, "\r\033[K");
    if (all > 0) {
        int full = done >= all ? BAR : (int)(done * BAR / all);
        fprintf(stderr, "[%.*s%.*s] %3d %%  ", full, "############################", BAR - full,
                "............................", (int)(done >= all ? 100 : done * 100 / all));
    }
    fprintf(stderr, "%llu %s, %.0f/s", (unsigned long long)counted, line->what,
            (double)counted / seconds);
    if (all > 0 && done > 0 && done < all)
        fprintf(stderr, ", %.0f s left", seconds * (double)(all - done) / (double)done);
    fflush(stderr);
}

void progress_tell(void *line, uint64_t done, uint64_t all)
{
    progress_show(line, done, all, done);
}

void progress_wait(struct progress_line *line, const char *sentence)
{
    int64_t now = clock_monotonic_ms();
    if (!isatty(STDERR_FILENO) || now - line->told < EVERY_MS)
        return;
    line->told = now;
    line->shown = true;
    fprintf(stderr, "\r\033[K%s", sentence);
    fflush(stderr);
}

void progress_end(struct progress_line *line)
{
    if (line->shown)
        fprintf(stderr, "\r\033[K");
}
