"""A phone book for tests: names to addresses, each look-up the next of several answers."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence


class Names:
    """`Names({"a.example": ["127.0.0.1"], "b.example": [["93.184.216.34"], ["10.0.0.1"]]})`.

    A list of lists is answered one after the other, the last one for ever. `asked` holds the names looked up.
    """

    def __init__(self, known: Mapping[str, Sequence[str] | Sequence[Sequence[str]]] | None = None) -> None:
        self.asked: list[str] = []
        self._known = {name: _in_turn(answers) for name, answers in (known or {}).items()}

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """The next answer for the name."""
        del port
        self.asked.append(host)
        answers = self._known.get(host)
        if answers is None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return answers.pop(0) if len(answers) > 1 else answers[0]


def _in_turn(answers: Sequence[str] | Sequence[Sequence[str]]) -> list[Sequence[str]]:
    several = [answer for answer in answers if not isinstance(answer, str)]
    return several or [[answer for answer in answers if isinstance(answer, str)]]
