"""A table of an answer in HTML."""

from __future__ import annotations

from assistant.answer import Block, BlockKind, Claim, Verdict
from ui.html.claim_html import Markers
from ui.html.table_html import table_html

MARKERS = Markers(3, {1: 'A "title"'})
MARKER_1 = (
    '<button type="button" class="cite" data-turn="3" data-number="1" '
    'aria-label="Source 1: A &quot;title&quot;">[1]</button>'
)


def test_a_table() -> None:
    block = Block(
        BlockKind.TABLE,
        columns=("", "A <b>", "C"),
        rows=(
            (
                (Claim("Row"),),
                (Claim("Yes", (1,)), Claim("And no.")),
                (Claim("90%", (1,), Verdict.UNSUPPORTED),),
            ),
            ((Claim("Grows"),),),
        ),
    )
    assert table_html(block, MARKERS) == (
        '<div class="table" role="region" tabindex="0" aria-label="Table: A &lt;b&gt;, C"><table>'
        '<thead><tr><td></td><th scope="col"><bdi>A &lt;b&gt;</bdi></th>'
        '<th scope="col"><bdi>C</bdi></th></tr></thead>'
        '<tbody><tr><th scope="row"><span class="claim"><bdi>Row</bdi></span></th>'
        f'<td><span class="claim"><bdi>Yes</bdi>{MARKER_1}</span> '
        '<span class="claim"><bdi>And no.</bdi></span></td>'
        f'<td><span class="claim unsupported"><bdi>90%</bdi>{MARKER_1} '
        '<span class="flag"><bdi>not borne out by the cited sentence</bdi></span></span></td></tr>'
        '<tr><th scope="row"><span class="claim"><bdi>Grows</bdi></span></th>'
        "<td></td><td></td></tr></tbody></table></div>"
    )


def test_a_table_whose_rows_are_still_to_come() -> None:
    assert table_html(Block(BlockKind.TABLE, columns=("A",), rows=((),)), MARKERS) == (
        '<div class="table" role="region" tabindex="0" aria-label="Table: A"><table>'
        '<thead><tr><th scope="col"><bdi>A</bdi></th></tr></thead>'
        '<tbody><tr><th scope="row"></th></tr></tbody></table></div>'
    )
