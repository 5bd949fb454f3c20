"""JSON Schemas of the definitions, for editors that complete entries and mark mistakes."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from bullseye.definitions.project import KINDS, Settings

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> Mapping[str, Mapping[str, Any]]:
    """Return one JSON Schema per kind of definition, and that of the settings, by name.

    They use only what every editor understands: no discriminators and no tuples by position.
    """
    models: dict[str, type[BaseModel]] = {**KINDS, "settings": Settings}
    return {kind: _schema(model) for kind, model in models.items()}


def _schema(model: type[BaseModel]) -> Mapping[str, Any]:
    schema = model.model_json_schema(mode="validation")
    return {"$schema": DIALECT, **_untitled(schema)}


def _untitled(schema: Any) -> Any:
    """Return `schema` without the titles made from names: they hide the descriptions."""
    if isinstance(schema, list):
        return [_untitled(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if not _is_title(key, value)}
    return {key: _untitled(value) for key, value in kept.items()}


def _is_title(key: str, value: Any) -> bool:
    return key == "title" and isinstance(value, str)
