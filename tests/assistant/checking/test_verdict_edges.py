"""Where a verdict turns: the last figure, name or word that decides it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from papers import BREAD, SOUP, source

from assistant.answer import Verdict
from assistant.checking.attribution import Attribution
from assistant.checking.figures import figures_in
from assistant.checking.names import NamesOf, names_in
from assistant.checking.nothing_stated import states_nothing
from assistant.checking.support import (
    SHARED_FLOOR,
    Judgement,
    about,
    is_quote,
    judge,
    shared_share,
    stems,
    without_title,
)
from vectorstore.records import DatePrecision, Paper

RYE = replace(BREAD, id="rye", title="Rye", abstract="Rye bread never rises in cold kitchens.")
SUPPORTED, UNSUPPORTED = Judgement(Verdict.SUPPORTED), Judgement(Verdict.UNSUPPORTED)
# Twenty words with a stem each, of which an abstract may share three.
MANY = (
    "bread rises slowly while cooks paint walls, drive trucks, plant roses, clean floors, write"
    " poems, climb hills, catch fish, build boats, sing"
)


def test_a_sentence_that_denies_the_same_bears_a_denial_out() -> None:
    found = Attribution([source(RYE)]).find("Rye bread never rises in cold kitchens there.")
    assert found is not None
    assert found.id == "rye-0"


def test_the_longest_title_in_front_is_the_one_that_is_meant() -> None:
    short = replace(BREAD, id="short", title="Rye", abstract="Tea cools.")
    long = replace(RYE, id="long", title="Rye: Autumn Ovens of Northern Villages")
    claim = "Rye: Autumn ovens of northern villages: bread never rises in cold kitchens."
    found = Attribution([source(short), source(long)]).find(claim)
    assert found is not None
    assert found.id == "long-0"


def test_the_sentence_that_shares_most_is_cited() -> None:
    some = replace(BREAD, id="some", title="Some", abstract="Bread rises slowly in ovens.")
    more = replace(BREAD, id="more", title="More", abstract="Bread rises slowly in cold ovens.")
    found = Attribution([source(some), source(more)]).find("Bread rises slowly in cold ovens.")
    assert found is not None
    assert found.id == "more-0"


@pytest.mark.parametrize(
    ("text", "value", "certain"),
    [
        ("doubled", 2, True),
        ("tripled", 3, True),
        ("quadruples", 4, True),
        ("twice", 2, True),
        ("once", 1, False),
        ("two", 2, False),
        ("two percent", 2, True),
        ("two hundred", 200, True),
        ("ten", 10, False),
        ("eleven", 11, True),
        ("ninety nine", 99, True),
    ],
)
def test_which_number_words_are_figures(text: str, value: int, certain: bool) -> None:
    assert [(int(each.value), each.certain) for each in figures_in(text)] == [(value, certain)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ſix", 6),
        ("nıne", 9),
        ("fİve", 5),
        ("doubleſ", 2),
        ("twenty-ſix", 26),
        ("2 thouſand", 2000),
        ("7\N{KELVIN SIGN}", 7000),
        ("3\N{NO-BREAK SPACE}million", 3_000_000),
        ("five\N{NO-BREAK SPACE}hundred", 500),
    ],
)
def test_letters_and_blanks_that_pass_for_others(text: str, value: int) -> None:
    found = [(each.text, each.start, int(each.value)) for each in figures_in(f"So {text}.")]
    assert found == [(text, 3, value)]


def test_figures_behind_a_day_stand_where_they_stood() -> None:
    found = [(each.text, each.start) for each in figures_in("On 2024-05-06, 12 grams")]
    assert found == [("2024-05-06", 3), ("12", 15)]


@pytest.mark.parametrize("name", ["LLMX", "LLMXs", "XLLM"])
def test_a_further_letter_makes_another_abbreviation(name: str) -> None:
    assert not NamesOf("Large language models").has(name)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Levain-2 is fast.", [("Levain-2", 0, True)]),
        ("iPhone sells.", [("iPhone", 0, True)]),
        ("a Bayes model", [("Bayes", 2, False)]),
        ("Bayes models", []),
        ("the AI, GB of Orca", [("AI", 4, True), ("Orca", 14, False)]),
    ],
)
def test_what_makes_a_name_of_the_first_word(text: str, names: list[object]) -> None:
    assert [(name.text, name.start, name.shaped) for name in names_in(text)] == names


@pytest.mark.parametrize(
    ("name", "text", "there"),
    [
        ("a1-b2-c3-d4-e5", "a1 b2 c3 d4 e5 f6", True),
        ("a1-b2-c3-d4-e5-f6", "a1 b2 c3 d4 e5 f6", True),
        ("a1-b2-c3-d4-e5-f6-g7", "a1 b2 c3 d4 e5 f6", False),
        ("a1-b2-c3-d4-e5-f6", "x1 b2 c3 d4 e5 f6", False),
        ("a12-c3-d4-e5-f6", "a1 2 c3 d4 e5 f6", False),
        ("Levain-R1-Stone-Rye-1.5B", "It is Levain-R1-Stone-Rye-1.5B.", True),
        ("Levain-R1-Stone-Rye-1.7B", "It is Levain-R1-Stone-Rye-1.5B.", False),
        ("GPUs", "one GPU here", True),
        ("Oss", "We use Osss.", False),
        ("LXX", "Large. Models", False),
        ("-", "Rye bread", False),
    ],
)
def test_how_far_a_name_is_the_same(name: str, text: str, there: bool) -> None:
    assert NamesOf(text).has(name) is there


@pytest.mark.parametrize(
    ("paper", "known"),
    [
        (SOUP, "Salt for Soup"),
        (BREAD, "Levain: Bread in a Hurry Bakery Lab May 2024 2024-05-06"),
        (
            replace(RYE, organization=None, date_precision=DatePrecision.MONTH),
            "Rye May 2024 2024-05",
        ),
        (replace(RYE, organization=None, date_precision=DatePrecision.YEAR), "Rye 2024"),
    ],
)
def test_what_is_known_about_a_paper(paper: Paper, known: str) -> None:
    assert about(paper) == known


def test_names_at_the_ends_of_sentences_are_names() -> None:
    sentences = ["it is baked with Orca", "GPT-4 reads the dough"]
    assert judge("Dough of Orca that GPT-4 reads.", sentences, []) == SUPPORTED


def test_the_words_of_any_title_in_front_are_left_out() -> None:
    claim = "Rye: trains leave Vienna early."
    assert judge(claim, [RYE.abstract], [RYE, SOUP]) == UNSUPPORTED
    assert judge(claim, [RYE.abstract], [SOUP, RYE]) == UNSUPPORTED


def test_a_claim_that_shares_just_enough_is_not_turned_down() -> None:
    assert len(stems(MANY)) == 20
    assert shared_share(MANY, "bread rises slowly") == SHARED_FLOOR
    assert judge(MANY, ["Here bread often rises, if slowly."], []) == SUPPORTED
    assert judge(MANY, ["Here bread often rises, if late."], []) == UNSUPPORTED


@pytest.mark.parametrize(
    ("claim", "evidence", "share"),
    [("bread rises slowly", "the bread", 1 / 3), ("", "bread", 1.0), ("the 12", "bread", 1.0)],
)
def test_the_share_of_words(claim: str, evidence: str, share: float) -> None:
    assert shared_share(claim, evidence) == share


def test_three_words_are_enough_to_judge() -> None:
    assert judge("trains leave early", ["Rye bread rises here."], []) == UNSUPPORTED
    assert judge("trains leave", ["Rye bread rises here."], []) == SUPPORTED


def test_no_letter_is_cut_off_a_quote() -> None:
    assert not is_quote("AdamX", "Adam is fast.")
    assert is_quote(" …Adam is… ", "Adam is fast.")


def test_what_follows_a_title_needs_no_blank() -> None:
    assert without_title("Salt for Soup:it helps.", SOUP.title) == "it helps."


def test_only_a_short_sentence_states_nothing() -> None:
    said = "The abstracts do not mention "
    assert states_nothing(said + "a" * (300 - len(said)))
    assert not states_nothing(said + "a" * (301 - len(said)))
