"""The dictionary of a data set as machines read it: Frictionless Data Package, and Croissant."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from anonkit_report.release.about import About
from anonkit_report.release.contents import content_of
from anonkit_report.release.folder import Folder

__all__ = ["croissant", "frictionless"]

_INTEGER = re.compile(r"u?int(8|16|32|64)\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_FLOAT = re.compile(r"(half|float|double|decimal\d*)")
_CONTEXT: Mapping[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "equivalentProperty": "cr:equivalentProperty",
    "samplingRate": "cr:samplingRate",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def frictionless(folder: Folder, about: About) -> dict[str, Any]:
    """Return the Data Package of a release: a resource for each parquet file, and one for each other output."""
    given = {
        "title": about.title,
        "description": about.description,
        "homepage": about.url,
        "created": _moment(about.published),
    }
    package: dict[str, Any] = {"name": "anonkit-release", **{key: text for key, text in given.items() if text}}
    if about.licence:
        package["licenses"] = [{"path" if "://" in about.licence else "name": about.licence}]
    if about.creator:
        package["contributors"] = [{"title": about.creator, "role": "author"}]
    data = {output["name"] for output in folder.data_files}
    package["resources"] = [_resource(output, folder if output["name"] in data else None) for output in folder.outputs]
    return package


def croissant(folder: Folder, about: About) -> dict[str, Any]:
    """Return the Croissant description of a release: a record set for each parquet file."""
    given = {
        "license": about.licence,
        "citeAs": about.cite,
        "url": about.url,
        "datePublished": about.published,
    }
    creator = {"creator": {"@type": "sc:Organization", "name": about.creator}} if about.creator else {}
    return {
        "@context": dict(_CONTEXT),
        "@type": "sc:Dataset",
        "name": about.title,
        "description": about.description,
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "version": "1.0.0",
        **creator,
        **{key: text for key, text in given.items() if text},
        "distribution": [_file_object(output) for output in folder.outputs],
        "recordSet": [_record_set(output["name"], folder.columns) for output in folder.data_files],
    }


def _resource(output: Mapping[str, Any], folder: Folder | None) -> dict[str, Any]:
    name = output["name"]
    resource = {
        "name": re.sub(r"[^a-z0-9._-]", "-", name.lower()),
        "path": name,
        "bytes": output["size"],
        "hash": f"sha256:{output['sha256']}",
        "format": name.rpartition(".")[2],
        "description": _content(output),
    }
    # Of parquet the validator counts neither bytes nor a hash; SHA256SUMS has its digest.
    if name.endswith(".parquet"):
        resource = {key: value for key, value in resource.items() if key not in ("bytes", "hash")}
    if folder is None:
        return resource
    fields = [
        {"name": column["name"], "type": _table_type(column["type"]), "description": _described(column)}
        for column in folder.columns
    ]
    return {**resource, "type": "table", "mediatype": "application/vnd.apache.parquet", "schema": {"fields": fields}}


def _file_object(output: Mapping[str, Any]) -> dict[str, Any]:
    kinds = {"parquet": "application/x-parquet", "json": "application/json", "html": "text/html"}
    name = output["name"]
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "description": _content(output),
        "contentUrl": name,
        "contentSize": f"{output['size']} B",
        "encodingFormat": kinds.get(name.rpartition(".")[2], "text/plain"),
        "sha256": output["sha256"],
    }


def _record_set(file: str, columns: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    stem = file.removesuffix(".parquet")
    return {
        "@type": "cr:RecordSet",
        "@id": stem,
        "name": stem,
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{stem}/{column['name']}",
                "name": column["name"],
                "description": _described(column),
                "dataType": _schema_type(column["type"]),
                "source": {"fileObject": {"@id": file}, "extract": {"column": column["name"]}},
            }
            for column in columns
        ],
    }


def _content(output: Mapping[str, Any]) -> str:
    content = content_of(output)
    return ". ".join((content.summary, *(f"{key}: {meaning}" for key, meaning in content.keys.items())))


def _moment(date: str) -> str:
    """Return a date as the begin of its day; a text with a time stays as it is."""
    return f"{date}T00:00:00Z" if _DATE.match(date) else date


def _described(column: Mapping[str, Any]) -> str:
    unit = f" ({column['unit']})" if column["unit"] else ""
    return f"{column['meaning'] or column['name']}{unit}; {', '.join(column['done'])}"


def _table_type(kind: str) -> str:
    """Return a type of Table Schema; of integers number, as the validator reads a column with nulls as such."""
    if _INTEGER.match(kind) or _FLOAT.match(kind):
        return "number"
    if kind.startswith("timestamp"):
        return "datetime"
    starts = {
        "string": "string",
        "bool": "boolean",
        "date": "date",
        "list": "array",
        "struct": "object",
        "map": "object",
    }
    return next((meant for start, meant in starts.items() if kind.startswith(start)), "any")


def _schema_type(kind: str) -> str:
    """Return a type of schema.org."""
    if _INTEGER.match(kind):
        return "sc:Integer"
    types = {"number": "sc:Float", "boolean": "sc:Boolean", "date": "sc:Date"}
    return {**types, "datetime": "sc:DateTime"}.get(_table_type(kind), "sc:Text")
