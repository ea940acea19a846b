"""Checks of what is installed: Python, the packages, and the embedding model that ships."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ui.doctor.doctor_check import Check, failed, ok, problem
from vectorstore.errors import PaperchatError

# Those whose version most often explains what goes wrong.
PACKAGES = ("chromadb", "gradio", "llama-index-core", "onnxruntime", "openai")
_INSTALL_HINT = "Install paperchat again."


def software_checks() -> Iterator[Check]:
    """Yield the checks of what is installed."""
    yield ok("python", f"Python {platform.python_version()} on {platform.system()}")
    yield _packages()


def shipped_model_check(folder: Path | None = None) -> Check:
    """Return whether the embedding model that ships is whole and embeds; by default the installed
    one.
    """
    from vectorstore.model_checksums import changed_files
    from vectorstore.onnx_embedding import MODEL_FOLDER, OnnxEmbedder

    name = "shipped embedding model"
    folder = folder or MODEL_FOLDER
    try:
        if changed := changed_files(folder):
            detail = f"{' and '.join(changed)} in {folder} differ from what was published"
            return problem(name, detail, _INSTALL_HINT)
        embedder = OnnxEmbedder(folder)
        embedder.embed_question("doctor")
    except PaperchatError as error:
        return failed(name, error)
    return ok(name, f"{embedder.name}: loads, checksums hold")


def _packages() -> Check:
    found = {package: _version(package) for package in PACKAGES}
    missing = [package for package, number in found.items() if not number]
    if missing:
        return problem("packages", f"{', '.join(missing)} not installed", _INSTALL_HINT)
    return ok("packages", ", ".join(f"{package} {number}" for package, number in found.items()))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
