"""How well questions find the one paper that they were written for."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from training.encoder import Encoded, Encoder, Tokens, late_scores, pooled_scores

DEPTH = 10


def encode(model: Encoder, texts: Sequence[Tokens]) -> Encoded:
    """Return the vectors of any number of texts, without gradients."""
    with torch.no_grad():
        encoded: Encoded = model(texts)
    return encoded


def rank_questions(questions: Encoded, papers: Encoded, targets: Tensor) -> dict[str, float]:
    """Return mean reciprocal rank and the share of questions whose paper is among the first ten.

    `targets` holds the position of each question's paper, shape (questions,).
    """
    pooled, late = pooled_scores(questions, papers), late_scores(questions, papers)
    figures = {}
    for name, scores in {"pooled": pooled, "late": late, "both": pooled + late}.items():
        own = scores.gather(1, targets[:, None])
        ranks = 1 + (scores > own).sum(dim=1)
        figures[f"{name} MRR"] = round((1 / ranks).mean().item(), 4)
        figures[f"{name} hit@{DEPTH}"] = round((ranks <= DEPTH).float().mean().item(), 4)
    return figures
