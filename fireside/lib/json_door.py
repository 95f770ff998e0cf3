"""The JSON door's frame: its document with an example of everything, and what every address refuses before anything is done."""

from functools import lru_cache, wraps
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from fireside.lib.answers import PROBLEMS, Problem, say_no
from fireside.lib.examples import show_examples
from fireside.lib.text import all_storable


class Storable(Parser):
    """What is sent, without signs that nothing can store."""

    def parse_body(self, request: HttpRequest) -> Any:
        return all_storable(super().parse_body(request))

    def parse_querydict(self, *given: Any) -> Any:
        return all_storable(super().parse_querydict(*given))


class House(NinjaAPI):
    """NinjaAPI whose document shows, for every operation, what to send, what comes back, and each way to say no, with an example of each."""

    def _get_urls(self) -> list[Any]:
        found = super()._get_urls()
        for one in found:
            one.callback = only_its_methods(one.callback)
        return found

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None) -> OpenAPISchema:
        """Made once for each language, which takes a second: what it tells of is settled when the house is read."""
        root = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        return _document(self, root, get_language() or "")

    def make_document(self, root: str) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=root)
        components = schema["components"].setdefault("schemas", {})
        shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        components.update(shape.pop("$defs", {}))
        components["Problem"] = shape
        for path, methods in schema["paths"].items():
            for method, operation in methods.items():
                shown = operation.pop("x-shows", {})
                for part in operation["responses"].values():
                    show_examples(part.get("content", {}), components, shown)
                show_examples(operation.get("requestBody", {}).get("content", {}), components)
                for status in _possible(path, method, operation):
                    says, example = PROBLEMS[status]
                    body = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
                    operation["responses"][status] = {"description": says, "content": {"application/json": body}} | HEADERS.get(status, {})
                operation["security"] = [{"Bearer": []}, {"Session": []}, *([{}] if method == "get" else [])]
        return schema


@lru_cache(maxsize=8)
def _document(api: House, root: str, language: str) -> OpenAPISchema:
    return api.make_document(root)


def _possible(path: str, method: str, operation: dict[str, Any]) -> list[int]:
    """Which refusals an operation may answer with."""
    sent = "requestBody" in operation
    asked = dict.fromkeys((401, 403, 404, 405, 409, 422, 429, 500), True) | {400: method != "get" and sent, 413: sent}
    return sorted({status for status, wanted in asked.items() if wanted} | {s for s in operation["responses"] if s in PROBLEMS})


HEADERS: dict[int, dict[str, Any]] = {
    405: {
        "headers": {"Allow": {"description": "The methods that the address takes.", "schema": {"type": "string"}, "example": "DELETE, PUT"}}
    },
    429: {"headers": {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}, "example": 30}}},
}


def only_its_methods(view: Any) -> Any:
    """Round every address: asked with a method that it does not take, it says so in the form of every refusal."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **values: Any) -> Any:
        answer = view(request, *args, **values)
        if answer.status_code != 405:
            return answer
        known = ", ".join(sorted(method.strip() for method in answer["Allow"].split(",")))
        words = _("This address does not take %(method)s. It takes: %(known)s.") % {"method": request.method, "known": known}
        refusal = say_no(405, "wrong_method", words)
        refusal["Allow"] = known
        return refusal

    return asked


def only_known(run: Any) -> Any:
    """Round every operation (`add_decorator`, mode "view": `run` is the operation's own): a query parameter it does not know is refused.

    Looked at after the rights and the known parameters, and before anything is done.
    """
    operation, view = run.__self__, run.__self__.view_func
    known = sorted({name for model in operation.models if model.__ninja_param_source__ == "query" for name in model.__ninja_flatten_map__})

    @wraps(view)
    def looked_at(request: HttpRequest, *args: Any, **values: Any) -> Any:
        if unknown := sorted(set(request.GET) - set(known)):
            ctx = {"known": ", ".join(known)}
            raise ValidationError([{"type": "unknown_parameter", "loc": ("query", name), "ctx": ctx} for name in unknown[:20]])
        return view(request, *args, **values)

    operation.view_func = looked_at
    return run
