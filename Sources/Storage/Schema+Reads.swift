extension Schema {
    /// What lists and searches read, and who looked at personal data.
    ///
    /// `record_day` holds all that a search compares, so that one pass over it answers what no
    /// narrower index does, and a new record still touches only the end of it. What a new record
    /// would touch all over (`sale_line`, `plate_search`) is written later, up to the log index in
    /// `search_index`: written with the sale it would be two fifths of the sale's bytes.
    static let reads =
        """
        DROP TABLE record;
        CREATE TABLE record(
          position INTEGER PRIMARY KEY, terminal INTEGER NOT NULL, seq INTEGER NOT NULL,
          kind TEXT NOT NULL, statement BLOB NOT NULL, previous BLOB NOT NULL,
          at INTEGER NOT NULL, day INTEGER NOT NULL, total INTEGER NOT NULL,
          state TEXT NOT NULL, flags TEXT NOT NULL, subject TEXT NOT NULL,
          scheme TEXT NOT NULL, last_four TEXT NOT NULL) STRICT;
        CREATE UNIQUE INDEX record_identity ON record(terminal, seq);
        CREATE INDEX record_day ON record(
          day, position, total, terminal, last_four, at, state);
        INSERT OR REPLACE INTO setting VALUES ('\(staleRecords)', 'yes');

        CREATE TABLE line_name(
          number INTEGER PRIMARY KEY, fraction TEXT NOT NULL, name TEXT NOT NULL,
          folded TEXT NOT NULL, UNIQUE(fraction, name)) STRICT;
        CREATE TABLE sale_line(
          line INTEGER NOT NULL, position INTEGER NOT NULL,
          PRIMARY KEY(line, position)) STRICT, WITHOUT ROWID;
        CREATE TABLE standing(position INTEGER PRIMARY KEY, standing TEXT NOT NULL) STRICT;

        CREATE TABLE plate_search(
          digest BLOB NOT NULL, position INTEGER NOT NULL,
          PRIMARY KEY(digest, position)) STRICT, WITHOUT ROWID;
        CREATE TABLE search_index(yard INTEGER PRIMARY KEY, upto INTEGER NOT NULL) STRICT;

        CREATE TABLE access_log(
          id INTEGER PRIMARY KEY, at INTEGER NOT NULL, person TEXT NOT NULL,
          yard INTEGER NOT NULL, position INTEGER,
          act TEXT NOT NULL CHECK(act IN ('read', 'search')),
          fields TEXT NOT NULL, purpose TEXT NOT NULL) STRICT;
        INSERT INTO access_log
          SELECT id, at, person, position >> 40, position, 'read', fields, '' FROM access;
        DROP TABLE access;
        CREATE TRIGGER access_log_no_update BEFORE UPDATE ON access_log
        BEGIN SELECT RAISE(ABORT, 'access_log is append-only'); END;

        """ + appendOnly("record")

    /// What is asked about personal data, and what must not be erased.
    static let personal = """
        CREATE TABLE personal_request(
          id INTEGER PRIMARY KEY, yard INTEGER NOT NULL,
          kind TEXT NOT NULL CHECK(kind IN ('erase', 'hold', 'lift')), body TEXT NOT NULL,
          requested_by TEXT NOT NULL, requested_at INTEGER NOT NULL,
          state TEXT NOT NULL CHECK(state IN ('requested', 'approved', 'rejected')),
          decided_by TEXT) STRICT;
        CREATE TABLE legal_hold(
          yard INTEGER NOT NULL, number INTEGER NOT NULL, position INTEGER NOT NULL,
          lifted INTEGER, PRIMARY KEY(yard, number)) STRICT, WITHOUT ROWID;
        """

    /// Who is to get a refund by bank transfer, until it is recorded or refused: then the row goes.
    static let payees = """
        CREATE TABLE reversal_payee(
          request INTEGER PRIMARY KEY, name TEXT NOT NULL, iban TEXT NOT NULL) STRICT;
        """

    /// A terminal's highest number is that of its records, which an index gives at once: kept
    /// beside them it took a page of each sale's commit and could say something else.
    static let highestFromRecords = "ALTER TABLE terminal DROP COLUMN highest;"

    /// Who changed whose name, roles, right to sign in or password; the password itself stands in
    /// no row of it.
    static let personChanges =
        """
        CREATE TABLE person_change(
          id INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT, person TEXT NOT NULL,
          old_name TEXT, old_roles TEXT, old_active INTEGER,
          name TEXT NOT NULL, roles TEXT NOT NULL, active INTEGER NOT NULL,
          password INTEGER NOT NULL) STRICT;

        """ + appendOnly("person_change")
}
