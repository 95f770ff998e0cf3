"""People: sign-in, profile, what they may do, and who they are elsewhere.

Words: member (an account or an imported trace of a person), person (the member that all merged traces resolve to),
identity (who somebody is in one source), role (owner, operator, department, member), right, token.
NOT here: belonging to a space and being its organiser (spaces), standing and levels (reputation).
"""
