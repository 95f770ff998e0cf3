"""Static files: collected once under names that carry their hash, compressed beforehand, sent without Django."""

import asyncio
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from whitenoise import WhiteNoise
from whitenoise.storage import CompressedManifestStaticFilesStorage

SKIP = ["CVS", ".*", "*~"]


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Hashed names where files have been collected; plain names in a checkout where nobody has (tests, one command)."""

    manifest_strict = False

    def file_hash(self, name: str, content: Any = None) -> str:
        """Eight signs are enough to tell a file from what it was before, and stand a hundred times in a page of icons."""
        return str(super().file_hash(name, content) or "")[:8]

    def stored_name(self, name: str) -> str:
        return str(self.hashed_files.get(self.hash_key(name), name))


def _sources() -> list[tuple[str, Any]]:
    found: dict[str, Any] = {}
    for finder in get_finders():
        for path, storage in finder.list(SKIP):
            found.setdefault(path, storage)
    return sorted(found.items())


def collect() -> int:
    """Copy what has changed, hash and compress it. Returns how many files were looked after; 0 when all was in place."""
    sources = _sources()
    state = hashlib.sha256()
    for path, storage in sources:
        stat = Path(storage.path(path)).stat()
        state.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".collected"
    if stamp.exists() and stamp.read_text() == state.hexdigest() and (root / HashedStorage.manifest_name).exists():
        return 0
    root.mkdir(parents=True, exist_ok=True)
    target = HashedStorage(location=str(root))
    paths: dict[str, tuple[Any, str]] = {}
    for path, storage in sources:
        if target.exists(path):
            target.delete(path)
        with storage.open(path) as file:
            target.save(path, file)
        paths[path] = (target, path)
    for _name, _hashed, processed in target.post_process(paths, dry_run=False):
        if isinstance(processed, Exception):
            raise processed
    stamp.write_text(state.hexdigest())
    return len(sources)


class Statics:
    """WhiteNoise without its middleware: a look into a dict on the loop, the file sent by the server."""

    def __init__(self) -> None:
        self.files: Any = None
        self.pool: ThreadPoolExecutor | None = None

    def _open(self) -> Any:
        root = Path(settings.STATIC_ROOT)
        collected = (root / HashedStorage.manifest_name).exists()
        hashed = set()
        if collected:
            hashed = {
                f"{settings.STATIC_URL}{name}" for name in json.loads((root / HashedStorage.manifest_name).read_text())["paths"].values()
            }
        files = WhiteNoise(None, max_age=60, immutable_file_test=lambda path, url: url in hashed, allow_all_origins=False)
        if collected:
            files.add_files(str(root), prefix=settings.STATIC_URL)
        else:
            for folder in {Path(storage.path(path)).as_posix().removesuffix(path) for path, storage in _sources()}:
                files.add_files(folder, prefix=settings.STATIC_URL)
        return files

    async def answer(self, scope: dict[str, Any], send: Any) -> bool:
        """True when it was one of ours. What is not here goes on to Django for a page that says so."""
        if self.files is None:
            self.files = self._open()
            self.pool = ThreadPoolExecutor(2, "static")
        static = self.files.files.get(scope["path"])
        if static is None or scope["method"] not in {"GET", "HEAD"}:
            return False
        asked = {"HTTP_" + name.decode("latin-1").upper().replace("-", "_"): value.decode("latin-1") for name, value in scope["headers"]}
        response = static.get_response(scope["method"], asked)
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
        headers.append((b"x-content-type-options", b"nosniff"))
        await send({"type": "http.response.start", "status": int(response.status), "headers": headers})
        if response.file is None:
            await send({"type": "http.response.body", "body": b""})
        elif int(response.status) == 200 and "http.response.pathsend" in (scope.get("extensions") or {}):
            path = response.file.name
            response.file.close()
            await send({"type": "http.response.pathsend", "path": str(path)})
        else:
            loop = asyncio.get_running_loop()
            while part := await loop.run_in_executor(self.pool, response.file.read, 65536):
                await send({"type": "http.response.body", "body": part, "more_body": True})
            response.file.close()
            await send({"type": "http.response.body", "body": b""})
        return True
