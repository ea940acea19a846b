"""Which words of a question mean a time of publication, and which days they mean."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.planning.date_phrases import DatePhrase, find_dates
from vectorstore.records import Span

TODAY = date(2025, 11, 27)  # a Thursday


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("question", "words", "first", "last"),
    [
        # a year
        ("diffusion 2025 only", "2025 only", "2025-01-01", "2025-12-31"),
        ("only 2025 papers on diffusion", "only 2025", "2025-01-01", "2025-12-31"),
        ("just 2024", "just 2024", "2024-01-01", "2024-12-31"),
        ("What was found in 2025?", "in 2025", "2025-01-01", "2025-12-31"),
        ("which papers from 2025 study routing", "from 2025", "2025-01-01", "2025-12-31"),
        ("Which of those are from 2024?", "from 2024", "2024-01-01", "2024-12-31"),
        ("2025 papers about routing", "2025", "2025-01-01", "2025-12-31"),
        ("Which 2024 diffusion papers exist?", "2024", "2024-01-01", "2024-12-31"),
        ("papers of 2025 on routing", "of 2025", "2025-01-01", "2025-12-31"),
        ("papers 2023 on graphs", "2023", "2023-01-01", "2023-12-31"),
        ("papers (2023)", "2023", "2023-01-01", "2023-12-31"),
        ("graph networks, 2023", ", 2023", "2023-01-01", "2023-12-31"),
        ("graph networks, 2023?", ", 2023", "2023-01-01", "2023-12-31"),
        ("2024?", "2024", "2024-01-01", "2024-12-31"),
        ("what about 2023?", "what about 2023", "2023-01-01", "2023-12-31"),
        ("papers from '24", "from '24", "2024-01-01", "2024-12-31"),
        ("papers from ’98", "from ’98", "1998-01-01", "1998-12-31"),
        ("in the year 2000 tokens", "in the year 2000", "2000-01-01", "2000-12-31"),
        ("papers published in 2024 study it", "published in 2024", "2024-01-01", "2024-12-31"),
        ("for 2000 epochs, in 2023", ", in 2023", "2023-01-01", "2023-12-31"),
        ("papers on synthetic data from 2024", "from 2024", "2024-01-01", "2024-12-31"),
        ("works in 2026", "in 2026", "2026-01-01", "2026-12-31"),
        ("works IN\t2025", "IN\t2025", "2025-01-01", "2025-12-31"),
        ("papers from the 1990s", "from the 1990s", "1990-01-01", "1999-12-31"),
        # a month, a day, a part of a year
        ("published in October 2025", "published in October 2025", "2025-10-01", "2025-10-31"),
        ("what came out in oct 2025?", "came out in oct 2025", "2025-10-01", "2025-10-31"),
        ("routing, sept. 2023", ", sept. 2023", "2023-09-01", "2023-09-30"),
        ("what came in February 2024", "in February 2024", "2024-02-01", "2024-02-29"),
        ("routing 2024-05", "2024-05", "2024-05-01", "2024-05-31"),
        ("routing 2024-05-01", "2024-05-01", "2024-05-01", "2024-05-01"),
        ("out on 3 March 2024", "on 3 March 2024", "2024-03-03", "2024-03-03"),
        ("the 3rd of March, 2024", "the 3rd of March, 2024", "2024-03-03", "2024-03-03"),
        ("Nov 25, 2025", "Nov 25, 2025", "2025-11-25", "2025-11-25"),
        ("from 1 to 15 March 2024", "from 1 to 15 March 2024", "2024-03-01", "2024-03-15"),
        ("papers March 1-15, 2024", "March 1-15, 2024", "2024-03-01", "2024-03-15"),
        ("in the first half of 2024", "in the first half of 2024", "2024-01-01", "2024-06-30"),
        ("second half of last year", "second half of last year", "2024-07-01", "2024-12-31"),
        ("Q3 2024", "Q3 2024", "2024-07-01", "2024-09-30"),
        ("2024Q4 papers", "2024Q4", "2024-10-01", "2024-12-31"),
        ("papers of summer 2023", "of summer 2023", "2023-06-01", "2023-08-31"),
        ("in the winter of 2023", "in the winter of 2023", "2023-12-01", "2024-02-29"),
        ("early 2023", "early 2023", "2023-01-01", "2023-04-30"),
        ("mid-2023", "mid-2023", "2023-05-01", "2023-08-31"),
        ("in late 2023", "in late 2023", "2023-09-01", "2023-12-31"),
        # without its year: the latest that has begun
        ("papers in November", "in November", "2025-11-01", "2025-11-30"),
        ("papers in December", "in December", "2024-12-01", "2024-12-31"),
        ("October papers on routing", "October", "2025-10-01", "2025-10-31"),
        ("in last November?", "in last November", "2024-11-01", "2024-11-30"),
        ("on november 25", "on november 25", "2025-11-25", "2025-11-25"),
        ("on 28 November", "on 28 November", "2024-11-28", "2024-11-28"),
        # up to a date, from a date on
        ("networks before 2020", "before 2020", "", "2019-12-31"),
        ("pre-2020 transformers", "pre-2020", "", "2019-12-31"),
        ("prior to 2020, what was used?", "prior to 2020", "", "2019-12-31"),
        ("older than 2020", "older than 2020", "", "2019-12-31"),
        ("earlier than March 2024", "earlier than March 2024", "", "2024-02-29"),
        ("until 2021", "until 2021", "", "2021-12-31"),
        ("up to 2021", "up to 2021", "", "2021-12-31"),
        ("through 2021", "through 2021", "", "2021-12-31"),
        ("no later than 2021", "no later than 2021", "", "2021-12-31"),
        ("by the end of 2023", "by the end of 2023", "", "2023-12-31"),
        ("2020 or earlier", "2020 or earlier", "", "2020-12-31"),
        ("after 2022", "after 2022", "2023-01-01", ""),
        ("post-2020 vision", "post-2020", "2021-01-01", ""),
        ("newer than 2022", "newer than 2022", "2023-01-01", ""),
        ("after March 2023", "after March 2023", "2023-04-01", ""),
        ("anything after 2025-10-15?", "after 2025-10-15", "2025-10-16", ""),
        ("What happened since 2023?", "since 2023", "2023-01-01", ""),
        ("since March 3rd", "since March 3rd", "2025-03-03", ""),
        ("since the beginning of 2023", "since the beginning of 2023", "2023-01-01", ""),
        ("since last October", "since last October", "2025-10-01", ""),
        ("not older than 2020", "not older than 2020", "2020-01-01", ""),
        ("from 2023 on", "from 2023 on", "2023-01-01", ""),
        ("from 2023 onwards", "from 2023 onwards", "2023-01-01", ""),
        ("from 2023 on graphs", "from 2023", "2023-01-01", "2023-12-31"),
        ("2023 or later", "2023 or later", "2023-01-01", ""),
        ("2023+", "2023+", "2023-01-01", ""),
        ("from 2021 to now", "from 2021 to now", "2021-01-01", ""),
        # from one date to another
        ("between 2021 and 2023", "between 2021 and 2023", "2021-01-01", "2023-12-31"),
        ("between 2023 and 2021", "between 2023 and 2021", "2021-01-01", "2023-12-31"),
        ("routing 2021-2023", "2021-2023", "2021-01-01", "2023-12-31"),
        ("papers published 2023–2025", "published 2023–2025", "2023-01-01", "2025-12-31"),
        ("in 2021, 2022 or 2023", "in 2021, 2022 or 2023", "2021-01-01", "2023-12-31"),
        ("January to June", "January to June", "2025-01-01", "2025-06-30"),
        ("from January to June 2024", "from January to June 2024", "2024-01-01", "2024-06-30"),
        ("from Nov to Feb 2024", "from Nov to Feb 2024", "2023-11-01", "2024-02-29"),
        ("from Oct 2024 to January", "from Oct 2024 to January", "2024-10-01", "2025-01-31"),
        ("from Dec to Feb", "from Dec to Feb", "2024-12-01", "2025-02-28"),
        ("2024-01-01..2024-06-30", "2024-01-01..2024-06-30", "2024-01-01", "2024-06-30"),
        (
            "from the start of 2024 to the end of March 2024",
            "from the start of 2024 to the end of March 2024",
            "2024-01-01",
            "2024-03-31",
        ),
        # as seen from today
        ("papers of last year", "of last year", "2024-01-01", "2024-12-31"),
        ("this year", "this year", "2025-01-01", "2025-12-31"),
        ("in the last year", "in the last year", "2024-11-27", "2025-11-27"),
        ("over the past year", "over the past year", "2024-11-27", "2025-11-27"),
        ("in the past six months", "in the past six months", "2025-05-27", "2025-11-27"),
        ("papers of the last 3 months", "of the last 3 months", "2025-08-27", "2025-11-27"),
        ("in the last 90 days", "in the last 90 days", "2025-08-29", "2025-11-27"),
        ("in the past two decades", "in the past two decades", "2005-11-27", "2025-11-27"),
        ("this month", "this month", "2025-11-01", "2025-11-30"),
        ("last month's papers", "last month's", "2025-10-01", "2025-10-31"),
        ("what's new this week?", "this week", "2025-11-24", "2025-11-30"),
        ("that came out last week", "that came out last week", "2025-11-17", "2025-11-23"),
        ("papers published today", "published today", "2025-11-27", "2025-11-27"),
        ("yesterday's papers", "yesterday's", "2025-11-26", "2025-11-26"),
    ],
)
def test_a_time_of_publication_is_found(question: str, words: str, first: str, last: str) -> None:
    start = question.index(words)
    span = Span(start, start + len(words))
    assert find_dates(question, TODAY) == DatePhrase(day(first), day(last), (span,))


@pytest.mark.parametrize(
    "question",
    [
        "",
        "2020 tokens",
        "1024 experts",
        "2048 GPUs in 2048",
        "a 2000-node cluster",
        "train in 2000 steps",
        "after 2000 steps",
        "up to 2000 tokens",
        "only 2000 labels",
        "in 2000 and 4000 steps",
        "from 2000 to 4000 tokens",
        "between 1950 and 2000 tokens",
        "papers of 2000 words",
        "which studies use 2000 papers?",
        "up to 2000 or more",
        "in 2,000",
        "in 2000.5",
        "in 2000%",
        "2000x faster",
        "$2000",
        "1920×1080",
        "3D",
        "8-bit",
        "top-5",
        "within 2 hours",
        "in 2 days",
        "second one",
        "GPT-4",
        "LLaMA 2",
        "COVID-19",
        "gpt-4o-2024-05-13",
        "ImageNet 2012",
        "ICML 2023 challenge",
        "the ICML 2023 papers",
        "papers evaluating on AIME 2025",
        "the 2024 US election in papers",
        "Attention (Vaswani et al., 2017)",
        "Vaswani et al., 2017",
        "a model trained on data from 2019",
        "knowledge cutoff October 2023",
        "papers not from 2024",
        "excluding 2023",
        "the best as of April 2023",
        "may help",
        "it may in 2 weeks",
        "may papers be wrong?",
        "the march of progress",
        "in mars",
        "summary of decoding",
        "papers from Jan Leike",
        "papers by April Smith",
        "since transformers are slow",
        "the last layer",
        "in the past",
        "last one",
        "recent papers",
        "in today's world",
        "the last year of training",
        "forecasting with the last 3 months of data",
        "papers in 2027",
        "papers before 2030",
        "on 31 February 2024",
        "in 2024-13",
        "in the past 999 decades",
    ],
)
def test_figures_names_and_what_is_no_date_are_left_alone(question: str) -> None:
    assert find_dates(question, TODAY) is None


@pytest.mark.parametrize(
    ("question", "words", "first", "last"),
    [
        (
            "published since 2023 but before 2025",
            ("published since 2023", "before 2025"),
            "2023-01-01",
            "2024-12-31",
        ),
        ("after 2020 and before 2023", ("after 2020", "before 2023"), "2021-01-01", "2022-12-31"),
        ("compare 2020 papers with 2024 papers", ("2020", "2024"), "2020-01-01", "2024-12-31"),
        ("from 2023, only after May 2023", ("from 2023", "after May 2023"), "2023-06-01", ""),
    ],
)
def test_several_phrases_make_one_range(
    question: str, words: tuple[str, ...], first: str, last: str
) -> None:
    starts = [question.index(part) for part in words]
    spans = [Span(start, start + len(part)) for start, part in zip(starts, words, strict=True)]
    expected = DatePhrase(day(first), day(last or "2023-12-31"), tuple(spans))
    assert find_dates(question, TODAY) == expected


def test_limits_that_contradict_each_other_are_no_range() -> None:
    assert find_dates("before 2020 or after 2022", TODAY) is None


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2025, 3, 10), "2025-01-01", "2025-06-30"),  # it has begun
        (date(2025, 1, 1), "2025-01-01", "2025-06-30"),
        (date(2024, 12, 31), "2024-01-01", "2024-06-30"),
    ],
)
def test_the_year_that_is_left_out_goes_by_today(today: date, first: str, last: str) -> None:
    found = find_dates("January to June", today)
    assert found == DatePhrase(day(first), day(last), (Span(0, 15),))


PIECES = st.sampled_from(
    "papers published in from of since before after until between and or to only on the last past"
    " this year month months 3 12 31 february mar may '24 2021 2024 2026 2024-05 2024-02-30 q3"
    " summer early end later , - – .. ( ? 1st 29 today decades couple not half first 1990s".split()
)


@given(
    text=st.text() | st.lists(PIECES, max_size=12).map(" ".join),
    today=st.dates(date(1950, 1, 1), date(2090, 12, 31)),
)
def test_any_text_gives_an_ordered_range_within_it_or_none(text: str, today: date) -> None:
    found = find_dates(text, today)
    if found is None:
        return
    assert found.first or found.last
    assert not (found.first and found.last) or found.first <= found.last
    edges = [edge for span in found.spans for edge in (span.start, span.end)]
    assert edges == sorted(edges)
    assert all(text[span.start : span.end].strip() for span in found.spans)
    assert edges[0] >= 0
    assert edges[-1] <= len(text)
