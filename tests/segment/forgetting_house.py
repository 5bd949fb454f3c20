"""A workspace that knows one contact in every place there is, and a search that misses none."""

import json
import shutil
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from bullseye.definitions.evidence import Consent, EvidenceKind, Side, SourceKind
from bullseye.faces.cli.main import code_of
from bullseye.store import evidence, merges, overrides, proofs, research, roles, titles, versions
from bullseye.store.evidence import NewEvidence
from bullseye.store.merges import NewMerge
from bullseye.store.overrides import NewOverride
from bullseye.store.proofs import NewProof
from bullseye.store.research import KeptTurn, NewSource
from bullseye.store.roles import About, NewRoleDecision
from bullseye.store.titles import NewTitleOverride
from bullseye.workspace import Workspace

EMAIL = "zoë.quill@acme.example"
NAME = "Zoë Quillfeather"
ID = "003Q7700017"
TWIN = "003Q7700018"
"""The same human under another id, as a person said by merging the two."""
TRACES = (EMAIL, NAME, "Quillfeather, Zoë", ID, TWIN, "zoe.quill", "+49 30 5550177")

ACCOUNTS = """Id,Name,Website,Industry,Employees
A1,Acme,acme.example,Logistics,120
A2,Beta,beta.example,Software,80
"""
CONTACTS = f"""Contact Id,Account Id,First Name,Last Name,Email,Title,Phone,Created On,Note
C1,A1,Bo,Lind,bo@acme.example,COO,,2024-01-05,reports to {NAME}
{ID},A1,Zoë,Quillfeather,{EMAIL},VP Operations,+49 30 5550177,soon,likes sailing
{TWIN},,Zoë,Quillfeather,zq@acme.example,Ops,,2024-01-05,
C4,A2,Ann,Teq,ann@beta.example,CEO,,2024-02-01,
"""
TOUCHES = f"""Id,Contact Id,Account Id,Date,Channel,Direction,Outcome,Subject
T1,{ID},A1,2026-03-01,Email,outbound,reply,Re: {NAME}
T2,{ID},,2026-03-04,Call,outbound,meeting,your knee
T3,C1,A1,2026-03-05,Email,outbound,,Offer for Zoe Quillfeather
T4,C4,A2,2026-03-06,Email,outbound,reply,Hello
,{ID},A1,2026-03-09,Email,inbound,reply,Question
"""
PARTS = f"""Id,Opportunity Id,Contact Id,Role,Created Date
P1,O1,{ID},Champion,2026-02-01
P2,O1,C1,Economic Buyer,2026-02-02
P3,O2,C4,Champion,2026-02-03
P4,O1,{TWIN},User,2026-02-03
"""
OPPORTUNITIES = f"""Id,Account Id,Opportunity Name,Stage,Amount,Created Date,Close Date
O1,A1,Acme - {NAME},Closed Won,1000,2026-01-10,2026-04-01
O2,A2,Beta,Negotiation,2000,2026-02-10,
"""
SIGNALS = f"""Account Id,Type,Subject,Date,Detail,URL
A1,executive_hire,VP Operations,2026-02-20,"{NAME} joined, write to {EMAIL}",https://news.example/zoe-quillfeather
A2,funding_round,Series B,2026-02-21,Money,https://news.example/beta
"""
FILES = (
    ("accounts", "accounts_2026-04-30.csv", ACCOUNTS),
    ("contacts", "contacts_2026-03-31.csv", CONTACTS),
    ("contacts", "contacts_2026-04-30.csv", CONTACTS.replace("VP Operations", "COO")),
    ("opportunities", "opportunities.csv", OPPORTUNITIES),
    ("opportunity_contacts", "parts.csv", PARTS),
    ("touches", "touches.csv", TOUCHES),
    ("signals", "signals.csv", SIGNALS),
)
DAYS = {"contacts_2026-03-31.csv": "2026-03-31"}
LAST = "2026-04-30"


def build(folder: Path, files: Path) -> None:
    """Fill the workspace in `folder` from files that lie elsewhere, run it, and tell it more."""
    files.mkdir(exist_ok=True)
    for table, name, text in FILES:
        (files / name).write_text(text, encoding="utf-8")
        day = DAYS.get(name, LAST)
        again = ["-w", str(folder), "import", table, str(files / name), "--as-of", day]
        assert code_of([*again, "--json"]) == 0
    undone = files / "touches_undone.csv"
    undone.write_text(TOUCHES.replace("T1", "T9"), encoding="utf-8")
    assert code_of(["-w", str(folder), "import", "touches", str(undone), "--as-of", LAST]) == 0
    workspace = Workspace.open(folder)
    newest = max(batch.number for batch in workspace.batches())
    assert code_of(["-w", str(folder), "imports", str(newest), "--undo"]) == 0
    assert code_of(["-w", str(folder), "run", "--as-of", LAST]) == 0
    with workspace.store:
        tell(workspace)


def tell(workspace: Workspace) -> None:
    """Name the contact in every table of the store that can."""
    at, store = datetime(2026, 5, 1, 9, tzinfo=UTC), workspace.store
    source = NewSource(
        kind=SourceKind.CALL,
        title=f"Call with {NAME}",
        occurred_on=date(2026, 4, 2),
        account_id="A1",
        account_by="given",
        opportunity_id="O1",
        consent=Consent.UNKNOWN,
        format="vtt",
        file_name=f"{NAME}.vtt",
        turn_count=3,
        sha256="5" * 64,
        signature=None,
        imported_at=at,
        actor="rita",
    )
    said = (
        KeptTurn(turn_index=0, speaker="Rita", side=Side.US, text=f"Hello {NAME}, how are you?"),
        KeptTurn(
            turn_index=1,
            speaker=NAME,
            side=Side.CUSTOMER,
            text="Onboarding takes us nine weeks, and my knee hurts.",
            contact_id=ID,
            email=EMAIL,
        ),
        KeptTurn(
            turn_index=2, speaker="Bo", side=Side.CUSTOMER, text=f"As {NAME} said, nine weeks."
        ),
    )
    kept = research.add(store, source, said).source
    quotes = [
        NewEvidence(
            source_id=kept.id,
            turn_index=index,
            kind=EvidenceKind.PAIN,
            char_start=0,
            char_end=len(said[index].text) - 1,
            quote=said[index].text[:-1],
            method="person",
        )
        for index in (1, 2)
    ]
    evidence.add(store, quotes, at=at, actor="rita")
    roles.add(
        store,
        NewRoleDecision(
            contact_id=ID,
            opportunity_id="O1",
            about=About.ROLE,
            value="champion",
            holds=True,
            author="rita",
            reason="she asked for the contract at the golf club",
            created_at=at,
        ),
    )
    merges.add(
        store,
        NewMerge(
            table="contacts",
            survivor_id=ID,
            other_ids=(TWIN,),
            author="rita",
            reason=f"both are {NAME}",
            created_at=at,
        ),
    )
    overrides.add(
        store,
        NewOverride(
            account_id="A1",
            tier="T1",
            author="rita",
            reason=f"{NAME} told us they buy",
            expires_on=date(2027, 1, 1),
            created_at=at,
        ),
    )
    titles.add(
        store,
        NewTitleOverride(
            title_norm=" zoë quillfeather vp ",
            level="vp",
            function=None,
            author="rita",
            reason="seen",
            created_at=at,
        ),
    )
    digest = versions.put(store, workspace.project.canonical(), at=at, actor="rita")
    document = {"who": NAME, "contact_id": ID, "ids": [EMAIL], "n": 3}
    proofs.save(
        store,
        NewProof(
            kind="committee",
            subject="O1",
            as_of=date(2026, 4, 30),
            definitions_hash=digest,
            inputs=(1,),
            document=json.dumps(document),
            created_at=at,
            actor="rita",
        ),
    )


def copied(built: Path, folder: Path) -> Path:
    """Return a copy of a workspace for one test."""
    return Path(shutil.copytree(built, folder, symlinks=True))


# -- searching -----------------------------------------------------------------------------


def spellings(text: str) -> set[bytes]:
    """Return a text in small letters as files may hold it: composed or not, escaped, plain."""
    found = set()
    for form in ("NFC", "NFD"):
        each = unicodedata.normalize(form, text)
        found |= {each.lower().encode(), json.dumps(each)[1:-1].lower().encode()}
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return found | {bare.lower().encode()}


def found_in(folder: Path, texts: tuple[str, ...]) -> list[str]:
    """Return the files under `folder` whose bytes, or decoded cells, hold one of the texts."""
    sought = {each for text in texts for each in spellings(text)}
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return [
        path.relative_to(folder).as_posix()
        for path in files
        if any(each in _content(path) for each in sought)
    ]


def _content(path: Path) -> bytes:
    raw = path.read_bytes()
    lowered = raw.lower() + raw.decode("utf-8", "ignore").lower().encode()
    if path.suffix != ".parquet":
        return lowered
    return lowered + "\n".join(_cells(pq.read_table(path).to_pylist())).lower().encode()


def _cells(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _cells(each)
    elif value is not None:
        yield str(value)
