"""A model that fastembed runs on this machine: loaded when first used, and its failures told.

fastembed is an optional dependency. Owns what its embedding models and its cross-encoders have in
common; `vectorstore.fastembed_files` finds the files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Generic, TypeVar

from vectorstore.fastembed_files import (
    FOLDER_HINT,
    Announce,
    FastembedSettings,
    ModelFolder,
    named_folder,
    open_folder,
    reason_of,
)
from vectorstore.model_errors import OutsideModelError

Vendor = TypeVar("Vendor")  # the class of fastembed
# Tells fastembed of a folder, under the name that the folder has for it.
Register = Callable[[ModelFolder], None]

BATCH_TEXTS = 8  # more at once are slower on a laptop, and fastembed's own 256 take gigabytes


class FastembedModel(Generic[Vendor]):
    """A model by name or folder; thread-safe."""

    def __init__(
        self,
        settings: FastembedSettings,
        announce: Announce,
        vendor: Callable[[], type[Vendor]],
        register: Register,
        threads: int | None = None,
    ) -> None:
        """Describe the model; a download is told by `announce` before it begins.

        `vendor` imports the class that runs it, on `threads` cores, by default all. Raises
        OutsideModelError where a folder is meant in which there is no model.
        """
        self._settings = settings
        self._announce = announce
        self._vendor = vendor
        self._register = register
        self._threads = threads
        self._folder = open_folder(settings.folder) if settings.folder else None
        self._loading = Lock()
        self._loaded: Vendor | None = None
        # The digest, because a folder keeps its name when another model is put there.
        self.name = (
            f"{self._folder.path.name}-{self._folder.digest}" if self._folder else settings.model
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to another process as what makes it: loaded anew there, on one core."""
        return FastembedModel, (self._settings, self._announce, self._vendor, self._register, 1)

    @property
    def place(self) -> Path:
        """Return the folder in which the model is, or in which downloaded ones are kept."""
        return self._folder.path if self._folder else self._settings.cache

    @contextmanager
    def opened(self) -> Iterator[Vendor]:
        """Give the loaded model, and turn what it raises into an OutsideModelError."""
        try:
            _keep_quiet()
            yield self._model()
        except OutsideModelError:
            raise
        except ImportError as error:
            raise OutsideModelError(
                f"The model {self.name} needs fastembed, which is not installed",
                hint="Run: pip install fastembed",
            ) from error
        except Exception as error:  # fastembed lets errors of many libraries through
            raise OutsideModelError(
                f"The model {self.name} cannot be used: {reason_of(error)}",
                where=str(self.place),
                hint=FOLDER_HINT if self._folder else "Delete it here to have it downloaded anew.",
            ) from error

    def _model(self) -> Vendor:
        """Return the model, loaded once however many threads ask."""
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load(self._vendor())
            return self._loaded

    def _load(self, vendor: Any) -> Vendor:
        name, path = self.name, self.place
        if self._folder:
            name = self._folder.registered
            if not any(model["model"] == name for model in vendor.list_supported_models()):
                self._register(self._folder)
        else:
            path = named_folder(vendor, self._settings, self._announce)
        loaded: Vendor = vendor(
            name,
            str(self._settings.cache),
            threads=self._threads,
            specific_model_path=str(path),
        )
        return loaded


def _keep_quiet() -> None:
    """Have the libraries say nothing of their own: no log on the terminal, no word to a server."""
    from huggingface_hub import constants
    from loguru import logger

    logger.disable("fastembed")  # its failures become our errors
    # Otherwise it asks its hub, even for a model that is here, how to tell what program is running.
    constants.HF_HUB_DISABLE_TELEMETRY = True
