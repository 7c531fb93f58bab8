-- Up to which edition had come by when: ids rise, so the first of these rows that is not below an
-- edition's says when it came. 0: before anybody noted it.
CREATE TABLE arrival (
    last_id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL
);
INSERT INTO arrival (last_id, at) SELECT MAX(id), 0 FROM edition HAVING MAX(id) IS NOT NULL;

-- Whose books readers want to hear of.
CREATE TABLE follow (
    account_id INTEGER NOT NULL,
    kind TEXT NOT NULL, -- 'contributor', 'series'
    target_id INTEGER NOT NULL, -- of the contributor, of the collection
    after_edition INTEGER NOT NULL, -- those with a higher id are news
    created INTEGER NOT NULL,
    PRIMARY KEY (account_id, kind, target_id)
) WITHOUT ROWID;

-- How they hear of it. One for each account that ever followed anything.
CREATE TABLE follower (
    account_id INTEGER PRIMARY KEY,
    feed TEXT NOT NULL UNIQUE, -- the secret in the address of their feed
    stop TEXT NOT NULL UNIQUE, -- the secret in letters that ends them
    storefront TEXT NOT NULL, -- the slug of the one whose news letters tell; '': none are wanted
    root TEXT NOT NULL, -- where their links begin: '/us/es'
    mailed INTEGER NOT NULL, -- when the last letter was
    told INTEGER NOT NULL -- editions up to this id letters told of, or passed over
);
