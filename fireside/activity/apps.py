from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ActivityConfig(AppConfig):
    name = "fireside.activity"

    def ready(self) -> None:
        """What each app declares is known as soon as the house stands."""
        autodiscover_modules("holds", "kinds", "queries", "actions", "reactions", "sweeps", "jobs", "channels", "clocks", "retention")
