"""What can go wrong with a model that the user brought: an endpoint, or files of their own."""

from __future__ import annotations

from vectorstore.errors import PaperchatError


class OutsideModelError(PaperchatError):
    """A model that does not ship with the project cannot be used, or did not do its work."""
