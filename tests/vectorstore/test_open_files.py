from __future__ import annotations

import subprocess
import sys

import pytest

ASK = """
import resource, sys
from vectorstore.open_files import few_are_left

_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), most))
print(few_are_left(), few_are_left())
"""


@pytest.mark.parametrize(("limit", "told"), [(12, "True True"), (64, "False False")])
def test_what_is_left_of_the_limit(limit: int, told: str) -> None:
    command = [sys.executable, "-c", ASK, str(limit)]
    asked = subprocess.run(command, capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == told
