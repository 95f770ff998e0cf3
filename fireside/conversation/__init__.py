"""Talk: topics, replies, what helped whom.

Words: topic, post (a topic's first words are post number 1), reply, reaction, accepted answer, "this helped me", draft.
NOT here: places (spaces), being told (notifications), numbers (insights).
"""
