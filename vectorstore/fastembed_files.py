"""The files of fastembed's models: named ones, downloaded once, and folders of the user's own.

Owns finding them, and saying why they are not to be had. Invariant: nothing is downloaded but a
model that the user named, from Hugging Face, and not before it was announced.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vectorstore.model_errors import OutsideModelError

if TYPE_CHECKING:
    from fastembed.common.model_description import BaseModelDescription, ModelSource

Announce = Callable[[str], None]

FOLDER_HINT = (
    "The folder needs an ONNX model, tokenizer.json and tokenizer_config.json, as Hugging Face's"
    " exports have them."
)
POOLING_FILE = "1_Pooling/config.json"  # where sentence-transformers writes it down
# Where exporters put the network, the usual place first.
_NETWORKS = ("model.onnx", "onnx/model.onnx", "model_optimized.onnx")
_DIGEST_DIGITS = 12
_LONGEST_REASON = 200  # characters of a vendor's own words


@dataclass(frozen=True, slots=True)
class FastembedSettings:
    """Which model, and where downloaded ones are kept.

    `model` is a name that fastembed knows, or the path of a folder, which starts with / or . or ~.
    """

    model: str
    cache: Path

    @property
    def folder(self) -> Path | None:
        """Return the folder that is meant, or None for a name."""
        path = Path(self.model).expanduser()
        return path.absolute() if self.model.startswith((".", "~")) or path.is_absolute() else None


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A model of the user's own: the folder, and the file of its network within.

    `digest` is of all files that decide on its vectors or scores.
    """

    path: Path
    network: str
    digest: str

    @property
    def registered(self) -> str:
        """Return a name for the one list that fastembed keeps a process."""
        return f"{self.path / self.network} {self.digest}"

    @property
    def source(self) -> ModelSource:
        """Return the place as fastembed's registry wants it told; nothing is fetched from it."""
        from fastembed.common.model_description import ModelSource

        return ModelSource(url=self.path.as_uri())

    def output_shape(self) -> tuple[int | None, ...]:
        """Return the shape of the network's first output, None for what depends on the input."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        session = onnxruntime.InferenceSession(
            str(self.path / self.network), options, providers=["CPUExecutionProvider"]
        )
        shape = session.get_outputs()[0].shape
        return tuple(size if isinstance(size, int) else None for size in shape)


def open_folder(path: Path) -> ModelFolder:
    """Return the model in `path`; raises OutsideModelError where there is none."""
    if not path.is_dir():
        raise OutsideModelError("There is no such model folder", where=str(path), hint=FOLDER_HINT)
    others = sorted(file.name for file in path.glob("*.onnx"))
    found = [name for name in _NETWORKS if (path / name).is_file()] or others
    if not found:
        problem = "There is no ONNX model in this folder"
        raise OutsideModelError(problem, where=str(path), hint=FOLDER_HINT)
    if found is others and len(others) > 1:
        problem = f"This folder has {len(others)} ONNX models"
        raise OutsideModelError(problem, where=str(path), hint=f"Call one {_NETWORKS[0]}.")
    return ModelFolder(path, found[0], _digest(path, found[0]))


def _digest(folder: Path, network: str) -> str:
    # Weights may be in a file beside the network's.
    weights = sorted((folder / network).parent.glob(f"{Path(network).name}*"))
    digest = hashlib.sha256()
    for file in (*weights, folder / "tokenizer.json", folder / POOLING_FILE):
        if file.is_file():
            with file.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()[:_DIGEST_DIGITS]


def named_folder(vendor: type[Any], settings: FastembedSettings, announce: Announce) -> Path:
    """Return the folder of the model that `settings` names, downloading it where it is not there.

    `vendor` is the class of fastembed that lists the model. Raises OutsideModelError where it lists
    none of this name, or the model cannot be downloaded.
    """
    model = _description(vendor, settings.model)
    cache = str(settings.cache)
    try:
        return Path(vendor.download_model(model, cache, local_files_only=True))
    except ValueError:  # what fastembed raises for a model that is not in its cache
        announce(
            f"Downloading {model.model} ({model.size_in_GB:g} GB) from Hugging Face, once, to"
            f" {settings.cache}"
        )
    files = [model.model_file, *model.additional_files]
    try:
        return Path(vendor.download_files_from_huggingface(str(model.sources.hf), cache, files))
    except Exception as error:  # of huggingface_hub, whichever HTTP library it uses, and the disk
        raise OutsideModelError(
            f"The model {model.model} cannot be downloaded: {reason_of(error)}",
            where=cache,
            hint="Connect to the network once, or copy the model's folder from another machine and"
            " set its path in place of the name.",
        ) from error


def reason_of(error: Exception) -> str:
    """Return the vendor's own words on one line, shortened."""
    reason = " ".join(str(error).split()) or type(error).__name__
    return reason if len(reason) <= _LONGEST_REASON else reason[:_LONGEST_REASON] + "…"


def _description(vendor: type[Any], name: str) -> BaseModelDescription:
    from fastembed.common.model_description import BaseModelDescription, ModelSource

    known = {str(model["model"]).lower(): model for model in vendor.list_supported_models()}
    if name.lower() not in known:
        near = difflib.get_close_matches(name.lower(), known, n=1)
        meant = f"Did you mean {known[near[0]]['model']}? " if near else ""
        raise OutsideModelError(
            f"fastembed's {vendor.__name__} knows no model {name}",
            hint=f"{meant}A folder's path starts with / or ./ or ~.",
        )
    model = known[name.lower()]
    kept = ("model", "model_file", "description", "license", "size_in_GB", "additional_files")
    return BaseModelDescription(
        sources=ModelSource(**model["sources"]), **{key: model[key] for key in kept}
    )
