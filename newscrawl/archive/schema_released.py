"""The migrations of earlier versions. Archives out there have them: never change one."""

RELEASED: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE runs (
            run INTEGER PRIMARY KEY,
            source TEXT NOT NULL,
            asked TEXT NOT NULL,
            started_at TEXT NOT NULL,
            finished_at TEXT,
            exit_code INTEGER,
            error TEXT NOT NULL DEFAULT ''
        )
        """,
        """
        CREATE TABLE run_counts (
            run INTEGER NOT NULL REFERENCES runs,
            section TEXT NOT NULL,
            outcome TEXT NOT NULL,
            n INTEGER NOT NULL CHECK (n >= 0),
            PRIMARY KEY (run, section, outcome)
        ) WITHOUT ROWID
        """,
        # A row of articles is too wide for WITHOUT ROWID to pay (a twentieth of a page);
        # the text itself is in revisions, so that lists and filters never read it.
        """
        CREATE TABLE articles (
            url_hash BLOB NOT NULL PRIMARY KEY CHECK (length(url_hash) = 32),
            identity TEXT NOT NULL,
            source TEXT NOT NULL,
            url TEXT NOT NULL,
            title TEXT NOT NULL,
            published_at TEXT NOT NULL,
            updated_at TEXT,
            media TEXT,
            author TEXT,
            editor TEXT,
            content_hash TEXT NOT NULL,
            revision INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            first_seen_at TEXT NOT NULL,
            fetched_at TEXT NOT NULL,
            listed_modified_at TEXT
        )
        """,
        "CREATE INDEX articles_published ON articles (published_at, url_hash)",
        "CREATE INDEX articles_source ON articles (source, published_at, url_hash)",
        "CREATE INDEX articles_media ON articles (media, published_at, url_hash)",
        "CREATE UNIQUE INDEX articles_sequence ON articles (sequence)",
        """
        CREATE TABLE revisions (
            url_hash BLOB NOT NULL REFERENCES articles,
            number INTEGER NOT NULL,
            run INTEGER NOT NULL REFERENCES runs,
            stored_at TEXT NOT NULL,
            title TEXT NOT NULL,
            content_hash TEXT NOT NULL,
            article TEXT NOT NULL,
            PRIMARY KEY (url_hash, number)
        )
        """,
        # No reference to articles: an alias is often known before the article is stored.
        """
        CREATE TABLE aliases (
            url_hash BLOB NOT NULL PRIMARY KEY CHECK (length(url_hash) = 32),
            article BLOB NOT NULL CHECK (length(article) = 32),
            url TEXT NOT NULL
        ) WITHOUT ROWID
        """,
        "CREATE INDEX aliases_article ON aliases (article)",
        # The row number is the order of first discovery, over all sections.
        """
        CREATE TABLE outcomes (
            id INTEGER PRIMARY KEY,
            source TEXT NOT NULL,
            section TEXT NOT NULL,
            url_hash BLOB NOT NULL CHECK (length(url_hash) = 32),
            url TEXT NOT NULL,
            state TEXT NOT NULL,
            reason TEXT NOT NULL DEFAULT '',
            attempts INTEGER NOT NULL DEFAULT 0,
            run INTEGER NOT NULL REFERENCES runs,
            first_seen_at TEXT NOT NULL,
            ended_at TEXT,
            entry TEXT
        )
        """,
        "CREATE UNIQUE INDEX outcomes_hash ON outcomes (url_hash, source, section)",
        """
        CREATE INDEX outcomes_open ON outcomes (source, id)
        WHERE state IN ('pending', 'failed', 'blocked')
        """,
        """
        CREATE TABLE walks (
            source TEXT NOT NULL,
            section TEXT NOT NULL,
            PRIMARY KEY (source, section)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE slugs (
            name TEXT NOT NULL PRIMARY KEY,
            slug TEXT NOT NULL,
            folded TEXT NOT NULL UNIQUE
        ) WITHOUT ROWID
        """,
        "CREATE TABLE counters (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL)",
        "INSERT INTO counters VALUES ('sequence', 0)",
    ),
    (
        # One row a picture, whatever the number of articles that show it; the file is found
        # by its content, since publishers serve the same picture under many addresses.
        """
        CREATE TABLE images (
            url_hash BLOB NOT NULL PRIMARY KEY CHECK (length(url_hash) = 32),
            url TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'pending',
            reason TEXT NOT NULL DEFAULT '',
            attempts INTEGER NOT NULL DEFAULT 0,
            run INTEGER REFERENCES runs,
            ended_at TEXT,
            content_hash BLOB CHECK (length(content_hash) = 32),
            type TEXT,
            width INTEGER,
            height INTEGER,
            bytes INTEGER
        )
        """,
        "CREATE INDEX images_owed ON images (url_hash) WHERE state IN ('pending', 'failed')",
        """
        CREATE TABLE article_images (
            article BLOB NOT NULL REFERENCES articles,
            image BLOB NOT NULL REFERENCES images,
            PRIMARY KEY (article, image)
        ) WITHOUT ROWID
        """,
        "CREATE INDEX article_images_image ON article_images (image)",
    ),
    (
        # Where an imported post stood, when section and source would put it elsewhere.
        """
        CREATE TABLE placements (
            url_hash BLOB NOT NULL PRIMARY KEY REFERENCES articles,
            site_group TEXT NOT NULL,
            site TEXT NOT NULL,
            feed TEXT NOT NULL
        ) WITHOUT ROWID
        """,
        # With ROWID: the content is a whole file.
        """
        CREATE TABLE documents (
            dialect TEXT NOT NULL,
            name TEXT NOT NULL,
            article BLOB NOT NULL REFERENCES articles,
            content BLOB,
            PRIMARY KEY (dialect, name)
        )
        """,
        "CREATE INDEX documents_article ON documents (article, dialect)",
    ),
)
"""Version n is reached by the n-th tuple."""
