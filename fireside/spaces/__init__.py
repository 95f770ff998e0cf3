"""Places: nested spaces, who belongs to them, who looks after them.

Words: space, belonging, organiser, reach (who can see a space: its own kind, narrowed by what it stands in).
NOT here: what is said in a space (conversation), how one gets in by conditions (admission).
"""
