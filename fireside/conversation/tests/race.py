"""One racer, a process of its own. A line of JSON lists acts; it gets ready, waits for the word, acts, says how each ended."""

import json
import sys


def main() -> None:
    import django

    django.setup()
    from datetime import UTC, datetime, timedelta

    from fireside.activity.action import ACTIONS
    from fireside.activity.actor import Actor
    from fireside.conversation.actions import PostIn, TopicIn
    from fireside.conversation.models import Post, Topic
    from fireside.lib.errors import Refusal
    from fireside.members.models import Member
    from fireside.spaces.models import Space

    rows = {"post": Post, "topic": Topic, "space": Space}
    for line in sys.stdin:
        acts = []
        for name, who, words in json.loads(line):
            if "many" in words:  # an archive of so many posts in ten topics
                space, many = words["space"], words["many"]
                at = datetime(2024, 1, 1, tzinfo=UTC)
                topics = [TopicIn(f"t{n}", space, f"Topic {n}") for n in range(10)]
                posts = [
                    PostIn(f"m{n}", f"t{n % 10}", space, words["by"][n % 3], at + timedelta(minutes=n), "<p>words</p>") for n in range(many)
                ]
                acts.append((ACTIONS[name], None, {"source": words["source"], "topics": topics, "posts": posts}))
                continue
            found = {key: rows[key].objects.get(pk=value) if key in rows else value for key, value in words.items()}
            acts.append((ACTIONS[name], Member.objects.get(pk=who), found))
        print("ready", flush=True)
        sys.stdin.readline()
        ended = []
        for action, member, words in acts:
            try:
                action.call(Actor(member, "import", datetime.now(UTC)), **words)
                ended.append("done")
            except Refusal as no:
                ended.append(no.code)
        print(json.dumps(ended), flush=True)


if __name__ == "__main__":
    main()
