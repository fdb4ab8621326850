"""The tables, as an ordered list of migrations; docs/archive.md says what they mean."""

from newscrawl.archive.schema_released import RELEASED

APPLICATION_ID = 0x6E777363
"""``nwsc``: tells our file from any other SQLite database."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    *RELEASED,
    (
        # References name their column: Datasette shows no table whose references do not. The
        # rows stay what they are, so this is SQLite's way to change only what the schema says
        # (lang_altertable.html, section 7).
        "PRAGMA writable_schema = ON",
        """
        UPDATE sqlite_master SET sql = replace(replace(replace(sql,
            'REFERENCES runs', 'REFERENCES runs (run)'),
            'REFERENCES articles', 'REFERENCES articles (url_hash)'),
            'REFERENCES images', 'REFERENCES images (url_hash)') WHERE type = 'table'
        """,
        "PRAGMA writable_schema = RESET",
        # The raw record: what was fetched, as it came, in WARC files beside the archive.
        # bytes: how far a file is indexed; what lies behind is read again after a kill. -1
        # where the file is to go and nothing in the index refers to it any more.
        """
        CREATE TABLE warc_files (
            file INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            source TEXT NOT NULL,
            run INTEGER REFERENCES runs (run),
            begun_at TEXT NOT NULL,
            closed_at TEXT,
            bytes INTEGER NOT NULL DEFAULT 0
        )
        """,
        # A file a run: after a year of cron there are more than a start should look through.
        "CREATE INDEX warc_files_open ON warc_files (source) WHERE closed_at IS NULL",
        "CREATE INDEX warc_files_going ON warc_files (file) WHERE bytes < 0",
        """
        CREATE INDEX warc_files_closed ON warc_files (closed_at, file)
        WHERE closed_at IS NOT NULL AND bytes >= 0
        """,
        # offset, length: of the response and its companions (request, metadata), in bytes of
        # the file. article: hash of the entry it was fetched for, NULL for a listing.
        # digest: SHA-256 of the body as sent. payload: the capture that holds the same bytes,
        # or for a 304 the one that is still valid; 0 where it is no longer kept. No reference:
        # the record of a repeat outlives the bytes that it repeats.
        """
        CREATE TABLE captures (
            capture INTEGER PRIMARY KEY,
            file INTEGER NOT NULL REFERENCES warc_files (file),
            offset INTEGER NOT NULL,
            length INTEGER NOT NULL,
            source TEXT NOT NULL,
            section TEXT NOT NULL,
            article BLOB CHECK (length(article) = 32),
            url_hash BLOB NOT NULL CHECK (length(url_hash) = 32),
            url TEXT NOT NULL,
            status INTEGER NOT NULL,
            fetched_at TEXT NOT NULL,
            digest BLOB NOT NULL CHECK (length(digest) = 32),
            payload INTEGER,
            UNIQUE (file, offset)
        )
        """,
        # Also where a number is given out again: nobody refers to another one's bytes.
        """
        CREATE TRIGGER captures_removed AFTER DELETE ON captures BEGIN
            UPDATE captures SET payload = 0 WHERE payload = OLD.capture;
        END
        """,
        # payload: the newest that holds its bytes is found past any number of repeats.
        "CREATE INDEX captures_url ON captures (url_hash, payload, capture)",
        "CREATE INDEX captures_article ON captures (article, capture) WHERE article IS NOT NULL",
        "CREATE INDEX captures_listing ON captures (source, fetched_at) WHERE article IS NULL",
        "CREATE INDEX captures_payload ON captures (payload) WHERE payload IS NOT NULL",
        # An article taken down: nothing of it is kept but this, which keeps it from returning.
        """
        CREATE TABLE removals (
            url_hash BLOB NOT NULL PRIMARY KEY CHECK (length(url_hash) = 32),
            article BLOB NOT NULL CHECK (length(article) = 32),
            source TEXT NOT NULL,
            url TEXT NOT NULL,
            reason TEXT NOT NULL,
            removed_at TEXT NOT NULL
        ) WITHOUT ROWID
        """,
        "CREATE INDEX removals_article ON removals (article)",
        "CREATE INDEX images_content ON images (content_hash) WHERE content_hash IS NOT NULL",
        # What a listing's first page said of its own version (RFC 9110, section 8.8), kept
        # when all its entries were taken in.
        """
        CREATE TABLE validators (
            source TEXT NOT NULL,
            section TEXT NOT NULL,
            url TEXT NOT NULL,
            etag TEXT,
            last_modified TEXT,
            seen_at TEXT NOT NULL,
            PRIMARY KEY (source, section)
        ) WITHOUT ROWID
        """,
        # A walk back to a day, in as many runs as it takes. since, until: UTC times, '' for
        # none. cursor: where the next step begins. oldest: the earliest time met.
        # ended: why there is nothing more to walk, NULL while there is.
        """
        CREATE TABLE backfills (
            source TEXT NOT NULL,
            section TEXT NOT NULL,
            since TEXT NOT NULL,
            until TEXT NOT NULL,
            cursor TEXT,
            pages INTEGER NOT NULL DEFAULT 0,
            oldest TEXT,
            ended TEXT,
            run INTEGER NOT NULL REFERENCES runs (run),
            PRIMARY KEY (source, section, since, until)
        ) WITHOUT ROWID
        """,
        # How many addresses of a section are in which state, and articles of a source: kept
        # by triggers, since counting a million rows takes longer than a person waits.
        """
        CREATE TABLE totals (
            source TEXT NOT NULL,
            section TEXT NOT NULL,
            state TEXT NOT NULL,
            n INTEGER NOT NULL,
            PRIMARY KEY (source, section, state)
        ) WITHOUT ROWID
        """,
        """
        CREATE TRIGGER outcomes_added AFTER INSERT ON outcomes BEGIN
            INSERT INTO totals VALUES (NEW.source, NEW.section, NEW.state, 1)
            ON CONFLICT DO UPDATE SET n = n + 1;
        END
        """,
        """
        CREATE TRIGGER outcomes_moved AFTER UPDATE OF state ON outcomes
        WHEN OLD.state <> NEW.state BEGIN
            UPDATE totals SET n = n - 1
            WHERE (source, section, state) = (OLD.source, OLD.section, OLD.state);
            INSERT INTO totals VALUES (NEW.source, NEW.section, NEW.state, 1)
            ON CONFLICT DO UPDATE SET n = n + 1;
        END
        """,
        """
        CREATE TRIGGER outcomes_removed AFTER DELETE ON outcomes BEGIN
            UPDATE totals SET n = n - 1
            WHERE (source, section, state) = (OLD.source, OLD.section, OLD.state);
        END
        """,
        """
        INSERT INTO totals
        SELECT source, section, state, count(*) FROM outcomes GROUP BY source, section, state
        """,
        "CREATE TABLE article_totals (source TEXT NOT NULL PRIMARY KEY, n INTEGER NOT NULL)",
        """
        CREATE TRIGGER articles_added AFTER INSERT ON articles BEGIN
            INSERT INTO article_totals VALUES (NEW.source, 1) ON CONFLICT DO UPDATE SET n = n + 1;
        END
        """,
        """
        CREATE TRIGGER articles_moved AFTER UPDATE OF source ON articles
        WHEN OLD.source <> NEW.source BEGIN
            UPDATE article_totals SET n = n - 1 WHERE source = OLD.source;
            INSERT INTO article_totals VALUES (NEW.source, 1) ON CONFLICT DO UPDATE SET n = n + 1;
        END
        """,
        """
        CREATE TRIGGER articles_removed AFTER DELETE ON articles BEGIN
            UPDATE article_totals SET n = n - 1 WHERE source = OLD.source;
        END
        """,
        "INSERT INTO article_totals SELECT source, count(*) FROM articles GROUP BY source",
        # All that a start asks of rows that are tried no more, of which there are ever more.
        "DROP INDEX outcomes_open",
        """
        CREATE INDEX outcomes_open ON outcomes (source, id, state, attempts)
        WHERE state IN ('pending', 'failed', 'blocked')
        """,
        "CREATE INDEX runs_source ON runs (source, run)",
        # Imported posts that tell no identity: each new article may be one of them.
        """
        CREATE INDEX articles_posts ON articles (source, published_at, url_hash)
        WHERE identity GLOB 'post:*'
        """,
        # When a section's listing was last read, and why it cannot be read now; '' where it
        # can. A listing without news counts nothing, so run_counts cannot tell.
        """
        CREATE TABLE listing_reads (
            source TEXT NOT NULL,
            section TEXT NOT NULL,
            run INTEGER REFERENCES runs (run),
            read_at TEXT,
            failed_at TEXT,
            failure TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (source, section)
        ) WITHOUT ROWID
        """,
        """
        INSERT INTO listing_reads (source, section, run, read_at)
        SELECT source, section, max(run), max(finished_at) FROM run_counts JOIN runs USING (run)
        WHERE exit_code = 0 AND source <> 'import' GROUP BY source, section
        """,
        # Of texts long enough to tell reprints by: a signed number, as SQLite has them. Made when
        # somebody asks; counters say up to which sequence all articles have theirs.
        """
        CREATE TABLE fingerprints (
            id INTEGER PRIMARY KEY,
            url_hash BLOB NOT NULL UNIQUE REFERENCES articles (url_hash),
            value INTEGER NOT NULL
        )
        """,
        # What is near is equal or nearly so in one of four parts (identity/nearness.py).
        "CREATE INDEX fingerprints_0 ON fingerprints (value >> 48 & 65535, value)",
        "CREATE INDEX fingerprints_1 ON fingerprints (value >> 32 & 65535, value)",
        "CREATE INDEX fingerprints_2 ON fingerprints (value >> 16 & 65535, value)",
        "CREATE INDEX fingerprints_3 ON fingerprints (value >> 0 & 65535, value)",
        # For people: an article as it stands, its text beside it. Nothing of ours reads it.
        """
        CREATE VIEW readable_articles AS
        SELECT a.published_at, datetime(a.published_at, '+8 hours') AS published, a.source,
               (SELECT group_concat(DISTINCT section) FROM outcomes AS o
                WHERE o.url_hash = a.url_hash AND o.source = a.source
                AND o.state <> 'skipped') AS sections,
               a.media, a.author, a.editor, a.title,
               json_extract(v.article, '$.body_text') AS text,
               a.url, a.identity, a.revision, lower(hex(a.url_hash)) AS url_hash
        FROM articles AS a
        JOIN revisions AS v ON v.url_hash = a.url_hash AND v.number = a.revision
        """,
    ),
)
"""Version n is reached by the n-th tuple. Never change one that was released: append."""
