"""Numbers: the log mirrored to columns, one definition a metric, the eight questions.

Words: mirror (the log as Parquet files), segment (one such file), rollup (acts added up by member and day), metric (one
number with its formula, population and clock), answer (a metric computed on one state of the mirror), evidence (the people
or posts behind a number), question (one of the eight of the cockpit).
NOT here: pages of members and topics; nothing here writes to other apps, and no number here is read from the tables that
serve pages.
"""
