"""Keeping the house: one archive of all that cannot be made anew, and putting it back.

An archive is a ZIP: the records (a SQLite file, or what pg_dump writes), the files, the signing key, and last a manifest that says
how large each is and what it adds up to. The mirror and the static files are not in it: they are made anew.
"""

SQLITE, DUMP, SECRET = "records.sqlite3", "records.sql", "secret"
FOLDERS = ("files", "imports")  # of the data folder: what members gave, and histories that were handed in
