"""What can go wrong with the corpus.

CorpusError
├── Unreadable        an input can't become a draft; the message is a sentence for the person who gave it
├── NotFound          there is no such thing here: it never was, or is not seen from here, which is told the same
│   ├── ArticleNotFound   no live (or no removed) article has this key in this collection
│   ├── DraftNotFound     no draft that waits, or was decided on lately, has this id
│   ├── EntryNotFound     no entry of the audit record has this number
│   └── FeedNotFound      no feed that is followed has this number
├── Conflict          somebody else changed the article meanwhile, or the action has no effect now
├── StoreError        the database file can't be used (locked, damaged, newer format, disk full)
└── YamlError         YAML text can't be used; it knows line and column (`corpus.yamlfile`, where YAML is read)
"""

from __future__ import annotations


class CorpusError(Exception):
    """The base of all errors of this package."""


class Unreadable(CorpusError):
    """An input can't become a draft; `str()` is a sentence for the person who gave it."""


class NotFound(CorpusError):
    """There is no such thing here."""


class ArticleNotFound(NotFound):
    """No such article in this collection."""


class DraftNotFound(NotFound):
    """No such draft here, or none any more."""


class EntryNotFound(NotFound):
    """No such entry in the audit record seen here."""


class FeedNotFound(NotFound):
    """No such feed here."""


class Conflict(CorpusError):
    """The article changed meanwhile, or the action has nothing left to do."""


class StoreError(CorpusError):
    """The database can't be used."""
