"""All that is fuzzed, by name."""

from __future__ import annotations

from benchmarks import (
    fuzz_claims,
    fuzz_exports,
    fuzz_page,
    fuzz_questions,
    fuzz_readers,
    fuzz_records,
    fuzz_replies,
    fuzz_texts,
)

TARGETS = {
    target.name: target
    for part in (
        fuzz_readers,
        fuzz_texts,
        fuzz_questions,
        fuzz_replies,
        fuzz_claims,
        fuzz_page,
        fuzz_records,
        fuzz_exports,
    )
    for target in part.targets()
}
