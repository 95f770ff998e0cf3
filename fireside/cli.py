"""The `fireside` command: Django's own command line with this house's settings."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fireside.settings")
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except Exception as wrong:
        from fireside.serving.opening import what_to_mend

        words = None if "--traceback" in sys.argv else what_to_mend(wrong)
        if words is None:
            raise
        sys.exit(words)


if __name__ == "__main__":
    main()
