"""How the house is reached: the one port, live updates, health, figures, logs, limits, and the commands that start it.

Words: front (the raw ASGI application on the port), bridge (from it to Django's sync pages), tail (one reader of the log per
process, for live updates), limit (how much somebody may ask for in a while). NOT here: anything a community would call its own.
"""
