"""Where a fetched article is from: its link and its publication, so that no page passes for another publisher's."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from corpus.model import Draft


# A publication of this form is a site's address: the page's own, or what was read off the link it claims.
_ADDRESS = re.compile(r"[^\s/]+\.[a-z]{2,}(?::[0-9]+)?", re.IGNORECASE)


def with_link(draft: Draft, fetched_url: str) -> Draft:
    """The draft of what was fetched from `fetched_url` (after redirects), named for where it really is.

    The page's own canonical link is taken only where it is of the same host, and the host's name is the publication
    of a page that names none, or another site's address. A key is never taken from elsewhere: it could be another
    article's.
    """
    own = draft.url if draft.url is not None and host_of(draft.url) == host_of(fetched_url) else None
    return replace(
        draft, key=None, url=own or fetched_url, publication=_publication(draft.publication, host_of(fetched_url))
    )


def _publication(named: str | None, host: str) -> str | None:
    if named is None:
        return host or None
    if _ADDRESS.fullmatch(named) is None:
        return named
    return named if f".{host}".endswith(f".{named.lower().removeprefix('www.')}") else host


def host_of(url: str) -> str:
    """The name of the link's host without `www.`, in lower case; empty where it names none."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.rstrip(".").removeprefix("www.")
