-- What libraries of schema version 2 gained when they were opened later.
CREATE TABLE leaving (id TEXT PRIMARY KEY);
CREATE VIRTUAL TABLE names USING fts5 (
    authors, organization, content = 'papers', content_rowid = 'number', tokenize = 'unicode61',
    detail = none
);

CREATE TRIGGER names_insert AFTER INSERT ON papers BEGIN INSERT INTO names (rowid, authors, organization) VALUES (new.number, new.authors, new.organization); END;
CREATE TRIGGER names_update AFTER UPDATE OF authors, organization ON papers BEGIN INSERT INTO names (names, rowid, authors, organization) VALUES ('delete', old.number, old.authors, old.organization); INSERT INTO names (rowid, authors, organization) VALUES (new.number, new.authors, new.organization); END;
CREATE TRIGGER names_delete AFTER DELETE ON papers BEGIN INSERT INTO names (names, rowid, authors, organization) VALUES ('delete', old.number, old.authors, old.organization); END;
