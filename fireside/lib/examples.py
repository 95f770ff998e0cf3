"""A whole example of a JSON schema, put together of the examples that its fields declare."""

from typing import Any

MOMENTS = {"date-time": "2026-03-02T12:00:00Z", "date": "2026-03-02"}


def example_of(schema: dict[str, Any], components: dict[str, Any]) -> Any:
    """What the schema, or its field, declares (`examples=[…]`); else what follows from its type.

    Words and numbers follow from nothing: a field that declares none, and has no default, raises LookupError. Doubtful
    things are absent (null, false): where that would be untrue, the field declares an example.
    """
    if schema.get("examples"):
        return schema["examples"][0]
    if "$ref" in schema:
        return example_of(components[schema["$ref"].rpartition("/")[2]], components)
    if len(schema.get("allOf", ())) == 1:
        return example_of(schema["allOf"][0], components)
    if "default" in schema:
        return schema["default"]
    if "anyOf" in schema:
        return None if {"type": "null"} in schema["anyOf"] else example_of(schema["anyOf"][0], components)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("format") in MOMENTS:
        return MOMENTS[schema["format"]]
    if schema.get("type") == "boolean":
        return False
    if schema.get("type") == "array":
        return [example_of(schema["items"], components)]
    if "properties" in schema:
        return {name: example_of(field, components) for name, field in schema["properties"].items()}
    raise LookupError(f"Say examples=[…] for this field: {schema}")


def show_examples(contents: dict[str, Any], components: dict[str, Any], differs: dict[str, Any] | None = None) -> None:
    """Every content of a request or of an answer gets its `example`, where it has none of its own."""
    for content in contents.values():
        if "example" not in content:
            found = example_of(content["schema"], components)
            content["example"] = found | differs if differs else found
