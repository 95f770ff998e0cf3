"""One racer, a process of its own. A line of JSON says what to do; it gets ready, waits for the word, acts, says how it ended."""

import json
import sys


def main() -> None:
    import django

    django.setup()
    from datetime import UTC, datetime

    from django.contrib.auth import get_user_model

    from fireside.activity.action import ACTIONS
    from fireside.activity.actor import Actor
    from fireside.activity.reading import read_arguments
    from fireside.lib.errors import Refusal

    for line in sys.stdin:
        name, who, words = json.loads(line)
        now = datetime.now(UTC)
        member = get_user_model().objects.get(handle=who)
        arguments = read_arguments(ACTIONS[name], member, words)
        print("ready", flush=True)
        sys.stdin.readline()
        try:
            ACTIONS[name].call(Actor(member, "cli", now), **arguments)
        except Refusal as no:
            print(no.code, flush=True)
        else:
            print("done", flush=True)


if __name__ == "__main__":
    main()
