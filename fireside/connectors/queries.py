"""Questions about what was brought in."""

from typing import Any

from fireside.connectors.models import ImportRun


def other_sources(importer: str, source: str) -> list[str]:
    """Other names under which this importer has brought something in."""
    return sorted(set(ImportRun.objects.filter(importer=importer, imported__gt=0).exclude(source=source).values_list("source", flat=True)))
