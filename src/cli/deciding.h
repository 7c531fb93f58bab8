/* Inside cli/: who decides, and what came of it, for the commands that decide. */
#ifndef COLOPHON_CLI_DECIDING_H
#define COLOPHON_CLI_DECIDING_H

#include "app/decide.h"
#include "app/demand.h"
#include "cli/command.h"

/* The operator that --as names; 0 where it is not given. */
enum rc cli_staff(struct cli *cli, const struct cli_shop *shop, uint64_t *ret,
                  struct fault *fault) MUST_CHECK;
/* Decides, or proposes, in the shop and as whom the options say, and prints "restriction 7,
 * entry 12" or the proposal that waits; JSON with --json. */
enum rc cli_decide(struct cli *cli, const struct decision_order *order,
                   struct fault *fault) MUST_CHECK;
/* What the options name: --edition ISBN … --shop SLUG, or --target KIND:KEY. At most one of
 * them, exactly one where it is `needed`. */
enum rc cli_target(struct cli *cli, bool needed, struct restriction_order *ret,
                   struct fault *fault) MUST_CHECK;
/* `restriction approve` and `demand approve` are one. */
enum rc run_approve(struct cli *cli, struct fault *fault) MUST_CHECK;
extern const struct option_spec approve_options[];

/* A file's bytes, which live as long as the command; nothing where the option is absent. */
enum rc cli_paper(struct cli *cli, const char *option, struct paper *ret,
                  struct fault *fault) MUST_CHECK;

#endif
