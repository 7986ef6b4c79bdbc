import GRDB

/// The server database's schema. Migrations only ever append; each runs in one transaction.
enum Schema {
    /// Marks the file as a Hofbuch server database ("HofB").
    static let applicationID: Int32 = 0x486F_6642
    /// The newest version this program knows.
    static let version = migrations.map(\.version).max() ?? 0

    static let migrations = [
        Migration(1, version1), Migration(2, version2), Migration(3, version3),
        Migration(4, version4), Migration(5, version5), Migration(6, cosigned),
        Migration(7, reads), Migration(8, bank), Migration(9, personal),
        Migration(10, exportParts, copyWholeFiles, exportPartsKept), Migration(11, payees),
        Migration(12, highestFromRecords), Migration(13, personChanges),
    ]

    /// LogPosition in all logs: yard number in the upper bits, index in the lower 40.
    private static let version1 = """
        CREATE TABLE yard(
          number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, origin TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE entry(
          position INTEGER PRIMARY KEY, bytes BLOB NOT NULL CHECK(length(bytes) <= 16384)) STRICT;
        CREATE TABLE tile(
          yard INTEGER NOT NULL, level INTEGER NOT NULL, number INTEGER NOT NULL,
          hashes BLOB NOT NULL CHECK(length(hashes) = 8192),
          PRIMARY KEY(yard, level, number)) STRICT, WITHOUT ROWID;
        CREATE TABLE checkpoint(
          yard INTEGER NOT NULL, size INTEGER NOT NULL, note TEXT NOT NULL,
          PRIMARY KEY(yard, size)) STRICT, WITHOUT ROWID;

        CREATE TABLE record(
          position INTEGER PRIMARY KEY, terminal INTEGER NOT NULL, seq INTEGER NOT NULL,
          kind TEXT NOT NULL, statement BLOB NOT NULL, previous BLOB NOT NULL,
          at INTEGER NOT NULL, day INTEGER NOT NULL, total INTEGER NOT NULL,
          state TEXT NOT NULL, flags TEXT NOT NULL) STRICT;
        CREATE UNIQUE INDEX record_identity ON record(terminal, seq);
        CREATE INDEX record_day ON record(day, position);
        CREATE TABLE server_record(
          position INTEGER PRIMARY KEY, kind TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
        CREATE TABLE reference(
          original INTEGER NOT NULL, position INTEGER NOT NULL, kind TEXT NOT NULL,
          PRIMARY KEY(original, position)) STRICT, WITHOUT ROWID;
        CREATE TABLE personal(
          position INTEGER NOT NULL, name TEXT NOT NULL, salt BLOB NOT NULL, value TEXT NOT NULL,
          PRIMARY KEY(position, name)) STRICT, WITHOUT ROWID;
        CREATE TABLE finding(
          id INTEGER PRIMARY KEY, yard INTEGER NOT NULL, position INTEGER NOT NULL,
          terminal INTEGER NOT NULL, code TEXT NOT NULL, statement BLOB NOT NULL) STRICT;
        CREATE INDEX finding_statement ON finding(terminal, statement);

        CREATE TABLE terminal(
          number INTEGER PRIMARY KEY, yard INTEGER NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL,
          key BLOB NOT NULL, kid TEXT NOT NULL UNIQUE, enrolled INTEGER NOT NULL,
          state TEXT NOT NULL CHECK(state IN ('active', 'quarantined', 'revoked')),
          token BLOB NOT NULL, highest INTEGER NOT NULL DEFAULT 0, seen INTEGER,
          head INTEGER NOT NULL DEFAULT 0, queued INTEGER NOT NULL DEFAULT 0,
          unknown INTEGER NOT NULL DEFAULT 0, UNIQUE(yard, id)) STRICT;
        CREATE TABLE enrolment(
          id INTEGER PRIMARY KEY, yard INTEGER NOT NULL, terminal TEXT NOT NULL,
          name TEXT NOT NULL, code BLOB NOT NULL UNIQUE, requested_by TEXT NOT NULL,
          requested_at INTEGER NOT NULL, approved_by TEXT, approved_at INTEGER,
          used_at INTEGER) STRICT;
        CREATE TABLE tariff(
          yard INTEGER NOT NULL, digest TEXT NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL,
          valid_from INTEGER NOT NULL, valid_to INTEGER, bytes BLOB NOT NULL,
          proposed_by TEXT NOT NULL, approved_by TEXT, position INTEGER,
          PRIMARY KEY(yard, digest)) STRICT;

        CREATE TABLE person(
          id TEXT PRIMARY KEY, name TEXT NOT NULL, roles TEXT NOT NULL, password TEXT NOT NULL,
          active INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE session(
          token BLOB PRIMARY KEY, person TEXT NOT NULL, csrf TEXT NOT NULL,
          created INTEGER NOT NULL, used INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE access(
          id INTEGER PRIMARY KEY, at INTEGER NOT NULL, person TEXT NOT NULL,
          position INTEGER NOT NULL, fields TEXT NOT NULL) STRICT;

        CREATE TABLE reversal_request(
          id INTEGER PRIMARY KEY, yard INTEGER NOT NULL, original INTEGER NOT NULL,
          body TEXT NOT NULL, state TEXT NOT NULL
            CHECK(state IN ('requested', 'approved', 'completed', 'rejected')),
          requested_by TEXT NOT NULL, requested_at INTEGER NOT NULL,
          decided_by TEXT, approval INTEGER, completed INTEGER) STRICT;
        CREATE TABLE close_draft(
          yard INTEGER PRIMARY KEY, day INTEGER NOT NULL, upto INTEGER NOT NULL,
          counted TEXT NOT NULL, counted_by TEXT NOT NULL, counted_at INTEGER NOT NULL,
          explained TEXT NOT NULL) STRICT;
        CREATE TABLE close(
          yard INTEGER NOT NULL, number INTEGER NOT NULL, position INTEGER NOT NULL,
          day INTEGER NOT NULL, upto INTEGER NOT NULL, PRIMARY KEY(yard, number)) STRICT;
        CREATE TABLE export(
          yard INTEGER NOT NULL, number INTEGER NOT NULL, position INTEGER NOT NULL,
          profile TEXT NOT NULL, PRIMARY KEY(yard, number)) STRICT;
        CREATE TABLE export_file(
          yard INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL,
          bytes BLOB NOT NULL, PRIMARY KEY(yard, number, name)) STRICT;
        CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        """
        + [
            "entry", "tile", "checkpoint", "record", "server_record", "reference", "close",
            "export", "export_file",
        ].map(appendOnly).joined()

    /// The search table says what a record is about and which card paid; its rows are written again
    /// from the entries (``Transaction/refillRecords(_:)``).
    private static let version2 =
        """
        DROP TABLE record;
        CREATE TABLE record(
          position INTEGER PRIMARY KEY, terminal INTEGER NOT NULL, seq INTEGER NOT NULL,
          kind TEXT NOT NULL, statement BLOB NOT NULL, previous BLOB NOT NULL,
          at INTEGER NOT NULL, day INTEGER NOT NULL, total INTEGER NOT NULL,
          state TEXT NOT NULL, flags TEXT NOT NULL, subject TEXT NOT NULL,
          scheme TEXT NOT NULL) STRICT;
        CREATE UNIQUE INDEX record_identity ON record(terminal, seq);
        CREATE INDEX record_day ON record(day, position);
        INSERT OR REPLACE INTO setting VALUES ('\(staleRecords)', 'yes');

        """ + appendOnly("record")

    /// A proposed tariff says since when it waits, and can be withdrawn.
    private static let version3 = """
        ALTER TABLE tariff ADD COLUMN proposed_at INTEGER;
        ALTER TABLE tariff ADD COLUMN withdrawn_by TEXT;
        ALTER TABLE tariff ADD COLUMN withdrawn_at INTEGER;
        """

    /// What sales took of the quotas of their tariffs.
    private static let version4 =
        """
        CREATE TABLE quota_use(
          yard INTEGER NOT NULL, rule TEXT NOT NULL, kind TEXT NOT NULL, holder TEXT NOT NULL,
          key TEXT NOT NULL, start INTEGER NOT NULL, position INTEGER NOT NULL,
          taken INTEGER NOT NULL,
          PRIMARY KEY(yard, rule, kind, holder, key, start, position)) STRICT, WITHOUT ROWID;

        """ + appendOnly("quota_use")

    /// A terminal has one key after the other, and what is asked about keys waits for a second
    /// person.
    private static let version5 = """
        CREATE TABLE terminal_key(
          kid TEXT PRIMARY KEY, terminal INTEGER NOT NULL, key BLOB NOT NULL,
          start INTEGER NOT NULL, finish INTEGER, first INTEGER) STRICT;
        CREATE INDEX terminal_key_terminal ON terminal_key(terminal, start);
        INSERT INTO terminal_key(kid, terminal, key, start)
          SELECT kid, number, key, enrolled FROM terminal;
        CREATE TABLE key_request(
          id INTEGER PRIMARY KEY, yard INTEGER NOT NULL, kind TEXT NOT NULL,
          terminal TEXT, body TEXT NOT NULL, requested_by TEXT, requested_at INTEGER NOT NULL,
          state TEXT NOT NULL CHECK(state IN ('requested', 'approved', 'rejected')),
          decided_by TEXT) STRICT;
        """

    /// What others signed: witnesses the checkpoints, a time stamping authority those over closes.
    private static let cosigned =
        """
        CREATE TABLE cosignature(
          yard INTEGER NOT NULL, size INTEGER NOT NULL, witness TEXT NOT NULL, at INTEGER NOT NULL,
          line TEXT NOT NULL, PRIMARY KEY(yard, size, witness)) STRICT, WITHOUT ROWID;
        CREATE TABLE time_stamp(
          yard INTEGER NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, note BLOB NOT NULL,
          query BLOB NOT NULL, reply BLOB NOT NULL, chain TEXT NOT NULL,
          PRIMARY KEY(yard, number)) STRICT, WITHOUT ROWID;

        """ + ["cosignature", "time_stamp"].map(appendOnly).joined()

    /// Statements of bank and acquirers, with their lines, which may hold names of people: they are
    /// named in the journal by digest and may be erased.
    private static let bank =
        """
        CREATE TABLE bank_statement(
          position INTEGER PRIMARY KEY, kind TEXT NOT NULL, message TEXT NOT NULL,
          id TEXT NOT NULL, sequence INTEGER, account TEXT NOT NULL, currency TEXT NOT NULL,
          day INTEGER NOT NULL, opening INTEGER, opening_currency TEXT, opening_day INTEGER,
          closing INTEGER, closing_currency TEXT, closing_day INTEGER, file BLOB NOT NULL,
          salt BLOB NOT NULL) STRICT;
        CREATE UNIQUE INDEX bank_statement_identity ON bank_statement(
          account, currency, kind, day, coalesce(sequence, 0), id);
        CREATE TABLE acquirer_file(
          position INTEGER PRIMARY KEY, profile TEXT NOT NULL, file BLOB NOT NULL UNIQUE,
          salt BLOB NOT NULL) STRICT;
        CREATE TABLE bank_line(
          source INTEGER NOT NULL, number INTEGER NOT NULL, body TEXT NOT NULL,
          PRIMARY KEY(source, number)) STRICT, WITHOUT ROWID;
        CREATE TABLE settled_item(
          item TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;

        """ + ["bank_statement", "acquirer_file"].map(appendOnly).joined()

    /// The setting that stands while the search table waits to be written again.
    static let staleRecords = "records-stale"

    /// Triggers that refuse to change or delete rows of `table`. They slow an administrator down;
    /// what finds him is `verify`.
    static func appendOnly(_ table: String) -> String {
        ["UPDATE", "DELETE"].map { verb in
            """
            CREATE TRIGGER \(table)_no_\(verb.lowercased()) BEFORE \(verb) ON \(table)
            BEGIN SELECT RAISE(ABORT, '\(table) is append-only'); END;

            """
        }.joined()
    }
}

/// What brings a database from one version of the schema to the next.
struct Migration: Sendable {
    /// The version after it.
    let version: Int
    private let sql: String
    private let copying: (@Sendable (Database) throws -> Void)?
    private let sqlAfter: String?

    /// - Parameters:
    ///   - copying: what takes more than SQL, between `sql` and `sqlAfter`.
    init(
        _ version: Int, _ sql: String, _ copying: (@Sendable (Database) throws -> Void)? = nil,
        _ sqlAfter: String? = nil
    ) {
        self.version = version
        self.sql = sql
        self.copying = copying
        self.sqlAfter = sqlAfter
    }

    /// Call it inside a transaction.
    func run(on connection: Database) throws {
        try connection.execute(sql: sql)
        try copying?(connection)
        if let sqlAfter { try connection.execute(sql: sqlAfter) }
    }
}
