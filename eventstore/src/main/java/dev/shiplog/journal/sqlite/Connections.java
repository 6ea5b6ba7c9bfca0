package dev.shiplog.journal.sqlite;

import dev.shiplog.journal.JournalFailure;

import org.sqlite.SQLiteConfig;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Opens connections to the file, and makes its tables. */
final class Connections {
    /** "ShLg": marks the file as ours, for {@code file(1)} and for us. */
    private static final int APPLICATION_ID = 0x53684c67;

    /** The version of the tables. */
    private static final int SCHEMA_VERSION = 1;

    /** How long a connection waits for a checkpoint or a closing process, in milliseconds. */
    private static final int BUSY_MILLISECONDS = 10_000;

    private static final String[] TABLES = {
        """
        CREATE TABLE event (
            position INTEGER PRIMARY KEY,
            time INTEGER NOT NULL, -- microseconds since 1970, UTC
            type TEXT NOT NULL,
            version INTEGER NOT NULL,
            actor TEXT NOT NULL,
            cause INTEGER NOT NULL, -- position of the event that caused it; 0 for none
            correlation TEXT NOT NULL,
            "commit" TEXT NOT NULL, -- empty for none
            id TEXT NOT NULL,
            tags TEXT NOT NULL, -- one a line
            payload TEXT NOT NULL, -- canonical JSON
            hash BLOB NOT NULL -- SHA-256 over the hash before it and this event
        ) STRICT
        """,
        """
        CREATE TABLE event_tag (
            tag TEXT NOT NULL,
            position INTEGER NOT NULL,
            PRIMARY KEY (tag, position)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE snapshot (
            name TEXT NOT NULL,
            format INTEGER NOT NULL,
            position INTEGER NOT NULL,
            state_hash BLOB NOT NULL,
            document BLOB NOT NULL,
            PRIMARY KEY (name, format, position)
        ) STRICT
        """,
        """
        CREATE VIEW log AS
        SELECT position, strftime('%Y-%m-%dT%H:%M:%fZ', time / 1e6, 'unixepoch') AS time, type,
            version, actor, cause, correlation, "commit", payload, lower(hex(hash)) AS hash
        FROM event
        """
    };

    private Connections() {}

    /**
     * The one connection that writes. IMMEDIATE: a transaction takes the write lock when it begins;
     * a deferred one fails with SQLITE_BUSY now and then. FULL: a commit is on the disk.
     */
    static Connection writer(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(BUSY_MILLISECONDS);
        // Nobody asks for them, and the driver would ask SQLite after each row.
        config.setGetGeneratedKeys(false);
        Connection connection = config.createConnection("jdbc:sqlite:" + file);
        try {
            prepareTables(connection, file);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    static Connection reader(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(BUSY_MILLISECONDS);
        return config.createConnection("jdbc:sqlite:" + file);
    }

    private static void prepareTables(Connection connection, Path file) throws SQLException {
        int version = pragma(connection, "user_version");
        if (version == 0 && tables(connection) == 0) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                for (String table : TABLES) {
                    statement.executeUpdate(table);
                }
                statement.executeUpdate("PRAGMA application_id = " + APPLICATION_ID);
                statement.executeUpdate("PRAGMA user_version = " + SCHEMA_VERSION);
            }
            connection.commit();
            connection.setAutoCommit(true);
        } else {
            checkSchema(connection, file);
        }
    }

    /** Refuses a file that is not a log of ours. */
    static void checkSchema(Connection connection, Path file) throws SQLException {
        int id = pragma(connection, "application_id");
        if (id != APPLICATION_ID) {
            throw new JournalFailure(
                    "expected a Shiplog log in "
                            + file
                            + ", found another SQLite database (application_id "
                            + id
                            + "). Name another file.");
        }
        int version = pragma(connection, "user_version");
        if (version != SCHEMA_VERSION) {
            throw new JournalFailure(
                    "expected version "
                            + SCHEMA_VERSION
                            + " of the tables in "
                            + file
                            + ", found "
                            + version
                            + ". Use the version of shiplog that wrote the file.");
        }
    }

    private static int tables(Connection connection) throws SQLException {
        return number(connection, "SELECT count(*) FROM sqlite_schema");
    }

    private static int pragma(Connection connection, String name) throws SQLException {
        return number(connection, "PRAGMA " + name);
    }

    private static int number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next() ? rows.getInt(1) : 0;
        }
    }
}
