"""What `benchmarks.soak` measures of the server while it is used, and what that grows by.

Owns the limits. A growth is the slope of a straight line through samples (least squares), a
thousand actions being the unit. It is judged after the first thousand actions of a process: until
then caches fill, libraries are loaded and allocators take what they keep.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

from benchmarks.retrieval_plots import DOTS_AN_INCH, OURS
from benchmarks.retrieval_results import markdown

MEGABYTE = 2**20


@dataclass(frozen=True, slots=True)
class Sample:
    """What the server held after so many actions; `life` numbers its processes."""

    actions: int
    seconds: float
    life: int
    rss_mb: float
    pss_mb: float
    handles: float
    threads: float
    home_mb: float
    tmp_mb: float


@dataclass(frozen=True, slots=True)
class Measure:
    """A column of the samples, and how much it may grow by in a thousand actions."""

    name: str
    label: str
    limit: float


# The home grows with what people keep: a conversation takes some 15 KB a question.
MEASURES = (
    Measure("rss_mb", "RSS, MB", 25.0),
    Measure("pss_mb", "PSS, MB", 25.0),
    Measure("handles", "handles", 4.0),
    Measure("threads", "threads", 4.0),
    Measure("home_mb", "home, MB", 40.0),
    Measure("tmp_mb", "tmp, MB", 0.5),
)
QUARTERS = 4
FEWEST = 5  # samples that make a slope
WARM_UP = 1_000  # actions
LEAST_JUDGED = 300  # actions after that


def sampled(process: psutil.Process, actions: int, life: int, folders: Sequence[Path]) -> Sample:
    """Return what the process and the two folders hold now. Raises psutil.Error."""
    with process.oneshot():
        memory = process.memory_full_info()
        home, temporary = (_megabytes(folder) for folder in folders)
        return Sample(
            actions=actions,
            seconds=time.monotonic(),
            life=life,
            rss_mb=memory.rss / MEGABYTE,
            pss_mb=memory.pss / MEGABYTE,
            handles=process.num_fds(),
            threads=process.num_threads(),
            home_mb=home,
            tmp_mb=temporary,
        )


def longest_life(samples: Sequence[Sample]) -> list[Sample]:
    """Return the samples of the process that was used most."""
    lives = {each.life for each in samples}
    by_life = [[each for each in samples if each.life == life] for life in sorted(lives)]
    return max(by_life, key=lambda life: life[-1].actions - life[0].actions, default=[])


def quarters(samples: Sequence[Sample]) -> list[list[Sample]]:
    """Return the samples in four parts of as many actions each."""
    first, last = samples[0].actions, samples[-1].actions
    size = max(1, last - first + 1) / QUARTERS
    parts: list[list[Sample]] = [[] for _ in range(QUARTERS)]
    for each in samples:
        parts[int((each.actions - first) / size)].append(each)
    return parts


def slope(samples: Sequence[Sample], name: str) -> float:
    """Return the growth in a thousand actions; NaN of too few samples."""
    done = np.array([each.actions for each in samples]) / 1_000
    if len(samples) < FEWEST or np.ptp(done) == 0:
        return float("nan")
    values = np.array([getattr(each, name) for each in samples])
    return float(np.polyfit(done, values, 1)[0])


def table(samples: Sequence[Sample]) -> str:
    """Return a row for each measure: its value at the end of each quarter, and the slopes."""
    parts = quarters(samples)
    header = ("", "start", *(f"Q{at}" for at in range(1, QUARTERS + 1)))
    header += tuple(f"slope Q{at}" for at in range(1, QUARTERS + 1))
    rows = []
    for measure in MEASURES:
        ends = [getattr(part[-1], measure.name) if part else float("nan") for part in parts]
        slopes = [slope(part, measure.name) for part in parts]
        first = getattr(samples[0], measure.name)
        figures = [f"{value:.1f}" for value in (first, *ends)]
        rows.append([measure.label, *figures, *(f"{value:+.1f}" for value in slopes)])
    return markdown(
        [*header, "slope, warm", "limit"],
        [[*row, *_verdict(samples, m)] for row, m in zip(rows, MEASURES, strict=True)],
    )


def is_long_enough(samples: Sequence[Sample]) -> bool:
    """Tell whether growth can be judged: whether enough was done after the warm-up."""
    return samples[-1].actions - samples[0].actions >= WARM_UP + LEAST_JUDGED


def past_limits(samples: Sequence[Sample]) -> list[str]:
    """Return the measures that grew by more than they may; none of too short a life."""
    return [
        f"{measure.label} grows by {grown:.1f} in a thousand actions, past {measure.limit:g}"
        for measure in MEASURES
        if (grown := _grown(samples, measure)) > measure.limit
    ]


def draw(samples: Sequence[Sample], file: Path) -> None:
    """Draw all measures over the actions, all processes in one line."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 6), layout="constrained")
    places = figure.subplots(2, 3, sharex=True)
    for place, measure in zip(places.flat, MEASURES, strict=True):
        for life in sorted({each.life for each in samples}):
            own = [each for each in samples if each.life == life]
            values = [getattr(each, measure.name) for each in own]
            place.plot([each.actions for each in own], values, color=OURS, linewidth=1)
        place.set_title(measure.label)
        place.set_ylim(bottom=0)
        place.grid(alpha=0.3)
    for place in places[-1]:
        place.set_xlabel("actions")
    figure.savefig(file, dpi=DOTS_AN_INCH)


def _verdict(samples: Sequence[Sample], measure: Measure) -> tuple[str, str]:
    return f"{_grown(samples, measure):+.1f}", f"{measure.limit:g}"


def _grown(samples: Sequence[Sample], measure: Measure) -> float:
    warm = [each for each in samples if each.actions >= samples[0].actions + WARM_UP]
    return slope(warm, measure.name) if is_long_enough(samples) else float("nan")


def _megabytes(folder: Path) -> float:
    size = 0
    for each in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):  # files come and go
            size += each.stat().st_size if each.is_file() else 0
    return size / MEGABYTE
