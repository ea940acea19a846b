"""Two figures in files: how well relevance is calibrated, and what lists of papers hold.

Drawn for print: colours that differ in grey and to the colour-blind, and no line told by its colour
alone. Needs matplotlib, from the extra `bench`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.retrieval_listings import Curve
from benchmarks.retrieval_metrics import CalibrationBin

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

OURS = "#0072B2"
STYLES = ((OURS, "-"), (OURS, "--"), ("#D55E00", "-."), ("#555555", ":"))
FEW = 10  # papers, whose share says little
DOTS_AN_INCH = 150
Bins = Sequence[CalibrationBin | None]


def draw_calibration(sets: Mapping[str, Bins], file: Path) -> None:
    """Draw for each set of questions relevance as estimated and as judged, and counts below."""
    figure = _figure(width=4.6 * len(sets), height=5.6)
    axes = figure.subplots(2, len(sets), sharex=True, squeeze=False, height_ratios=(3, 1))
    for column, (name, bins) in enumerate(sets.items()):
        _reliability(axes[0][column], bins)
        _counts(axes[1][column], bins)
        axes[0][column].set_title(name)
    axes[0][0].set_ylabel("share judged relevant")
    axes[1][0].set_ylabel("papers (log scale)")
    axes[0][0].legend(loc="upper left")
    figure.savefig(file, dpi=DOTS_AN_INCH)


def draw_precision_recall(sets: Mapping[str, Sequence[Curve]], file: Path) -> None:
    """Draw for each set of questions the curves of the contestants."""
    figure = _figure(width=4.6 * len(sets), height=4.8)
    axes = figure.subplots(1, len(sets), sharey=True, squeeze=False)[0]
    for place, (name, curves) in zip(axes, sets.items(), strict=True):
        for curve, (colour, dashes) in zip(curves, STYLES, strict=False):
            place.plot(curve.recall, curve.precision, dashes, color=colour, label=curve.name)
            if curve.in_use:
                place.plot(*curve.in_use, "o", color=colour, label="the line in use")
        place.set_title(name)
        place.set_xlabel("recall: share of fitting papers that are listed")
    axes[0].set_ylabel("precision: share of listed papers that fit")
    axes[0].set_ylim(0, 1.02)
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2)
    for place in axes:
        _finish(place)
    figure.savefig(file, dpi=DOTS_AN_INCH)


def _reliability(axes: Axes, bins: Bins) -> None:
    known = [one for one in bins if one and one.count >= FEW]
    doubtful = [one for one in bins if one and one.count < FEW]
    axes.plot([0, 1], [0, 1], ":", color="#555555", label="perfectly calibrated")
    axes.plot(*_points(known), "o-", color=OURS, label="papers of one bin")
    axes.plot(*_points(doubtful), "o", color=OURS, fillstyle="none", label=f"fewer than {FEW}")
    axes.set_ylim(-0.02, 1.02)
    _finish(axes)


def _points(bins: Sequence[CalibrationBin]) -> tuple[list[float], list[float]]:
    return [one.estimated for one in bins], [one.true for one in bins]


def _counts(axes: Axes, bins: Bins) -> None:
    width = 1 / len(bins)
    counts = [one.count if one else 0 for one in bins]
    middles = [width * (at + 0.5) for at in range(len(bins))]
    bars = axes.bar(middles, counts, width * 0.9, color=OURS)
    axes.bar_label(bars, [f"{count:,}" for count in counts], fontsize=7, padding=1)
    axes.set_yscale("log")
    axes.set_ylim(0.5, 20 * max(counts))
    axes.set_xlabel("relevance as estimated")
    _finish(axes)


def _finish(axes: Axes) -> None:
    axes.set_xlim(-0.02, 1.02)
    axes.grid(visible=True, color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def _figure(width: float, height: float) -> Figure:
    """Return an empty figure of so many inches, which opens no window."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure
