PRAGMA application_id = 1853322083;
PRAGMA user_version = 2;
BEGIN TRANSACTION;
CREATE TABLE aliases (
            url_hash BLOB NOT NULL PRIMARY KEY CHECK (length(url_hash) = 32),
            article BLOB NOT NULL CHECK (length(article) = 32),
            url TEXT NOT NULL
        ) WITHOUT ROWID
        ;
INSERT INTO "aliases" VALUES(X'3FD487ABCB1D1625933B89C30307B632B5DD5B82D45CD47D188F7C874E95BACD',X'2404DC86A719B214ECAE9731C6468561F144998ECE23F651D3D8E1B9E1632ED6','http://stock.example.com/x/moved.html');
INSERT INTO "aliases" VALUES(X'A76D6681BC3256D591B6427458F9A2BE359E744C4EB4926B29E1CFE045DD0DB1',X'428160C49AA1378FA92E68F179B361560A11E99A4971BF4853F24CF2730C784F','https://news.example.com/a2');
CREATE TABLE article_images (
            article BLOB NOT NULL REFERENCES articles,
            image BLOB NOT NULL REFERENCES images,
            PRIMARY KEY (article, image)
        ) WITHOUT ROWID
        ;
INSERT INTO "article_images" VALUES(X'2404DC86A719B214ECAE9731C6468561F144998ECE23F651D3D8E1B9E1632ED6',X'50FBF6141FEE9980780503CF6E2631FD5F21D80529394E24059B43EE72C7D930');
INSERT INTO "article_images" VALUES(X'428160C49AA1378FA92E68F179B361560A11E99A4971BF4853F24CF2730C784F',X'50FBF6141FEE9980780503CF6E2631FD5F21D80529394E24059B43EE72C7D930');
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
        );
INSERT INTO "articles" VALUES(X'428160C49AA1378FA92E68F179B361560A11E99A4971BF4853F24CF2730C784F','ex:a','example','https://news.example.com/a','标题 a','2026-09-28T04:00:00.000000Z',NULL,'上海证券报','甲','乙','93615c4ecd4051b65f80898ca35ba868ac1de8f86974773e67129049983459ea',2,7,'2026-09-28T04:00:00.000000Z','2026-09-28T04:32:00.000000Z','2026-09-28T04:30:00.000000Z');
INSERT INTO "articles" VALUES(X'2404DC86A719B214ECAE9731C6468561F144998ECE23F651D3D8E1B9E1632ED6','ex:b','example','https://news.example.com/b','标题 b','2026-09-28T04:00:00.000000Z',NULL,'示例报',NULL,NULL,'6b8f7a57caf89cccd0613aef08b99c5ce6f211ee8cf3877bf53ab2577e8c2f0d',1,6,'2026-09-28T04:00:00.000000Z','2026-09-28T04:01:00.000000Z',NULL);
CREATE TABLE counters (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL);
INSERT INTO "counters" VALUES('sequence',7);
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
        );
INSERT INTO "images" VALUES(X'50FBF6141FEE9980780503CF6E2631FD5F21D80529394E24059B43EE72C7D930','https://img.example.com/a.jpg','stored','',0,3,'2026-09-28T04:33:00.000000Z',X'ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB','jpeg',640,480,12345);
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
        );
INSERT INTO "outcomes" VALUES(1,'example','china',X'428160C49AA1378FA92E68F179B361560A11E99A4971BF4853F24CF2730C784F','http://stock.example.com/x/a.html','updated','',0,3,'2026-09-28T04:00:00.000000Z','2026-09-28T04:32:00.000000Z',NULL);
INSERT INTO "outcomes" VALUES(2,'example','china',X'2404DC86A719B214ECAE9731C6468561F144998ECE23F651D3D8E1B9E1632ED6','http://stock.example.com/x/b.html','new','',0,1,'2026-09-28T04:00:00.000000Z','2026-09-28T04:01:00.000000Z',NULL);
INSERT INTO "outcomes" VALUES(3,'example','china',X'7E0B42DE36A996D00392BA3F08427DFD3B3083E2B83556586323F76A5CF8406E','http://stock.example.com/x/c.html','failed','timeout',1,1,'2026-09-28T04:00:00.000000Z','2026-09-28T04:02:00.000000Z','{"url": "http://stock.example.com/x/c.html"}');
INSERT INTO "outcomes" VALUES(4,'example','china',X'636A54283953FB97545202B9164BE196CC0AE6E791CBE5D40925564F29766704','http://stock.example.com/x/video.html','skipped','video',0,1,'2026-09-28T04:00:00.000000Z','2026-09-28T04:00:00.000000Z',NULL);
INSERT INTO "outcomes" VALUES(5,'example','china',X'69973DC8A6850B3EF83FB7C4C51CCB803C1209B3F5C31C7C2DFDCC041D3E6B50','http://stock.example.com/x/gone.html','gone','404',0,1,'2026-09-28T04:00:00.000000Z','2026-09-28T04:02:00.000000Z',NULL);
INSERT INTO "outcomes" VALUES(6,'example','china',X'FD06AB5FA8A68C26E941A43B7FBC2076EA97560868A7F41BB02F312B2509A042','http://stock.example.com/x/spoilt.html','quarantined','no title',0,1,'2026-09-28T04:00:00.000000Z','2026-09-28T04:02:00.000000Z',NULL);
INSERT INTO "outcomes" VALUES(7,'example','stock',X'428160C49AA1378FA92E68F179B361560A11E99A4971BF4853F24CF2730C784F','http://stock.example.com/x/a.html','duplicate','',0,1,'2026-09-28T04:03:00.000000Z','2026-09-28T04:03:00.000000Z',NULL);
INSERT INTO "outcomes" VALUES(8,'example','stock',X'2404DC86A719B214ECAE9731C6468561F144998ECE23F651D3D8E1B9E1632ED6','http://stock.example.com/x/moved.html','duplicate','',0,1,'2026-09-28T04:03:00.000000Z','2026-09-28T04:01:00.000000Z',NULL);
INSERT INTO "outcomes" VALUES(9,'example','stock',X'F6491810C7878B3E777FA348684B2846D8E29FDE7EF713CE27EA4991F068E0E7','http://stock.example.com/x/d.html','blocked','challenge',1,1,'2026-09-28T04:03:00.000000Z','2026-09-28T04:04:00.000000Z','{"url": "http://stock.example.com/x/d.html"}');
INSERT INTO "outcomes" VALUES(10,'example','china',X'A8B4EE9AFF5679AA59AF1F997D1C8ED4A27D8FAF1231B877958D98FA9D14209F','http://stock.example.com/x/e.html','pending','',0,3,'2026-09-28T04:31:00.000000Z',NULL,'{"url": "http://stock.example.com/x/e.html"}');
CREATE TABLE revisions (
            url_hash BLOB NOT NULL REFERENCES articles,
            number INTEGER NOT NULL,
            run INTEGER NOT NULL REFERENCES runs,
            stored_at TEXT NOT NULL,
            title TEXT NOT NULL,
            content_hash TEXT NOT NULL,
            article TEXT NOT NULL,
            PRIMARY KEY (url_hash, number)
        );
INSERT INTO "revisions" VALUES(X'428160C49AA1378FA92E68F179B361560A11E99A4971BF4853F24CF2730C784F',1,1,'2026-09-28T04:01:00.000000Z','标题 a','6b8f7a57caf89cccd0613aef08b99c5ce6f211ee8cf3877bf53ab2577e8c2f0d','{"source":"example","section":"china","identity":"ex:a","url":"https://news.example.com/a","aliases":[],"url_hash":"428160c49aa1378fa92e68f179b361560a11e99a4971bf4853f24cf2730c784f","title":"标题 a","original_title":null,"published_at":"2026-09-28T12:00:00+08:00","updated_at":null,"date_source":null,"media":"上海证券报","author":"甲","editor":"乙","summary":null,"keywords":[],"stock_codes":[],"images":[{"url":"https://img.example.com/a.jpg","caption":"图"}],"lead_image":null,"body_html":"<p>正文。</p>","body_text":"正文。","content_hash":"6b8f7a57caf89cccd0613aef08b99c5ce6f211ee8cf3877bf53ab2577e8c2f0d","extractor":null,"extractor_version":null,"flags":[],"fetched_at":"2026-09-28T12:01:00+08:00"}');
INSERT INTO "revisions" VALUES(X'2404DC86A719B214ECAE9731C6468561F144998ECE23F651D3D8E1B9E1632ED6',1,1,'2026-09-28T04:01:00.000000Z','标题 b','6b8f7a57caf89cccd0613aef08b99c5ce6f211ee8cf3877bf53ab2577e8c2f0d','{"source":"example","section":"china","identity":"ex:b","url":"https://news.example.com/b","aliases":[],"url_hash":"2404dc86a719b214ecae9731c6468561f144998ece23f651d3d8e1b9e1632ed6","title":"标题 b","original_title":null,"published_at":"2026-09-28T12:00:00+08:00","updated_at":null,"date_source":null,"media":"示例报","author":null,"editor":null,"summary":null,"keywords":[],"stock_codes":[],"images":[{"url":"https://img.example.com/a.jpg","caption":"图"}],"lead_image":null,"body_html":"<p>正文。</p>","body_text":"正文。","content_hash":"6b8f7a57caf89cccd0613aef08b99c5ce6f211ee8cf3877bf53ab2577e8c2f0d","extractor":null,"extractor_version":null,"flags":[],"fetched_at":"2026-09-28T12:01:00+08:00"}');
INSERT INTO "revisions" VALUES(X'428160C49AA1378FA92E68F179B361560A11E99A4971BF4853F24CF2730C784F',2,3,'2026-09-28T04:32:00.000000Z','标题 a','93615c4ecd4051b65f80898ca35ba868ac1de8f86974773e67129049983459ea','{"source":"example","section":"china","identity":"ex:a","url":"https://news.example.com/a","aliases":[],"url_hash":"428160c49aa1378fa92e68f179b361560a11e99a4971bf4853f24cf2730c784f","title":"标题 a","original_title":null,"published_at":"2026-09-28T12:00:00+08:00","updated_at":null,"date_source":null,"media":"上海证券报","author":"甲","editor":"乙","summary":null,"keywords":[],"stock_codes":[],"images":[{"url":"https://img.example.com/a.jpg","caption":"图"}],"lead_image":null,"body_html":"<p>正文，已改。</p>","body_text":"正文，已改。","content_hash":"93615c4ecd4051b65f80898ca35ba868ac1de8f86974773e67129049983459ea","extractor":null,"extractor_version":null,"flags":[],"fetched_at":"2026-09-28T12:32:00+08:00"}');
CREATE TABLE run_counts (
            run INTEGER NOT NULL REFERENCES runs,
            section TEXT NOT NULL,
            outcome TEXT NOT NULL,
            n INTEGER NOT NULL CHECK (n >= 0),
            PRIMARY KEY (run, section, outcome)
        ) WITHOUT ROWID
        ;
INSERT INTO "run_counts" VALUES(1,'china','failed',1);
INSERT INTO "run_counts" VALUES(1,'china','gone',1);
INSERT INTO "run_counts" VALUES(1,'china','new',2);
INSERT INTO "run_counts" VALUES(1,'china','pending',0);
INSERT INTO "run_counts" VALUES(1,'china','quarantined',1);
INSERT INTO "run_counts" VALUES(1,'china','skipped',1);
INSERT INTO "run_counts" VALUES(1,'stock','blocked',1);
INSERT INTO "run_counts" VALUES(1,'stock','duplicate',2);
INSERT INTO "run_counts" VALUES(1,'stock','pending',0);
INSERT INTO "run_counts" VALUES(2,'china','unchanged',1);
INSERT INTO "run_counts" VALUES(3,'china','pending',1);
INSERT INTO "run_counts" VALUES(3,'china','updated',1);
CREATE TABLE runs (
            run INTEGER PRIMARY KEY,
            source TEXT NOT NULL,
            asked TEXT NOT NULL,
            started_at TEXT NOT NULL,
            finished_at TEXT,
            exit_code INTEGER,
            error TEXT NOT NULL DEFAULT ''
        );
INSERT INTO "runs" VALUES(1,'example','{"sections": ["china"]}','2026-09-28T04:00:00.000000Z','2026-09-28T04:05:00.000000Z',3,'1 failed');
INSERT INTO "runs" VALUES(2,'example','{"sections": ["china"]}','2026-09-28T04:00:00.000000Z','2026-09-28T04:11:00.000000Z',0,'');
INSERT INTO "runs" VALUES(3,'example','{"sections": ["china"]}','2026-09-28T04:00:00.000000Z',NULL,NULL,'');
CREATE TABLE slugs (
            name TEXT NOT NULL PRIMARY KEY,
            slug TEXT NOT NULL,
            folded TEXT NOT NULL UNIQUE
        ) WITHOUT ROWID
        ;
INSERT INTO "slugs" VALUES('上海证券报','shanghaizhengquanbao','shanghaizhengquanbao');
CREATE TABLE walks (
            source TEXT NOT NULL,
            section TEXT NOT NULL,
            PRIMARY KEY (source, section)
        ) WITHOUT ROWID
        ;
INSERT INTO "walks" VALUES('example','stock');
CREATE INDEX articles_published ON articles (published_at, url_hash);
CREATE INDEX articles_source ON articles (source, published_at, url_hash);
CREATE INDEX articles_media ON articles (media, published_at, url_hash);
CREATE UNIQUE INDEX articles_sequence ON articles (sequence);
CREATE INDEX aliases_article ON aliases (article);
CREATE UNIQUE INDEX outcomes_hash ON outcomes (url_hash, source, section);
CREATE INDEX outcomes_open ON outcomes (source, id)
        WHERE state IN ('pending', 'failed', 'blocked')
        ;
CREATE INDEX images_owed ON images (url_hash) WHERE state IN ('pending', 'failed');
CREATE INDEX article_images_image ON article_images (image);
COMMIT;
