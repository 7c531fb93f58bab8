#include <stdio.h>
#include <unistd.h>

#include "app/move.h"
#include "base/priority.h"
#include "cli/groups.h"
#include "cli/progress.h"
#include "cli/stop.h"

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
        BUF_AUTO digest = BUF_INIT(100);
        hex_add(&digest, table->digest.b, sizeof table->digest.b);
        printf("%s\t%llu\t%.*s\n", table->name, (unsigned long long)table->rows,
               STR_ARG(buf_str(&digest)));
    } else {
        progress_show(&m->line, 0, 0, table->rows);
    }
    return !stop_asked(0);
}

static enum rc run_move(struct cli *cli, struct fault *fault)
{
    struct moving moving = {.line = {.what = "rows"}, .quiet = isatty(STDERR_FILENO) == 0};
    struct move_watch watch = {&moving, tell};
    stop_wait_to_be_asked();
    priority_lower(PRIORITY_LATER);
    enum rc rc = move_run(cli_value_z(cli, "from"), cli_value(cli, "to"), &watch, fault);
    progress_end(&moving.line);
    if (rc == RC_OK)
        rc = cli_note(cli, cli_value_z(cli, "from"), fault);
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
