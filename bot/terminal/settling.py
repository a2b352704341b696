"""From a draft to what becomes of it: by a decision made beforehand, or by the person at the terminal.

What is shown waits in the store meanwhile, so that nothing is lost where the person goes away: its id is told, and
`amicus queue approve ID` stores it within a week.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from bot.errors import UsageError
from bot.signs import one_line
from bot.terminal import desk_objects as objects
from bot.terminal.asked import can_ask, choose, written_to
from bot.terminal.face import block, labelled
from bot.terminal.previews import alike_in_words, blocks_of_preview
from bot.terminal.session import Exit
from bot.terminal.working import option_of, with_newsdesk
from bot.wording import plural
from corpus.dedupe import in_percent
from corpus.drafts import Choice, Handling, Preview
from corpus.model import Added, AlreadyKnown, NearDuplicate, Rejected

if TYPE_CHECKING:
    from bot.app import Newsdesk
    from bot.terminal.as_json import Json
    from bot.terminal.face import Block
    from bot.terminal.session import Session
    from corpus.desk import Drafting
    from corpus.drafts import Alike, Place, WaitingDraft
    from corpus.model import IngestOutcome


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided beforehand: to store without a question, and how where something like it is stored."""

    yes: bool = False
    keep_both: bool = False
    replace: str | None = None
    as_json: bool = False

    def check(self) -> None:
        """Nothing where it is one decision; else raises UsageError."""
        if self.keep_both and self.replace is not None:
            raise UsageError("give either --keep-both or --replace KEY")

    @property
    def is_made(self) -> bool:
        """Whether nobody has to be asked."""
        return self.yes or self.keep_both or self.replace is not None

    def choice(self, preview: Preview) -> Choice | None:
        """What is to be done about the articles like the draft. An edit adds none, so those beside it may stay."""
        seen = tuple(one.key for one in preview.alike)
        if self.replace is not None:
            return Choice(Handling.REPLACE, seen, self.replace)
        if self.keep_both or preview.waiting.base is not None:
            return Choice(Handling.KEEP_BOTH, seen)
        return None


def settle(session: Session, collection: str, drafting: Drafting, ruling: Ruling, *, shown: bool = True) -> Exit:
    """What became of the draft was decided, by the ruling or by the person who was asked, and told; it was `shown`."""
    teller = _Teller(session, ruling)
    match drafting:
        case AlreadyKnown() | Rejected():
            return teller.outcome(drafting)
        case Preview(waiting=waiting, known=known):
            if shown:
                _show(session, drafting, ruling)
            if known and waiting.base is None:
                _cancel(session, collection, waiting)
                return teller.outcome(known)
            return _decided(session, collection, drafting, ruling)
        case _:
            assert_never(drafting)


def _show(session: Session, preview: Preview, ruling: Ruling) -> None:
    """The preview is a result for people; beside a result for scripts only who is asked has to see it."""
    if not ruling.as_json:
        session.face.show(blocks_of_preview(preview, session.now().date()))
    elif not ruling.is_made and can_ask(session.face):
        session.face.tell(*blocks_of_preview(preview, session.now().date()))


def _decided(session: Session, collection: str, preview: Preview, ruling: Ruling) -> Exit:
    teller, waiting = _Teller(session, ruling), preview.waiting
    if ruling.is_made:
        return store(session, collection, preview, ruling.choice(preview), ruling)
    if not can_ask(session.face):
        return teller.waits(preview)
    match _answer(session, preview):
        case None:
            return teller.waits(preview)
        case "n":
            _cancel(session, collection, waiting)
            return teller.cancelled(waiting)
        case "r":
            return store(session, collection, preview, _replacing(session, preview), ruling)
        case _:
            seen = tuple(one.key for one in preview.alike)
            return store(session, collection, preview, Choice(Handling.KEEP_BOTH, seen) if seen else None, ruling)


def _answer(session: Session, preview: Preview) -> str | None:
    """What the person wants done: y or b to store it, r to replace, n to give it up, None to decide later."""
    if not preview.alike or preview.waiting.base is not None:
        return choose(session.face, "Store it?", {"y": "[y]es", "n": "[n]o"})
    choices = {"b": "keep [b]oth", "n": "[n]o"}
    if _own_alike(preview):
        choices = {"b": "keep [b]oth", "r": "[r]eplace", "n": "[n]o"}
    return choose(session.face, "Something like it is stored. Store it all the same?", choices)


def _own_alike(preview: Preview) -> list[Alike]:
    return [one for one in preview.alike if one.collection == preview.waiting.collection]


def _replacing(session: Session, preview: Preview) -> Choice:
    """The choice of the article whose new revision the draft is to be."""
    own = _own_alike(preview)
    key = own[0].key
    if len(own) > 1:
        session.face.tell(*(block(one_line(alike_in_words(one)), indent=2) for one in own))
        key = (written_to(session.face, f"Replace which? Its key, or Enter for {key}: ") or "").strip() or key
    return Choice(Handling.REPLACE, tuple(one.key for one in preview.alike), key)


def _cancel(session: Session, collection: str, waiting: WaitingDraft) -> None:
    async def cancelled(newsdesk: Newsdesk, place: Place) -> WaitingDraft:
        return await newsdesk.desk.cancel(waiting.id, place, session.who, session.now())

    with_newsdesk(session, collection, cancelled)


def store(session: Session, collection: str, preview: Preview, choice: Choice | None, ruling: Ruling) -> Exit:
    """The draft was stored as it was shown, or what stands in the way was told."""
    waiting = preview.waiting

    async def stored(newsdesk: Newsdesk, place: Place) -> tuple[IngestOutcome, Preview]:
        desk, who, now = newsdesk.desk, session.who, session.now()
        outcome = await desk.store(waiting.id, waiting.version, place, who, now, choice)
        return outcome, await desk.preview(waiting.id, place)

    outcome, after = with_newsdesk(session, collection, stored)
    return _Teller(session, ruling).outcome(outcome, after)


class _Teller:
    """Says what became of a draft, to a person or to a script."""

    def __init__(self, session: Session, ruling: Ruling) -> None:
        self._face = session.face
        self._as_json = ruling.as_json

    def outcome(self, outcome: IngestOutcome, preview: Preview | None = None) -> Exit:
        """Stored, or why not; where a draft still waits, how to go on."""
        waiting = preview.waiting if preview and preview.waiting.is_open else None
        alike = preview.alike if preview and waiting else ()
        self._tell(objects.of_outcome(outcome, waiting, alike), _line(outcome, waiting))
        self._how_to_go_on(waiting, choose_how=isinstance(outcome, NearDuplicate))
        return Exit.PARTLY if isinstance(outcome, NearDuplicate | Rejected) else Exit.DONE

    def waits(self, preview: Preview) -> Exit:
        """Nobody has decided yet."""
        waiting = preview.waiting
        line = labelled("waiting", "yellow", f"{waiting.id}: {waiting.draft.title}")
        self._tell(objects.of_undecided(preview), line)
        self._how_to_go_on(waiting, choose_how=bool(preview.alike) and waiting.base is None)
        return Exit.DONE

    def cancelled(self, waiting: WaitingDraft) -> Exit:
        """The person did not want it."""
        title = waiting.draft.title
        self._tell(objects.of_settled("cancelled", title=title), labelled("given up", "dim", title))
        return Exit.DONE

    def _tell(self, said: dict[str, Json], line: Block) -> None:
        if self._as_json:
            self._face.json(said)
        else:
            self._face.show([line])

    def _how_to_go_on(self, waiting: WaitingDraft | None, *, choose_how: bool) -> None:
        if waiting:
            choice = " --keep-both, or --replace KEY," if choose_how else ""
            approve = f"amicus queue approve {waiting.id}{option_of(waiting.collection)}{choice}"
            reject = f"amicus queue reject {waiting.id}{option_of(waiting.collection)} --why REASON"
            until = f"{waiting.expires_at:%Y-%m-%d}"
            self._face.tell(block(f"It waits until {until}; {approve} stores it, and {reject} gives it up."))


def _line(outcome: IngestOutcome, waiting: WaitingDraft | None) -> Block:
    match outcome:
        case Added(article):
            what = "added" if article.revision == 1 else f"revision {article.revision}"
            passages = plural(len(article.passages), "passage")
            return labelled(what, "green", f"{article.key}: {article.title} ({passages})")
        case AlreadyKnown(key, title, collection):
            where = f" in {collection}" if collection else ""
            return labelled("known already", "dim", f"{key}{where}: {title}")
        case NearDuplicate(key, title, share):
            name = waiting.draft.title if waiting else "it"
            return labelled(
                "near duplicate", "yellow", f"{name}: shares {in_percent(share)} of its text with {key} ({title})"
            )
        case Rejected(source, reason):
            return labelled("rejected", "red", f"{source.reference}: {reason}")
        case _:
            assert_never(outcome)
