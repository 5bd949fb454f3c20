"""Keep what was found in the store, with its day, its definitions and its inputs."""

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

import numpy as np
from pydantic import BaseModel

from bullseye.store import proofs, versions
from bullseye.store.proofs import NewProof, Proof
from bullseye.workspace import Workspace


def keep(
    workspace: Workspace, kind: str, subject: str, as_of: date, found: object, **words: object
) -> Proof:
    """Save a result as a proof of this kind about this subject, and return it.

    `words` are kept beside its fields: what a reader is told, such as the answer as a sentence.
    """
    digest = versions.put(
        workspace.store, workspace.project.canonical(), at=workspace.now(), actor=workspace.actor
    )
    inputs = tuple(batch.number for batch in workspace.batches(up_to=as_of))
    document = json.dumps(_worded(found, words), ensure_ascii=False, allow_nan=False)
    new = NewProof(
        kind=kind,
        subject=subject,
        as_of=as_of,
        definitions_hash=digest,
        inputs=inputs,
        document=document,
        created_at=workspace.now(),
        actor=workspace.actor,
    )
    return proofs.save(workspace.store, new)


def _worded(found: object, words: Mapping[str, object]) -> Any:
    return {**_plain(words), **_plain(found)} if words else _plain(found)


def _plain(value: Any) -> Any:
    """Return `value` in the types JSON has; numbers that are none become null."""
    match value:
        case Enum():
            return value.value
        case bool() | int() | str() | None:
            return value
        case float():
            return value if math.isfinite(value) else None
        case date():
            return value.isoformat()
        case np.generic() | np.ndarray():
            return _plain(value.tolist())
        case BaseModel():
            return value.model_dump(mode="json", exclude_none=True)
        case Mapping():
            return {str(key): _plain(each) for key, each in value.items()}
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if hasattr(value, "_asdict"):
        return {name: _plain(each) for name, each in value._asdict().items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return str(value)
