/* Inside cli/: `colophon watch`, which stands in audit_commands. */
#ifndef COLOPHON_CLI_WATCH_COMMANDS_H
#define COLOPHON_CLI_WATCH_COMMANDS_H

#include "cli/command.h"

extern const struct option_spec watch_options[];
enum rc run_watch(struct cli *cli, struct fault *fault) MUST_CHECK;

#endif
