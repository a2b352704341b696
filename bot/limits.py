"""Discord's numbers, each with the section of Discord's developer documentation that it comes from.

Lengths are counted by `measure`: the documentation speaks of characters without saying of which kind, so the larger of
the two usual counts is taken, and what fits here fits under either reading.
"""

from __future__ import annotations

from typing import Final

# Components → Component Reference, "Components V2": of a whole message, nested components included.
COMPONENTS_IN_MESSAGE: Final = 40
# Components → Component Reference, "Text Display": over all text displays of a message together.
TEXT_IN_MESSAGE: Final = 4000
# Components → Component Reference, "Action Row": buttons in one row.
BUTTONS_IN_ROW: Final = 5
# Components → Component Reference, "Button Structure".
BUTTON_LABEL: Final = 80
BUTTON_URL: Final = 512
# Components → Component Reference, "Anatomy of a Component", custom_id.
CUSTOM_ID: Final = 100
# Components → Component Reference, "String Select", "Select Option Structure".
SELECT_OPTIONS: Final = 25
SELECT_LABEL: Final = 100
SELECT_DESCRIPTION: Final = 100

# Interactions → Receiving and Responding, "Modal".
FORM_TITLE: Final = 45
FORM_FIELDS: Final = 5
# Components → Component Reference, "Label".
FORM_LABEL: Final = 45
FORM_DESCRIPTION: Final = 100
# Components → Component Reference, "Text Input".
FORM_TEXT: Final = 4000
FORM_PLACEHOLDER: Final = 100

# Reference, "Uploading Files": of each file, where nobody has paid for more.
FILE_BYTES: Final = 10 * 1024 * 1024

# Interactions → Application Commands, "Application Command Structure" and "… Option Structure".
COMMAND_NAME: Final = 32
COMMAND_DESCRIPTION: Final = 100
COMMAND_OPTIONS: Final = 25
# Context menus of each kind: Discord takes 15 (the same, "Registering a Command"), discord.py 2.7 no more than 5.
MENUS: Final = 5
# Interactions → Application Commands, "Application Command Structure": name, descriptions, choices of one command.
COMMAND_TEXT: Final = 8000
# Interactions → Application Commands, "Autocomplete" and "… Option Choice Structure".
AUTOCOMPLETE_CHOICES: Final = 25
CHOICE_NAME: Final = 100
CHOICE_VALUE: Final = 100

# The question's own bounds, given to Discord as the option's min_length and max_length.
QUESTION_MIN: Final = 3
QUESTION_MAX: Final = 300


def measure(text: str) -> int:
    """The length of `text` as Discord may count it: UTF-16 code units, never less than its characters."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
