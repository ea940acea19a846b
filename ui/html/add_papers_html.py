"""The section of the library view by which files are added: what can be, and how much of it."""

from __future__ import annotations

from ingest.archives import ARCHIVE_ENDINGS
from ingest.sources import FORMATS, SOURCES
from ui.html.plain_text import escaped
from ui.page.upload_state import UploadLimits, megabytes


def add_papers_html(limits: UploadLimits) -> str:
    """Return the section; what each file is, its content tells."""
    archives = " or ".join(ending.removeprefix(".") for ending in reversed(ARCHIVE_ENDINGS))
    return f"""\
<section class="library-add" aria-label="Add papers">
<button type="button" class="button primary" data-does="choose">Add files</button>
<p>{escaped(FORMATS)}, also in {archives}. Up to {megabytes(limits.file_bytes)} each,
 {limits.files:,} files and {megabytes(limits.upload_bytes)} at once.
<span class="library-drop">They can be dropped anywhere on this page.</span></p>
<input type="file" multiple accept="{escaped(",".join(endings()))},text/plain" hidden
 aria-label="Files to add">
<p class="library-refused" role="alert" hidden></p>
</section>"""


def endings() -> tuple[str, ...]:
    """Return the endings of files that can be added, each once."""
    known = (ending for source in SOURCES for ending in source.suffixes)
    return tuple(dict.fromkeys((*known, *ARCHIVE_ENDINGS)))
