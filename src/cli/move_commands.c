#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "app/move.h"
#include "cli/groups.h"
#include "cli/progress.h"

struct moving {
    struct progress_line line;
    const char *told; /* the phase */
    bool quiet;       /* not on a terminal */
};

static const char *const phase_texts[] = {
    [MOVE_COPYING] = "copying while the shop goes on",
    [MOVE_WAITING] = "stop `colophon serve` now; the rest takes as long as the last check",
    [MOVE_CATCHING] = "copying what came since",
    [MOVE_CHECKING] = "comparing everything",
};

/* Asked after every piece: Ctrl-C ends the move between two of them. */
static bool go_on(void)
{
    sigset_t signals;
    struct timespec none = {0, 0};
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    return sigtimedwait(&signals, NULL, &none) < 0;
}

static bool tell(void *context, enum move_phase phase, const struct move_table *table)
{
    struct moving *m = context;
    if (table == NULL) {
        if (m->told != phase_texts[phase]) {
            progress_end(&m->line);
            m->line = (struct progress_line){.what = "rows"};
            m->told = phase_texts[phase];
            if (!m->quiet || phase == MOVE_WAITING)
                fprintf(stderr, "%s\n", m->told);
        }
    } else if (phase == MOVE_CHECKING && table->done) {
        progress_end(&m->line);
        printf("%s\t%llu\t", table->name, (unsigned long long)table->rows);
        for (size_t i = 0; i < sizeof table->digest.b; i++)
            printf("%02x", table->digest.b[i]);
        putchar('\n');
    } else {
        progress_show(&m->line, 0, 0, table->rows);
    }
    return go_on();
}

static enum rc run_move(struct cli *cli, struct fault *fault)
{
    struct moving moving = {.line = {.what = "rows"}, .quiet = isatty(STDERR_FILENO) == 0};
    struct move_watch watch = {&moving, tell};
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    enum rc rc = move_run(cli_value_z(cli, "from"), cli_value(cli, "to"), &watch, fault);
    progress_end(&moving.line);
    if (rc == RC_OK)
        printf("moved; `colophon serve` goes on there\n");
    return rc;
}

static const struct option_spec move_options[] = {
    {"from", OPTION_VALUE, true}, {"to", OPTION_VALUE, true}, {NULL, 0, false}};

const struct command move_commands[] = {
    {"move", "move --from DIR --to postgresql://…|sqlite", move_options, 0, 0, false, run_move},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
