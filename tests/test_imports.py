"""Holds the direction of imports: ui -> assistant -> vectorstore <- ingest, vendors at the edge."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "vectorstore": set(),
    "ingest": {"vectorstore"},
    "assistant": {"vectorstore"},
    "ui": {"vectorstore", "ingest", "assistant"},
}
VENDOR_HOME = {
    "bibtexparser": {"ingest"},
    "charset_normalizer": {"ingest"},
    "chromadb": {"vectorstore"},
    "dateutil": {"assistant", "ingest"},
    "fastapi": {"ui"},
    "fastembed": {"vectorstore"},
    "filelock": {"ingest", "ui", "vectorstore"},
    "gradio": {"ui"},
    "httpx": {"assistant", "ingest", "vectorstore"},
    "huggingface_hub": {"vectorstore"},
    "loguru": {"vectorstore"},
    "mcp": {"ui"},
    "nltk": {"ingest"},
    "onnxruntime": {"vectorstore"},
    "openai": {"assistant", "vectorstore"},
    "platformdirs": {"ui"},
    "pydantic": {"assistant", "ui", "vectorstore"},
    "py3langid": {"ingest"},
    "pylatexenc": {"ingest", "vectorstore"},
    "ray": {"ingest"},
    "rapidfuzz": {"vectorstore"},
    "rich": {"ui"},
    "sklearn": {"vectorstore"},
    "sqlite3": {"vectorstore", "assistant"},
    "starlette": {"ui"},
    "threadpoolctl": {"vectorstore"},
    "tiktoken": {"vectorstore"},
    "tokenizers": {"vectorstore"},
    "typer": {"ui"},
    "uvicorn": {"ui"},
}
HEAVY = (
    "chromadb",
    "fastembed",
    "gradio",
    "llama_index",
    "numpy",
    "onnxruntime",
    "openai",
    "ray",
    "rich.console",
    "sklearn",
)


def imported_packages(module: Path) -> Iterator[str]:
    """Yield the top-level package of every import in the module, wherever it stands."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            yield str(node.module).split(".")[0]


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_packages_import_in_one_direction(package: str) -> None:
    modules = sorted((ROOT / package).rglob("*.py"))
    assert modules
    forbidden = set(MAY_IMPORT) - MAY_IMPORT[package] - {package}
    forbidden |= {vendor for vendor, homes in VENDOR_HOME.items() if package not in homes}
    broken = {
        f"{module.relative_to(ROOT)} imports {name}"
        for module in modules
        for name in imported_packages(module)
        if name in forbidden
    }
    assert broken == set()


def test_the_command_line_starts_without_heavy_libraries() -> None:
    script = f"import sys, ui.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_the_page_starts_without_a_library_for_mcp_servers() -> None:
    script = """
import sys
from ui.page.opened_page import _load_gradio
_load_gradio()
print("gradio" in sys.modules, "mcp" in sys.modules)
import mcp.server
print("mcp" in sys.modules)
"""
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert result.stdout.split() == ["True", "False", "True"]
