"""A table of an answer in HTML."""

from __future__ import annotations

from assistant.answer import Block, BlockKind, Citation, Claim, Quote, Verdict
from ui.html.claim_html import Markers
from ui.html.table_html import table_html
from vectorstore.records import Paper, Span

PAPER = Paper("p", 'A "title"', 'One "true" sentence.')
MARKERS = Markers({1: Citation(1, PAPER, (Quote(Span(0, 20), PAPER.abstract),))})
MARKER_1 = (
    '<button type="button" class="cite" data-number="1" data-paper="p" data-spans="0-20" '
    'data-quote="One &quot;true&quot; sentence." '
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


def test_a_table_with_a_name_for_each_column_can_be_sorted_and_its_rows_may_be_still_to_come() -> (
    None
):
    assert table_html(Block(BlockKind.TABLE, columns=("A",), rows=((),)), MARKERS) == (
        '<div class="table" role="region" tabindex="0" aria-label="Table: A"><table>'
        '<thead><tr><th scope="col"><button type="button" data-sort><bdi>A</bdi></button></th></tr>'
        '</thead><tbody><tr><th scope="row"></th></tr></tbody></table></div>'
    )
