"""Carrying a community out of a house and into another: one archive that people can read, and either database takes.

Words: export (everything of a community as JSON lines and files), thing (one kind of row: "conversation/posts"), manifest.
A backup is the same house again, bit for bit, with its key; an export is the community without its house. docs/exporting.md is its form.
"""

FORMAT = "fireside-community"
VERSION = 1
MANIFEST = "manifest.json"
README = "README.txt"
