"""Forms and ids: within Discord's limits whatever is put in, and read back whatever comes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.limits import measure
from bot.views.buttons import NO_RECORD, Action, Press, number_of, record_of
from bot.views.forms import ChoiceField, Form, Option, TextField, fields_of, fitting
from tests.discord.components import Kind
from tests.discord.modals import modal_faults
from tests.discord.shapes import Json, JsonDict, JsonValue, rows, table, text

PRESS = Press(Action.READ, record_of(7))
TEXT = st.text(max_size=120) | st.text(alphabet="a😀\n *\r", max_size=200)


def body(form: Form) -> Json:
    """The form as it goes to Discord."""
    sent: JsonDict = dict(form.to_dict())
    return sent


def fields() -> st.SearchStrategy[TextField]:
    bounds = st.tuples(st.integers(0, 4000), st.integers(1, 4000)).map(lambda two: (min(two), max(two)))
    return st.builds(
        lambda said, value, flags, bound: TextField(
            "name", said, said, said, value, paragraph=flags[0], required=flags[1], least=bound[0], most=bound[1]
        ),
        TEXT,
        TEXT | st.integers(0, 2100).map("x😀".__mul__),
        st.tuples(st.booleans(), st.booleans()),
        bounds,
    )


@given(TEXT, fields())
async def test_no_text_field_exceeds_a_limit(title: str, field: TextField) -> None:
    form = body(Form(title, PRESS, field))
    assert list(modal_faults(form)) == []
    [label] = rows(form["components"])
    inner = table(label["component"])
    assert all(measure(text(value)) <= limit for value, limit in ((form["title"], 45), (label["label"], 45)))
    assert measure(text(inner.get("value"))) <= field.most
    assert field.paragraph or "\n" not in text(inner.get("value"))


@given(TEXT, st.lists(TEXT, min_size=1, max_size=40))
async def test_no_choice_exceeds_a_limit(said: str, labels: list[str]) -> None:
    options = tuple(Option(str(at), label, label) for at, label in enumerate(labels))
    form = body(Form("Choose", PRESS, ChoiceField("kind", said, options, said, required=False)))
    assert list(modal_faults(form)) == []
    assert len(rows(table(rows(form["components"])[0]["component"])["options"])) == min(len(labels), 25)


async def test_a_form_has_one_to_five_fields() -> None:
    for count in (0, 6):
        with pytest.raises(ValueError, match="1 to 5 fields"):
            Form("Form", PRESS, *(TextField(f"f{at}", "Field") for at in range(count)))
    assert Form("Form", PRESS, *(TextField(f"f{at}", "Field") for at in range(5))).is_finished()


async def test_a_value_that_is_too_short_is_left_out_and_a_longer_one_cut() -> None:
    short, long = TextField("a", "A", value="ab", least=3), TextField("b", "B", value="abcdef", most=3)
    inner = [table(label["component"]) for label in rows(body(Form("Form", PRESS, short, long))["components"])]
    assert [one.get("value") for one in inner] == [None, "abc"]


@given(st.text(max_size=50), st.integers(0, 60))
def test_what_is_cut_to_fit_is_a_beginning_as_long_as_possible(written: str, most: int) -> None:
    cut = fitting(written, most)
    assert written.startswith(cut)
    assert measure(cut) <= most
    assert cut == written or measure(written[: len(cut) + 1]) > most


def label(child: JsonValue) -> JsonDict:
    return {"type": Kind.LABEL, "id": 1, "component": child}


def test_what_was_written_and_chosen_is_read_by_name() -> None:
    written: JsonDict = {"type": Kind.TEXT_INPUT, "custom_id": "title", "value": "A\r\nB"}
    empty: JsonDict = {"type": Kind.TEXT_INPUT, "custom_id": "date"}
    old: JsonDict = {"type": Kind.ROW, "components": [{"type": Kind.TEXT_INPUT, "custom_id": "old", "value": "x"}]}
    some: JsonDict = {"type": Kind.STRING_SELECT, "custom_id": "some", "values": ["a", "b"]}
    shown: JsonDict = {"type": Kind.TEXT, "id": 9}
    read = fields_of({"components": [label(written), label(empty), old, label(some), shown]})
    assert read == {"title": "A\r\nB", "date": "", "old": "x", "some": "a\nb"}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["type", "custom_id", "value", "values", "component", "components"]), inner, max_size=6
            )
        ),
    )
)
def test_whatever_shape_is_handed_in_is_read_or_passed_over(shape: object) -> None:
    for one in (shape, {"components": shape}, {"components": [{"type": 18, "component": shape}]}):
        assert all(isinstance(value, str) for value in fields_of(one).values())


@given(st.integers(0, 2**63 - 1))
def test_a_number_is_written_into_an_id_and_read_back(number: int) -> None:
    press = Press.parse(str(Press(Action.READ, record_of(number))))
    assert press is not None
    assert number_of(press.record) == number
    assert number_of(NO_RECORD) == 0


def test_every_action_can_stand_in_an_id() -> None:
    for action in Action:
        press = Press(action, record_of(2**64 - 1), page=9999, argument=9999)
        assert Press.parse(str(press)) == press
        assert len(str(press)) <= 100
