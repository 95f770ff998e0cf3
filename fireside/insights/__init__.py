"""Numbers: the log mirrored to columns, one definition a metric, the eight questions.

Words: mirror, segment, metric, question. NOT here: pages of members and topics; nothing here writes to other apps.
"""
