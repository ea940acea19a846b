"""Fine-tune the model on how people ask about papers: `make train`.

    python -m training.train --output FOLDER

A step takes papers with their nearest neighbours, so that the negatives of a batch are hard ones,
and several questions to each; every question is contrasted with all papers of its batch, by the
pooled vectors, by late interaction and by both together. With `--fold K` of `--folds N`, no
question of the papers in that fold is seen, and the figures at the end are about those.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from ingest.sentences import split_sentences
from training.encoder import (
    Encoder,
    Tokens,
    late_scores,
    load_tokenizer,
    pooled_scores,
    published_weights,
    read_tokens,
)
from training.evaluate import encode, rank_questions
from training.judged import Question, fold_of, paper_text, read_papers, read_questions
from training.rarity import word_rarity
from vectorstore.records import Paper


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """What a run is made with; recorded in the model card."""

    epochs: int = 4  # more learn the papers by heart: pooled vectors of unseen ones get worse
    papers_a_step: int = 48  # what 2 cores encode in some seconds; more negatives did not help
    questions_a_paper: int = 4
    listings_a_step: int = 8
    neighbours: int = 3  # how many of its nearest each drawn paper brings along
    too_near: float = 0.8  # a paper this close to the wanted one may answer too: not a negative
    too_near_listed: float = 0.7  # the same for broad questions, which more papers answer
    encoder_rate: float = 5e-5
    head_rate: float = 1e-3
    warm_up: float = 0.1
    temperature: float = 0.05
    keep_share: float = 1.0  # weight of staying close to the published model's paper vectors
    seed: int = 0


BROAD = frozenset({"which", "topic", "listing"})


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """Everything that a run reads, tokenised."""

    papers: list[Tokens]
    questions: list[Question]
    question_tokens: list[Tokens]
    nearness: Tensor  # (papers, papers), cosine of the published model's vectors
    published: Tensor  # (papers, dimension), those vectors


def main() -> None:
    """Train, report and save."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path, default=None, help="the published model's folder")
    parser.add_argument("--pages", type=Path, default=Path("data/daily-papers"))
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--folds", type=int, default=2)
    parser.add_argument("--fold", type=int, default=None, help="leave this fold's questions out")
    for name, value in asdict(TrainSettings()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    arguments = parser.parse_args()
    settings = TrainSettings(**{name: getattr(arguments, name) for name in asdict(TrainSettings())})
    arguments.output.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(settings.seed)
    papers = read_papers(arguments.pages)
    weights = arguments.weights or published_weights()
    model, tokenizer = Encoder(weights), load_tokenizer(weights)
    data = _prepare(model, tokenizer, papers)
    held_out = {
        at for at, paper in enumerate(papers) if fold_of(paper, arguments.folds) == arguments.fold
    }
    seen = [at for at, question in enumerate(data.questions) if not held_out & {*question.relevant}]
    with (arguments.output / "log.jsonl").open("w", encoding="utf-8") as log:
        for row in train(model, data, seen, settings):
            print(json.dumps(row), flush=True)
            log.write(json.dumps(row) + "\n")
        for row in _report(model, data, held_out):
            print(json.dumps(row), flush=True)
            log.write(json.dumps(row) + "\n")
    save_file(model.state_dict(), arguments.output / "model.safetensors")
    (arguments.output / "settings.json").write_text(
        json.dumps(asdict(settings) | {"fold": arguments.fold, "folds": arguments.folds})
    )


def train(
    model: Encoder, data: TrainingSet, seen: Sequence[int], settings: TrainSettings
) -> Iterator[dict[str, float]]:
    """Train in place on the questions at `seen`; yields a line of figures for each step."""
    batches = [
        batch
        for epoch in range(settings.epochs)
        for batch in _batches(data, random.Random(settings.seed + epoch), settings)  # noqa: S311
    ]
    optimizer = torch.optim.AdamW(
        [
            {"params": model.encoder.parameters(), "lr": settings.encoder_rate},
            {"params": model.token_head.parameters(), "lr": settings.head_rate},
        ]
    )
    warm = max(1, round(settings.warm_up * len(batches)))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min((step + 1) / warm, (len(batches) - step) / max(1, len(batches) - warm)),
    )
    draw = random.Random(settings.seed)  # noqa: S311
    for step, batch in enumerate(batches):
        started = time.perf_counter()
        asked = _draw_questions(data, batch, seen, draw, settings)
        parts = _losses(model, data, batch, asked, settings)
        loss = sum(parts.values(), torch.zeros(()))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        figures = {name: round(part.item(), 4) for name, part in parts.items()}
        seconds = round(time.perf_counter() - started, 2)
        yield {"step": step, "steps": len(batches), **figures, "seconds": seconds}


def _prepare(model: Encoder, tokenizer: Tokenizer, papers: list[Paper]) -> TrainingSet:
    texts = [paper_text(paper) for paper in papers]
    tokens = [
        read_tokens(encoding, text, _sentence_spans(paper), weights=None)
        for paper, text, encoding in zip(
            papers, texts, tokenizer.encode_batch(texts, add_special_tokens=False), strict=True
        )
    ]
    questions = read_questions(papers)
    asked = [question.text for question in questions]
    rarity = word_rarity(texts, asked)
    question_tokens = [
        read_tokens(encoding, text, (), rarity)
        for text, encoding in zip(
            asked, tokenizer.encode_batch(asked, add_special_tokens=False), strict=True
        )
    ]
    encoded = encode(model, tokens)
    _start_token_head(model, tokens)
    published = encoded.pooled[:, 0]
    return TrainingSet(tokens, questions, question_tokens, published @ published.T, published)


def _sentence_spans(paper: Paper) -> list[tuple[int, int]]:
    offset = len(paper.title) + 1
    return [(span.start + offset, span.end + offset) for span in split_sentences(paper.abstract)]


def _start_token_head(model: Encoder, texts: Sequence[Tokens]) -> None:
    """Set the token head to the principal directions of the papers' token states."""
    dimension = model.token_head.in_features
    moment = torch.zeros(dimension, dimension)
    with torch.no_grad():
        for text in texts:
            states = model.encoder(input_ids=text.ids[None]).last_hidden_state[0]
            kept = functional.normalize(states[text.content > 0], dim=1)
            moment += kept.T @ kept
    directions = torch.linalg.eigh(moment).eigenvectors[:, -model.token_head.out_features :]
    model.token_head.weight.data.copy_(directions.T)


def _batches(
    data: TrainingSet, draw: random.Random, settings: TrainSettings
) -> Iterator[list[int]]:
    """Yield every paper once, in batches of drawn papers and the nearest of them still left."""
    left = list(range(len(data.papers)))
    draw.shuffle(left)
    while left:
        batch: list[int] = []
        while left and len(batch) < settings.papers_a_step:
            drawn = left.pop()
            near = sorted(left, key=lambda other, to=drawn: -float(data.nearness[to, other]))
            brought = near[: min(settings.neighbours, settings.papers_a_step - len(batch) - 1)]
            batch += [drawn, *brought]
            left = [paper for paper in left if paper not in set(brought)]
        yield batch


def _draw_questions(
    data: TrainingSet,
    batch: Sequence[int],
    seen: Sequence[int],
    draw: random.Random,
    settings: TrainSettings,
) -> list[int]:
    members = set(batch)
    of_paper: dict[int, list[int]] = {}
    listings = []
    for at in seen:
        question = data.questions[at]
        if question.kind == "listing":
            listings += [at] if members & {*question.relevant} else []
        elif question.relevant[0] in members:
            of_paper.setdefault(question.relevant[0], []).append(at)
    drawn = draw.sample(listings, min(len(listings), settings.listings_a_step))
    for paper in batch:
        mine = of_paper.get(paper, [])
        drawn += draw.sample(mine, min(len(mine), settings.questions_a_paper))
    return drawn


def _losses(
    model: Encoder,
    data: TrainingSet,
    batch: Sequence[int],
    asked: Sequence[int],
    settings: TrainSettings,
) -> dict[str, Tensor]:
    papers = model([data.papers[at] for at in batch])
    questions = model([data.question_tokens[at] for at in asked])
    wanted, excused = _targets(data, batch, asked, settings)
    pooled, late = pooled_scores(questions, papers), late_scores(questions, papers)
    losses = {
        name: _contrast(scores / settings.temperature, wanted, excused)
        for name, scores in {"pooled": pooled, "late": late, "both": pooled + late}.items()
    }
    if settings.keep_share:
        drift = 1 - (papers.pooled[:, 0] * data.published[list(batch)]).sum(dim=1).mean()
        losses["drift"] = settings.keep_share * drift
    return losses


def _targets(
    data: TrainingSet, batch: Sequence[int], asked: Sequence[int], settings: TrainSettings
) -> tuple[Tensor, Tensor]:
    """Return which papers of the batch each question wants, and which it may not be taught from."""
    column = {paper: at for at, paper in enumerate(batch)}
    wanted = torch.zeros(len(asked), len(batch), dtype=torch.bool)
    excused = torch.zeros(len(asked), len(batch), dtype=torch.bool)
    for row, at in enumerate(asked):
        question = data.questions[at]
        wanted[row, [column[paper] for paper in question.relevant if paper in column]] = True
        excused[row, [column[paper] for paper in question.possible if paper in column]] = True
        if question.kind != "listing":  # those were judged against every paper
            line = settings.too_near_listed if question.kind in BROAD else settings.too_near
            excused[row] |= data.nearness[question.relevant[0], list(batch)] > line
    return wanted, excused & ~wanted


def _contrast(scores: Tensor, wanted: Tensor, excused: Tensor) -> Tensor:
    """Return the mean InfoNCE of each wanted pair against the papers that are not wanted."""
    negatives = scores.masked_fill(wanted | excused, -torch.inf).logsumexp(dim=1, keepdim=True)
    pairs = functional.softplus(negatives - scores)  # -log(e^s / (e^s + sum of e^negatives))
    per_question = (pairs * wanted).sum(dim=1) / wanted.sum(dim=1)
    return per_question.mean()


def _report(model: Encoder, data: TrainingSet, held_out: set[int]) -> Iterator[dict[str, object]]:
    """Yield how well single-paper questions find their paper among all, seen and held out."""
    papers = encode(model, data.papers)
    for name, kept in {
        "held out": held_out,
        "seen": set(range(len(papers.pooled))) - held_out,
    }.items():
        chosen = [
            at
            for at, question in enumerate(data.questions)
            if question.kind != "listing" and question.relevant[0] in kept
        ]
        if chosen:
            questions = encode(model, [data.question_tokens[at] for at in chosen])
            targets = torch.tensor([data.questions[at].relevant[0] for at in chosen])
            yield {
                "papers": name,
                "questions": len(chosen),
                **rank_questions(questions, papers, targets),
            }


if __name__ == "__main__":
    main()
