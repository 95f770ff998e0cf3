"""The house as an app on a phone or a desk: its manifest, its icons, its worker, and the page that stands where there is no connection."""

import functools
import hashlib
import json
from pathlib import Path
from xml.etree import ElementTree

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.finders import get_finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fireside.lib.errors import NotFound
from fireside.lib.pages import fragment
from fireside.members.queries import spoken, the_community
from fireside.site.middleware.reader import language_of
from fireside.site.views.refused import BareFrame

GROUND, EMBER = "#F6F4F1", "#CB470E"  # tokens.css
SIZES = (180, 192, 512)
LEFT_OUT = ("vendor/echarts.js", "worker.js", "notifications/sw.js")  # large and only on pages of numbers; the worker itself
PARTS = ("notifications/sw.js", "worker.js")


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """In the language of whoever asks; browsers ask without saying who it is."""
    community = the_community()
    name = community.name if community else "Fireside"
    icons = [
        {"src": f"/app/icon-{size}{kind}.png", "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in (192, 512)
        for kind, purpose in (("", "any"), ("-maskable", "maskable"))
    ]
    ways = [
        (_("Write a new topic"), "/start"), (_("What is new"), "/talk?show=new"), (_("Notices"), "/notices"), (_("Search"), "/search"),
    ]  # fmt: skip
    answer = JsonResponse(
        {
            "id": "/", "name": name, "short_name": name if len(name) <= 12 else name[:11] + "…", "start_url": "/", "scope": "/",
            "description": community.purpose[:300] if community else "", "lang": "zh-CN" if language_of(request).startswith("zh") else "en",
            "dir": "auto", "display": "standalone", "background_color": GROUND, "theme_color": GROUND, "icons": icons,
            "shortcuts": [
                {"name": words, "url": where, "icons": [{"src": "/app/icon-192.png", "sizes": "192x192", "type": "image/png"}]}
                for words, where in ways
            ],
            "share_target": {
                "action": "/share", "method": "POST", "enctype": "multipart/form-data",
                "params": {
                    "title": "title", "text": "text", "url": "url",
                    "files": [{"name": "files", "accept": ["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"]}],
                },
            },
        },
        json_dumps_params={"ensure_ascii": False},
        content_type="application/manifest+json; charset=utf-8",
    )  # fmt: skip
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def icon(request: HttpRequest, size: int, kind: str = "") -> HttpResponse:
    if size not in SIZES or kind not in {"", "maskable"}:
        raise NotFound()
    answer = HttpResponse(drawn(size, bool(kind)), content_type="image/png")
    answer["Cache-Control"] = "public, max-age=86400"
    return answer


@functools.lru_cache(maxsize=8)
def drawn(size: int, maskable: bool) -> bytes:
    """The mark of the house (static/mark.svg: circles) as a PNG; maskable: on a whole ground, inside the circle that every mask leaves."""
    import io

    from PIL import Image, ImageDraw  # loaded with the first icon

    fine = size * 4
    mark = ElementTree.parse(str(finders.find("mark.svg"))).getroot()  # noqa: S314  our own file
    share = 0.5 if maskable else 0.76
    scale, edge = fine * share / 24, fine * (1 - share) / 2
    picture = Image.new("RGBA", (fine, fine), GROUND if maskable else (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    if not maskable:
        pen.rounded_rectangle((0, 0, fine - 1, fine - 1), radius=fine * 0.22, fill=GROUND)
    for circle in mark.iter("{http://www.w3.org/2000/svg}circle"):
        x, y, r = (float(circle.get(name, "0")) * scale for name in ("cx", "cy", "r"))
        pen.ellipse((edge + x - r, edge + y - r, edge + x + r, edge + y + r), fill=EMBER)
    out = io.BytesIO()
    picture.resize((size, size), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """At the root, because a worker rules what lies below its own address. Asked for anew each time: an old one would stay for a day.
    Its version follows from every file that it keeps and from what the page for no connection says."""
    names, state, hashed = assets()
    community, languages = the_community(), spoken()
    version = hashlib.sha256("\0".join((state, community.name if community else "", *languages)).encode()).hexdigest()[:16]
    given = {
        "VERSION": version, "HASHED": hashed, "ASSETS": list(names), "OFFLINE": {one: f"/offline?language={one}&of={version}" for one in languages},
    }  # fmt: skip
    head = "".join(f"const {name} = {json.dumps(value)}\n" for name, value in given.items())
    return HttpResponse(head + code(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@functools.cache
def code() -> str:
    return "\n".join(Path(finders.find(name) or "").read_text(encoding="utf-8") for name in PARTS)


@functools.cache
def assets() -> tuple[tuple[str, ...], str, bool]:
    """Addresses of the styles and scripts to keep, what they hold as one hash, and whether their names carry it."""
    state, names = hashlib.sha256(code().encode()), []
    for finder in get_finders():
        for path, storage in finder.list([]):
            if path.endswith((".css", ".js", ".svg")) and path not in LEFT_OUT:
                state.update(path.encode() + b"\0" + Path(storage.path(path)).read_bytes())
                names.append((path, static(path)))
    return (
        tuple(sorted({address for _path, address in names})),
        state.hexdigest(),
        any(not address.endswith(path) for path, address in names),
    )


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Nobody's page: the worker keeps it on the device, for whoever sits there."""
    wish = request.GET.get("language", "")
    language = wish if wish in spoken() else language_of(request)
    community = the_community()
    with translation.override(language):
        frame = BareFrame(name=community.name if community else "Fireside", lang=language)
        answer = fragment(request, "site/offline.html", frame=frame)
    answer["Content-Language"] = "zh-CN" if language.startswith("zh") else "en"
    answer["Cache-Control"] = "no-cache"
    return answer
