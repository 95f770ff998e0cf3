"""Who is told, how, and how often. In this house's first version: the bell.

Words: notice (one thing somebody is told). NOT here: what deserves telling, which each kind's audience says.
"""
