"""The JSON Schema of manifests, made of the classes that have a manifest's keys as fields.

`manifest.schema.json` beside this module holds it, for readers of manifests; a test compares the two.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Union, get_args, get_origin

import attrs

from anonkit.output.manifest_entries import ABSENT, FORMAT, Manifest

__all__ = ["manifest_schema"]

_SCALARS: Mapping[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


def manifest_schema() -> dict[str, Any]:
    """Return the schema. A manifest may have more keys than it names: a later version adds some."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Manifest of an output folder of anonkit",
        **_object(Manifest),
    }


def _object(entry: type[Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(entry)
    properties = {field.name: _type(hints[field.name]) for field in attrs.fields(entry)}
    if "format" in properties:
        properties["format"] = {"const": FORMAT}
    required = [field.name for field in attrs.fields(entry) if field.default is not ABSENT]
    return {"type": "object", "properties": properties, "required": required}


def _type(annotation: Any) -> dict[str, Any]:
    origin: Any = get_origin(annotation)
    if origin in (Union, types.UnionType):
        choices = [_type(argument) for argument in get_args(annotation) if get_origin(argument) is not Literal]
        return choices[0] if len(choices) == 1 else {"anyOf": choices}
    if origin is Sequence:
        return {"type": "array", "items": _type(get_args(annotation)[0])}
    if origin is Mapping:
        return {"type": "object", "additionalProperties": _type(get_args(annotation)[1])}
    if attrs.has(annotation):
        return _object(annotation)
    return {"type": _SCALARS[annotation]} if annotation in _SCALARS else {}
