"""`python -m fireside.insights.bench`: what rows() starts, one process for each question."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fireside.settings")

if __name__ == "__main__":
    import django

    django.setup()
    from fireside.insights.bench.asking import main

    main(*sys.argv[1:])
