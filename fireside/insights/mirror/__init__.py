"""The log as columns: how lines become segments, how segments are merged, how rollups and the table of people are made.

Order of trust: the log is the truth; a segment is a copy of it that never changes; a rollup is made of segments. Files are
written outside transactions and entered by one short one, so a crash leaves at most a file that nobody knows, and no writer
of the house waits for Parquet.
"""
