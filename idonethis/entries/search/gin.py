"""PostgreSQL's index of words: a column that the database itself works out, and an inverted index
of it.

Words are cut here, not by a parser of PostgreSQL's, which knows addresses and numbers of its own
and would find other words than SQLite does. Accents go by what Unicode says of them, so no
extension is needed, and nothing is stemmed: people write in several languages."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from idonethis.entries.search.folding import LONGEST

#: What knows letters and their case in every language, best first.
COLLATIONS = ("und-x-icu", "pg_c_utf8", "C.utf8", "default")
KNOWN = """
    SELECT collname FROM pg_collation WHERE collname = ANY(%s)
    AND collencoding IN (-1, (SELECT encoding FROM pg_database WHERE datname = current_database()))
    ORDER BY array_position(%s, collname::text) LIMIT 1
"""
#: The words of a text and where each stands. See ``folding.folded``.
FUNCTION = """
    CREATE FUNCTION entries_words_of(said text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $words$
        SELECT coalesce(
            string_agg('''' || left(word, {longest}) || ''':' || place, ' ')::tsvector, ''
        )
        FROM regexp_split_to_table(
            lower(normalize(regexp_replace(
                normalize(said, NFD), '([A-Za-z])[\\u0300-\\u036f]+', '\\1', 'g'
            ), NFC) COLLATE "{collation}"),
            '[^[:alnum:]]+'
        ) WITH ORDINALITY AS cut(word, place) WHERE word <> ''
    $words$
"""
COLUMN = """
    ALTER TABLE entries_entry ADD COLUMN words tsvector GENERATED ALWAYS AS (
        entries_words_of(body) || setweight(entries_words_of(url), 'A')
    ) STORED
"""
INDEX = "CREATE INDEX entries_words ON entries_entry USING gin (words)"
REMOVE = (
    "ALTER TABLE entries_entry DROP COLUMN IF EXISTS words",
    "DROP FUNCTION IF EXISTS entries_words_of(text)",
)
IS_KEPT = """
    SELECT count(*) FROM pg_attribute
    WHERE attrelid = 'entries_entry'::regclass AND attname = 'words' AND NOT attisdropped
"""


def ensure(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute(IS_KEPT)
        if cursor.fetchone()[0]:
            return
        cursor.execute(KNOWN, [[*COLLATIONS], [*COLLATIONS]])
        (collation,) = cursor.fetchone()
        cursor.execute(FUNCTION.format(longest=LONGEST, collation=collation))
        cursor.execute(COLUMN)
        cursor.execute(INDEX)


def remove(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        for statement in REMOVE:
            cursor.execute(statement)
