"""The chat model that was chosen on the page, kept in the library's folder between runs.

Owns the file. Invariants: it holds no key; one that is damaged stops nothing, and one that is cut
short in the middle of a write is never seen.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from ui.export.export_files import write_file
from ui.model_form import ChosenModel, FormError, ModelForm, checked

SETTINGS_FILE = "settings.json"
VERSION = 1

_LONGEST_FILE = 100_000  # bytes; one that paperchat wrote has a few hundred
_ANEW = "It was left alone, and no model is set; saving one here writes it anew."


def read_chosen(home: Path, *, with_folder: bool = True) -> tuple[ChosenModel, str]:
    """Return the model that was chosen for the library in `home`, and what is wrong with the file.

    Where nothing is, that is ""; else it names the file, `with_folder` or without.
    """
    file = home / SETTINGS_FILE
    named = file if with_folder else file.name
    try:
        if not file.exists():
            return ChosenModel(), ""
        return _chosen(file), ""
    except OSError as error:
        return ChosenModel(), f"{named} cannot be read: {error.strerror or error}. {_ANEW}"
    except (ValueError, RecursionError, FormError):
        return ChosenModel(), f"{named} is damaged, or of another paperchat. {_ANEW}"


def write_chosen(home: Path, chosen: ChosenModel) -> None:
    """Keep `chosen` for the library in `home`. Raises OutputFileError."""
    nothing = asdict(ChosenModel())
    kept = {name: value for name, value in asdict(chosen).items() if value != nothing[name]}
    document = {"version": VERSION, "chat_model": kept}
    write_file(home / SETTINGS_FILE, json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def _chosen(file: Path) -> ChosenModel:
    with file.open("rb") as opened:
        document = json.loads(opened.read(_LONGEST_FILE))
    kept = document.get("chat_model") if isinstance(document, dict) else None
    if not isinstance(kept, dict) or document.get("version") != VERSION:
        raise ValueError("of another form")
    form = ModelForm(**{name: str(kept.get(name, "")) for name in ChosenModel.__slots__})
    # Somebody may have edited it: the rules are those of the page. The address may be missing
    # where the environment has one.
    return checked(form, with_address=False, with_name=False)
