"""The tables of a folder's manifest, and how those of older versions become these."""

SCHEMA_VERSION = 3
_FILES = """
-- One row a post or page. owner: url_hash of the article, or the path of a page.
-- path: of its file, which articles share where a post is one line of it.
-- post_id: the part of the name after the date, unique without regard to case (C4).
-- sequence, rendering: state of the archive and of the dialect that sha256 is the text of;
-- a post without them is owed: claimed by a run that was killed, or kept as it stands.
-- claimed: sha256 of a text that may stand there since a kill.
-- stamp: of the file when it held the text of that state, NULL where the text may change
-- without them. page: path of the page that the post needs beside it.
CREATE TABLE files (
    owner TEXT PRIMARY KEY,
    path TEXT NOT NULL,
    post_id TEXT UNIQUE COLLATE NOCASE,
    sequence INTEGER,
    rendering TEXT,
    sha256 TEXT,
    claimed TEXT,
    stamp TEXT,
    page TEXT
) WITHOUT ROWID;
CREATE INDEX owed_posts ON files (owner) WHERE sequence IS NULL AND post_id IS NOT NULL;
CREATE INDEX paths ON files (path);
"""
SCHEMA = f"""
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
{_FILES}
PRAGMA user_version = {SCHEMA_VERSION};
"""
MIGRATION = f"""
BEGIN;
ALTER TABLE files RENAME TO formerly;
DROP INDEX owed_posts;
DROP INDEX IF EXISTS paths;
{_FILES}
INSERT INTO files (owner, path, post_id, sequence, rendering, sha256, claimed)
    SELECT owner, path, post_id, sequence, rendering, sha256, claimed FROM formerly;
DROP TABLE formerly;
PRAGMA user_version = {SCHEMA_VERSION};
COMMIT;
"""  # noqa: S608  (our own text)
"""From any older version, each of which can be read as it is: in version 1 no two rows had one
path, and before version 3 there were no stamps and pages, the last columns of all."""
SAVE = """
INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (owner) DO UPDATE SET
    (path, sequence, rendering, sha256, claimed, stamp, page) = (excluded.path,
    excluded.sequence, excluded.rendering, excluded.sha256, excluded.claimed, excluded.stamp,
    excluded.page)
"""
"""Of a new row, and of one whose path is another one."""
UPDATE = """
UPDATE files SET (sequence, rendering, sha256, claimed, stamp, page) = (?, ?, ?, ?, ?, ?)
WHERE owner = ?
"""
"""Of a row whose path stays: its index need not be written."""
