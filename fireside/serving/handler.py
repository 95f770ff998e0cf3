"""Django's handler, which finds the view of an address that was asked for before without trying one pattern after the other."""

from functools import lru_cache

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest
from django.urls import ResolverMatch, get_resolver

MOST = 5000  # addresses that a process remembers


class Handler(WSGIHandler):
    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        found = _view_of(request.path_info)
        request.resolver_match = found
        return found


@lru_cache(maxsize=MOST)
def _view_of(path: str) -> ResolverMatch:
    """Which view it is depends on nothing but the path. Raises Resolver404, which is not remembered."""
    return get_resolver().resolve(path)
