-- The catalog's tables of schema version 1.
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE papers (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    abstract TEXT NOT NULL,
    published TEXT,
    author_count INTEGER,
    authors TEXT NOT NULL,
    organization TEXT,
    comment_count INTEGER,
    url TEXT,
    sources TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'indexed')),
    sentences TEXT,
    vectors BLOB,
    passage_count INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX papers_by_state ON papers (state);
CREATE VIRTUAL TABLE words USING fts5 (
    title, abstract, content = 'papers', content_rowid = 'number', tokenize = 'porter unicode61'
);
CREATE TRIGGER words_insert AFTER INSERT ON papers BEGIN
    INSERT INTO words (rowid, title, abstract) VALUES (new.number, new.title, new.abstract);
END;
CREATE TRIGGER words_update AFTER UPDATE OF title, abstract ON papers BEGIN
    INSERT INTO words (words, rowid, title, abstract)
        VALUES ('delete', old.number, old.title, old.abstract);
    INSERT INTO words (rowid, title, abstract) VALUES (new.number, new.title, new.abstract);
END;
CREATE TRIGGER words_delete AFTER DELETE ON papers BEGIN
    INSERT INTO words (words, rowid, title, abstract)
        VALUES ('delete', old.number, old.title, old.abstract);
END;
