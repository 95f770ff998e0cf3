"""The sample community: half a year in the life of about a thousand made-up people round a maker of hand mills.

Words: stock (hand-written scenes and small words, in stock/), scene (a question with the answers that fit it), plan (every
act in order of time, made from a seed without touching the database), run (the plan done by calling the real actions in the
past), clearing (the house empty again). NOT here: signing in as the sample's owner (site/views), numbers (insights).
"""
