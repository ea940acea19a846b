"""Which fields of the model's form can be used, and what is said of the others."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.model_form import ChosenModel, FormError, ModelForm, checked

ADDRESS = "http://127.0.0.1:8000/v1"
FORM = ModelForm(base_url=ADDRESS, model="oven-7b")
NO_ADDRESS = "This is no web address. It looks like http://localhost:11434/v1."
NO_ACCOUNT = "Leave the name and the password out; a key has its own field."
NO_QUERY = "Leave out what follows the path: no “?”, no “#”, no space."
NO_NAME = "A name has 200 characters at most, on one line."
NO_KEY = "A key has letters, digits and punctuation alone, and no space."
NO_WINDOW = "Enter a whole number from 1,024 to 10,000,000."
NO_PRICE = "Enter a number, 0 or above, such as 0.4."
BOTH = "Enter both prices, 0 for what costs nothing, or neither."


def fields_of(form: ModelForm) -> dict[str, str]:
    """Return what is wrong with the form."""
    with pytest.raises(FormError) as caught:
        checked(form)
    return caught.value.fields


def test_all_fields() -> None:
    form = ModelForm(f" {ADDRESS}/ ", " oven-7b ", " sk-1 ", " 16384 ", "0.4", "1", "True")
    assert checked(form) == ChosenModel(ADDRESS, "oven-7b", 16384, 0.4, 1.0, True)


def test_fields_that_may_be_empty() -> None:
    assert checked(FORM) == ChosenModel(ADDRESS, "oven-7b")
    assert checked(ModelForm(), with_address=False, with_name=False) == ChosenModel()


def test_fields_that_are_needed() -> None:
    assert fields_of(ModelForm(base_url=" ")) == {
        "base_url": "Enter the address of the model's server.",
        "model": "Enter the model's name, as its server calls it.",
    }


@pytest.mark.parametrize(
    ("field", "typed", "problem"),
    [
        ("base_url", "localhost:8000", NO_ADDRESS),
        ("base_url", "ftp://host/v1", NO_ADDRESS),
        ("base_url", "javascript:alert(1)", NO_ADDRESS),
        ("base_url", "http://", NO_ADDRESS),
        ("base_url", "http://[::1/v1", NO_ADDRESS),
        ("base_url", "http://host:99999/v1", NO_ADDRESS),
        ("base_url", "http://host/\u202ev1", NO_ADDRESS),
        ("base_url", f"http://host/{'v' * 500}", NO_ADDRESS),
        ("base_url", "http://me:secret@host/v1", NO_ACCOUNT),
        ("base_url", "http://@host/v1", NO_ACCOUNT),
        ("base_url", "http://host/v1?key=secret", NO_QUERY),
        ("base_url", "http://host/v1#x", NO_QUERY),
        ("base_url", "http://host/v 1", NO_QUERY),
        ("model", "two\nlines", NO_NAME),
        ("model", "hidden\u202ename", NO_NAME),
        ("model", "half \ud800", NO_NAME),
        ("model", "m" * 201, NO_NAME),
        ("key", "sk 1", NO_KEY),
        ("key", "sk-\u00e9", NO_KEY),
        ("key", "sk-1\r\nHost: elsewhere", NO_KEY),
        ("context_tokens", "many", NO_WINDOW),
        ("context_tokens", "8192.5", NO_WINDOW),
        ("context_tokens", "1000", NO_WINDOW),
        ("context_tokens", "1e99", NO_WINDOW),
        ("context_tokens", "inf", NO_WINDOW),
        ("keep_out_suspicious", "perhaps", "Tick it or leave it."),
    ],
)
def test_fields_that_cannot_be_used(field: str, typed: str, problem: str) -> None:
    assert fields_of(replace(FORM, **{field: typed})) == {field: problem}


@pytest.mark.parametrize(
    ("first", "second", "problems"),
    [
        ("0.4", "", {"price_output": BOTH}),
        ("", "1", {"price_input": BOTH}),
        ("-1", "1", {"price_input": NO_PRICE}),
        ("1", "nan", {"price_output": NO_PRICE}),
        ("dear", "1e9", {"price_input": NO_PRICE, "price_output": NO_PRICE}),
    ],
)
def test_prices(first: str, second: str, problems: dict[str, str]) -> None:
    assert fields_of(replace(FORM, price_input=first, price_output=second)) == problems


def test_a_key_is_in_no_text() -> None:
    form = replace(FORM, key="sk-canary 1")
    with pytest.raises(FormError) as caught:
        checked(form)
    assert "canary" not in f"{form!r} {caught.value!r} {caught.value} {caught.value.fields}"


@given(st.lists(st.text(max_size=20), min_size=4, max_size=4))
def test_without_what_is_refused_a_form_is_used_and_comes_out_the_same(typed: list[str]) -> None:
    refused: set[str] = set()
    try:
        checked(ModelForm(*typed), with_address=False, with_name=False)
    except FormError as error:
        refused = set(error.fields)
    left = replace(ModelForm(*typed), **dict.fromkeys(refused, ""))
    chosen = checked(left, with_address=False, with_name=False)
    tokens = str(chosen.context_tokens or "")
    again = ModelForm(chosen.base_url, chosen.model, context_tokens=tokens)
    assert checked(again, with_address=False, with_name=False) == chosen
