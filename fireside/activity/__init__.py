"""The ground floor: who acts (Actor), what changes things (@action), what is remembered (Kind, record), what follows.

Words: actor, action, kind, activity (one line of the log), reaction, bookmark, sweep, letter (something that leaves the
house), job (long work with progress). NOT here: people, places, or any idea of what a community is.
"""
