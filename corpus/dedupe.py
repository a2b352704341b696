"""Whether two articles are the same: exact digest of the words, share of common word runs, canonical links."""

from __future__ import annotations

import re
from hashlib import blake2b, sha256
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from corpus.text import forms

SHINGLE_WORDS = 5
"""Runs of five words: exact containment of at least .6 told near-duplicates better than MinHash or simhash."""

_ONE_IN = 16
_SMALLEST = 8

_TRACKING = re.compile(
    r"(?:utm_\w+|fb\w*clid|gclid|dclid|msclkid|yclid|mc_[ce]id|igshid|_hsenc|_hsmi|ref|ref_src|smid|smtyp|cmpid|ocid|ncid"
    r"|cid|src|source|partner|share|sharetype|outputtype|guccounter|amp)",
    re.IGNORECASE,
)


def in_percent(share: float) -> str:
    """How like another text one is; never 100 % of what is not the same."""
    return f"{min(99, int(100 * share))} %"


def shingles(text: str) -> frozenset[int]:
    """All runs of five words, each as a number below 2**63 that is the same in every process.

    A text of fewer words is one run; a text without words has none.
    """
    found = forms(text)
    if not found:
        return frozenset()
    runs = max(1, len(found) - SHINGLE_WORDS + 1)
    return frozenset(_number(" ".join(found[place : place + SHINGLE_WORDS])) for place in range(runs))


def _number(run: str) -> int:
    return int.from_bytes(blake2b(run.encode(), digest_size=8).digest()) >> 1


def containment(a: frozenset[int], b: frozenset[int]) -> float:
    """The share of `a`'s runs that `b` holds too, 0 to 1; 0 where `a` has none. Not symmetric."""
    return len(a & b) / len(a) if a else 0.0


def overlap(a: frozenset[int], b: frozenset[int]) -> float:
    """The share of common runs, of the smaller of the two, 0 to 1: an excerpt overlaps wholly with its article."""
    return max(containment(a, b), containment(b, a))


def sample(runs: frozenset[int]) -> list[int]:
    """Some of the runs, the same for every text that holds them, ascending: what near-duplicates are looked up by.

    One run in sixteen, and the eight smallest. Where 60 runs are common to two texts, one of them is in the sample but
    for a chance of 2 % (`(15/16) ** 60`); the eight smallest make up for short texts.
    """
    smallest = sorted(runs)[:_SMALLEST]
    return sorted({*smallest, *(run for run in runs if run % _ONE_IN == 0)})


def digest(text: str) -> str:
    """A fingerprint of the words in their order: the same for texts that differ in case, signs and white space only."""
    return sha256(" ".join(forms(text)).encode()).hexdigest()


def canonical_url(url: str) -> str:
    """The link without what doesn't name the page: scheme, `www.`, tracking parameters, fragment, final slash.

    Two links to one page mostly become equal; the result is for comparing, the link itself is shown as given. What
    is no link comes back as it is. Applying it twice changes nothing.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url.strip()
    host = re.sub(r"\A(?:www\.)+", "", parts.hostname or "").rstrip(".")
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return url.strip()
    host = f"[{host}]" if ":" in host else host
    named = host if port in (None, 80, 443) else f"{host}:{port}"
    kept = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if _TRACKING.fullmatch(name) is None
    )
    path = re.sub(r"(?:/(?:amp|index\.html?))+/?\Z", "/", re.sub(r"/{2,}", "/", parts.path)).rstrip("/")
    return urlunsplit(("https", named, path, urlencode(kept), ""))
