"""Places papers on a plane, near to those that mean the same.

The method is t-SNE (van der Maaten and Hinton, 2008) of the whole-abstract vectors, begun from
their first two principal components, so that the large parts lie where they do in every library
alike. Of many papers a sample is laid out, and each other one goes where its nearest of them are.
Invariant: the same vectors give the same places, and no two papers have the same one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vectorstore.embedding import Matrix

Places = npt.NDArray[np.float64]  # (papers, 2), within [-1, 1]

SEED = 7
LANDMARKS = 3_000  # laid out by t-SNE, some 10 s on one core; the time grows faster than these
PERPLEXITY = (
    20.0  # about as many neighbours a paper keeps near; with the usual 30 small topics melt
)
LEAST_PAPERS = 5  # with fewer there are no neighbourhoods to keep
NEIGHBOURS = 5  # a straggler among so many does not move their median
START_SPREAD = 1e-4  # of the first component where t-SNE begins, as its authors advise
APART = 0.004  # between papers of the same vector, as a share of the map's half width
BLOCK_ROWS = 2_048


def lay_out(vectors: Matrix) -> Places:
    """Return a place for each row of `vectors`, which are L2-normalised or zero."""
    count = len(vectors)
    if count < LEAST_PAPERS:
        return _circle(count)
    random = np.random.default_rng(SEED)
    if count <= LANDMARKS:
        return _fitted(_tsne(vectors, random))
    chosen = np.sort(random.choice(count, LANDMARKS, replace=False))
    others = np.setdiff1d(np.arange(count), chosen)
    places = np.empty((count, 2))
    places[chosen] = _fitted(_tsne(vectors[chosen], random))
    places[others] = _beside(vectors[others], vectors[chosen], places[chosen], random)
    return _fitted(places)


def _circle(count: int) -> Places:
    if count < 2:  # noqa: PLR2004
        return np.zeros((count, 2))
    angles = np.arange(count) * (2 * np.pi / count)
    return np.column_stack((np.cos(angles), np.sin(angles)))


def _tsne(vectors: Matrix, random: np.random.Generator) -> Places:
    from sklearn.manifold import TSNE

    # Euclidean, because its square of normalised vectors is twice their cosine distance.
    method = TSNE(
        perplexity=min(PERPLEXITY, (len(vectors) - 1) / 3),
        init=_start(vectors, random),
        random_state=SEED,
        n_jobs=1,
    )
    places: Places = method.fit_transform(vectors).astype(np.float64)
    return places


def _start(vectors: Matrix, random: np.random.Generator) -> Matrix:
    """Return the first two principal components, small, and a little apart where they are equal."""
    from sklearn.decomposition import PCA

    places = random.normal(scale=START_SPREAD / 100, size=(len(vectors), 2))
    if np.ptp(vectors, axis=0).any():
        components = PCA(2, svd_solver="randomized", random_state=SEED).fit_transform(vectors)
        places += components * (START_SPREAD / components[:, 0].std())
    start: Matrix = places.astype(np.float32)
    return start


def _beside(
    vectors: Matrix, landmarks: Matrix, places: Places, random: np.random.Generator
) -> Places:
    """Return the middle of the places of each row's nearest landmarks, and a little beside it."""
    found = np.empty((len(vectors), 2))
    for start in range(0, len(vectors), BLOCK_ROWS):
        similarities = vectors[start : start + BLOCK_ROWS] @ landmarks.T
        nearest = np.argpartition(-similarities, NEIGHBOURS - 1, axis=1)[:, :NEIGHBOURS]
        found[start : start + BLOCK_ROWS] = np.median(places[nearest], axis=1)
    return found + random.normal(scale=APART, size=found.shape)


def _fitted(places: Places) -> Places:
    """Return the places moved and scaled so that the wider side reaches from -1 to 1."""
    low, high = places.min(axis=0), places.max(axis=0)
    half = max(float((high - low).max()) / 2, float(np.finfo(np.float64).tiny))
    fitted: Places = (places - (low + high) / 2) / half
    return fitted
