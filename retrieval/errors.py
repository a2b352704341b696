"""What can go wrong in retrieval.

RetrievalError
├── IndexUnusable     an index file is damaged, foreign or of another format; the index can be rebuilt from the store
└── BadQuestionSet    a question set can't be read; the message names file and line
"""

from __future__ import annotations


class RetrievalError(Exception):
    """The base of all errors of this package."""


class IndexUnusable(RetrievalError):
    """An index file can't be used; rebuild it from the store."""


class BadQuestionSet(RetrievalError):
    """A question set can't be read; the message names file and line."""
