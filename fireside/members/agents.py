"""What a browser says of itself, as people call it."""

from django.utils.translation import gettext as _

BROWSERS = [
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"), ("curl", "curl"), ("python", "Python"),
]  # fmt: skip
SYSTEMS = [
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
]  # fmt: skip


def called(agent: str) -> str:
    """WeChat · Android: the first word that fits wins."""
    browser = _("WeChat") if "MicroMessenger" in agent else next((name for word, name in BROWSERS if word in agent), _("A browser"))
    system = next((name for word, name in SYSTEMS if word in agent), "")
    return " · ".join(filter(None, (browser, system)))
