"""Proofs: what was found about a definition or an outcome, kept with its day and its inputs."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, insert, select

from bullseye.errors import UnknownName, UsageError
from bullseye.store import audit, versions
from bullseye.store.db import Store
from bullseye.store.tables import PROOFS


@dataclass(frozen=True, kw_only=True)
class NewProof:
    """A result about to be kept.

    `kind` says what was asked, as in ``backtest``; `subject` names the ICP or outcome it was
    asked of; `as_of` is the day whose knowledge it used; `inputs` are the batches it read;
    `document` is JSON text, the result as a face shows it; `created_at` is in UTC.
    """

    kind: str
    subject: str
    as_of: date
    definitions_hash: str
    inputs: tuple[int, ...]
    document: str
    created_at: datetime
    actor: str


@dataclass(frozen=True, kw_only=True)
class Proof(NewProof):
    """A result in the store; a larger `id` was saved later."""

    id: int


@dataclass(frozen=True, kw_only=True)
class _Trace:
    """What the audit trail keeps of a proof: all but the document, which it seals by its hash."""

    kind: str
    subject: str
    as_of: date
    definitions_hash: str
    inputs: tuple[int, ...]
    document_sha256: str


def save(store: Store, new: NewProof) -> Proof:
    """Keep a result, and return it with its id.

    Raises
    ------
    UsageError
        If kind or subject is blank, or the document is not JSON (which knows no NaN).
    UnknownName
        If its definitions are not in the store; put them there with `versions.put`.
    """
    _check(new)
    with store.write() as connection:
        if not versions.exists(connection, new.definitions_hash):
            raise versions.unknown(connection, new.definitions_hash)
        query = insert(PROOFS).values(asdict(new)).returning(*PROOFS.c)
        proof = _proof(connection.execute(query).one())
        audit.log(
            connection,
            "proof.save",
            f"proof {proof.id}",
            at=new.created_at,
            actor=new.actor,
            after=_trace(proof),
        )
        return proof


def get(store: Store, proof_id: int) -> Proof:
    """Return a proof by its id.

    Raises
    ------
    UnknownName
        If there is no such proof.
    """
    with store.read() as connection:
        row = connection.execute(select(PROOFS).where(PROOFS.c.id == proof_id)).one_or_none()
    if row is None:
        raise UnknownName("proof", str(proof_id), (), hint="List the proofs to see their numbers.")
    return _proof(row)


def newest(store: Store, kind: str, subject: str | None = None) -> Proof | None:
    """Return the proof of a kind, and of a subject if one is named, that was saved last."""
    found = listed(store, kind=kind, subject=subject, limit=1)
    return found[0] if found else None


def listed(
    store: Store,
    *,
    kind: str | None = None,
    subject: str | None = None,
    limit: int | None = None,
) -> tuple[Proof, ...]:
    """Return the proofs, the one saved last first; only those of a kind or subject if given."""
    query: Select[Any] = select(PROOFS).order_by(PROOFS.c.id.desc()).limit(limit)
    if kind is not None:
        query = query.where(PROOFS.c.kind == kind)
    if subject is not None:
        query = query.where(PROOFS.c.subject == subject)
    with store.read() as connection:
        return tuple(_proof(row) for row in connection.execute(query))


def newest_of_each(store: Store, *, up_to: date | None = None) -> tuple[Proof, ...]:
    """Return the proof saved last of every kind and subject; none of a day after `up_to`."""
    last = select(func.max(PROOFS.c.id)).group_by(PROOFS.c.kind, PROOFS.c.subject)
    if up_to is not None:
        last = last.where(PROOFS.c.as_of <= up_to)
    query: Select[Any] = select(PROOFS).where(PROOFS.c.id.in_(last)).order_by(PROOFS.c.id)
    with store.read() as connection:
        return tuple(_proof(row) for row in connection.execute(query))


def _check(new: NewProof) -> None:
    for name in ("kind", "subject"):
        if not getattr(new, name).strip():
            raise UsageError(f"A proof needs its {name}, and it is blank.", hint="Name it.")
    try:
        json.loads(new.document, parse_constant=_refuse)
    except ValueError as error:
        raise UsageError(
            f"The document of a proof is no JSON: {error}.",
            hint="Write numbers that are not known as null.",
        ) from error


def _refuse(constant: str) -> None:
    raise ValueError(f"it holds {constant}")


def _trace(proof: Proof) -> _Trace:
    return _Trace(
        kind=proof.kind,
        subject=proof.subject,
        as_of=proof.as_of,
        definitions_hash=proof.definitions_hash,
        inputs=proof.inputs,
        document_sha256=hashlib.sha256(proof.document.encode()).hexdigest(),
    )


def _proof(row: Row[Any]) -> Proof:
    return Proof(**{**row._asdict(), "inputs": tuple(row.inputs)})
