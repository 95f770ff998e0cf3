"""The README's promises that a test can hold."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_every_link_of_the_readme_leads_somewhere() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#]+)\)|src=\"([^\"]+)\"", text)
    missing = [a or b for a, b in targets if not (a or b).startswith("http") and not (ROOT / (a or b)).exists()]
    assert not missing, missing
    assert len(text.splitlines()) < 60, "one screen"
