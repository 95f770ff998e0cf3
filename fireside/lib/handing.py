"""A file that only one person may have."""

from pathlib import Path

from django.http import FileResponse, HttpResponse


def handed_over(path: Path, name: str) -> HttpResponse:
    """As a .zip to keep: no cache between us keeps it."""
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/zip")
    answer["Cache-Control"] = "private, no-store"
    return answer  # type: ignore[return-value]
