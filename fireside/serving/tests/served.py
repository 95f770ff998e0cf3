"""Run as a program: the real front on a real Granian, with a small WSGI application behind it that shows what arrives."""

import os
import sys
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fireside.settings")
from fireside.conversation.media.ranges import Part

HERE = Path(os.environ["FIRESIDE_DATA"])
WORDS = b"<p>So it is, and so it was.</p>" * 300


class Parts:
    """A streamed answer that notes how far it came and that it was closed."""

    streaming = True

    def __init__(self, count, size, pause=0.0):
        self.count, self.size, self.pause = count, size, pause

    def __iter__(self):
        for n in range(self.count):
            (HERE / "streamed").write_text(str(n))
            time.sleep(self.pause)
            yield b"x" * self.size

    def close(self):
        (HERE / "closed").write_text("yes")


def toy(environ, start):
    path = environ["PATH_INFO"]
    environ["fireside.route"] = "toy"
    headers = [("Content-Type", "text/plain")]
    if path == "/echo":
        body = environ["wsgi.input"].read()
        start("200 OK", headers)
        return [f"{environ['REQUEST_METHOD']} {len(body)} {hash(body)} {environ.get('CONTENT_LENGTH')}".encode()]
    if path == "/environ":
        start("200 OK", [*headers, ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        keys = sorted(k for k in environ if k.isupper())
        return [f"{k}={environ[k]}\n".encode() for k in keys] + [f"scheme={environ['wsgi.url_scheme']}\n".encode()]
    if path == "/words":
        more = [("ETag", '"x"')] if environ["QUERY_STRING"] == "etag" else [("Vary", "Cookie")]
        start("200 OK", [("Content-Type", "text/html; charset=utf-8"), *more])
        return [WORDS]
    if path == "/unchanged":
        start("304 Not Modified", [("ETag", '"x"')])
        return []
    if path == "/nothing":
        start("204 No Content", [("Content-Length", "0")])
        return []
    if path == "/sleep":
        began = time.monotonic()
        time.sleep(float(environ["QUERY_STRING"] or 0.3))
        start("200 OK", headers)
        return [f"{began} {time.monotonic()}".encode()]
    if path == "/stream":
        count, size, pause = environ["QUERY_STRING"].split(",")
        start("200 OK", headers)
        return Parts(int(count), int(size), float(pause))
    if path == "/file":
        file = open(HERE / "big.bin", "rb")  # noqa: SIM115
        start("200 OK", [*headers, ("Content-Length", str((HERE / "big.bin").stat().st_size))])
        return environ["wsgi.file_wrapper"](file)
    if path == "/part":
        first, last = map(int, environ["QUERY_STRING"].split("-"))
        size = (HERE / "big.bin").stat().st_size
        start(
            "206 Partial Content", [*headers, ("Content-Range", f"bytes {first}-{last}/{size}"), ("Content-Length", str(last - first + 1))]
        )
        return environ["wsgi.file_wrapper"](Part(open(HERE / "big.bin", "rb"), first, last))
    if environ.get("fireside.not_theirs"):
        start("403 Forbidden", headers)
        return [f"not theirs, {len(environ['wsgi.input'].read())} bytes".encode()]
    if path == "/large":
        start("413 Content Too Large", headers)
        return [f"at most {environ.get('fireside.too_large')}".encode()]
    if environ.get("fireside.too_large"):
        start("413 Content Too Large", headers)
        return [b"too large"]
    raise RuntimeError("the application broke")


def app():
    from fireside.serving.front import make

    return make(toy, may_send_much=lambda environ: environ.get("HTTP_X_STRANGER") is None)


if __name__ == "__main__":
    import django

    django.setup()
    from granian.constants import HTTPModes, Interfaces, Loops
    from granian.server import Server

    from fireside.serving.supervise import HTTP1

    Server(
        "fireside.serving.tests.served:app", address="127.0.0.1", port=int(sys.argv[1]), interface=Interfaces.ASGI, loop=Loops.asyncio, http=HTTPModes.http1,
        workers=1, factory=True, backpressure=20000, http1_settings=HTTP1, workers_kill_timeout=3, log_enabled=False,
    ).serve()  # fmt: skip
