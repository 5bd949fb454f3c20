"""Everything planted in the demo's conversations is found again: who said it, when and where."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bullseye.definitions.evidence import Status
from bullseye.definitions.field import TableName
from bullseye.definitions.starter import Starter, write_starter
from bullseye.demo.conversations import Conversations, write_conversations
from bullseye.demo.generate import generate
from bullseye.demo.phrases import PLANTED
from bullseye.pipeline.hearing import hear_demo
from bullseye.pipeline.reviewing import review_demo
from bullseye.research.counting import Novelty, Rule
from bullseye.research.quote import Slice, verified
from bullseye.research.run import evidence
from bullseye.research.run.theming import themes
from bullseye.segment.import_options import ImportOptions
from bullseye.segment.run import import_file
from bullseye.workspace import Workspace

DAY = date(2026, 4, 10)


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world") / "exports"
    generate(folder, accounts=150, seed=7, today=DAY, snapshots=1)
    return folder


@pytest.fixture
def heard(exports: Path, tmp_path: Path) -> Iterator[Workspace]:
    """The demo's workspace as it knows accounts and contacts, and heard the conversations."""
    write_starter(tmp_path, title="Larkwell", owner="Ada", today=DAY, starter=Starter.DEMO)
    noon = datetime.combine(DAY, time(12), UTC)
    workspace = Workspace.open(tmp_path, now=lambda: noon)
    for table, pattern in (
        (TableName.ACCOUNTS, "crm_companies_*"),
        (TableName.CONTACTS, "contacts_*"),
    ):
        newest = max(exports.glob(pattern))
        import_file(workspace, table, str(newest), ImportOptions(as_of=DAY, source=table.value))
    truth = tmp_path / "truth.json"
    truth.write_text("{}")
    done = hear_demo(workspace, exports, truth, seed=7, today=DAY)
    assert [each.error for each in done if each.error] == []
    yield workspace
    workspace.store.close()


def test_who_said_what_when_and_where_is_what_was_planted(heard: Workspace, exports: Path) -> None:
    planted = write_conversations(exports, seed=7, today=DAY).planted
    sources = [source for _, source in evidence.sources(heard)]
    assert len(sources) == 36
    lost = []
    for each in planted:
        places = [(source, verified(each.quote, source)) for source in sources]
        right = [
            found
            for source, found in places
            if isinstance(found, Slice)
            and (source.account_id, source.occurred_on) == (each.account_id, each.on)
            and source.turns[found.turn_index].contact_id == each.contact_id
        ]
        lost += [] if right else [each]
    assert lost == []
    assert len(planted) > 60


def test_the_same_seed_writes_the_same_bytes(exports: Path, tmp_path: Path) -> None:
    def bytes_of(made: Conversations) -> dict[str, bytes]:
        return {each.path.name: each.path.read_bytes() for each in made.files}

    first = bytes_of(write_conversations(exports, seed=7, today=DAY))
    assert bytes_of(write_conversations(exports, seed=7, today=DAY)) == first
    assert bytes_of(write_conversations(exports, seed=8, today=DAY)) != first


def test_one_objection_is_new_and_of_several_accounts(exports: Path) -> None:
    planted = write_conversations(exports, seed=7, today=DAY).planted
    (new,) = [matter.name for matter in PLANTED if matter.is_new]
    found = [each for each in planted if each.matter == new]
    assert len({each.account_id for each in found}) == 5
    assert min(each.on for each in found) > DAY - timedelta(days=30)
    assert set(Counter(each.matter for each in planted)) == {matter.name for matter in PLANTED}


def test_the_demos_team_decides_by_what_was_planted_and_the_new_objection_is_found(
    heard: Workspace,
) -> None:
    review_demo(heard, heard.folder / "truth.json", today=DAY)
    quotes = evidence.quotes(heard)
    still_open = [quote for quote in quotes if quote.status is Status.CANDIDATE]
    assert {Status.CONFIRMED, Status.REJECTED} <= {quote.status for quote in quotes}
    assert all(q.occurred_on and q.occurred_on > DAY - timedelta(days=14) for q in still_open)
    counts = {each.theme: each for each in themes(heard).counts}
    security = counts["security-review"]
    assert security.accounts >= 3
    assert security.rule in {Rule.FIRED, Rule.TO_REVIEW}
    assert security.novelty is Novelty.NEW
    assert all(each.novelty is not Novelty.NEW for n, each in counts.items() if n != security.theme)
