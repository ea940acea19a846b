-- The catalog's tables of schema version 2, as they were first written.
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
    passage_count INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX papers_by_state ON papers (state);
CREATE TABLE vectors (
    number INTEGER PRIMARY KEY REFERENCES papers (number),
    whole BLOB NOT NULL, -- first, so that reading all of them skips the pages of the rest
    sentences TEXT NOT NULL,
    sentence_vectors BLOB NOT NULL,
    token_vectors BLOB NOT NULL,
    token_dimension INTEGER NOT NULL
);
CREATE TABLE abbreviations (
    number INTEGER NOT NULL REFERENCES papers (number),
    short TEXT NOT NULL,
    long TEXT NOT NULL
);
CREATE INDEX abbreviations_by_paper ON abbreviations (number);
CREATE VIRTUAL TABLE words USING fts5 (
    title, abstract, content = 'papers', content_rowid = 'number', tokenize = 'porter unicode61'
);
CREATE VIRTUAL TABLE forms USING fts5 (
    title, abstract, content = 'papers', content_rowid = 'number', tokenize = 'unicode61',
    detail = none
);
CREATE VIRTUAL TABLE stem_counts USING fts5vocab (words, 'row');
CREATE VIRTUAL TABLE form_counts USING fts5vocab (forms, 'row');

CREATE TRIGGER words_insert AFTER INSERT ON papers BEGIN INSERT INTO words (rowid, title, abstract) VALUES (new.number, new.title, new.abstract); END;
CREATE TRIGGER words_update AFTER UPDATE OF title, abstract ON papers BEGIN INSERT INTO words (words, rowid, title, abstract) VALUES ('delete', old.number, old.title, old.abstract); INSERT INTO words (rowid, title, abstract) VALUES (new.number, new.title, new.abstract); END;
CREATE TRIGGER words_delete AFTER DELETE ON papers BEGIN INSERT INTO words (words, rowid, title, abstract) VALUES ('delete', old.number, old.title, old.abstract); END;

CREATE TRIGGER forms_insert AFTER INSERT ON papers BEGIN INSERT INTO forms (rowid, title, abstract) VALUES (new.number, new.title, new.abstract); END;
CREATE TRIGGER forms_update AFTER UPDATE OF title, abstract ON papers BEGIN INSERT INTO forms (forms, rowid, title, abstract) VALUES ('delete', old.number, old.title, old.abstract); INSERT INTO forms (rowid, title, abstract) VALUES (new.number, new.title, new.abstract); END;
CREATE TRIGGER forms_delete AFTER DELETE ON papers BEGIN INSERT INTO forms (forms, rowid, title, abstract) VALUES ('delete', old.number, old.title, old.abstract); END;
