-- Texts that a storefront owes its readers, in versions: none is ever changed.
CREATE TABLE shop_text (
    id INTEGER PRIMARY KEY,
    storefront_id INTEGER NOT NULL,
    kind TEXT NOT NULL, -- 'imprint', 'terms' …
    language TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL, -- Markdown
    gone INTEGER NOT NULL, -- 1: from then on there is none
    starts INTEGER NOT NULL, -- when it comes into force
    saved INTEGER NOT NULL,
    account_id INTEGER NOT NULL, -- whose it is; 0: the command line's
    UNIQUE (storefront_id, kind, language, version)
);
