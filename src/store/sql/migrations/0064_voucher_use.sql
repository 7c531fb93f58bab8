-- Which voucher a purchase used: given back where it ends unpaid. What it took off stands in the lines.
CREATE TABLE voucher_use (
    purchase_id INTEGER PRIMARY KEY,
    voucher_id INTEGER NOT NULL,
    at INTEGER NOT NULL
);
CREATE INDEX voucher_use_voucher ON voucher_use (voucher_id);
