"""How many uploads may be begun: empty ones take room too."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from ingest.uploads import Upload
from ui.page.upload_queue import UploadError, UploadQueue
from ui.page.upload_state import Phase, UploadLimits
from vectorstore.library import Library


@pytest.fixture
def queue() -> UploadQueue:
    library = cast("Library", SimpleNamespace(require_writer=lambda: None))
    return UploadQueue(library, UploadLimits(uploads=2, held_uploads=4))


def refusal(queue: UploadQueue, visitor: str) -> tuple[str, str]:
    with pytest.raises(UploadError) as caught:
        queue.begin(visitor, 1)
    return caught.value.problem, caught.value.hint


REFUSED = (
    "Too many uploads are under way",
    "Add more when those before are done, or more files at once.",
)


def test_one_visitor_begins_some_and_leaves_room_for_others(queue: UploadQueue) -> None:
    queue.begin("ann", 1)
    queue.begin("ann", 1)
    assert refusal(queue, "ann") == REFUSED
    queue.begin("ben", 1)


def test_empty_uploads_of_many_visitors_give_way(queue: UploadQueue) -> None:
    for visitor in ("ann", "ben", "cy", "dee", "eve"):
        queue.begin(visitor, 1)
    left = {visitor: len(queue.states(visitor)) for visitor in ("ann", "ben", "eve")}
    assert left == {"ann": 0, "ben": 1, "eve": 1}


def test_what_others_have_sent_does_not(queue: UploadQueue) -> None:
    for visitor in ("ann", "ben", "cy", "dee"):
        queue.receive(visitor, queue.begin(visitor, 2), Upload("bread.txt", b"rye"))
    assert refusal(queue, "eve") == REFUSED


def test_the_report_of_an_upload_that_ended_gives_way(queue: UploadQueue) -> None:
    first, second = (queue.begin("ann", 1) for _ in range(2))
    for upload in (first, second):
        held = queue._held[upload]
        held.state = type(held.state)(upload, 1, phase=Phase.DONE)
    third = queue.begin("ann", 1)
    assert [state.id for state in queue.states("ann")] == [second, third]
