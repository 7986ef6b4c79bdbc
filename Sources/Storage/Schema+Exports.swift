extension Schema {
    /// Files of exports are kept in parts: each comes in a short transaction of its own, and the
    /// row that names the file in the one with the journal record (decision 0015). Parts that no
    /// such row names belong to an export that is being made, or was given up, and may go.
    static let exportParts = """
        ALTER TABLE export_file RENAME TO whole_file;
        CREATE TABLE export_file(
          yard INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL,
          file INTEGER NOT NULL UNIQUE, PRIMARY KEY(yard, number, name)) STRICT;
        CREATE TABLE export_part(
          file INTEGER NOT NULL, number INTEGER NOT NULL,
          bytes BLOB NOT NULL CHECK(length(bytes) BETWEEN 1 AND 262144),
          PRIMARY KEY(file, number)) STRICT;
        INSERT INTO export_file SELECT yard, number, name, rowid FROM whole_file;
        INSERT INTO export_part
          WITH RECURSIVE part(number) AS (
            SELECT 0 UNION ALL SELECT number + 1 FROM part
            WHERE number < (SELECT max(length(bytes)) FROM whole_file) / 262144)
          SELECT whole_file.rowid, part.number,
            substr(whole_file.bytes, part.number * 262144 + 1, 262144)
          FROM whole_file JOIN part ON part.number * 262144 < length(whole_file.bytes);
        DROP TABLE whole_file;
        CREATE TRIGGER export_part_no_update BEFORE UPDATE ON export_part
        BEGIN SELECT RAISE(ABORT, 'export_part is append-only'); END;
        CREATE TRIGGER export_part_no_delete BEFORE DELETE ON export_part
        WHEN EXISTS(SELECT 1 FROM export_file WHERE file = OLD.file)
        BEGIN SELECT RAISE(ABORT, 'export_part is append-only'); END;
        CREATE TRIGGER export_part_no_insert BEFORE INSERT ON export_part
        WHEN EXISTS(SELECT 1 FROM export_file WHERE file = NEW.file)
        BEGIN SELECT RAISE(ABORT, 'export_part is append-only'); END;

        """ + appendOnly("export_file")
}
