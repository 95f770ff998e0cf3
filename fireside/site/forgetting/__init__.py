"""Forgetting a member: a tombstone in their place, and nothing of theirs in any table, file, index, outbox or log.

Words: erasure (asked for, waited for, done), tombstone (the member's row, which threads still name), the list beside the house
(who was erased, by numbers alone, so that a house that is restored forgets them again).
"""
