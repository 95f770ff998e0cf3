from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    name = "fireside.site"
    verbose_name = _("Your data")

    def ready(self) -> None:
        from fireside.site import frame, wholes  # noqa: F401  what every page stands in; how a whole community comes in
        from fireside.site.forgetting import panel  # noqa: F401  on members' pages
