"""Read a folder of YAML into a project; every mistake at once, each with file, line, column."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from bullseye.definitions import yaml
from bullseye.definitions.base import Definition
from bullseye.definitions.project import KINDS, Project, Settings
from bullseye.errors import DefinitionError, nearest_name

SETTINGS_FILE = "bullseye.yaml"


@dataclass(frozen=True)
class Origin:
    """The file a definition was read from, relative to the workspace, and its text."""

    file: str
    text: str

    def place(self, *path: str | int) -> str:
        """Return ``file:line:column`` of the value at `path`."""
        at = yaml.place_of(self.text, path)
        return f"{self.file}:{at.line}:{at.column}"


@dataclass(frozen=True)
class Loaded:
    """A project with the place every definition was read from."""

    project: Project
    origins: Mapping[tuple[str, str], Origin] = field(default_factory=dict)

    def origin(self, kind: str, name: str) -> Origin:
        """Return where the definition `name` of `kind` stands."""
        return self.origins[kind, name]


def load(folder: Path) -> Loaded:
    """Return every definition in `folder`.

    Raises
    ------
    DefinitionError
        One line per mistake, over all files: ``icps/b2b.yaml:14:5: criteria.0.rule: ...``.
    """
    mistakes: list[str] = []
    origins: dict[tuple[str, str], Origin] = {}
    kinds: dict[str, dict[str, Any]] = {}
    settings = _read(folder, folder / SETTINGS_FILE, Settings, mistakes)
    for kind, model in KINDS.items():
        kinds[kind] = {}
        for path in _files(folder / kind):
            read = _read(folder, path, model, mistakes)
            if read is None:
                continue
            definition, origin = read
            if not isinstance(definition, Definition):
                continue
            if (kind, definition.name) in origins:
                other = origins[kind, definition.name].file
                problem = f"the name {definition.name!r} is taken by {other}"
                mistakes.append(f"{origin.place('name')}: name: {problem}")
                continue
            origins[kind, definition.name] = origin
            kinds[kind][definition.name] = definition
    project = Project(settings=_settings(settings), **kinds)
    loaded = Loaded(project, origins)
    if not mistakes:  # a definition that did not load would be named as missing too
        mistakes.extend(_dangling(loaded))
    if mistakes:
        count = f"{len(mistakes)} mistake{'s' if len(mistakes) > 1 else ''} in the definitions"
        raise DefinitionError(f"{count}:\n" + "\n".join(mistakes), hint="Correct them and retry.")
    return loaded


def _settings(read: tuple[BaseModel, Origin] | None) -> Settings:
    return read[0] if read and isinstance(read[0], Settings) else Settings()


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.glob("*.y*ml") if p.suffix in (".yaml", ".yml"))


def _read(
    folder: Path, path: Path, model: type[BaseModel], mistakes: list[str]
) -> tuple[BaseModel, Origin] | None:
    """Return the checked content of one file, or None after noting its mistakes."""
    file = path.relative_to(folder).as_posix()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        mistakes.append(f"{file}:1:1: not UTF-8 text: save the file as UTF-8")
        return None
    except OSError as error:
        mistakes.append(f"{file}:1:1: cannot be read: {error.strerror}")
        return None
    try:
        content = yaml.read(text)
        if content is None:
            content = {}
        return model.model_validate(content), Origin(file, text)
    except yaml.NotYaml as error:
        mistakes.append(f"{file}:{error.place.line}:{error.place.column}: {error.problem}")
    except ValidationError as error:
        mistakes.extend(f"{file}:{line}" for line in _mistakes(text, error, model))
    return None


def _mistakes(text: str, error: ValidationError, model: type[BaseModel]) -> Iterator[str]:
    """Yield one line per mistake; an empty list is not one when its items are."""
    found = error.errors()
    places = [tuple(each["loc"]) for each in found]
    for each in found:
        path = tuple(each["loc"])
        inside = any(len(other) > len(path) and other[: len(path)] == path for other in places)
        if each["type"] == "too_short" and inside:
            continue
        path += tuple(each.get("ctx", {}).get("path", ()))
        at = yaml.place_of(text, path)
        where = ".".join(map(str, path)) or "file"
        yield f"{at.line}:{at.column}: {where}: {_say(each, model)}"


def _say(each: Any, model: type[BaseModel]) -> str:
    """Return pydantic's message in our words."""
    message = str(each["msg"]).removeprefix("Value error, ")
    match each["type"]:
        case "missing":
            return "is required"
        case "extra_forbidden":
            near = nearest_name(str(each["loc"][-1]), _model_at(model, each["loc"]).model_fields)
            return "is no known entry" + (f"; did you mean {near}?" if near else "")
        case "model_type" | "dict_type":
            return "takes entries written as name: value"
        case "string_pattern_mismatch":
            return f"{each['input']!r} does not have the form {each['ctx']['pattern']}"
        case _:
            return message[:1].lower() + message[1:]


def _model_at(model: type[BaseModel], path: Sequence[str | int]) -> type[BaseModel]:
    """Return the model of the entry that `path` ends in."""
    for step in path[:-1]:
        if isinstance(step, str) and step in model.model_fields:
            model = next(_models_in(model.model_fields[step].annotation), model)
    return model


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


def _dangling(loaded: Loaded) -> Iterator[str]:
    """Yield a line per name that refers to no definition."""
    project = loaded.project
    for icp in project.icps.values():
        origin = loaded.origin("icps", icp.name)
        for at, name in enumerate(icp.signals or ()):
            if name not in project.signals:
                near = _unknown("signal", name, project.signals)
                yield f"{origin.place('signals', at)}: signals.{at}: {near}"
        for key, kind, other in (("tiers", "tiers", icp.tiers), ("market", "markets", icp.market)):
            if other is not None and other not in project.of_kind(kind):
                near = _unknown(kind.removesuffix("s"), other, project.of_kind(kind))
                yield f"{origin.place(key)}: {key}: {near}"
    for policy in project.tiers.values():
        origin = loaded.origin("tiers", policy.name)
        for at, entry in enumerate(policy.tiers):
            for which, name in enumerate(entry.signals):
                if name not in project.signals:
                    near = _unknown("signal", name, project.signals)
                    place = origin.place("tiers", at, "signals", which)
                    yield f"{place}: tiers.{at}.signals.{which}: {near}"


def _unknown(kind: str, name: str, known: Mapping[str, object]) -> str:
    near = nearest_name(name, tuple(known))
    return f"no {kind} is named {name!r}" + (f"; did you mean {near!r}?" if near else "")
