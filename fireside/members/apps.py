from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "fireside.members"
    verbose_name = _("Your account")

    def ready(self) -> None:
        from fireside.members import sure  # noqa: F401  what the doors ask before a grave act
        from fireside.members.queries import who_may  # noqa: F401  a page under docs/
