"""The semantic difference of two projects: what changes who is chosen, in words.

Names, order, owners, dates and sentences do not change who is chosen: renaming a criterion or
moving it gives no difference. What is left is compared as a *meaning*: a plain mapping from
places to values; the difference applied to the old meaning gives the new one.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bullseye.definitions.icp import Clause, Icp, Mode
from bullseye.definitions.outcome import Outcome
from bullseye.definitions.project import Project
from bullseye.definitions.rule import AllOf, AnyOf, Not, Rule, Test, read_rule, write_rule
from bullseye.definitions.signal import Signal
from bullseye.definitions.tier import TierPolicy

Place = tuple[str, ...]
"""Where a meaning stands: kind, name of the definition, and what of it."""

Meaning = Mapping[Place, Any]
"""Everything that decides who is chosen; values are JSON values."""

_Content = Callable[[Any, Mapping[Place, str]], Any]


@dataclass(frozen=True)
class Difference:
    """One change of meaning; `before` is None for what is new, `after` for what is gone."""

    place: Place
    before: Any
    after: Any

    @property
    def sentence(self) -> str:
        """The change in words."""
        return _sentence(self)

    @property
    def icp(self) -> str | None:
        """The ICP it belongs to; None if it concerns all of them."""
        return self.place[1] if self.place[0] == "icp" else None


def difference(old: Project, new: Project) -> tuple[Difference, ...]:
    """Return what changes who is chosen between two projects, in order of place.

    An ICP, signal, policy or exclusion that only got another name is the same one.

    >>> difference(Project(), Project())
    ()
    """
    renamed = _renamed(old, new)
    before, after = meaning(old, renamed), meaning(new)
    places = sorted(before.keys() | after.keys())
    return tuple(
        Difference(place, before.get(place), after.get(place))
        for place in places
        if before.get(place) != after.get(place)
    )


def applied(differences: tuple[Difference, ...], old: Meaning) -> Meaning:
    """Return the meaning that `differences` make of `old`."""
    whole = dict(old)
    for each in differences:
        if each.after is None:
            whole.pop(each.place, None)
        else:
            whole[each.place] = each.after
    return whole


def meaning(project: Project, renamed: Mapping[Place, str] | None = None) -> Meaning:
    """Return what of `project` decides who is chosen.

    `renamed` gives (kind, name) another name, as the newer project has it.
    """
    names = renamed or {}
    found: dict[Place, Any] = {}
    for name, icp in project.icps.items():
        found.update(_icp_meaning(names.get(("icp", name), name), icp, names))
    for name, exclusion in project.exclusions.items():
        label = names.get(("exclusion", name), name)
        clause = exclusion.clause
        found["exclusion", label] = _clause_meaning(clause)
    for name, signal in project.signals.items():
        found["signal", names.get(("signal", name), name)] = _signal_meaning(signal)
    for name, policy in project.tiers.items():
        found.update(_policy_meaning(names.get(("tiers", name), name), policy, names))
    for name, outcome in project.outcomes.items():
        found["outcome", names.get(("outcome", name), name)] = _outcome_meaning(outcome)
    return found


def _icp_meaning(name: str, icp: Icp, names: Mapping[Place, str]) -> Iterator[tuple[Place, Any]]:
    yield ("icp", name, "exists"), True
    for key, clauses in _grouped(icp.criteria).items():
        yield ("icp", name, "criterion", key), clauses
    if icp.signals is not None:
        listed = sorted(names.get(("signal", s), s) for s in set(icp.signals))
        yield ("icp", name, "signals"), listed
    yield ("icp", name, "tiers"), names.get(("tiers", icp.tiers), icp.tiers)
    yield ("icp", name, "min_coverage"), icp.min_coverage
    if icp.hierarchy.signals_from_subsidiaries:
        yield ("icp", name, "signals_from_subsidiaries"), True
    if icp.hierarchy.inherit:
        yield ("icp", name, "inherit"), sorted(icp.hierarchy.inherit)


def _grouped(clauses: tuple[Clause, ...]) -> dict[str, Any]:
    """Return criteria by what they ask; the same question asked twice counts twice.

    The key is the rule in one form; so a criterion that only changes its points is one
    change, and a criterion whose rule changes is one gone and one new.
    """
    found: dict[str, list[Any]] = {}
    for clause in clauses:
        key = f"{clause.mode}: {json.dumps(write_rule(normal(clause.rule)), sort_keys=True)}"
        found.setdefault(key, []).append([clause.points, clause.holds_when_unknown])
    return {key: sorted(values) for key, values in found.items()}


def _clause_meaning(clause: Clause) -> Any:
    return {"rule": write_rule(normal(clause.rule)), "hold": clause.holds_when_unknown}


def _signal_meaning(signal: Signal) -> Any:
    kept = {"event", "subject", "change", "window", "half_life", "points"}
    return signal.model_dump(mode="json", include=kept, exclude_none=True)


def _outcome_meaning(outcome: Outcome) -> Any:
    kept = {"won", "churned", "event", "change", "within", "good"}
    written = outcome.model_dump(mode="json", include=kept, exclude_none=True)
    for part in ("rule", "among"):
        rule = getattr(outcome, part)
        if rule is not None:
            written[part] = write_rule(normal(rule))
    return written


def _policy_meaning(
    name: str, policy: TierPolicy, names: Mapping[Place, str]
) -> Iterator[tuple[Place, Any]]:
    for entry in policy.tiers:
        written = entry.model_dump(mode="json", exclude={"tier"})
        written["signals"] = sorted(names.get(("signal", s), s) for s in set(entry.signals))
        yield ("tiers", name, str(entry.tier)), written
    yield ("tiers", name, "hysteresis"), policy.hysteresis.model_dump(mode="json")


def normal(rule: Rule) -> Rule:
    """Return `rule` in one form: nested alls and anys flat, parts and values in order.

    >>> one = read_rule({"country": ["DE", "AT"], "employees": {"over": 50}})
    >>> other = read_rule({"all": [{"employees": {"over": 50}}, {"country": ["AT", "DE"]}]})
    >>> normal(one) == normal(other)
    True
    """
    match rule:
        case Test(field, op, values):
            if op in ("any_of", "all_of", "none_of", "contains"):
                values = tuple(sorted(values, key=lambda v: (type(v).__name__, str(v))))
            if op == "any_of" and len(values) == 1:
                return Test(field, type(op)("is"), values)
            return Test(field, op, values)
        case Not(part):
            inner = normal(part)
            return inner.part if isinstance(inner, Not) else Not(inner)
        case AllOf(parts):
            flat = _flat(AllOf, parts)
            return flat[0] if len(flat) == 1 else AllOf(flat)
        case AnyOf(parts):
            flat = _flat(AnyOf, parts)
            return flat[0] if len(flat) == 1 else AnyOf(flat)


def _flat(kind: type[AllOf] | type[AnyOf], parts: tuple[Rule, ...]) -> tuple[Rule, ...]:
    found: list[Rule] = []
    for part in map(normal, parts):
        found += part.parts if isinstance(part, kind) else (part,)
    return tuple(sorted(dict.fromkeys(found), key=repr))


def _renamed(old: Project, new: Project) -> dict[Place, str]:
    """Return, for each old definition that only got another name, the new one."""
    renamed: dict[Place, str] = {}
    kinds: tuple[tuple[str, Mapping[str, Any], Mapping[str, Any], _Content], ...] = (
        ("signal", old.signals, new.signals, lambda s, _: _signal_meaning(s)),
        ("exclusion", old.exclusions, new.exclusions, lambda e, _: _clause_meaning(e.clause)),
        ("tiers", old.tiers, new.tiers, lambda p, names: dict(_policy_meaning("", p, names))),
        ("outcome", old.outcomes, new.outcomes, lambda o, _: _outcome_meaning(o)),
        ("icp", old.icps, new.icps, lambda i, names: dict(_icp_meaning("", i, names))),
    )
    for kind, before, after, content in kinds:
        fresh = {name: content(each, {}) for name, each in after.items() if name not in before}
        for name, each in before.items():
            if name in after:
                continue
            own = content(each, renamed)
            twin = next((other for other, its in fresh.items() if its == own), None)
            if twin is not None:
                renamed[kind, name] = twin
                del fresh[twin]
    return renamed


# -- words ---------------------------------------------------------------------------------


def _sentence(change: Difference) -> str:
    match change.place:
        case ("icp", name, "exists"):
            return f"ICP {name} is {'new' if change.after else 'gone'}"
        case ("icp", name, "criterion", key):
            return f"ICP {name}: {_criterion(key, change)}"
        case ("icp", name, what):
            return f"ICP {name}: {what.replace('_', ' ')} {_change(change)}"
        case ("exclusion", name):
            return f"exclusion {name} {_thing(change, _rule_of)}"
        case ("signal", name):
            return f"signal {name} {_thing(change, _signal_words)}"
        case ("outcome", name):
            return f"outcome {name} {_thing(change, _outcome_words)}"
        case ("tiers", name, what):
            return f"tiers {name}, {what}: {_thing(change, _entry_words)}"
        case _:
            return f"{' '.join(change.place)} {_change(change)}"


def _criterion(key: str, change: Difference) -> str:
    mode, _, written = key.partition(": ")
    rule = str(read_rule(json.loads(written)))
    if change.before is None:
        return f"now {_asks(mode, rule, change.after)}"
    if change.after is None:
        return f"no longer {_asks(mode, rule, change.before)}"
    before, after = _points(change.before), _points(change.after)
    if before != after:
        return f"{rule} counts {after} points instead of {before}"
    return f"{rule}: unknown now {'holds' if change.after[0][1] else 'admits'}"


def _asks(mode: str, rule: str, values: Any) -> str:
    words = {Mode.REQUIRE: "requires", Mode.EXCLUDE: "excludes", Mode.SCORE: "scores"}
    points = f" with {_points(values)} points" if mode == Mode.SCORE else ""
    return f"{words[Mode(mode)]} {rule}{points}"


def _points(values: Any) -> int:
    return sum(points for points, _ in values)


def _change(change: Difference) -> str:
    return f"{_plain(change.before)} -> {_plain(change.after)}"


def _thing(change: Difference, words: Any) -> str:
    if change.before is None:
        return f"is new: {words(change.after)}"
    if change.after is None:
        return f"is gone: {words(change.before)}"
    return f"{words(change.before)} -> {words(change.after)}"


def _rule_of(value: Any) -> str:
    return str(read_rule(value["rule"])) + (" (unknown holds)" if value["hold"] else "")


def _signal_words(value: Any) -> str:
    origin = value.get("event") or "change of " + value["change"]["field"]
    return (
        f"{origin}, {value['points']} points, half-life {value['half_life']} days,"
        f" window {value['window']} days"
    )


def _outcome_words(value: Any) -> str:
    governed = {"name": "x", "owner": "x", "review_by": "9999-12-31", "review_when": ["x"]}
    return Outcome.model_validate({**governed, **value}).sentence


def _entry_words(value: Any) -> str:
    said = [f"{k.replace('_', ' ')} {_plain(v)}" for k, v in value.items() if v]
    return ", ".join(said) or "nothing asked"


def _plain(value: Any) -> str:
    if value is None:
        return "not set"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
