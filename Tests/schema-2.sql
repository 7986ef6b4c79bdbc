-- Takes a server's database back to schema version 2, by undoing the later migrations. Tests of
-- restarts and the fault tests begin from there; a new migration is undone here.
ALTER TABLE tariff DROP COLUMN proposed_at;
ALTER TABLE tariff DROP COLUMN withdrawn_by;
ALTER TABLE tariff DROP COLUMN withdrawn_at;
DROP TABLE quota_use;
DROP TABLE terminal_key;
DROP TABLE key_request;
DROP TABLE cosignature;
DROP TABLE time_stamp;
DROP TABLE line_name;
DROP TABLE sale_line;
DROP TABLE standing;
DROP TABLE access_log;
DROP TABLE bank_statement;
DROP TABLE acquirer_file;
DROP TABLE bank_line;
DROP TABLE settled_item;
DROP TABLE plate_search;
DROP TABLE search_index;
DROP TABLE personal_request;
DROP TABLE legal_hold;
DROP TABLE reversal_payee;
DROP TABLE person_change;
CREATE TABLE whole_file(
  yard INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL,
  bytes BLOB NOT NULL, PRIMARY KEY(yard, number, name)) STRICT;
INSERT INTO whole_file
  SELECT yard, number, name, CAST(coalesce((
    SELECT group_concat(bytes, '') FROM (
      SELECT bytes FROM export_part WHERE file = export_file.file ORDER BY number)), '') AS BLOB)
  FROM export_file;
DROP TABLE export_part;
DROP TABLE export_file;
ALTER TABLE whole_file RENAME TO export_file;
CREATE TABLE access(
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, person TEXT NOT NULL,
  position INTEGER NOT NULL, fields TEXT NOT NULL) STRICT;
ALTER TABLE terminal ADD COLUMN highest INTEGER NOT NULL DEFAULT 0;
PRAGMA user_version = 2;
