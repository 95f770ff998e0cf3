"""The JSON door: one router an app, refusals answered once."""

from ninja import NinjaAPI

api = NinjaAPI(title="Fireside", version="1", urls_namespace="api")
