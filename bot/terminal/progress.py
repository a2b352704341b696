"""A bar on standard error for work that takes long; nothing is shown where nobody looks on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from rich.progress import Progress, TaskID

    from bot.terminal.face import Face


class Bar:
    """Follows what it is told, (done, of all), until all is done or this is left; it may be told of several rounds."""

    def __init__(self, face: Face, label: str) -> None:
        self._console = face.notices
        self._label = label
        self._shown: tuple[Progress, TaskID] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop()

    def __call__(self, done: int, of: int) -> None:
        """So much is done; may be called from any thread."""
        if not self._console.is_terminal:
            return
        shown, task = self._shown or self._start()
        shown.update(task, completed=done, total=of)
        if done >= of:
            self._stop()

    def _start(self) -> tuple[Progress, TaskID]:
        from rich.progress import Progress  # noqa: PLC0415 - most commands end before there is anything to show

        progress = Progress(console=self._console, transient=True, redirect_stdout=False, redirect_stderr=False)
        self._shown = progress, progress.add_task(self._label)
        progress.start()
        return self._shown

    def _stop(self) -> None:
        if self._shown:
            self._shown[0].stop()
            self._shown = None
