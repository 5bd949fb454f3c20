"""YAML as people expect it: only true and false are booleans, and no key appears twice."""

import re
from collections.abc import Hashable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import yaml

_BOOL = "tag:yaml.org,2002:bool"
_INT = "tag:yaml.org,2002:int"
_FLOAT = "tag:yaml.org,2002:float"
_CHANGED = (_BOOL, _INT, _FLOAT)
MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 40


class Place(NamedTuple):
    """A position in a text, both counted from 1."""

    line: int
    column: int


class NotYaml(ValueError):
    """A text cannot be read as YAML; `place` is where it went wrong."""

    def __init__(self, problem: str, place: Place) -> None:
        super().__init__(problem)
        self.problem = problem
        self.place = place


class Loader(yaml.SafeLoader):
    """Reads NO as Norway, 1:30 and 0777 as texts, and refuses a repeated key and aliases."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - the base class's own attribute
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in _CHANGED]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if len(keys) < len(node.value):
            raise yaml.MarkedYAMLError(
                problem="a name stands before each colon, not a list or a mapping",
                problem_mark=node.start_mark,
            )
        for at, key in enumerate(keys):
            if key in keys[:at]:
                raise yaml.MarkedYAMLError(
                    problem=f"{key} appears twice", problem_mark=node.value[at][0].start_mark
                )
        return super().construct_mapping(node, deep)


Loader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|false)$"), list("tf"))
Loader.add_implicit_resolver(_INT, re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789"))
Loader.add_implicit_resolver(
    _FLOAT,
    re.compile(r"^[-+]?(?:0|[1-9][0-9]*)?\.[0-9]+(?:[eE][-+]?[0-9]+)?$"),
    list("-+.0123456789"),
)


def read(text: str) -> Any:
    """Return the value written in `text`, or raise `NotYaml`."""
    try:
        _refuse_bombs(text)
        return yaml.load(text, Loader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
        raise NotYaml(str(error.problem or error.context), place) from None
    except yaml.YAMLError as error:
        raise NotYaml(" ".join(str(error).split())[:200], Place(1, 1)) from None
    except (ValueError, RecursionError) as error:  # impossible dates, absurd nesting
        raise NotYaml(str(error)[:200] or "nested too deeply", Place(1, 1)) from None


def _refuse_bombs(text: str) -> None:
    """Refuse a text that would cost far more to read than it is long."""
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"longer than {MAX_CHARACTERS:,} characters: no definition is")
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise yaml.MarkedYAMLError(
                problem="aliases (*name) are not allowed",
                problem_mark=event.start_mark,  # type: ignore[arg-type]
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise yaml.MarkedYAMLError(
                    problem="nested too deeply",
                    problem_mark=event.start_mark,  # type: ignore[arg-type]
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


@lru_cache(maxsize=1024)
def composed(text: str) -> yaml.Node | None:
    """Return the nodes of a text that `read` accepts, each with its marks; do not change them."""
    node: yaml.Node | None = yaml.compose(text, Loader)
    return node


def quoted(value: str) -> str:
    r"""Return `value` as a double-quoted scalar on one line, whatever it contains.

    >>> quoted('say "no": now')
    '"say \\"no\\": now"'
    """
    return yaml.dump(value, default_style='"', allow_unicode=True, width=10**9).rstrip("\n")


def place_of(text: str, path: Sequence[str | int]) -> Place:
    """Return where the value at `path` stands in `text`, or its nearest parent.

    The place of a mapping's entry is that of its key, which is where a reader looks.
    """
    node = composed(text)
    place = Place(1, 1)
    for step in path:
        found = _entry(node, step)
        if found is None:
            break
        mark, node = found
        place = Place(mark.line + 1, mark.column + 1)
    return place


def _entry(node: yaml.Node | None, step: str | int) -> tuple[yaml.Mark, yaml.Node] | None:
    match node:
        case yaml.MappingNode():
            found = ((k.start_mark, v) for k, v in node.value if k.value == str(step))
            return next(found, None)
        case yaml.SequenceNode() if isinstance(step, int) and step < len(node.value):
            item: yaml.Node = node.value[step]
            return item.start_mark, item
    return None


def write(value: Any) -> str:
    """Return `value` as YAML that `read` reads back, keys in the order given."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


class _Dumper(yaml.SafeDumper):
    """Quotes what older readers would take for a boolean or a number."""

    def ignore_aliases(self, data: Any) -> bool:
        return True  # `read` refuses them

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    """Represent a text; one with an unusual line break survives only in double quotes."""
    style = '"' if any(mark in value for mark in "\x85\u2028\u2029\ufeff") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)
