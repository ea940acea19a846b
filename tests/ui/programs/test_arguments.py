"""What programs send is made such that it can be looked up and sent back."""

from __future__ import annotations

from ui.programs.arguments import text, texts


def test_half_a_character_becomes_a_question_mark() -> None:
    assert text("paper_id", "le\ud800vain") == "le?vain"
    assert texts("within", ["\ud83d\ude00", "Sauerteig für 漢字", "\udc00"], 3) == (
        "??",
        "Sauerteig für 漢字",
        "?",
    )
