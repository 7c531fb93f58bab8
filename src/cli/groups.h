/* Inside cli/: the tables of commands, by what they are about. */
#ifndef COLOPHON_CLI_GROUPS_H
#define COLOPHON_CLI_GROUPS_H

#include "cli/command.h"

extern const struct command shop_commands[];
extern const struct command import_commands[];
extern const struct command review_commands[];
extern const struct command record_commands[];
extern const struct command receipt_commands[];
extern const struct command demand_commands[];
extern const struct command party_commands[];
extern const struct command licence_commands[];
extern const struct command sales_commands[];
extern const struct command serve_commands[];
extern const struct command audit_commands[];
extern const struct command absence_commands[];
extern const struct command witness_commands[];
extern const struct command mirror_commands[];
extern const struct command move_commands[];
extern const struct command database_commands[];
extern const struct command file_commands[];
extern const struct command epub_commands[];
extern const struct command stock_commands[];
extern const struct command terms_commands[];
extern const struct command mail_commands[];
extern const struct command export_commands[];
extern const struct command staff_commands[];
extern const struct command text_commands[];
extern const struct command key_commands[];
extern const struct command redress_commands[];
extern const struct command payment_commands[];
extern const struct command payout_commands[];
extern const struct command seller_commands[];
extern const struct command paper_commands[];

#endif
