"""Decisions on themes: a file and a record together, or neither; and they hold from then on."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import text

from bullseye.definitions.evidence import Consent, EvidenceKind, Side, SourceKind, Status
from bullseye.definitions.theme import ThemeStatus
from bullseye.errors import ExternalError, UnknownName, UsageError
from bullseye.research.counting import Rule
from bullseye.research.run import coding, deciding, evidence, theming
from bullseye.store import audit, research, themes
from bullseye.store.research import KeptTurn, NewSource
from bullseye.workspace import Workspace

TODAY = date(2026, 11, 22)
PRICE = ("It is too expensive for us.", "We have no budget for this.", "The price is too high.")
MIGRATION = (
    "We are worried about the migration of our old data.",
    "The data migration from the old system, I am worried.",
    "I'm concerned: migrating the old data worries everybody.",
)


@pytest.fixture
def opened(world) -> Callable[[], Workspace]:
    """Open the world's folder as another process would; one theme is in it."""
    world.define("themes", "too-expensive", kind="objection", says=PRICE[2], exemplars=PRICE)
    world.write()
    world.store.close()
    moment = datetime(2026, 11, 22, 12, tzinfo=UTC)
    return lambda: Workspace.open(world.folder, now=lambda: moment)


def said(workspace: Workspace, *texts: str, consent: Consent = Consent.UNKNOWN) -> None:
    """Keep one call per text, each of another account and day."""
    for at, words in enumerate(texts):
        new = NewSource(
            kind=SourceKind.CALL,
            title="A call",
            occurred_on=TODAY - timedelta(days=at),
            account_id=f"a{at}",
            account_by="given",
            opportunity_id=None,
            consent=consent,
            format="vtt",
            file_name="call.vtt",
            turn_count=2,
            sha256=sha256(f"{words} {consent}".encode()).hexdigest(),
            signature=None,
            imported_at=workspace.now(),
            actor="rita",
        )
        turns = [
            KeptTurn(turn_index=0, speaker="Rep", side=Side.US, text="What do you think of it?"),
            KeptTurn(turn_index=1, speaker="Ann", side=Side.CUSTOMER, text=words),
        ]
        research.add(workspace.store, new, turns)


@pytest.fixture
def coded(opened: Callable[[], Workspace]) -> Callable[[], Workspace]:
    """The same, with three calls about data migration, coded."""
    workspace = opened()
    said(workspace, *MIGRATION)
    coding.code(workspace)
    return opened


def test_coding_keeps_candidates_once(opened) -> None:
    workspace = opened()
    said(workspace, *MIGRATION, "Thank you and goodbye for today.")
    dry = coding.code(workspace, dry_run=True)
    assert evidence.quotes(workspace) == ()
    first, again = coding.code(workspace), coding.code(workspace)
    assert dry.new == first.new == 3
    assert again.new == 0
    assert first.sources == 4
    (found,) = first.found
    assert found.kind is EvidenceKind.OBJECTION
    assert found.precision is not None
    assert found.precision.n > 100


def test_who_refused_consent_is_not_read(opened) -> None:
    workspace = opened()
    said(workspace, *MIGRATION, consent=Consent.REFUSED)
    done = coding.code(workspace)
    assert (done.new, done.without_consent) == (0, 3)


def test_a_rejected_quote_is_not_found_again(coded) -> None:
    workspace = coded()
    (first, *_) = evidence.quotes(workspace)
    evidence.decide(workspace, [first.number], Status.REJECTED, reason="a joke")
    assert coding.code(workspace).new == 0
    told = {(each.kind, each.method): each for each in coding.methods(workspace)}
    cue = told[EvidenceKind.OBJECTION, "cue"]
    assert (cue.confirmed, cue.rejected, cue.open) == (0, 1, 2)
    assert cue.here.high < 1


def test_a_source_that_is_not_there_is_named(coded) -> None:
    with pytest.raises(UnknownName, match="S99"):
        coding.code(coded(), numbers=[99])


def test_a_place_is_found_by_its_words(coded) -> None:
    found = coding.find(coded(), "old system")
    assert found[0].text.endswith(MIGRATION[1])
    assert found[0].passage.words == ("old", "system")
    assert coding.find(coded(), "zeppelin") == ()


def test_accepting_writes_a_theme_that_takes_its_evidence(coded) -> None:
    workspace = coded()
    (proposal,) = theming.proposed(workspace)
    dry = deciding.accept(workspace, proposal.id, "migration", dry_run=True)
    assert not (workspace.folder / "themes/migration.yaml").exists()
    done = deciding.accept(workspace, proposal.id, "migration", says="They fear for their data.")
    assert dry.evidence == done.evidence == proposal.numbers
    after = coded()
    theme = after.project.themes["migration"]
    assert set(theme.exemplars) == set(MIGRATION)
    assert theming.proposed(after) == ()
    counted = {each.theme: each for each in theming.themes(after).counts}
    assert (counted["migration"].accounts, counted["migration"].rule) == (3, Rule.TO_REVIEW)
    assert counted["too-expensive"].accounts == 0


def test_confirmed_evidence_of_three_accounts_fires_the_rule(coded) -> None:
    workspace = coded()
    deciding.accept(workspace, theming.proposed(workspace)[0].id, "migration")
    workspace = coded()
    numbers = [quote.number for quote in evidence.quotes(workspace)]
    evidence.decide(workspace, numbers, Status.CONFIRMED)
    row = theming.themes(workspace).counts[0]
    assert (row.theme, row.rule, row.confirmed) == ("migration", Rule.FIRED, 3)


def test_noise_stays_noise(coded) -> None:
    workspace = coded()
    done = deciding.noise(workspace, theming.proposed(workspace)[0].id, reason="small talk")
    after = coded()
    assert after.project.themes[done.theme].status is ThemeStatus.NOISE
    said(after, "I am worried about the old data, honestly.", "Old data migration: I'm worried.")
    coding.code(after)
    assert theming.proposed(after) == ()
    told = theming.themes(after)
    assert (told.noise, told.left_over) == (5, 0)
    assert done.theme not in {each.theme for each in told.counts}


def test_a_theme_can_become_noise_and_its_file_keeps_its_comments(coded) -> None:
    workspace = coded()
    path = workspace.folder / "themes/too-expensive.yaml"
    path.write_text(f"# ours\n{path.read_text()}", encoding="utf-8")
    deciding.noise(coded(), "too-expensive")
    assert path.read_text().startswith("# ours\n")
    assert coded().project.themes["too-expensive"].status is ThemeStatus.NOISE


def test_a_merged_theme_lives_on_in_the_other(coded) -> None:
    workspace = coded()
    deciding.accept(workspace, theming.proposed(workspace)[0].id, "migration")
    deciding.merge(coded(), "migration", "too-expensive", reason="the same fear")
    after = coded()
    assert after.project.themes["migration"].status is ThemeStatus.RETIRED
    assert theming.themes(after).counts[0].accounts == 3
    with pytest.raises(UsageError, match="cannot be merged"):
        deciding.merge(after, "too-expensive", "too-expensive")
    with pytest.raises(UsageError, match="cannot be merged"):
        deciding.merge(after, "too-expensive", "migration")


def test_another_name_keeps_the_evidence_and_the_old_name(coded) -> None:
    workspace = coded()
    deciding.accept(workspace, theming.proposed(workspace)[0].id, "migration")
    deciding.rename(coded(), "migration", "data-migration")
    after = coded()
    assert after.project.themes["data-migration"].formerly == ("migration",)
    assert not (after.folder / "themes/migration.yaml").exists()
    assert theming.themes(after).counts[0].theme == "data-migration"
    with pytest.raises(UsageError, match="is or was named"):
        deciding.rename(after, "too-expensive", "migration")


def test_evidence_is_put_under_a_theme_by_hand(coded) -> None:
    workspace = coded()
    (first, *_) = evidence.quotes(workspace)
    deciding.assign(workspace, "too-expensive", [first.number])
    matches, _, _ = theming.themed(workspace)
    assert [(m.number, m.theme, m.likeness) for m in matches] == [
        (first.number, "too-expensive", None)
    ]
    with pytest.raises(UnknownName, match="E999"):
        deciding.assign(workspace, "too-expensive", [999])


@pytest.mark.parametrize("name", ["Too Expensive", "../x", "", "a" * 99])
def test_what_is_no_name_is_refused_and_nothing_written(coded, name: str) -> None:
    workspace = coded()
    before = sorted(workspace.folder.rglob("*.yaml"))
    with pytest.raises(UsageError):
        deciding.accept(workspace, theming.proposed(workspace)[0].id, name)
    assert sorted(workspace.folder.rglob("*.yaml")) == before
    assert themes.listed(workspace.store) == ()


def test_a_name_that_is_taken_and_a_proposal_that_is_gone_are_refused(coded) -> None:
    workspace = coded()
    with pytest.raises(UsageError, match="is or was named"):
        deciding.accept(workspace, theming.proposed(workspace)[0].id, "too-expensive")
    with pytest.raises(UnknownName, match="P000000"):
        deciding.accept(workspace, "P000000", "migration")


def test_a_decision_that_cannot_be_recorded_leaves_no_file(coded) -> None:
    workspace = coded()
    proposal = theming.proposed(workspace)[0].id
    with workspace.store.write() as connection:
        connection.execute(text("DROP TABLE theme_decisions"))
        connection.execute(
            text("CREATE TABLE theme_decisions (id INTEGER PRIMARY KEY, evidence_ids, action)")
        )
    with pytest.raises(Exception, match="theme_decisions"):
        deciding.accept(workspace, proposal, "migration")
    assert [path.name for path in (workspace.folder / "themes").iterdir()] == ["too-expensive.yaml"]


def test_a_folder_that_cannot_be_written_is_said(coded) -> None:
    workspace = coded()
    proposal = theming.proposed(workspace)[0].id
    folder: Path = workspace.folder / "themes"
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    folder.write_text("a file", encoding="utf-8")
    with pytest.raises(ExternalError, match="cannot be written"):
        deciding.accept(workspace, proposal, "migration")
    assert themes.listed(workspace.store) == ()


def test_every_decision_stands_in_the_audit_without_a_word_of_anybody(coded) -> None:
    workspace = coded()
    deciding.accept(workspace, theming.proposed(workspace)[0].id, "migration", reason="heard often")
    (entry,) = audit.entries(workspace.store, subject="theme migration")
    assert entry.action == "theme.accept"
    assert "heard often" in (entry.after or "")
    assert "worried" not in (entry.after or "")
