"""One racer, a process of its own. A line of JSON says what to do; it gets ready, waits for the word, acts, says how it ended."""

import json
import sys


def main() -> None:
    import django

    django.setup()
    from datetime import UTC, datetime

    from django.contrib.auth import get_user_model

    from fireside.activity.action import ACTIONS
    from fireside.activity.actor import Actor, house
    from fireside.activity.reading import read_arguments
    from fireside.lib.errors import Refusal

    for line in sys.stdin:
        name, who, words = json.loads(line)
        now = datetime.now(UTC)
        member = get_user_model().objects.get(handle=who) if who else None
        actor = Actor(member, "cli", now) if member else house("cli", now=now)
        arguments = read_arguments(ACTIONS[name], member or actor, words)
        print("ready", flush=True)
        sys.stdin.readline()
        try:
            ACTIONS[name].call(actor, **arguments)
        except Refusal as no:
            print(no.code, flush=True)
        else:
            print("done", flush=True)


if __name__ == "__main__":
    main()
