"""An assistant that says what a test tells it to: growing snapshots, stalls and failures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Event

from assistant.answer import (
    Answer,
    Asking,
    Block,
    BlockKind,
    Citation,
    Claim,
    Intent,
    Outcome,
    Plan,
    Quote,
    Usage,
    Verdict,
)
from assistant.planning.plan_words import without as less
from vectorstore.errors import PaperchatError
from vectorstore.filters import Filters, Order
from vectorstore.question import Correction
from vectorstore.records import (
    Hit,
    Paper,
    ScoreParts,
    Source,
    Span,
    WordMatch,
    paper_id_from_title,
)

SNAPSHOT_S = 0.06
TIMEOUT_S = 60.0

SERVING_ABSTRACT = (
    "Serving large language models wastes memory on key-value caches that are reserved and never "
    "filled. Every request claims room for the longest answer it might give, so that a graphics "
    "card holds a fraction of the requests that it could. We store the cache in pages that are "
    "handed out as an answer grows, and share the pages of a common prompt between requests. "
    "Throughput grows by a factor of 2.4 at the same latency, and most where prompts are long. "
    "The change touches the scheduler alone and leaves the model as it is. We report where the "
    "gain ends: with short prompts and short answers the bookkeeping costs as much as it saves."
)
SCHEDULING_ABSTRACT = (
    "Schedulers for model serving treat every request alike. We predict how long each answer will "
    "be from its prompt, and let short answers pass. Mean waiting time falls by 41 percent."
)

HOSTILE_TITLE = '<script>alert(1)</script> ![x](http://evil.example/x.png) *bold* $x$ "&amp;'
HOSTILE_ABSTRACT = (
    '<img src=x onerror=alert(2)> and [click](javascript:alert(3)). <b onclick="alert(4)">Bold</b> '
    "\u202edesrever\u202c ${alert(5)} {{constructor}} `tick`."
)


def span_of(text: str, part: str) -> Span:
    start = text.index(part)
    return Span(start, start + len(part))


def quote_of(text: str, part: str) -> Quote:
    return Quote(span_of(text, part), part)


def paper(title: str, abstract: str, **facts: object) -> Paper:
    known = Paper(id=paper_id_from_title(title), title=title, abstract=abstract)
    return replace(known, **facts)


SERVING = paper(
    "Paged Caches for Serving Large Language Models",
    SERVING_ABSTRACT,
    published=date(2025, 3, 9),
    organization="Example Institute of Technology",
    author_count=7,
    url="https://papers.example/2503.01234",
    sources=(Source("daily-papers/000_1c38.txt", 118), Source("daily-papers/003_4b94.txt", 12)),
)
SCHEDULING = paper(
    "Let Short Answers Pass: Length-Aware Scheduling", SCHEDULING_ABSTRACT, author_count=1
)
HOSTILE = paper(
    HOSTILE_TITLE, HOSTILE_ABSTRACT, organization="<i>org</i>", url="javascript:alert(6)"
)

THROUGHPUT = (
    "Throughput grows by a factor of 2.4 at the same latency, and most where prompts are long."
)
PAGES = (
    "We store the cache in pages that are handed out as an answer grows, and share the pages of a "
    "common prompt between requests."
)
WAITING = "Mean waiting time falls by 41 percent."

TWO_SOURCES = (
    Citation(
        1, SERVING, (quote_of(SERVING_ABSTRACT, PAGES), quote_of(SERVING_ABSTRACT, THROUGHPUT))
    ),
    Citation(2, SCHEDULING, (quote_of(SCHEDULING_ABSTRACT, WAITING),)),
)
TWO_PAPERS = (
    Block(BlockKind.PARAGRAPH, (Claim("Two papers make serving faster."),)),
    Block(
        BlockKind.ITEM,
        (
            Claim("The cache is stored in pages and shared between requests.", (1,)),
            Claim("Throughput grows by a factor of 2.4 at the same latency.", (1,)),
        ),
        SERVING.title,
    ),
    Block(
        BlockKind.ITEM,
        (
            Claim("Short answers pass long ones, and mean waiting time falls by 41 percent.", (2,)),
            Claim("No model has to be trained for it.", (2,), verdict=Verdict.WEAK),
        ),
        SCHEDULING.title,
    ),
)


COMPARED = Block(
    BlockKind.TABLE,
    columns=("", "Paged caches", "Length-aware scheduling"),
    rows=(
        (
            (Claim("Idea"),),
            (Claim("The cache is stored in pages that are shared between requests.", (1,)),),
            (Claim("Short answers pass long ones.", (2,)),),
        ),
        (
            (Claim("Result"),),
            (
                Claim("Throughput grows by a factor of 2.4", (1,)),
                Claim(", on a T4 by 82%.", (1,), Verdict.WEAK, ("82%", "T4")),
            ),
            (Claim("Mean waiting time falls by 41 percent.", (2,)),),
        ),
        ((Claim("Limit"),), (), (Claim("It needs no training.", (), Verdict.UNSUPPORTED),)),
    ),
)
OVERVIEW = Block(
    BlockKind.TABLE,
    columns=("Paper", "Year"),
    rows=(
        ((Claim("Paged caches", (1,)),), (Claim("2025"),)),
        ((Claim("Let short answers pass", (2,)),), ()),
        ((Claim("Zero waste"),), (Claim("999"),)),
    ),
)
NARROWED = Filters(
    published_from=date(2025, 1, 1),
    published_to=date(2025, 12, 31),
    organization="Example Institute",
    order=Order.NEWEST,
)
MISSPELT = (Correction("servign", "serving"),)


def hit_of(found: Paper, relevance: float, *words: WordMatch) -> Hit:
    return Hit(found, relevance, relevance, ScoreParts(0.4, 0.7, 0.9, 0.0), (), words)


SERVING_HIT = hit_of(
    SERVING, 0.91, WordMatch("serving", 2.0, 0.93), WordMatch("preemptible", 5.9, 0.31)
)
BELOW = (
    hit_of(paper("A Survey of Schedulers", "We survey."), 0.39),
    hit_of(
        paper("Long Titles of Papers That Nothing Cites, and How They Wrap on a Phone", "."), 0.2
    ),
)


def answer(question: str, blocks: tuple[Block, ...], **facts: object) -> Answer:
    plain = Answer(
        plan=Plan(question, Intent.FACT, question),
        outcome=Outcome.ANSWERED,
        blocks=blocks,
        citations=(),
        ranking=(),
        mode="extractive",
        complete=True,
        seconds=0.4,
    )
    return replace(plain, **facts)


def without_filters(whole: Answer, names: tuple[str, ...]) -> Answer:
    """Return the answer as if the filters of these names had not been asked for."""
    filters = whole.plan.filters
    for name in names:
        filters = less(filters, name)
    return replace(whole, plan=replace(whole.plan, filters=filters, taken_off=names))


def growing(whole: Answer) -> Iterator[Answer]:
    """Yield the answer block by block, the last time complete."""
    for end in range(1, len(whole.blocks) + 1):
        yield replace(whole, blocks=whole.blocks[:end], complete=False)
    yield whole


def paragraph(text: str, *numbers: int) -> Block:
    return Block(BlockKind.PARAGRAPH, (Claim(text, numbers),))


HOSTILE_WORDS = (WordMatch(HOSTILE_TITLE, 1.0, 0.9), WordMatch(HOSTILE_TITLE, 1.0, 0.1))
HOSTILE_HIT = hit_of(HOSTILE, 0.3, *HOSTILE_WORDS)
HOSTILE_CLAIM = Claim(f"{HOSTILE_ABSTRACT} {HOSTILE_TITLE}", (1,))

# What an answer is where the question begins with the word; else two papers with their sources.
SCRIPTS: dict[str, dict[str, object]] = {
    "nothing": {
        "outcome": Outcome.NOT_FOUND,
        "blocks": (
            paragraph("No paper here covers “baking bread”."),
            paragraph("The closest one is about serving models.", 2),
        ),
        "citations": TWO_SOURCES[1:],
    },
    "unstated": {
        "outcome": Outcome.NOT_STATED,
        "blocks": (paragraph("It speaks of throughput alone.", 1),),
        "citations": TWO_SOURCES[:1],
    },
    "hostile": {
        "blocks": (Block(BlockKind.ITEM, (HOSTILE_CLAIM,), HOSTILE_TITLE),),
        "citations": (Citation(1, HOSTILE, (Quote(Span(0, 28), HOSTILE_ABSTRACT[:28]),)),),
        "ranking": (HOSTILE_HIT,),
        "borderline": (HOSTILE_HIT,),
    },
    "newest": {
        "plan": Plan("", Intent.LIST, "servign", filters=NARROWED, planner="a model"),
        "corrections": MISSPELT,
        "usage": Usage(1204, 310, 0.002),
    },
    "table": {"blocks": (paragraph("The two side by side:"), COMPARED)},
    "overview": {"blocks": (paragraph("Three papers:"), OVERVIEW)},
    "list": {"ranking": (SERVING_HIT, *BELOW), "borderline": BELOW},
    "which": {
        "blocks": (paragraph("Waiting falls by 41 percent.", 1),),
        "citations": (replace(TWO_SOURCES[1], number=1),),
    },
    "notice": {"notice": "The model did not answer (401), so this is the extractive answer."},
}


def whole_answer(word: str, question: str) -> Answer:
    facts = {"blocks": TWO_PAPERS, "citations": TWO_SOURCES} | SCRIPTS.get(word, {})
    whole = answer(question, **facts)
    return replace(whole, plan=replace(whole.plan, question=question))


@dataclass
class ScriptedAssistant:
    """Answers by the question's first word; keeps what it was asked."""

    asked: list[Asking] = field(default_factory=list)
    without: list[tuple[str, ...]] = field(default_factory=list)
    stops: list[Event] = field(default_factory=list)
    released: Event = field(default_factory=Event)

    def answer(self, asking: Asking, stop: Event | None = None) -> Iterator[Answer]:
        question, without = asking.question, asking.without
        stop = stop or Event()
        self.asked.append(asking)
        self.without.append(without)
        self.stops.append(stop)
        word = question.split()[0].strip(":,").lower()
        if word == "fail":
            raise PaperchatError("The question is too long", hint="Ask in fewer words.")
        if word == "crash":
            raise ZeroDivisionError("secret detail")
        whole = without_filters(whole_answer(word, question), without)
        for snapshot in growing(whole):
            yield snapshot
            if word == "stall":
                self.released.wait(TIMEOUT_S)
            else:
                stop.wait(SNAPSHOT_S)
