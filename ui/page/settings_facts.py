"""What the settings say of the library, of the software, and of what leaves the machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from ui.doctor.doctor_software import software_checks
from ui.environment import Environment
from ui.wiring import OPENAI_URL
from vectorstore.web_address import is_this_machine, shown_address

if TYPE_CHECKING:
    from ui.page.assistant_choice import AssistantChoice
    from vectorstore.catalog import CatalogCounts


@dataclass(frozen=True, slots=True)
class Flow:
    """What goes to a server, and whether that is on this machine."""

    what: str
    server: str
    here: bool


@dataclass(frozen=True, slots=True)
class SettingsFacts:
    """What is shown and not changed; `folder` is None where it is nobody's business."""

    counts: CatalogCounts
    embedding_model: str
    reranker: str
    folder: Path | None
    flows: tuple[Flow, ...]
    versions: tuple[str, ...]
    with_password: bool = False


def settings_facts(choice: AssistantChoice) -> SettingsFacts:
    """Return the facts as they are now."""
    library, environment = choice.library, choice.environment
    reranker = environment.reranker
    return SettingsFacts(
        library.counts(),
        library.embedder.name,
        f"{reranker.source}:{Path(reranker.name).name}" if reranker else "",
        None if choice.locked else library.home,
        tuple(_flows(environment)),
        (f"paperchat {version('paperchat')}", *(check.detail for check in software_checks())),
        environment.password is not None,
    )


def _flows(environment: Environment) -> Iterator[Flow]:
    """Yield what goes to the servers of models."""
    if environment.model is not None:
        what = "Questions, and titles and sentences of the papers that are found"
        yield _flow(f"{what}, go to the chat model", environment.base_url)
    embedding = environment.embedding_model
    if embedding is not None and embedding.source == "openai":
        url = environment.embedding_url or environment.base_url
        yield _flow("Questions, and all abstracts, go to the embedding model", url)


def _flow(what: str, base_url: str | None) -> Flow:
    url = base_url or OPENAI_URL
    return Flow(what, shown_address(url), is_this_machine(url))
