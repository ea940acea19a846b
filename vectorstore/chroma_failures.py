"""What Chroma raises, told as errors of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from vectorstore.errors import LibraryError
from vectorstore.redacting import harmless

if TYPE_CHECKING:
    from vectorstore.chroma_place import Attempt, ChromaPlace


@contextmanager
def reported_errors(place: ChromaPlace, attempt: Attempt = "use") -> Iterator[None]:
    """Raise as LibraryError, in the words of `place`, what chromadb raises in the block."""
    try:
        yield
    except LibraryError:
        raise
    except Exception as error:  # chromadb lets errors of many libraries through
        failure = place.failure(attempt, error)
        if failure is None:
            raise
        raise failure from harmless(error, place.secrets)
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of Chroma's Rust; it can't be imported
            raise
        from chromadb.errors import InternalError

        raise place.failure(attempt, InternalError(str(error))) or error from error
