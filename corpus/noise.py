"""Rules that name lines of a page that are no part of its article.

A rule sees the page's lines and the number of one. It is cautious: what may be a sentence of the article stays.
Each rule has a name, which a dropped line carries.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.stops import CLOSING_MARKS, ENDED


@dataclass(frozen=True, slots=True)
class Line:
    """A line that isn't blank: its text, its place, and whether a blank line (or the page's edge) stands before it."""

    text: str
    start: int
    end: int
    apart: bool


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page that aren't blank, with what rules ask of the whole."""

    lines: tuple[Line, ...]
    times: Counter[str]
    first: dict[str, int]
    spaced: bool
    whole: str

    @classmethod
    def of(cls, text: str) -> Page:
        """The page of a text whose lines are trimmed."""
        lines: list[Line] = []
        last_end = -2
        for found in re.finditer(r"[^\n]+", text):
            if not found[0].isspace():
                lines.append(Line(found[0], found.start(), found.end(), found.start() - last_end > 1))
                last_end = found.end()
        spaced = sum(line.apart for line in lines) * 2 > len(lines)
        keys = [_key(line.text) for line in lines]
        first = {key: index for index, key in reversed(list(enumerate(keys)))}
        return cls(tuple(lines), Counter(keys), first, spaced, text)

    def __len__(self) -> int:
        return len(self.lines)

    def __getitem__(self, index: int) -> Line:
        return self.lines[index]

    def text(self, index: int) -> str:
        """The line's text; empty beyond the edges."""
        return self.lines[index].text if 0 <= index < len(self.lines) else ""


Rule = tuple[str, Callable[[Page, int], bool]]


# --- what lines look like

_STOPS = re.compile(rf"[.,;:…。।۔][{CLOSING_MARKS}]*\Z")
_ABBREVIATED = re.compile(r"\b(?:U\.S|U\.K|E\.U|Inc|Corp|Co|Ltd|Jr|Sr|D\.C|a\.m|p\.m)\.\Z")
_LETTERS = re.compile(r"[^\W\d_]{2}|[^\W\d_a-zA-Z]")
_BULLET = re.compile(r"(?:[•‣⁃▪▫◦●○■□➤►✓✔]|[-–—*·+](?=\s)|\d{1,2}[.)]\s)")
_HEADING_SIGN = re.compile(r"#{1,6}\s+|\s+#+\Z")


def _key(line: str) -> str:
    return " ".join(line.casefold().replace("’", "'").replace("‘", "'").split())


def same_line(one: str, other: str) -> bool:
    """Whether two lines read the same but for case, kind of apostrophe and spaces."""
    return _key(one) == _key(other)


def without_heading_sign(line: str) -> str:
    """A Markdown heading's words."""
    return _HEADING_SIGN.sub("", line).strip()


def word_total(line: str) -> int:
    """How many words a line has."""
    return len(line.split())


def ends_a_sentence(line: str) -> bool:
    """Whether the line ends in a sentence's stop."""
    return ENDED.search(line) is not None


def is_headline(page: Page, index: int) -> bool:
    """Whether a line can be a title: 200 characters at most, no stop at its end, not a wrapped text's first line."""
    line = page[index]
    following = page.lines[index + 1] if index + 1 < len(page) else None
    wrapped = following is not None and not following.apart and following.text[:1].islower()
    if _LETTERS.search(line.text) is None:
        return False
    stopped = _STOPS.search(line.text) is not None and _ABBREVIATED.search(line.text) is None
    return len(line.text) <= 200 and not stopped and not wrapped and _BULLET.match(line.text) is None


def is_section_label(page: Page, index: int, following: int) -> bool:
    """Whether the first line is the name of a site's section (`TECH`) above the headline."""
    line = page[index].text
    return (
        word_total(line) <= 2
        and (line.isupper() or word_total(line) == 1)
        and word_total(page[following].text) >= 4
        and is_headline(page, following)
    )


def is_flagged(line: str) -> bool:
    """The generic sign of noise: a short line without a sentence's end that is no bullet."""
    return word_total(line) <= 12 and not ends_a_sentence(line) and not line.endswith(":") and not _BULLET.match(line)


# --- photo credits and captions

_AGENCY = (
    r"(?:Getty(?: Images)?|AFP|Reuters|REUTERS|Associated Press|The Associated Press|AP(?: Photo| Images)?|Bloomberg"
    r"|Shutterstock|Alamy(?: Stock Photo)?|EPA(?:-EFE)?|Anadolu(?: Agency)?|NurPhoto|LightRocket|SOPA Images|iStock\w*"
    r"|ZUMA(?: Press| Wire)?|Corbis|UPI|Sipa(?: USA)?|Polaris|Redux|Magnum(?: Photos)?|dpa|Picture Alliance|Xinhua"
    r"|PA(?: Wire| Images| Media)|Unsplash|Pexels|Pixabay|Flickr|Wikimedia(?: Commons)?|Imago|Icon Sportswire"
    r"|CQ[- ]Roll Call(?:, Inc\.?)?|MediaNews Group|Tribune News Service|WireImage|USA TODAY(?: Sports)?|VCG|AdobeStock"
    r"|Adobe Stock|The Washington Post|The New York Times|Agence France-Presse)"
)
_ROLE = r"(?:Staff|Stringer|Contributor|Handout|Pool|File(?: Photo)?|Archive|Screenshot)"
_NAMEISH = re.compile(
    r"(?:[A-ZÀ-ÞŁŠŽ@][\w.'’&@-]*|de|da|del|der|van|von|la|le|al|bin|of|for|the|via|and|by|in|on|&|/|-|–|—|\||,|©|\d{4})"
)
_CREDIT_START = re.compile(
    r"\(?(?:photo(?:graph)?s?|images?|pictures?|illustrations?|photo illustration|graphics?|file photo)?\s*"
    r"(?:(?:by|credits?|courtesy(?: of)?|source|via|from)\b:?|:)\s*(?=\S)",
    re.IGNORECASE,
)
_AGENCY_LAST = re.compile(
    rf"(?:\A|.*?[/|,–—:(-]\s*|.*\bvia |.*\bfor )\(?{_AGENCY}(?:\s*[/|,]\s*(?:{_ROLE}|{_AGENCY}))*\)?\.?"
)
_AGENCY_FIRST = re.compile(r"\(?(?:AP Photo|AP|AFP|REUTERS|Reuters|EPA|Getty Images|PA)\s*[/|:]\s*[A-Z].*")
_SPACED_AGENCY = _AGENCY.replace(" ", r"\ ")
_SPACED_ROLE = _ROLE.replace(" ", r"\ ")
_TAIL_CREDIT = re.compile(
    rf"""(?:
      \((?i:photo(?:graph)?s?|images?|picture|illustration|credit|file\ photo|ap\ photo|photo\ illustration)\b
        [^()]{{0,120}}\)
    | \([^()]{{0,80}}[/|]\s*{_SPACED_AGENCY}[^()]{{0,60}}\)
    | (?i:photo(?:graph)?|image|picture|illustration|credit)s?(?:\ credit)?:\s[^.!?]{{2,90}}
    | [A-Z][\w.'’-]+(?:\ [A-Z][\w.'’-]*){{0,3}}\s*[/|]\s*(?:[^.!?/|]{{2,40}}\s*[/|]\s*)?
        (?:\w+\ via\ )?{_SPACED_AGENCY}(?:\s*[/|]\s*{_SPACED_ROLE})?
    )\.?\Z""",
    re.VERBOSE,
)
_PICTURED = re.compile(
    r"\b(?:(?:is|are) (?:seen|pictured|shown|displayed|photographed)|seen (?:on|in|at|here|through)|pictured|poses?"
    r"|file photo|in this (?:photo|picture|illustration|file)|photo illustration|(?:arrives?|leaves?|speaks?"
    r"|testif(?:y|ies)"
    r"|gestures?|walks?|looks on|attends?|listens?|appears?|delivers?|holds?) (?:at|on|in|to|for|before|during"
    r"|from|as|a|his"
    r"|her|the|their)|on display|logos?\b.*\b(?:on|at|outside)|, (?:left|right|center|centre),|\((?:left|right"
    r"|center|[LRC])\))",
    re.IGNORECASE,
)


def _all_nameish(line: str) -> bool:
    words = re.split(r"\s+|(?<=[/|,])|(?=[/|,])", line.strip("() ."))
    return all(_NAMEISH.fullmatch(word.rstrip(":.")) is not None for word in words if word)


def _is_piped_credit(line: str) -> bool:
    """`Name | Agency | Getty Images`: three short parts, or two of which one is an agency."""
    parts = [part.strip() for part in line.split("|")]
    if len(parts) < 2 or not all(part and word_total(part) <= 6 and part[0].isupper() for part in parts):
        return False
    agency = any(re.fullmatch(rf"(?:.* via )?{_AGENCY}", part) for part in parts[1:])
    return agency or (len(parts) >= 3 and _all_nameish(line) and not any(c.isdigit() for c in line))


def is_photo_credit(line: str) -> bool:
    """Whether a line does nothing but name who made a picture."""
    if word_total(line) > 20:
        return False
    if _is_piped_credit(line):
        return True
    start = _CREDIT_START.match(line)
    if (
        start is not None
        and start.end() > 2
        and not line.casefold().startswith(("by ", "by:", "from", "via ", "source"))
    ):
        return _all_nameish(line[start.end() :])
    return _all_nameish(line) and (
        _AGENCY_LAST.fullmatch(line) is not None or _AGENCY_FIRST.fullmatch(line) is not None
    )


def _photo_credit(page: Page, index: int) -> bool:
    return is_photo_credit(page[index].text)


def _caption_with_credit(page: Page, index: int) -> bool:
    """A caption whose line ends in its credit."""
    line = page[index].text
    return 3 < word_total(line) <= 60 and _TAIL_CREDIT.search(line[-240:]) is not None


def _photo_caption(page: Page, index: int) -> bool:
    """The line right before a credit, where the page sets it apart from its paragraphs or it reads like a caption."""
    following = page.lines[index + 1] if index + 1 < len(page) else None
    line = page[index]
    if index == 0 or following is None or not is_photo_credit(following.text) or word_total(line.text) > 45:
        return False
    attached = line.apart and not following.apart and page.spaced
    return attached or (word_total(line.text) <= 35 and _PICTURED.search(line.text) is not None)


# --- labels, prompts, stamps

_LABELS = frozenset(
    """in this article|in this story|key points|key takeaways|key highlights|top stories|trending|trending now|most read
    |most popular|most viewed|recommended|recommended stories|recommended for you|recommended reading|related
    |related articles
    |related stories|related topics|related coverage|related content|related links|related news|related posts|read more
    |read next|read also|also read|see also|see more|show more|load more|learn more|more|more stories|more news
    |more on this story|more on this topic|more like this|you may also like|you might also like|up next
    |what to read next
    |watch|watch now|watch live|watch video|watch the video|play video|video|videos|live|live tv|live updates
    |gallery|photos
    |topics|tags|editors' picks|editor's picks|editor's pick|newsletter|newsletters|comments|leave a comment
    |view comments
    |post a comment|join the conversation|listen|listen to article|listen to this article|listen to this story
    |skip to content|skip to main content|skip navigation|skip advertisement|skip ad|menu|search|close|loading
    |loading...
    |image|[image]|image caption|toggle caption|hide caption|enlarge|enlarge this image|click to enlarge
    |open image modal
    |share|share this|share this article|share this story|share this post|save|save article|print|print this article
    |copy link|link copied|gift this article|sign in|sign up|log in|subscribe|subscribe now|register|advertisement
    |advertisements|sponsored|sponsored content|promoted|promoted content|ad|ads|paid content|from our partners
    |back to top
    |continue reading|keep reading|story continues below|story continues below advertisement|article continues below
    |story continues|advertisement - continue reading below|continue reading below|about the author|about us|contact us
    |terms of service|terms of use|privacy policy|privacy notice|cookie policy|do not sell my personal information
    |all rights reserved|in pictures|in case you missed it""".replace("\n    ", "").split("|")
)
_SOCIAL = (
    r"(?:facebook|twitter|x|linked ?in|instagram|whats ?app|reddit|flipboard|pinterest|telegram|tiktok|youtube|threads"
    r"|bluesky|mastodon|snapchat|messenger|e-?mail|print|share|tweet|post|pin|save|bookmark|copy(?: link)?|link"
    r"|comments?"
    r"|like|gift|resize|rss|more|on|via|this|article|story|\d+)"
)
_SOCIAL_LINE = re.compile(rf"(?:{_SOCIAL}(?:[\s,|•·/+&-]+|\Z)){{2,}}", re.IGNORECASE)
_TO_READER = re.compile(
    r"\b(?:you|your|you['’](?:re|ve|ll)|our|us|we|my|now|here|today|free|newsletters?|inbox|unlimited|access"
    r"|podcast|subscribers)\b",
    re.IGNORECASE,
)
_PROMPT = re.compile(
    r"""(?:please\s+)?(?:
      subscribe\b | sign\ up\b | sign\ in\ (?:to|or|here|now)\b | log\ in\ (?:to|or|here)\b
      | register\ (?:now|here|for|to|free)\b
    | create\ (?:an?|your)\ (?:free\ )?account | become\ a\ (?:member|subscriber)
    | start\ your\ (?:free\ )?(?:trial|subscription)
    | join\ (?:our|the|us|now|today|thousands|millions|more|over)\b
    | get\ (?:our|the\ latest|the\ best|unlimited|full|breaking|more)\b
    | already\ (?:a|an|have)\b | not\ a\ subscriber | support\ (?:our|independent|quality)\b | donate\b
    | enter\ your\ (?:e-?mail|name|address|password|zip)
    | to\ (?:continue|keep)\ reading | to\ read\ the\ (?:full|rest)
    | this\ (?:content|article|story)\ is\ (?:for|only|available|reserved)
    | you(?:['’]ve|\ have)\ (?:reached|read|used|hit)\b | you\ can\ (?:unsubscribe|opt)
    | thank(?:s|\ you)\ for\ (?:reading|signing|subscribing)
    | we\ use\ cookies | (?:this|our)\ (?:web\ ?)?site\ uses\ cookies
    | by\ (?:clicking|continuing|signing\ up|subscribing|using|entering|submitting)\b
    | accept\ (?:all\ )?cookies | manage\ (?:cookie|your)\b | (?:don['’]t|never)\ miss\b
    | stay\ (?:informed|up\ to\ date|ahead|connected)\b
    | (?:got|have|do\ you\ have)\ an?\ (?:news\ |story\ )?(?:tip|story|idea)\b | send\ (?:us\ )?(?:your\ )?tips
    | contact\ (?:us|the\ (?:author|reporter|writer))
    | download\ (?:our|the)\b.*\bapp\b
    | share\ (?:this|on)\b
    | listen\ (?:to\ (?:this|our|the)|and\ subscribe|on\ (?:apple|spotify)|now)\b
    | click\ (?:here|to)\b | tap\ (?:here|to)\b | our\ (?:daily|weekly|morning|evening)\ newsletter
    | the\ best\ of\b.*\binbox
    | sign\ me\ up | unlock\ (?:this|unlimited|the\ full)\b | turn\ on\ (?:desktop\ )?notifications | leave\ a\ comment
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_FOLLOW = re.compile(
    r"(?i:follow|like|find|join|connect with) (?:us|me|@\w+|[A-Z][\w.'’ -]{1,40}?) on (?:Twitter|X|Facebook|Instagram"
    r"|LinkedIn|YouTube|TikTok|Threads|Bluesky|Mastodon|Telegram|WhatsApp|Google News|Flipboard)\b"
    r"|(?i:follow) (?:us\b|@\w+)"
)
_READ_MORE = re.compile(
    r"(?:read\s+(?:more|also|next)|also\s+read|more\s+to\s+read|see\s+also|don['’]t\s+miss|must\s+read"
    r"|further\s+reading|icymi"
    r"|in\s+case\s+you\s+missed\s+it)\s*(?:[:|>»→–—-]+|$|\bon\b|\babout\b|\bat\b|\bfrom\b|\bhere\b)"
    r"|read\s+(?:the\s+(?:full|original|complete)|our|the\s+rest)\b",
    re.IGNORECASE,
)
_READ_MORE_CAPITALS = re.compile(
    r"(?:READ MORE|READ ALSO|ALSO READ|READ NEXT|SEE ALSO|MORE|RELATED|WATCH|WATCH NOW|LISTEN)\b\s*[:|>»→–—-]*\s*\S"
)
_RELATED = re.compile(
    r"(?:related(?:\s+(?:article|story|stories|coverage|reading|news|video|links?))?|watch(?:\s+(?:now|live"
    r"|video))?|more"
    r"|more\s+(?:from|on|news|stories)\b[^:]{0,40}|listen|video|recommended|up\s+next|read|explore|next"
    r"|previous)\s*[:|>»→]\s*\S",
    re.IGNORECASE,
)
_MORE_FROM = re.compile(r"(?i:more (?:from|in|on)) [A-Z]")
_TAGS = re.compile(r"(?:tags?|topics?|filed under|categor(?:y|ies)|keywords|posted in)\s*:\s*\S", re.IGNORECASE)
_READING_TIME = re.compile(
    r"(?:(?:reading|read|listen|listening) time:?\s*)?(?:about |~)?\d{1,3}[\s-]*min(?:ute)?s?\.?(?:\s*(?:read"
    r"|listen|watch))?"
    r"|listen\s*[·•|(–-]?\s*\d{1,3}(?::\d{2})?\s*(?:min(?:ute)?s?)?\)?"
    r"|(?:video\s*)?\d{1,2}:\d{2}(?:\d{1,2}:\d{2})?|\d+ comments?",
    re.IGNORECASE,
)
_STAMP_WORD = re.compile(
    r"(?:first|last|originally)?\s*(?:published|updated|posted|modified|created|on|at|the|by|of|time|date|ago"
    r"|just|now|hours?|hrs?"
    r"|minutes?|mins?|days?|am|pm|a\.m\.?|p\.m\.?|e[sd]?t|p[sd]?t|c[sde]+t|m[sd]t|gmt|utc|bst|ist|local|eastern|pacific"
    r"|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?"
    r"|dec(?:ember)?|mon(?:day)?|tues?(?:day)?|wed(?:nesday)?|thu(?:rs?(?:day)?)?|fri(?:day)?|sat(?:urday)?"
    r"|sun(?:day)?)\.?",
    re.IGNORECASE,
)
_STAMP_SIGNAL = re.compile(
    r"published|updated|posted|modified|ago\b|\d:\d\d|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.?\s+\d"
    r"|\d\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{2,4}",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"[\d:.,/|·•()–-]+(?:st|nd|rd|th|am|pm)?", re.IGNORECASE)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)\s|copyright\s*(?:©|\(c\)|\d{4}|[^.]{0,60}all rights reserved))|.*\ball rights reserved[.\s]*\Z"
    r"|this material may not be (?:published|reproduced)",
    re.IGNORECASE,
)
_DESK = re.compile(r"\(?(?i:(?:additional\s+)?(?:reporting|writing|editing)|compiled) by [A-Z]")


def _label(page: Page, index: int) -> bool:
    line = page[index].text
    return len(line) <= 60 and _key(without_heading_sign(line)).strip(" :.>»→›|*_[]…") in _LABELS


def _read_more(page: Page, index: int) -> bool:
    line = page[index].text.lstrip("→>»▶► ")
    if word_total(line) > 30:
        return False
    stopped = ends_a_sentence(line) and line[-1] not in "?!"
    return (
        _READ_MORE.match(line) is not None
        or (not stopped and _RELATED.match(line) is not None)
        or (not stopped and _MORE_FROM.match(line) is not None and word_total(line) <= 6)
        or (not stopped and _READ_MORE_CAPITALS.match(line) is not None and not line.isupper())
    )


def _prompt(page: Page, index: int) -> bool:
    """A call to the reader: short, begins as one and speaks to "you", or is a handful of words."""
    line = page[index].text
    if word_total(line) > 45:
        return False
    if _FOLLOW.match(line) is not None:
        return True
    spoken_to = _TO_READER.search(line) is not None or (word_total(line) <= 8 and not ends_a_sentence(line))
    return spoken_to and _PROMPT.match(line) is not None


def _social(page: Page, index: int) -> bool:
    line = page[index].text
    return len(line) <= 120 and _SOCIAL_LINE.fullmatch(line) is not None and re.search(r"[A-Za-z]{3}", line) is not None


def _tags(page: Page, index: int) -> bool:
    line = page[index].text
    return word_total(line) <= 30 and not ends_a_sentence(line) and _TAGS.match(line) is not None


def _reading_time(page: Page, index: int) -> bool:
    return len(page[index].text) <= 60 and _READING_TIME.fullmatch(page[index].text) is not None


def _time_stamp(page: Page, index: int) -> bool:
    """A line of dates, times and words such as `Updated`, with nothing else in it."""
    line = page[index].text
    if len(line) > 120 or _STAMP_SIGNAL.search(line) is None or not any(c.isdigit() for c in line):
        return False
    rest = _NUMBERS.sub(" ", _STAMP_WORD.sub(" ", line) if not line.isdigit() else line)
    return not re.search(r"\w", rest)


def _copyright(page: Page, index: int) -> bool:
    line = page[index].text
    return word_total(line) <= 40 and _COPYRIGHT.match(line) is not None


def _desk_credit(page: Page, index: int) -> bool:
    line = page[index].text
    return word_total(line) <= 30 and _DESK.match(line) is not None


# --- what stands there twice


def _twice_in_one_line(line: str) -> bool:
    half = len(line) // 2
    return len(line) >= 40 and line[:half].strip() == line[-half:].strip() and not ends_a_sentence(line)


def _doubled(page: Page, index: int) -> bool:
    """A headline that stands there twice in a row is a video's or a teaser's; of anything else the second goes."""
    line = page[index].text
    if index and _twice_in_one_line(line):
        return True
    key = _key(line)
    if page.times[key] < 2:
        return False
    before = key == _key(page.text(index - 1))
    after = key == _key(page.text(index + 1))
    headline = word_total(line) >= 4 and not ends_a_sentence(line)
    if headline and after and index > 0:
        return True
    return before or (word_total(line) >= 8 and page.first[key] < index)


# Looking for a line in the whole text takes time that grows with both; longer texts keep their pull quotes.
_SEARCHED_CHARS = 100_000


def _pull_quote(page: Page, index: int) -> bool:
    """A line that stands word for word inside a paragraph as well."""
    line = page[index].text
    if (
        index == 0
        or len(page.whole) > _SEARCHED_CHARS
        or not 6 <= word_total(line) <= 60
        or not line.startswith(tuple("\"“‘'«"))
    ):
        return False
    words = line.strip("\"“”‘’'« »")
    return page.whole.count(words) > page.times[_key(line)]


RULES: tuple[Rule, ...] = (
    ("label", _label),
    ("photo-credit", _photo_credit),
    ("photo-caption", _photo_caption),
    ("caption-with-credit", _caption_with_credit),
    ("doubled-line", _doubled),
    ("pull-quote", _pull_quote),
    ("read-more", _read_more),
    ("prompt", _prompt),
    ("share-buttons", _social),
    ("tags", _tags),
    ("reading-time", _reading_time),
    ("time-stamp", _time_stamp),
    ("copyright", _copyright),
    ("desk-credit", _desk_credit),
)


# --- bylines

_BYLINE = re.compile(r"(?:by|BY|By)[:\s]\s*(.+)")
_NAME = re.compile(
    r"[A-ZÀ-ÞŁŠŽ][\w.'’-]*(?:\s+(?:[A-ZÀ-ÞŁŠŽ][\w.'’-]*|de|da|del|der|van|von|la|le|al|bin|dos"
    r"|du))*\s+[A-ZÀ-ÞŁŠŽ][\w.'’-]*"
)


def byline_authors(line: str) -> tuple[str, ...]:
    """The names in a byline (`By Ann Bell and Carl Dorn, Staff Writers`); none where the line isn't one."""
    found = _BYLINE.fullmatch(line)
    if found is None or word_total(line) > 16 or ends_a_sentence(line.rstrip(".")):
        return ()
    return names_in(re.split(r"\s*[|•·]\s*|\s[–—-]\s", found[1])[0])


_JOB = re.compile(
    r"\b(?:writer|reporter|correspondent|editor|staff|contributor|columnist|producer|press|news|times|post"
    r"|journal|magazine)s?\b",
    re.IGNORECASE,
)


_CALENDAR = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"|(?:january|february|march|april|may|june|july|august|september|october|november|december)\Z",
    re.IGNORECASE,
)


def names_in(text: str) -> tuple[str, ...]:
    """The names in `A, B and C`, jobs and publications after the first aside; none where a part is no name."""
    parts: Sequence[str] = [part for part in re.split(r"\s*(?:,|;|&|\band\b|\bAND\b)\s*", text.strip(" .")) if part]
    names = [part for part in parts if _NAME.fullmatch(part) is not None]
    others = [part for part in parts if part not in names]
    if any(_CALENDAR.match(part) for part in parts):
        return ()
    if not names or any(_JOB.search(part) is None and not part[:1].isupper() for part in others):
        return ()
    return tuple(name for place, name in enumerate(names) if place == 0 or _JOB.search(name) is None)
