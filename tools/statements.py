#!/usr/bin/env python3
"""Turns the named SQL statements and the migrations into C tables.

    statements.py OUT.h OUT.c STATEMENTS.sql... -- MIGRATION.sql...

A statement begins with a line "-- name: edition_by_isbn" and ends at the next
one; "-- name: account_by_email (writers)" is one that makes no page. Parameters are $1, $2 …; SQLite numbers "$1" by appearance, so that the
SQLite table gets ?1, ?2 …. Migrations are embedded whole, with the SHA-256 by
which a changed one is found out; they are written once, in SQLite's types, and
put into PostgreSQL's here, so that the two schemas cannot part.
"""
import hashlib
import re
import sys


def literal(text):
    out = []
    for line in text.splitlines():
        line = line.replace("\\", "\\\\").replace('"', '\\"')
        out.append('        "%s\\n"' % line)
    return "\n".join(out) or '        ""'


def without_comments(sql):
    return "\n".join(l for l in sql.splitlines() if l.strip() and not l.lstrip().startswith("--"))


PARAMETERS_MAX = 32
POSTGRES_WORDS = [(r"\bINTEGER\b", "BIGINT"), (r"\bBLOB\b", "BYTEA"),
                  # Both engines order texts by their bytes.
                  (r"\bTEXT\b", 'TEXT COLLATE "C"'), (r"\)\s*WITHOUT ROWID;", ");")]


def for_postgres(sql):
    for pattern, word in POSTGRES_WORDS:
        sql = re.sub(pattern, word, sql)
    return sql


# What SQLite or PostgreSQL alone would take, or an engine that shards tables could
# not keep: each refused, with the reason.
REFUSED = [
    (r"\b(rowid|_rowid_|oid)\b", "rows have ids of their own"),
    (r"\bAUTOINCREMENT\b|\bSERIAL\b|\bnextval\b|\bIDENTITY\b", "ids come from the counter table, without gaps"),
    (r"\bINSERT\s+OR\b|\bREPLACE\s+INTO\b", "ON CONFLICT is known to both"),
    (r"\bIFNULL\b|\bNVL\b", "COALESCE is known to both"),
    (r"\bGLOB\b|\bREGEXP\b|\bILIKE\b|\bMATCH\b|~", "texts are searched in the index"),
    (r"\b(datetime|strftime|julianday|now|current_timestamp|random)\b", "time and chance are passed in"),
    (r"advisory|\bLOCK\b|\bNOTIFY\b|\bLISTEN\b", "an engine that shards has none"),
    (r"\bREFERENCES\b|\bFOREIGN\s+KEY\b", "no foreign key may cross shards"),
    (r"\bTRIGGER\b|\bPROCEDURE\b|\bFUNCTION\b", "rules stand in domain/, not in the database"),
    (r"\bINDEXED\s+BY\b|\bWITH\s+RECURSIVE\b|\bLATERAL\b|::", "one engine's own"),
]


# Statements marked "(writers)", and whole files of them (…_write.sql): pages never
# run them, so that no view is for them.
WRITERS = set()
# Statements marked "(held)": effects that may wait for a quorum (store/held.h).
HELD = set()


def check_portable(where, sql):
    without_texts = re.sub(r"'[^']*'", "''", sql)
    for pattern, reason in REFUSED:
        found = re.search(pattern, without_texts, re.I)
        if found:
            sys.exit("%s: %s is not for both engines: %s" % (where, found[0], reason))


def read_statements(path):
    name, lines, found = None, [], []
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        head = re.fullmatch(r"-- name: (\w+)( \(writers\)| \(held\))?\s*", line)
        if head:
            if name:
                found.append((name, "".join(lines)))
            name, lines = head[1], []
            if head[2] == " (held)":
                HELD.add(name)
            if head[2] or path.endswith("_write.sql"):
                WRITERS.add(name)
        elif name:
            lines.append(line)
        elif line.strip() and not line.startswith("--"):
            sys.exit("%s:%d: SQL before the first '-- name:'" % (path, number))
    if name:
        found.append((name, "".join(lines)))
    for name, sql in found:
        body = without_comments(sql).strip()
        if not body.endswith(";") or body.count(";") != 1:
            sys.exit("%s: %s must be one statement ending in ';'" % (path, name))
        check_portable("%s: %s" % (path, name), body)
        numbers = {int(n) for n in re.findall(r"\$(\d+)", body)}
        if numbers != set(range(1, len(numbers) + 1)):
            sys.exit("%s: %s: parameters must be $1 to $n" % (path, name))
        if len(numbers) > PARAMETERS_MAX:
            sys.exit("%s: %s: more than %d parameters" % (path, name, PARAMETERS_MAX))
    return [(name, without_comments(sql).strip().rstrip(";")) for name, sql in found]


def read_tables(migrations):
    """Tables as the migrations leave them: name -> ([(column, type)], [key column])."""
    tables = {}
    for _, _, sql in migrations:
        sql = re.sub(r"--[^\n]*", "", sql)
        for name, body in re.findall(r"CREATE TABLE (\w+) \((.*?)\n\)", sql, re.S):
            columns, key = [], []
            for line in (part.strip() for part in re.split(r",(?![^()]*\))", body)):
                column = re.match(r"(\w+) (TEXT|INTEGER|BLOB)\b(.*)", line, re.S)
                constraint = re.match(r"PRIMARY KEY \((.*)\)", line)
                if column:
                    columns.append((column[1], column[2]))
                    if "PRIMARY KEY" in column[3]:
                        key = [column[1]]
                elif constraint:
                    key = [k.strip() for k in constraint[1].split(",")]
            if not key:
                sys.exit("table %s has no primary key" % name)
            if len(columns) > PARAMETERS_MAX:  # a row is copied by one statement
                sys.exit("table %s: more than %d columns" % (name, PARAMETERS_MAX))
            tables[name] = (columns, key)
        for name, column, kind in re.findall(r"ALTER TABLE (\w+) ADD COLUMN (\w+) (TEXT|INTEGER|BLOB)", sql):
            tables[name][0].append((column, kind))
    return tables


def read_narrow(migrations):
    """Views that the migrations make of tables which no page may read: name -> columns."""
    found = {}
    for _, _, sql in migrations:
        for name, columns in re.findall(r"CREATE VIEW (\w+) \(([\w, ]+)\) AS", sql):
            found[name] = ([(column.strip(), None) for column in columns.split(",")], [])
    return found


# What a view shows of a column other than the column: what its author took back
# is no page's to read. The title stays for the author's own list.
VIEWED = {
    ("review", "title"): "CASE WHEN state IN ('shown', 'withdrawn') THEN title ELSE '' END",
    ("review", "text"): "CASE WHEN state = 'shown' THEN text ELSE '' END",
    ("comment", "text"): "CASE WHEN state = 'shown' THEN text ELSE '' END",
    # What a sender claims is shown as theirs; who decided, and where papers lie, is not.
    ("entry_beside", "content"): "CASE WHEN member = 'claims' THEN content ELSE '' END",
    ("entry_beside", "salt"): "CASE WHEN member = 'claims' THEN salt END",
    ("rating", "stars"): "CASE WHEN state = 'shown' THEN stars ELSE 0 END",
}


def gate_views(tables, statements):
    """PostgreSQL's views, of which pages are made where the shop has roles: of each
    table the columns that a reading statement names, and no others."""
    used = {}
    for name, sql in statements:
        if name in WRITERS or not sql.startswith("SELECT"):
            continue
        sql = re.sub(r"'[^']*'", "''", sql)
        of = {}
        for table, alias in re.findall(r"\b(?:FROM|JOIN) (\w+)(?: AS (\w+))?", sql):
            if table not in tables:
                sys.exit("%s reads %s, which no migration makes" % (name, table))
            of[alias or table] = table
        for alias, table in of.items():
            columns = used.setdefault(table, set())
            for column, _ in tables[table][0]:
                if re.search(r"\b%s\.%s\b" % (alias, column), sql) or re.search(r"(?<![.\w])%s\b" % column, sql):
                    columns.add(column)
    views = []
    for table in tables:
        columns = ["%s AS %s" % (VIEWED[table, c], c) if (table, c) in VIEWED else c
                   for c, _ in tables[table][0] if c in used.get(table, ())]
        if columns:
            views.append("CREATE VIEW gate.%s WITH (security_barrier) AS\nSELECT %s\nFROM %s;" % (table, ", ".join(columns), table))
    return "\n".join(views)


def copy_statements(tables):
    """What copying a database table by table needs (store/copy.c)."""
    found = []
    for name, (columns, key) in tables.items():
        names = key + [c for c, _ in columns if c not in key]
        tuple_of = lambda items: items[0] if len(items) == 1 else "(%s)" % ", ".join(items)
        marks = lambda first, n: ["$%d" % i for i in range(first, first + n)]
        k, after, until = len(key), tuple_of(marks(1, len(key))), tuple_of(marks(len(key) + 1, len(key)))
        keys, listed = tuple_of(key), ", ".join(names)
        found += [
            ("copy_%s_read" % name, "SELECT %s FROM %s WHERE %s > %s ORDER BY %s LIMIT $%d"
             % (listed, name, keys, after, ", ".join(key), k + 1)),
            ("copy_%s_between" % name, "SELECT %s FROM %s WHERE %s > %s AND %s <= %s ORDER BY %s"
             % (listed, name, keys, after, keys, until, ", ".join(key))),
            ("copy_%s_write" % name, "INSERT INTO %s (%s) VALUES (%s)"
             % (name, listed, ", ".join(marks(1, len(names))))),
            ("copy_%s_remove" % name, "DELETE FROM %s WHERE %s > %s AND %s <= %s" % (name, keys, after, keys, until)),
            ("copy_%s_remove_rest" % name, "DELETE FROM %s WHERE %s > %s" % (name, keys, after)),
        ]
    return found


def main():
    header, source, *rest = sys.argv[1:]
    split = rest.index("--")
    statements, seen = [], {}
    for path in rest[:split]:
        for name, sql in read_statements(path):
            if name in seen:
                sys.exit("%s: %s is already in %s" % (path, name, seen[name]))
            seen[name] = path
            statements.append((name, sql))
    migrations = []
    for path in sorted(rest[split + 1:]):
        text = open(path, encoding="utf-8").read()
        number = int(re.search(r"(\d{4})_\w+\.sql$", path)[1])
        check_portable(path, re.sub(r"WITHOUT ROWID", "", without_comments(text)))
        migrations.append((number, hashlib.sha256(text.encode()).hexdigest(), without_comments(text)))
    if [m[0] for m in migrations] != list(range(1, len(migrations) + 1)):
        sys.exit("migrations must be numbered from 0001 without a gap")

    tables = read_tables(migrations)
    views = gate_views({**tables, **read_narrow(migrations)}, statements)
    statements += copy_statements(tables)

    with open(header, "w", encoding="utf-8") as f:
        f.write("/* Made by tools/statements.py. */\n#pragma once\n\n#include <stdbool.h>\n\nenum statement {\n")
        for name, _ in statements:
            f.write("    SQL_%s,\n" % name.upper())
        f.write("    STATEMENT_COUNT\n};\n\n")
        f.write("struct statement_text {\n    const char *name;\n    const char *sqlite;\n    const char *postgres;\n"
                "    int parameters;\n    bool held; /* its effect may wait (store/held.h) */\n};\n")
        f.write("extern const struct statement_text statement_texts[STATEMENT_COUNT];\n\n")
        f.write("struct migration {\n    int number;\n    const char *checksum;\n    const char *sql;\n};\n")
        f.write("enum { MIGRATION_COUNT = %d, PARAMETERS_MAX = %d };\n" % (len(migrations), PARAMETERS_MAX))
        f.write("/* A table, its key's columns before the others. */\nstruct table_text {\n    const char *name;\n"
                "    const char *types; /* a letter a column: T, I, B */\n    int keys;\n"
                "    enum statement read, between, write, remove, remove_rest;\n};\n")
        f.write("enum { TABLE_COUNT = %d };\nextern const struct table_text tables[TABLE_COUNT];\n\n" % len(tables))
        f.write("extern const struct migration sqlite_migrations[MIGRATION_COUNT];\n")
        f.write("extern const struct migration postgres_migrations[MIGRATION_COUNT];\n")
        f.write("/* The schema `gate`'s views, for PostgreSQL (store/roles.c). */\nextern const char gate_views[];\n")
    with open(source, "w", encoding="utf-8") as f:
        f.write('/* Made by tools/statements.py. */\n#include "statements.h"\n\n')
        f.write("const struct statement_text statement_texts[STATEMENT_COUNT] = {\n")
        for name, sql in statements:
            count = len(set(re.findall(r"\$(\d+)", sql)))
            f.write('    [SQL_%s] = {"%s",\n%s,\n%s,\n        %d, %s},\n' % (
                name.upper(), name, literal(re.sub(r"\$(\d+)", r"?\1", sql)), literal(sql), count, "true" if name in HELD else "false"))
        f.write("};\n\nconst struct table_text tables[TABLE_COUNT] = {\n")
        for name, (columns, key) in tables.items():
            kinds = dict(columns)
            order = key + [c for c, _ in columns if c not in key]
            f.write('    {"%s", "%s", %d, %s},\n' % (name, "".join(kinds[c][0] for c in order), len(key), ", ".join(
                "SQL_COPY_%s_%s" % (name.upper(), what) for what in ("READ", "BETWEEN", "WRITE", "REMOVE", "REMOVE_REST"))))
        f.write("};\n")
        for engine, translate in (("sqlite", str), ("postgres", for_postgres)):
            f.write("\nconst struct migration %s_migrations[MIGRATION_COUNT] = {\n" % engine)
            for number, checksum, sql in migrations:
                f.write('    {%d, "%s",\n%s},\n' % (number, checksum, literal(translate(sql))))
            f.write("};\n")
        f.write("\nconst char gate_views[] =\n%s;\n" % literal(views))


main()
