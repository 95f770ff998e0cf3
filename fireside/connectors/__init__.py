"""The way in for what was said elsewhere: archives of chats, activity files, member lists.

Words: source (where something comes from: "zulip:example.org"), archive, import run, rejected row.
NOT here: what members write here (conversation), sending anything out.
"""
