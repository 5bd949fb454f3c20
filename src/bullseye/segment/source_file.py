"""A source as the YAML file a person reads: written once, then only corrected where it changed."""

from typing import Any

from pydantic import ValidationError
from yaml import CollectionNode, MappingNode, Node

from bullseye.definitions import yaml
from bullseye.definitions.source import Source

_HEAD = (
    "# yaml-language-server: $schema=../schemas/sources.schema.json\n"
    "# Which column of the file fills which of our fields. Proposed by the first import:\n"
    "# correct it where it is wrong, then import again.\n"
)


def source_text(source: Source, before: str | None = None) -> str:
    """Return the text of a source's file.

    Parameters
    ----------
    source
        What the file is to say.
    before
        What it said so far: its comments and all that did not change stay as they are.
    """
    if before is not None:
        edited = _edited(before, source)
        if _says(edited, source):
            return edited
    return _HEAD + yaml.write(_written(source))


def _says(text: str, source: Source) -> bool:
    try:
        return Source.model_validate(yaml.read(text)) == source
    except (yaml.NotYaml, ValidationError):
        return False


def _written(source: Source) -> dict[str, Any]:
    """Return a source as plain values; a column without details is only its name."""
    written = source.model_dump(mode="json", exclude_defaults=True)
    written["columns"] = {
        name: column.column
        if not (rest := column.model_dump(mode="json", exclude_none=True, exclude={"column"}))
        else {"column": column.column, **rest}
        for name, column in source.columns.items()
    }
    return written


def _edited(text: str, source: Source) -> str:
    """Return `text` with the keys rewritten that say something else than `source`."""
    root = yaml.composed(text)
    if not isinstance(root, MappingNode):
        return text
    wanted = _written(source)
    said = _written(Source.model_validate(yaml.read(text)))
    spans = {key.value: (key.start_mark.index, _end(value)) for key, value in root.value}
    added = [name for name in wanted if name not in spans]
    for name in sorted(spans, key=lambda each: -spans[each][0]):
        if wanted.get(name) != said.get(name):
            start, end = spans[name]
            new = yaml.write({name: wanted[name]}).rstrip("\n") if name in wanted else ""
            text = text[:start] + new + text[end:]
    if added:
        text = text.rstrip("\n") + "\n" + yaml.write({name: wanted[name] for name in added})
    return text


def _end(node: Node) -> int:
    """Return where the last word of a node ends; what follows it are comments and blanks."""
    if isinstance(node, CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(node, MappingNode) else last)
    return int(node.end_mark.index)
