"""The settings as HTML: fields and who set them, what is told of the library, and hostile names."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from ui.html.model_form_html import model_html
from ui.html.settings_html import facts_html, settings_template
from ui.model_form import ChosenModel
from ui.page.assistant_choice import ModelState
from ui.page.settings_facts import Flow, SettingsFacts
from vectorstore.catalog import CatalogCounts

HERE = "http://127.0.0.1:8000/v1"
HOSTILE = '"><script>alert(1)</script>&amp; ${x} {{y}}'
NOTHING = ModelState("extractive", ChosenModel(), {}, "", False, "", False, "")
OVEN = ModelState("oven-7b", ChosenModel(HERE, "oven-7b"), {}, "", False, "", False, "")
KEPT = " A key stays in memory until paperchat ends, and is sent to this address alone."
NO_KEY = f"No key is set; a server on this machine mostly needs none.{KEPT}"
KEEPS_OUT = (
    "Text that is hidden or addresses a model. These papers stay in the library and its rankings."
)
FACTS = SettingsFacts(
    CatalogCounts(1365, 0, 9000, 0, 0, 0),
    "all-MiniLM-L6-v2",
    "",
    Path("/home/ann/papers"),
    (),
    ("paperchat 1.0", "Python 3.12"),
)


def fields(html: str) -> dict[str, tuple[str, bool, str]]:
    """Return value, whether it is closed, and hint of each field by name."""
    found = {}
    for field in re.split('<div class="settings-field(?: settings-tick)?">', html)[1:]:
        [name] = re.findall(r'name="(\w+)"', field)
        [value] = re.findall(r'value="([^"]*)"', field)
        [hint] = re.findall(rf'id="settings-{name}-hint">(.*?)</p>', field)
        found[name] = (value, " disabled" in field, re.sub(r"</?bdi>", "", hint))
    return found


def buttons(html: str) -> list[str]:
    return re.findall(r"<button[^>]*>([^<]*)</button>", html)


def test_nothing_is_set() -> None:
    html = model_html(NOTHING)
    assert fields(html) == {
        "base_url": (
            "",
            False,
            "Any that speaks OpenAI's protocol; Ollama on this machine is"
            " http://localhost:11434/v1.",
        ),
        "model": ("", False, "As the server calls it. The test lists what there is."),
        "key": ("", False, NO_KEY),
        "keep_out_suspicious": ("True", False, KEEPS_OUT),
        "context_tokens": (
            "",
            False,
            "What the server serves the model with; 8192 where nothing is entered.",
        ),
        "price_input": ("", False, ""),
        "price_output": ("", False, ""),
    }
    assert buttons(html) == ["Save", "Test connection"]
    assert '<details class="settings-more">' in html


def test_every_field_has_a_label_a_hint_and_a_place_for_its_error() -> None:
    html = model_html(NOTHING)
    for name in fields(html):
        key = f"settings-{name}"
        assert html.count(f'<label for="{key}">') == html.count(f'<input id="{key}"') == 1
        assert f'aria-describedby="{key}-hint {key}-error"' in html
        assert html.count(f'<p class="settings-error" id="{key}-error"></p>') == 1
    assert html.count('autocomplete="off"') == len(fields(html))  # the form too, but no tick
    assert "placeholder" not in html


def test_a_model_that_was_chosen_here() -> None:
    chosen = ChosenModel(HERE, "oven-7b", 16384, 0.4, 2.0)
    html = model_html(replace(OVEN, chosen=chosen, own_key=True))
    values = {name: value for name, (value, _, _) in fields(html).items()}
    assert values == {
        "base_url": HERE,
        "model": "oven-7b",
        "key": "",
        "keep_out_suspicious": "True",
        "context_tokens": "16384",
        "price_input": "0.4",
        "price_output": "2.0",
    }
    assert fields(html)["key"][2] == f"A key is set; enter another to replace it.{KEPT}"
    assert buttons(html) == ["Save", "Test connection", "Answer without a model", "Forget the key"]
    assert "<p>Answers are written by <strong><bdi>oven-7b</bdi></strong> at" in html
    assert '<details class="settings-more" open>' in html


def test_what_the_environment_sets_is_closed() -> None:
    variables = {"base_url": "OPENAI_BASE_URL", "price_input": "PAPERCHAT_PRICE_INPUT"}
    chosen = ChosenModel("http://me:secret@host:1/v1?key=secret", "")
    html = model_html(replace(NOTHING, chosen=chosen, variables=variables))
    found = fields(html)
    assert found["base_url"] == (
        "http://host:1/v1",
        True,
        "Set by the environment: OPENAI_BASE_URL.",
    )
    assert found["price_input"] == ("", True, "Set by the environment: PAPERCHAT_PRICE_INPUT.")
    assert [name for name, (_, closed, _) in found.items() if closed] == list(variables)
    assert "secret" not in html


@pytest.mark.parametrize("ticked", [True, False])
def test_the_tick_that_keeps_suspicious_papers_out(ticked: bool) -> None:
    html = model_html(replace(OVEN, chosen=ChosenModel(keep_out_suspicious=ticked)))
    assert (
        '<div class="settings-field settings-tick"><input id="settings-keep_out_suspicious"'
        f' name="keep_out_suspicious" type="checkbox" value="True"{" checked" if ticked else ""}'
        ' aria-describedby="settings-keep_out_suspicious-hint settings-keep_out_suspicious-error">'
        '<label for="settings-keep_out_suspicious">'
        "Keep papers with suspicious text from the model</label>"
    ) in html


def test_a_key_of_the_environment_names_its_address() -> None:
    html = model_html(replace(NOTHING, key_address="https://api.example/v1"))
    assert fields(html)["key"][2] == (
        f"OPENAI_API_KEY of the environment is used for https://api.example/v1 alone.{KEPT}"
    )


def test_where_nothing_can_be_changed() -> None:
    html = model_html(replace(OVEN, fixed="Because."))
    assert all(closed for _, closed, _ in fields(html).values())
    assert buttons(html) == ["Test connection"]
    assert '<p class="settings-aside"><bdi>Because.</bdi></p>' in html


def test_strangers_see_no_form() -> None:
    assert model_html(replace(OVEN, fixed="Because.", locked=True)) == (
        '<h3 id="settings-model-title">Chat model</h3>'
        "<p>Answers are written by <strong><bdi>oven-7b</bdi></strong> at"
        f" <bdi>{HERE}</bdi>, for everybody who opens this page.</p>"
        '<p class="settings-aside"><bdi>Because.</bdi></p>'
    )


def test_a_hostile_name_is_text() -> None:
    html = model_html(
        replace(OVEN, mode=HOSTILE, chosen=ChosenModel(HERE, HOSTILE), notice=HOSTILE)
    )
    assert "<script" not in html
    assert fields(html)["model"][0] == (
        "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp; ${x} {{y}}"
    )
    facts = replace(FACTS, embedding_model=HOSTILE, reranker=HOSTILE, folder=Path(HOSTILE))
    assert "<script" not in facts_html(replace(facts, flows=(Flow("All goes", HOSTILE, True),)))


def test_the_facts() -> None:
    assert facts_html(FACTS) == (
        "<h3>What leaves this machine</h3><p>Nothing.</p>"
        "<h3>Library</h3><dl><dt>Papers</dt><dd>1,365 papers</dd>"
        "<dt>Passages</dt><dd>9,000</dd>"
        "<dt>Embedding model</dt><dd><bdi>all-MiniLM-L6-v2</bdi></dd>"
        "<dt>Folder</dt><dd><bdi>/home/ann/papers</bdi></dd></dl>"
        "<h3>Where data is kept</h3><p>Papers, their index, conversations and the model's settings"
        " are in the library's folder. An API key is in memory alone, until paperchat ends. Theme"
        " and length of answers are in this browser.</p>"
        "<h3>Versions</h3><p><bdi>paperchat 1.0</bdi><br><bdi>Python 3.12</bdi></p>"
    )


@pytest.mark.parametrize(
    ("flows", "said"),
    [
        ((Flow("Questions go", HERE, True),), f"<p>Nothing.</p><p>Questions go at {HERE}, on this"),
        ((Flow("Questions go", HERE, False),), f"machine</h3><p>Questions go at {HERE}.</p><h3>"),
        (
            (Flow("One goes", "http://a", True), Flow("Two go", "http://b", False)),
            "<p>Two go at http://b.</p><p>One goes at http://a, on this machine.</p>",
        ),
    ],
)
def test_what_leaves(flows: tuple[Flow, ...], said: str) -> None:
    html = facts_html(replace(FACTS, flows=flows))
    assert said in re.sub(r"</?bdi>", "", html)


def test_facts_that_are_not_for_all_or_not_done() -> None:
    counts = CatalogCounts(1, 1, 0, 0, 0, 0)
    html = facts_html(replace(FACTS, folder=None, counts=counts, reranker="fastembed:oven"))
    assert "<dt>Folder" not in html
    assert "<dd>1 paper, 1 of them not indexed yet</dd>" in html
    assert "<dt>Reranker</dt><dd><bdi>fastembed:oven</bdi></dd>" in html


def test_the_choices_of_each_person() -> None:
    html = settings_template()
    choices = re.findall(r'value="(\w+)" data-own="(\w+)"><span>([\w ]+)</span>', html)
    assert choices == [
        ("system", "theme", "As the system"),
        ("light", "theme", "Light"),
        ("dark", "theme", "Dark"),
        ("short", "length", "Short"),
        ("normal", "length", "Normal"),
        ("long", "length", "Long"),
    ]
    # Else Gradio would take it for a template of its own.
    assert "${" not in html
    assert "{{" not in html
