#include "cli/groups.h"

const struct command *const command_groups[] = {
    stock_commands,   /* also */
    terms_commands,   /* beside it */
    seller_commands,  /* by itself */
    payout_commands,  /* and this */
    payment_commands, /* and this */
    paper_commands,   /* the same */
    demand_commands,  /* on a line of its own */
    party_commands,   /* and this one */
    key_commands,     /* and this */
    sales_commands,   /* and this */
    licence_commands, shop_commands,   import_commands,
    review_commands,  serve_commands,  record_commands,
    audit_commands,   move_commands,   database_commands,
    file_commands,    epub_commands,   receipt_commands,
    witness_commands, mail_commands,   absence_commands,
    export_commands,  staff_commands,  text_commands,
    redress_commands, mirror_commands, NULL,
};
