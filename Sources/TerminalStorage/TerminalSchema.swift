/// The schema of a terminal's own database (docs/formats/terminal-store.md). Migrations only ever
/// append; each runs in one transaction.
enum TerminalSchema {
    /// Marks the file as a Hofbuch terminal database ("HofT").
    static let applicationID: Int32 = 0x486F_6654
    /// The newest version this program knows.
    static let version = 4

    static let migrations: [(version: Int, sql: String)] = [
        (1, version1), (2, version2), (3, version3), (4, version4),
    ]

    private static let version2 = """
        CREATE TABLE quota_taken(
          sequence INTEGER NOT NULL REFERENCES record(sequence),
          rule TEXT NOT NULL, kind TEXT NOT NULL, holder TEXT NOT NULL, key TEXT NOT NULL,
          period TEXT NOT NULL, taken INTEGER NOT NULL CHECK(taken <> 0),
          PRIMARY KEY(key, rule, kind, holder, period, sequence)) STRICT, WITHOUT ROWID;
        CREATE INDEX quota_taken_record ON quota_taken(sequence);
        CREATE TRIGGER quota_taken_kept BEFORE DELETE ON quota_taken
        BEGIN SELECT RAISE(ABORT, 'what a record took is never deleted'); END;
        CREATE TRIGGER quota_taken_fixed BEFORE UPDATE ON quota_taken
        BEGIN SELECT RAISE(ABORT, 'what a record took never changes'); END;

        CREATE TABLE quota_heard(
          rule TEXT NOT NULL, kind TEXT NOT NULL, holder TEXT NOT NULL, key TEXT NOT NULL,
          period TEXT NOT NULL, others INTEGER NOT NULL, heard INTEGER NOT NULL,
          PRIMARY KEY(key, rule, kind, holder, period)) STRICT, WITHOUT ROWID;
        """

    private static let version3 = """
        CREATE TABLE lost_proof(
          sequence INTEGER NOT NULL REFERENCES record(sequence), log TEXT NOT NULL,
          position INTEGER NOT NULL, entry BLOB NOT NULL, proof TEXT NOT NULL,
          waits INTEGER NOT NULL CHECK(waits IN (0, 1)),
          PRIMARY KEY(sequence, log)) STRICT, WITHOUT ROWID;
        CREATE INDEX lost_proof_waiting ON lost_proof(sequence) WHERE waits = 1;
        CREATE TRIGGER lost_proof_kept BEFORE DELETE ON lost_proof
        BEGIN SELECT RAISE(ABORT, 'what a log proved before it ended is never deleted'); END;
        CREATE TRIGGER lost_proof_fixed
        BEFORE UPDATE OF sequence, log, position, entry, proof ON lost_proof
        BEGIN SELECT RAISE(ABORT, 'what a log proved before it ended never changes'); END;
        """

    /// What the server knows of unknown payments, and indexes for all that is asked with every page
    /// and every report, so that it takes no longer as sales add up. Of deliveries that were
    /// dropped empty nothing about people stays.
    private static let version4 = """
        CREATE TABLE resolved_elsewhere(
          sequence INTEGER PRIMARY KEY REFERENCES record(sequence), heard INTEGER NOT NULL) STRICT;
        CREATE INDEX payment_attempt_original ON payment_attempt(original)
          WHERE original IS NOT NULL;
        CREATE INDEX payment_attempt_unknown ON payment_attempt(outcome)
          WHERE outcome = 'unknown';
        CREATE INDEX payment_attempt_unanswered ON payment_attempt(outcome)
          WHERE outcome IS NULL;
        CREATE INDEX payment_attempt_slip ON payment_attempt(finished) WHERE slip IS NOT NULL;
        CREATE INDEX delivery_sequence ON delivery(sequence) WHERE sequence IS NOT NULL;
        UPDATE delivery SET draft = json_object(
            'day', json_extract(draft, '$.day'), 'group', json_extract(draft, '$.group'),
            'times', json_array(), 'personal', json_object())
          WHERE state = 'abandoned' AND sequence IS NULL;
        """

    private static let version1 = """
        CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE tariff(
          digest TEXT PRIMARY KEY CHECK(length(digest) = 64), bytes BLOB NOT NULL) STRICT;
        CREATE TABLE tariff_day(
          day TEXT PRIMARY KEY, digest TEXT NOT NULL REFERENCES tariff(digest),
          fetched INTEGER NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE delivery(
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          state TEXT NOT NULL
            CHECK(state IN ('open', 'parked', 'paying', 'unknown', 'done', 'abandoned')),
          draft TEXT NOT NULL, tariff TEXT REFERENCES tariff(digest),
          sequence INTEGER REFERENCES record(sequence),
          started INTEGER NOT NULL, changed INTEGER NOT NULL,
          CHECK(state <> 'done' OR sequence IS NOT NULL),
          CHECK(sequence IS NULL OR state IN ('done', 'abandoned'))) STRICT;
        CREATE INDEX delivery_state ON delivery(state);

        CREATE TABLE payment_attempt(
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          kind TEXT NOT NULL CHECK(kind IN ('payment', 'reversal')),
          delivery INTEGER REFERENCES delivery(id), original INTEGER REFERENCES record(sequence),
          amount INTEGER NOT NULL CHECK(amount > 0), device TEXT NOT NULL, number TEXT,
          attendant TEXT NOT NULL, reason TEXT NOT NULL, started INTEGER NOT NULL,
          outcome TEXT CHECK(
            outcome IN ('approved', 'declined', 'aborted', 'not-started', 'unknown')),
          slip TEXT, finished INTEGER,
          CHECK((outcome IS 'approved') = (slip IS NOT NULL)),
          CHECK((kind = 'payment') = (delivery IS NOT NULL)),
          CHECK((kind = 'reversal') = (original IS NOT NULL)),
          CHECK((outcome IS NULL) = (finished IS NULL))) STRICT;
        CREATE INDEX payment_attempt_delivery ON payment_attempt(delivery);
        CREATE UNIQUE INDEX payment_attempt_one_open ON payment_attempt(delivery)
          WHERE outcome IS NULL AND delivery IS NOT NULL;
        CREATE TRIGGER payment_attempt_kept BEFORE DELETE ON payment_attempt
        BEGIN SELECT RAISE(ABORT, 'a payment attempt is never deleted'); END;
        CREATE TRIGGER payment_attempt_fixed
        BEFORE UPDATE OF id, kind, delivery, original, amount, device, number, attendant, reason,
          started ON payment_attempt
        BEGIN SELECT RAISE(ABORT, 'what was asked of a card terminal is fixed'); END;
        CREATE TRIGGER payment_attempt_forward BEFORE UPDATE OF outcome ON payment_attempt
        WHEN OLD.outcome <> 'unknown'
        BEGIN SELECT RAISE(ABORT, 'only an unknown outcome can become known'); END;

        CREATE TABLE record(
          sequence INTEGER PRIMARY KEY CHECK(sequence > 0),
          kind TEXT NOT NULL, at INTEGER NOT NULL, day TEXT NOT NULL, total INTEGER NOT NULL,
          original INTEGER REFERENCES record(sequence),
          jws BLOB NOT NULL CHECK(length(jws) <= 16000),
          statement BLOB NOT NULL UNIQUE CHECK(length(statement) = 32),
          previous BLOB NOT NULL UNIQUE CHECK(length(previous) = 32),
          state TEXT NOT NULL CHECK(state IN ('queued', 'acknowledged', 'refused')),
          position INTEGER, entry BLOB, proof TEXT, problem TEXT, changed INTEGER NOT NULL,
          CHECK((state = 'acknowledged') = (position IS NOT NULL)),
          CHECK((state = 'refused') = (problem IS NOT NULL))) STRICT;
        CREATE INDEX record_day ON record(day);
        CREATE INDEX record_original ON record(original) WHERE original IS NOT NULL;
        CREATE INDEX record_open ON record(sequence) WHERE state <> 'acknowledged';
        CREATE TRIGGER record_kept BEFORE DELETE ON record
        BEGIN SELECT RAISE(ABORT, 'a signed record is never deleted'); END;
        CREATE TRIGGER record_fixed
        BEFORE UPDATE OF sequence, kind, at, day, total, original, jws, statement, previous
          ON record
        BEGIN SELECT RAISE(ABORT, 'a signed record never changes'); END;
        CREATE TRIGGER record_forward BEFORE UPDATE OF state ON record
        WHEN OLD.state = 'acknowledged' AND NEW.state <> 'acknowledged'
        BEGIN SELECT RAISE(ABORT, 'an acknowledged record stays acknowledged'); END;
        CREATE TRIGGER record_gapless BEFORE INSERT ON record
        WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM record)
        BEGIN SELECT RAISE(ABORT, 'sequence numbers have no gaps'); END;

        CREATE TABLE personal(
          sequence INTEGER NOT NULL REFERENCES record(sequence), name TEXT NOT NULL,
          salt BLOB NOT NULL CHECK(length(salt) = 32), value TEXT NOT NULL,
          PRIMARY KEY(sequence, name)) STRICT, WITHOUT ROWID;
        """
}
