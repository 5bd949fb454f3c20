"""Definitions as they are written: comparisons, values and list items with their exact places."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import yaml as pyyaml

from bullseye.definitions import yaml
from bullseye.definitions.rule import Op, RuleMistake, Test, read_rule

Path = tuple[str | int, ...]
Span = tuple[int, int]
SpanOf = Callable[[str, Path], Span | None]


@lru_cache(maxsize=1024)
def content(text: str) -> Any:
    """Return the value a file's text holds; callers must not change it."""
    return yaml.read(text)


def dig(value: Any, path: Path) -> Any:
    """Return what stands at `path` inside `value`, or None."""
    for step in path:
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def tests_at(rule: Mapping[Any, Any], path: Path) -> Iterator[tuple[Test, Path]]:
    """Yield every comparison of a written rule with the path of its operand."""
    for key, value in rule.items():
        here = (*path, str(key))
        if key == "not" and isinstance(value, Mapping):
            yield from tests_at(value, here)
        elif key in ("all", "any") and isinstance(value, list):
            for at, part in enumerate(value):
                yield from tests_at(part, (*here, at))
        elif isinstance(value, Mapping):
            for op, operand in value.items():
                yield from _test(str(key), {str(op): operand}, (*here, str(op)))
        else:
            op = Op.ANY_OF if isinstance(value, list) else Op.IS
            yield from _test(str(key), {str(op): value}, here)


def _test(field: str, comparison: Mapping[str, Any], path: Path) -> Iterator[tuple[Test, Path]]:
    try:
        test = read_rule({field: comparison})
    except RuleMistake:
        return
    if isinstance(test, Test):
        yield test, path


def field_path(path: Path, field: str) -> Path:
    """Return the path of the key that names a comparison's field."""
    return path if path[-1] == field else path[:-1]


def value_span(text: str, path: Path) -> Span | None:
    """Return the characters of the scalar at `path`, or None if there is none."""
    node = _node(text, path)
    return _span(node) if isinstance(node, pyyaml.ScalarNode) else None


def key_span(text: str, path: Path) -> Span | None:
    """Return the characters of the key at `path`, or None if there is none."""
    parent = _node(text, path[:-1])
    if not isinstance(parent, pyyaml.MappingNode):
        return None
    return next((_span(key) for key, _ in parent.value if key.value == str(path[-1])), None)


def item_span(text: str, path: Path) -> Span | None:
    """Return the characters to delete so that a list loses the item at `path`.

    None where that would take more than the item with it: a comment, or another item.
    """
    parent, at = _node(text, path[:-1]), path[-1]
    if not isinstance(parent, pyyaml.SequenceNode) or not isinstance(at, int):
        return None
    if not 0 < at < len(parent.value) or not isinstance(parent.value[at], pyyaml.ScalarNode):
        return None
    start, end = _span(parent.value[at - 1])[1], _span(parent.value[at])[1]
    between = text[start : _span(parent.value[at])[0]]
    if parent.flow_style:
        return (start, end) if "#" not in between else None
    rest = text[end:].partition("\n")[0]
    start = text.rfind("\n", 0, end)
    alone = text[start + 1 : _span(parent.value[at])[0]].strip() == "-"
    return (start, end) if alone and not rest.strip() else None


def scalar(value: str, like: str = "") -> str | None:
    """Return `value` as one YAML scalar, quoted as `like` is; None where that cannot be done."""
    plain = [] if like[:1] in ("'", '"') else [value]
    single = "'" + value.replace("'", "''") + "'"
    quoted = [single, yaml.quoted(value)] if like[:1] == "'" else [yaml.quoted(value), single]
    for text in (*plain, *quoted):
        if "\n" in text:
            continue
        try:
            if yaml.read(f"{{key: [{text}, x]}}") == {"key": [value, "x"]}:
                return text
        except yaml.NotYaml:
            continue
    return None


def _node(text: str, path: Path) -> pyyaml.Node | None:
    node: pyyaml.Node | None = yaml.composed(text)
    for step in path:
        match node:
            case pyyaml.MappingNode():
                node = next((v for k, v in node.value if k.value == str(step)), None)
            case pyyaml.SequenceNode() if isinstance(step, int) and step < len(node.value):
                node = node.value[step]
            case _:
                return None
    return node


def _span(node: pyyaml.Node) -> Span:
    return node.start_mark.index, node.end_mark.index
