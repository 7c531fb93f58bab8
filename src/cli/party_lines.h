/* The lines of `shop disclose` and `agreement add`: their options, and what they hand in. Papers
 * are files, which are read afterwards. Pure. */
#ifndef COLOPHON_CLI_PARTY_LINES_H
#define COLOPHON_CLI_PARTY_LINES_H

#include "app/party_orders.h"
#include "cli/command.h"

extern const struct option_spec party_disclose_options[], party_agreement_options[];

/* With its one argument, the shop. */
struct disclosure_order party_read_disclosure(const struct cli *cli);
enum rc party_read_agreement(struct cli *cli, struct agreement_order *ret,
                             struct fault *fault) MUST_CHECK;

#endif
