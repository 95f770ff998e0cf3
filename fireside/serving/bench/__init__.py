"""`fireside bench`: filled houses of its own, asked by many at once. One JSON object a line; how to read them: docs/speed.md."""
