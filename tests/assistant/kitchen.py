"""A small collection on bread and soup, made up, for questions about papers that a user chose."""

from __future__ import annotations

from datetime import date

from vectorstore.records import Paper


def _paper(paper_id: str, title: str, abstract: str, year: int | None) -> Paper:
    return Paper(paper_id, title, abstract, published=date(year, 3, 1) if year else None)


LEVAIN = _paper(
    "levain",
    "Levain: Fast Sourdough Fermentation",
    "Sourdough fermentation takes a day, and bakers cannot wait. We present Levain, a starter that"
    " ferments dough in three hours. Experiments in five bakeries show that loaves rise 3.5 times"
    " faster. However, Levain is limited to warm kitchens.",
    2025,
)
CRUMB = _paper(
    "crumb",
    "Crumb: Baking Whole-Grain Loaves at Low Heat",
    "Whole-grain loaves dry out in hot ovens. We propose Crumb, a schedule that bakes loaves at low"
    " heat for two hours. Our results show that loaves keep 40% more moisture.",
    2024,
)
RYE = _paper(
    "rye",
    "Rye Sourdough Fermentation in Cold Cellars",
    "Rye dough is hard to ferment in the cold. We study sourdough fermentation of rye in cellars"
    " and find that nine hours are enough at 12 degrees.",
    2024,
)
BROTH = _paper(
    "broth",
    "Broth: Clear Onion Soup from Roasted Onions",
    "Onion soup turns cloudy when it boils. We introduce Broth, a filter of egg whites that clears"
    " onion soup in ten minutes. Tasters preferred clear soup in 80% of trials.",
    2023,
)
SALT = _paper(
    "salt",
    "How Much Salt Does Soup Need?",
    "Cooks salt their soup by feeling. We measure salt in 40 soups and show that 12 grams are"
    " enough for a pot.",
    None,
)
PAPERS = (LEVAIN, CRUMB, RYE, BROTH, SALT)
