-- Selling. All amounts are integer minor units of the currency beside them (domain/money.h), all rates
-- thousandths of a per cent, all times Unix seconds, all days yyyymmdd. What was agreed is copied into
-- its row and never looked up again: a price, a rate, a title may change, a sales order does not.

-- A shop as a seller: what its papers say, where its money goes, what the operator keeps of it.
CREATE TABLE seller (
    shop_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    address TEXT NOT NULL, -- lines
    country TEXT NOT NULL,
    email TEXT NOT NULL,
    tax_number TEXT NOT NULL,
    account TEXT NOT NULL, -- for payouts: IBAN, or as the country writes it
    fee INTEGER NOT NULL,  -- of what was paid without tax
    changed INTEGER NOT NULL
);
-- The bank account that readers pay into, by currency: the operator's.
CREATE TABLE bank_account (
    currency TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    account TEXT NOT NULL,
    bank TEXT NOT NULL,
    changed INTEGER NOT NULL
);

-- What is charged in a country on a kind of product from a day on; the latest that has begun counts.
CREATE TABLE tax_rate (
    id INTEGER PRIMARY KEY,
    country TEXT NOT NULL,
    region TEXT NOT NULL, -- ISO 3166-2 without the country; '' for all of it
    kind TEXT NOT NULL,   -- domain/tax.h: 'print', 'e-book', 'shipping' …
    starts INTEGER NOT NULL, -- day
    rate INTEGER NOT NULL,
    code TEXT NOT NULL, -- ONIX list 62: 'S', 'R', 'Z'
    source TEXT NOT NULL, -- the law, or who said so
    stated INTEGER NOT NULL,
    UNIQUE (country, region, kind, starts)
);
-- The law of fixed prices (domain/price_law.h): from a day on, of a kind in a country.
CREATE TABLE price_law (
    id INTEGER PRIMARY KEY,
    country TEXT NOT NULL,
    kind TEXT NOT NULL, -- 'print', 'e-book'
    starts INTEGER NOT NULL, -- day
    ends INTEGER NOT NULL,   -- day; 0: none is known
    discount INTEGER NOT NULL, -- at most so much off the price that the publisher fixed
    shipping_least INTEGER NOT NULL, -- what delivery costs at least …
    shipping_from INTEGER NOT NULL,  -- … below this much of books; above it, more than nothing
    law TEXT NOT NULL,
    stated INTEGER NOT NULL,
    UNIQUE (country, kind, starts)
);
CREATE TABLE shipping_method (
    id INTEGER PRIMARY KEY,
    shop_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    countries TEXT NOT NULL, -- ISO 3166-1, spaces between
    currency TEXT NOT NULL,
    days_least INTEGER NOT NULL,
    days_most INTEGER NOT NULL,
    free_from INTEGER NOT NULL, -- of goods; -1: never
    ended INTEGER NOT NULL -- 0: it is offered
);
CREATE INDEX shipping_method_shop ON shipping_method (shop_id, ended);
CREATE TABLE shipping_band (
    method_id INTEGER NOT NULL,
    grams INTEGER NOT NULL, -- up to this weight
    price INTEGER NOT NULL,
    PRIMARY KEY (method_id, grams)
);
CREATE TABLE voucher (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE, -- of its code
    name TEXT NOT NULL,
    shop_id INTEGER NOT NULL, -- 0: the operator's, for whatever shop
    currency TEXT NOT NULL,   -- '' with a rate
    amount INTEGER NOT NULL,  -- off the goods; 0 with a rate
    rate INTEGER NOT NULL,    -- 0 with an amount
    least INTEGER NOT NULL,   -- of goods
    starts INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    uses INTEGER NOT NULL, -- so often at most; 0: as often as anybody likes
    used INTEGER NOT NULL,
    created INTEGER NOT NULL
);

-- Stock that is counted; an edition without a row is ordered from its supplier, as the feed says.
CREATE TABLE stock (
    shop_id INTEGER NOT NULL,
    edition_id INTEGER NOT NULL,
    on_hand INTEGER NOT NULL,  -- never below nought
    promised INTEGER NOT NULL, -- of these, to holds and to sales orders that did not leave; no more than on_hand, unless people counted fewer
    changed INTEGER NOT NULL,
    PRIMARY KEY (shop_id, edition_id)
);
-- Of what is promised: to a purchase that waits for its payment, until it expires.
CREATE TABLE stock_hold (
    purchase_id INTEGER NOT NULL,
    shop_id INTEGER NOT NULL,
    edition_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    PRIMARY KEY (purchase_id, shop_id, edition_id)
);
CREATE INDEX stock_hold_expires ON stock_hold (expires);

CREATE TABLE basket (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE, -- of the secret in the cookie
    account_id INTEGER NOT NULL, -- 0: nobody's yet
    storefront_id INTEGER NOT NULL,
    voucher_id INTEGER NOT NULL, -- 0: none
    created INTEGER NOT NULL,
    touched INTEGER NOT NULL -- forgotten thirty days after
);
CREATE INDEX basket_account ON basket (account_id);
CREATE INDEX basket_touched ON basket (touched);
CREATE TABLE basket_line (
    basket_id INTEGER NOT NULL,
    edition_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    later INTEGER NOT NULL, -- 1: put aside
    price INTEGER NOT NULL, -- as it was shown when it was put in
    currency TEXT NOT NULL,
    added INTEGER NOT NULL,
    PRIMARY KEY (basket_id, edition_id)
);

-- One checkout: what one person agreed to pay at once; a sales order for each shop.
CREATE TABLE purchase (
    id INTEGER PRIMARY KEY,
    token BLOB NOT NULL UNIQUE, -- hash of the form's: a second one of it is the same purchase
    secret BLOB NOT NULL UNIQUE, -- hash of what opens its page
    account_id INTEGER NOT NULL, -- 0: a guest's
    storefront_id INTEGER NOT NULL,
    country TEXT NOT NULL, -- that its taxes and rights were decided for
    currency TEXT NOT NULL,
    language TEXT NOT NULL,
    email TEXT NOT NULL,
    delivery TEXT NOT NULL, -- JSON (app/sales.h); '' where nothing is shipped
    billing TEXT NOT NULL,  -- the same
    evidence TEXT NOT NULL, -- JSON: what says that the buyer is of that country
    consent INTEGER NOT NULL, -- when the right of withdrawal from e-books was given up; 0: not
    consent_text TEXT NOT NULL, -- the words
    method TEXT NOT NULL, -- 'transfer', 'card' …
    total INTEGER NOT NULL,
    state TEXT NOT NULL, -- 'waiting', 'paid', 'ended' (never paid)
    placed INTEGER NOT NULL,
    expires INTEGER NOT NULL -- it waits until then
);
CREATE INDEX purchase_account ON purchase (account_id, id);
CREATE INDEX purchase_waits ON purchase (state, expires);

CREATE TABLE sales_order (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL UNIQUE, -- what people call it
    purchase_id INTEGER NOT NULL,
    shop_id INTEGER NOT NULL,
    currency TEXT NOT NULL,
    goods INTEGER NOT NULL,    -- as asked for, before the discount; with tax where prices are
    discount INTEGER NOT NULL,
    shipping INTEGER NOT NULL, -- with its tax
    tax INTEGER NOT NULL,      -- of all of it
    total INTEGER NOT NULL,    -- that is paid, with tax
    shipping_name TEXT NOT NULL,
    shipping_tax INTEGER NOT NULL,
    shipping_rate INTEGER NOT NULL,
    state TEXT NOT NULL, -- 'placed', 'paid', 'done', 'cancelled'
    refunded INTEGER NOT NULL,
    placed INTEGER NOT NULL,
    paid INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    fee INTEGER NOT NULL DEFAULT 0 -- rate that the operator keeps, as the seller's was when it was placed
);
CREATE INDEX sales_order_purchase ON sales_order (purchase_id);
CREATE INDEX sales_order_shop ON sales_order (shop_id, state, id);
CREATE TABLE sales_line (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL,
    edition_id INTEGER NOT NULL,
    work_id INTEGER NOT NULL,
    isbn TEXT NOT NULL, -- the product's key
    title TEXT NOT NULL,
    contributor TEXT NOT NULL,
    kind TEXT NOT NULL, -- domain/tax.h
    digital INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    unit INTEGER NOT NULL,     -- price of one as shown
    discount INTEGER NOT NULL, -- off all of them
    total INTEGER NOT NULL,    -- of all of them, discounted, with tax
    tax INTEGER NOT NULL,      -- of that
    rate INTEGER NOT NULL,
    tax_country TEXT NOT NULL,
    tax_code TEXT NOT NULL,
    tax_id INTEGER NOT NULL, -- of the tax_rate
    price_type TEXT NOT NULL, -- ONIX list 58
    fixed INTEGER NOT NULL,   -- 1: a law fixes it
    available INTEGER NOT NULL, -- the day, where it was ordered before; else 0
    sent INTEGER NOT NULL,      -- so many left, or were delivered
    cancelled INTEGER NOT NULL, -- before they left
    returned INTEGER NOT NULL,
    refunded INTEGER NOT NULL -- money
);
CREATE INDEX sales_line_order ON sales_line (order_id);
CREATE INDEX sales_line_edition ON sales_line (edition_id);
-- What happened to a sales order; rows are added and never changed.
CREATE TABLE sales_event (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL,
    line_id INTEGER NOT NULL, -- 0: of all of it
    kind TEXT NOT NULL, -- app/sales.h
    quantity INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    actor TEXT NOT NULL, -- 'reader', 'staff', 'shop' (by itself), 'payment'
    account_id INTEGER NOT NULL,
    note TEXT NOT NULL,
    at INTEGER NOT NULL
);
CREATE INDEX sales_event_order ON sales_event (order_id, id);
CREATE TABLE shipment (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL,
    carrier TEXT NOT NULL,
    tracking TEXT NOT NULL,
    sent INTEGER NOT NULL
);
CREATE INDEX shipment_order ON shipment (order_id);
CREATE TABLE shipment_line (
    shipment_id INTEGER NOT NULL,
    line_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (shipment_id, line_id)
);

CREATE TABLE payment (
    id INTEGER PRIMARY KEY,
    purchase_id INTEGER NOT NULL,
    method TEXT NOT NULL,
    reference TEXT NOT NULL UNIQUE, -- what a transfer names; ours for a provider
    provider_id TEXT NOT NULL, -- theirs; '' until they gave one
    currency TEXT NOT NULL,
    amount INTEGER NOT NULL,   -- that is asked for
    received INTEGER NOT NULL,
    refunded INTEGER NOT NULL,
    state TEXT NOT NULL, -- 'waiting', 'paid', 'failed', 'held' (not what was asked for: people look)
    created INTEGER NOT NULL,
    ended INTEGER NOT NULL
);
CREATE INDEX payment_purchase ON payment (purchase_id);
CREATE INDEX payment_provider ON payment (provider_id);
-- What a bank or provider told, each once.
CREATE TABLE payment_event (
    method TEXT NOT NULL,
    event TEXT NOT NULL, -- their id; of a transfer, a hash of the statement's line
    payment_id INTEGER NOT NULL, -- 0: nobody knows yet whose
    kind TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount INTEGER NOT NULL,
    text TEXT NOT NULL, -- the reference as they gave it
    outcome TEXT NOT NULL,
    told INTEGER NOT NULL,
    taken INTEGER NOT NULL,
    PRIMARY KEY (method, event)
);
CREATE TABLE refund (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE, -- whatever is asked for twice is one
    order_id INTEGER NOT NULL,
    payment_id INTEGER NOT NULL,
    currency TEXT NOT NULL,
    amount INTEGER NOT NULL,
    reason TEXT NOT NULL, -- 'cancelled', 'returned', 'withdrawn', 'goodwill', 'overpaid'
    state TEXT NOT NULL,  -- 'owed', 'sent', 'failed'
    provider_id TEXT NOT NULL,
    created INTEGER NOT NULL,
    ended INTEGER NOT NULL
);
CREATE INDEX refund_order ON refund (order_id);
CREATE INDEX refund_state ON refund (state, id);

-- Double entry: the lines of a transaction sum to nought in its currency; nothing is changed or removed.
CREATE TABLE ledger_transaction (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE, -- 'paid/17', 'refund/3': once, whoever says it again
    kind TEXT NOT NULL,
    currency TEXT NOT NULL,
    order_id INTEGER NOT NULL, -- 0: of none
    at INTEGER NOT NULL
);
CREATE TABLE ledger_line (
    transaction_id INTEGER NOT NULL,
    n INTEGER NOT NULL,
    account TEXT NOT NULL, -- domain/ledger.h
    shop_id INTEGER NOT NULL, -- 0: the operator's
    country TEXT NOT NULL,    -- of a tax; else ''
    amount INTEGER NOT NULL,  -- debit above nought, credit below
    PRIMARY KEY (transaction_id, n)
);
CREATE INDEX ledger_line_account ON ledger_line (account, shop_id, transaction_id);
CREATE TABLE payout (
    id INTEGER PRIMARY KEY,
    shop_id INTEGER NOT NULL,
    currency TEXT NOT NULL,
    amount INTEGER NOT NULL,
    until INTEGER NOT NULL, -- transactions up to this one
    reference TEXT NOT NULL,
    created INTEGER NOT NULL,
    sent INTEGER NOT NULL -- 0: not yet
);
CREATE INDEX payout_shop ON payout (shop_id, id);

-- Invoices and credit notes: numbers of a series have no gaps, facts are frozen.
CREATE TABLE invoice_series (
    shop_id INTEGER NOT NULL,
    series TEXT NOT NULL, -- '2026', 'C2026'
    last INTEGER NOT NULL,
    PRIMARY KEY (shop_id, series)
);
CREATE TABLE invoice (
    id INTEGER PRIMARY KEY,
    shop_id INTEGER NOT NULL,
    series TEXT NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL, -- 'invoice', 'credit-note'
    order_id INTEGER NOT NULL,
    refund_id INTEGER NOT NULL, -- 0: an invoice
    currency TEXT NOT NULL,
    total INTEGER NOT NULL,
    tax INTEGER NOT NULL,
    facts TEXT NOT NULL, -- JSON: all that the paper says
    issued INTEGER NOT NULL,
    UNIQUE (shop_id, series, number)
);
CREATE INDEX invoice_order ON invoice (order_id);

-- What opens a purchase's page besides its own secret: each letter to a guest has one.
CREATE TABLE purchase_link (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    purchase_id INTEGER NOT NULL,
    created INTEGER NOT NULL
);
CREATE INDEX purchase_link_purchase ON purchase_link (purchase_id);

-- Purchases whose account is gone while they were under way: once they end they lose address and e-mail.
CREATE TABLE purchase_forget (
    purchase_id INTEGER PRIMARY KEY
);

-- E-books that an account has.
CREATE TABLE library (
    account_id INTEGER NOT NULL,
    edition_id INTEGER NOT NULL,
    source TEXT NOT NULL,     -- 'bought', 'free'
    line_id INTEGER NOT NULL, -- of the sales order; 0: free
    since INTEGER NOT NULL,
    ended INTEGER NOT NULL, -- when it was given back; 0: it has it
    hidden INTEGER NOT NULL,
    PRIMARY KEY (account_id, edition_id)
);
CREATE INDEX library_edition ON library (edition_id);
