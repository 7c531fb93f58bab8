-- When somebody showed that they read what is sent to the account's address; 0: nobody
-- has. Who was here before is believed: nobody asked them.
ALTER TABLE account ADD COLUMN confirmed INTEGER NOT NULL DEFAULT 1;
