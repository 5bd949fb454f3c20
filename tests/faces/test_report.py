"""The report is one page that anybody can open, trust and read."""

import json
import re
from base64 import b64encode
from dataclasses import replace
from datetime import date
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bullseye.definitions.field import TableName
from bullseye.definitions.loader import Loaded
from bullseye.definitions.project import KINDS, Settings
from bullseye.definitions.tier import Tier
from bullseye.errors import NotEnoughEvidence, UsageError
from bullseye.faces.report import write_report
from bullseye.faces.report.beliefs import KIND_NAMES
from bullseye.faces.report.limits import MOST_BYTES
from bullseye.prioritize import run as prioritize
from bullseye.prioritize.run import Wish, opened, override, score
from bullseye.store import batches
from bullseye.workspace import Workspace

VOID = {"meta", "link", "br", "img", "input"}


class Seen(HTMLParser):
    """Every tag with its attributes, the text outside tags, and whether tags close in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.misplaced: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.misplaced.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def written(workspace: Workspace, folder: Path) -> tuple[str, Seen]:
    text = write_report(workspace, folder / "report.html").path.read_text(encoding="utf-8")
    return text, Seen(text)


def test_the_report_says_which_run_it_shows(scored_workspace: Workspace, tmp_path: Path) -> None:
    done = write_report(scored_workspace, tmp_path / "new" / "report.html")
    text = done.path.read_text(encoding="utf-8")
    with opened(scored_workspace) as run:
        assert (done.run_id, done.as_of) == (run.run.id, run.run.as_of)
        for said in (run.run.id, run.run.definitions_hash[:12], run.run.engine, "2026-11-02"):
            assert said in text
    assert done.bytes == done.path.stat().st_size


def test_the_page_asks_nobody_for_anything(scored_workspace: Workspace, tmp_path: Path) -> None:
    _, seen = written(scored_workspace, tmp_path)
    assert not {"script", "img", "iframe", "form", "object", "embed"} & {t for t, _ in seen.tags}
    for tag, attributes in seen.tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        for name in ("src", "href", "xlink:href", "action", "srcset"):
            where = attributes.get(name) or "#"
            assert where.startswith("#") or (tag, where) == ("link", "data:,")


def test_the_policy_lets_in_the_page_s_own_stylesheet_only(
    scored_workspace: Workspace, tmp_path: Path
) -> None:
    text, seen = written(scored_workspace, tmp_path)
    policy = next(m["content"] for m in seen.of("meta") if "http-equiv" in m) or ""
    style = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert len(style) == 1
    digest = b64encode(sha256(style[0].encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")
    assert "url(http" not in style[0]
    assert "@import" not in style[0]


def test_hostile_names_are_shown_as_text(scored_workspace: Workspace, tmp_path: Path) -> None:
    text, seen = written(scored_workspace, tmp_path)
    assert "<script>alert(1)</script>" in seen.text
    assert "{{ 7 * 7 }} {% raw %}" in seen.text
    assert not {"b", "i"} & {t for t, a in seen.tags if t == "i" or (t == "b" and a)}
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08]", text)
    assert "unbrokenname" * 10 not in text
    assert seen.misplaced == []
    assert seen.open == []


def test_every_chart_has_a_title_a_description_and_a_table(
    scored_workspace: Workspace, tmp_path: Path
) -> None:
    _, seen = written(scored_workspace, tmp_path)
    ids = {a["id"] for _, a in seen.tags if a.get("id")}
    charts = [a for a in seen.of("svg") if a.get("role") == "img"]
    assert len(charts) >= 8
    for chart in charts:
        assert set((chart["aria-labelledby"] or "").split()) <= ids
    assert len(seen.of("figure")) == len(charts) == len(seen.of("details"))


def test_ids_are_unique_and_headings_never_skip_a_level(
    scored_workspace: Workspace, tmp_path: Path
) -> None:
    _, seen = written(scored_workspace, tmp_path)
    ids = [a["id"] for _, a in seen.tags if a.get("id")]
    assert len(ids) == len(set(ids))
    levels = [int(tag[1]) for tag, _ in seen.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_intervals_stand_beside_what_is_not_known(
    scored_workspace: Workspace, tmp_path: Path
) -> None:
    text, seen = written(scored_workspace, tmp_path)
    sam = text[text.index("SAM: we can serve") :][:2500]
    assert 'class="whisker"' in sam
    assert re.search(r"between \d+\N{EN DASH}\d+; n \d+, \d+ unknown", sam)
    with opened(scored_workspace) as run:
        top = prioritize.targets_of(
            scored_workspace, run, Wish(tiers=(Tier.T1, Tier.T2, Tier.T3), limit=50)
        )
    ranged = next(t for t in top if t.standing.fit_low != t.standing.fit_high)
    low, high = (f"{n:.1f}".removesuffix(".0") for n in
                 (ranged.standing.fit_low, ranged.standing.fit_high))  # fmt: skip
    assert f"{low}\N{EN DASH}{high}" in seen.text


def test_lists_say_how_much_of_them_is_shown(scored_workspace: Workspace, tmp_path: Path) -> None:
    _, seen = written(scored_workspace, tmp_path)
    with opened(scored_workspace) as run:
        size = prioritize.list_size(scored_workspace, run)
        tiered = prioritize.targets_of(scored_workspace, run, Wish(tiers=tuple(Tier)))
        hot = prioritize.targets_of(scored_workspace, run, Wish(why_now=True))
    assert (size.tiered, size.with_why_now) == (len(tiered), len(hot))
    assert f"first 50 of {len(tiered):,} accounts" in seen.text
    assert f"first 25 of {len(hot):,} accounts" in seen.text


def test_a_decision_by_hand_counts_and_names_its_author(
    scored_workspace: Workspace, tmp_path: Path
) -> None:
    with opened(scored_workspace) as run:
        before = prioritize.list_size(scored_workspace, run)
        excluded = prioritize.targets_of(scored_workspace, run, Wish(status="excluded", limit=1))
    override(
        scored_workspace,
        excluded[0].account_id,
        tier=Tier.T1,
        reason="They signed a letter of intent.",
        expires_on=date(2026, 12, 1),
    )
    with opened(scored_workspace) as run:
        assert prioritize.list_size(scored_workspace, run).t1 == before.t1 + 1
    _, seen = written(scored_workspace, tmp_path)
    assert "decided by rita" in seen.text


def test_a_definition_past_its_review_is_marked(
    scored_workspace: Workspace, tmp_path: Path
) -> None:
    _, seen = written(scored_workspace, tmp_path)
    assert "1 overdue on 2026-11-02" in seen.text
    assert "2026-10-01 overdue" in seen.text


def test_nothing_scored_yet_is_said_with_the_next_step(world: Any, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    with pytest.raises(NotEnoughEvidence, match="Nothing has been scored yet") as said:
        write_report(world.workspace, target)
    assert "bullseye run" in said.value.hint
    assert not target.exists()


def test_no_run_as_old_as_the_day_asked_for_is_an_error(
    scored_workspace: Workspace, tmp_path: Path
) -> None:
    with pytest.raises(NotEnoughEvidence, match="No run is as old as 2020-01-01"):
        write_report(scored_workspace, tmp_path / "r.html", as_of=date(2020, 1, 1))


def test_a_target_that_cannot_be_written_leaves_the_old_report(
    scored_workspace: Workspace, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("here before")
    with pytest.raises(UsageError, match="cannot be written"):
        write_report(scored_workspace, blocked / "report.html")
    with pytest.raises(UsageError, match="cannot be written"):
        write_report(scored_workspace, tmp_path)
    assert blocked.read_text() == "here before"
    assert not list(tmp_path.parent.glob(".*.unfinished"))


def test_without_signals_markets_contacts_and_tiers_the_page_says_what_to_do(
    world: Any, tmp_path: Path
) -> None:
    world.icp("strict", {"rule": {"industry": "Mining"}, "points": 10})
    world.known([{"account_id": "a", "industry": "Software"}])
    score(world.workspace)
    _, seen = written(world.workspace, tmp_path)
    for said in (
        "No account is in a tier.",
        "this is a mailing list",
        "No market is defined.",
        "Nothing to fill.",
        "bullseye import contacts FILE",
        "No exclusion is defined.",
        "This import kept no profile of its fields.",
    ):
        assert said in seen.text


def test_signals_that_never_happened_read_differently_from_signals_not_defined(
    world: Any, tmp_path: Path
) -> None:
    world.icp("all", {"rule": {"industry": "Software"}, "points": 10})
    world.signal("funding")
    world.known([{"account_id": "a", "industry": "Software"}])
    score(world.workspace)
    _, seen = written(world.workspace, tmp_path)
    assert "No signal is live." in seen.text
    assert "bullseye import signals FILE" in seen.text


def test_money_that_cannot_be_told_says_what_it_needs(world: Any, tmp_path: Path) -> None:
    world.icp("all", {"rule": {"industry": "Software"}, "points": 10})
    world.define("markets", "everyone")
    rows = [{"account_id": f"a{at}", "industry": "Software"} for at in range(20)]
    world.known([{**row, "expected_acv": 10.0 if row["account_id"] == "a1" else None}
                 for row in rows])  # fmt: skip
    score(world.workspace)
    _, seen = written(world.workspace, tmp_path)
    assert "cannot tell yet" in seen.text
    assert "needs 4 more values of expected_acv; n 1 of 20 values known" in seen.text


def test_an_import_shows_its_rows_its_coverage_and_what_looks_odd(
    world: Any, tmp_path: Path
) -> None:
    world.icp("all", {"rule": {"industry": "Software"}, "points": 10})
    world.known([{"account_id": "a", "industry": "Software"}])
    path = batches.listed(world.store)[0].path
    odd = [{"what": "below zero </table>", "rows": 12}]
    fields = [{"field": "revenue", "type": "money", "rows": 1200, "known": 300, "suspicions": odd},
              {"unreadable": 1}, "neither"]  # fmt: skip
    report = {"fields": fields, "notes": ["read day first"], "set_aside_cells": 7}
    first = batches.listed(world.store)[0]
    values = {f: getattr(first, f) for f in batches.NewBatch.__dataclass_fields__}
    values |= {"sha256": "f" * 64, "source": "erp", "file_name": "<erp>.csv", "path": path}
    values |= {"rows_read": 1234, "kept": 1200, "quarantined": 30, "exact_duplicates": 4}
    batches.add(world.store, batches.NewBatch(**values | {"report": json.dumps(report)}))
    score(world.workspace)
    _, seen = written(world.workspace, tmp_path)
    for said in ("<erp>.csv", "1,234", "1,200", "revenue", "25%", "below zero </table>",
                 "read day first", "7 bad cells became unknown"):  # fmt: skip
        assert said in seen.text


def test_the_page_stays_small_whatever_the_workspace_holds(world: Any, tmp_path: Path) -> None:
    wordy = "A sentence that goes on and on. " * 30
    for at in range(14):
        criteria = [
            {"name": f"c{n}", "rule": {"industry": f"Industry {n}"}, "points": n + 1,
             "because": wordy}
            for n in range(20)
        ]  # fmt: skip
        world.icp(f"icp-{at}", *criteria, market=f"market-{at}", goal=wordy)
        world.define("markets", f"market-{at}")
        world.signal(f"signal-{at}", why_now=wordy)
    world.known([{"account_id": f"a{at}", "industry": f"Industry {at % 40}", "name": "n" * 5000}
                 for at in range(400)])  # fmt: skip
    world.happened([{"account_id": f"a{at}", "type": f"signal_{at % 14}", "subject": wordy}
                    for at in range(300)])  # fmt: skip
    score(world.workspace)
    done = write_report(world.workspace, tmp_path / "report.html")
    seen = Seen(done.path.read_text(encoding="utf-8"))
    assert 50_000 < done.bytes <= MOST_BYTES
    assert re.search(r"First \d+ of 14 ICPs", seen.text)


def test_the_same_run_gives_the_same_page(scored_workspace: Workspace, tmp_path: Path) -> None:
    first = write_report(scored_workspace, tmp_path / "a.html").path.read_bytes()
    assert write_report(scored_workspace, tmp_path / "b.html").path.read_bytes() == first


def test_the_title_of_the_workspace_is_text_too(world: Any, tmp_path: Path) -> None:
    world.icp("all", {"rule": {"industry": "Software"}, "points": 10})
    world.known([{"account_id": "a", "industry": "Software"}])
    project = replace(world.project, settings=Settings(title="</title><script>x</script>"))
    workspace = replace(world.workspace, loaded=Loaded(project))
    score(workspace)
    _, seen = written(workspace, tmp_path)
    assert not seen.of("script")
    assert "</title><script>x</script>" in seen.text


def test_every_kind_of_definition_has_a_name_in_the_report() -> None:
    assert set(KINDS) <= set(KIND_NAMES)


def test_without_personas_and_opportunities_the_people_part_says_what_to_do(
    world: Any, tmp_path: Path
) -> None:
    world.icp("big", {"rule": {"employees": {"over": 5}}, "points": 10})
    world.tiers({"tier": "T1", "fit": 50})
    world.known([{"account_id": "a", "employees": 9}])
    score(world.workspace)
    _, seen = written(world.workspace, tmp_path)
    assert "No persona is defined. Write one into personas/." in seen.text
    assert "No opportunities are known" in seen.text
    assert "bullseye import opportunities FILE" in seen.text


def test_open_opportunities_show_who_is_missing_and_their_names_are_text(
    world: Any, tmp_path: Path
) -> None:
    world.icp("big", {"rule": {"employees": {"over": 5}}, "points": 10})
    world.tiers({"tier": "T1", "fit": 50})
    world.known([{"account_id": "a", "employees": 9, "name": "<b>Acme</b>"}])
    sold = {"account_id": "a", "stage": "<i>Proposal</i>", "outcome": "open", "amount": 1200}
    day = world.today.replace(year=world.today.year - 1)
    rows = [{"opportunity_id": "o1", "created_on": day, **sold}]
    world.known(rows, table=TableName.OPPORTUNITIES, source="sales")
    parts = [
        {
            "opportunity_contact_id": "1",
            "opportunity_id": "o1",
            "contact_id": "p",
            "role": "Champion",
            "added_on": day,
        }
    ]
    world.known(parts, table=TableName.OPPORTUNITY_CONTACTS, source="roles")
    score(world.workspace)
    _, seen = written(world.workspace, tmp_path)
    part = seen.text[seen.text.index("Who is missing where we sell?") :]
    assert "1 of 1 open opportunity may be stuck" in part
    assert "<b>Acme</b>" in part
    assert "<i>Proposal</i>" in part
    assert "economic buyer" in part
    assert seen.misplaced == []
