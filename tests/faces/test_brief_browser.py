"""The brief in a real browser: one page of A4, and readable by everybody at any width."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from tests.presence import missing

from bullseye.faces.report.brief_page import (
    MOST_LANGUAGE,
    MOST_MISSING,
    MOST_OF_MESSAGE,
    MOST_PERSONAS,
    MOST_REASONS,
    BriefPage,
    ContactRow,
    OpportunityPart,
    QuoteRow,
    ReasonRow,
    RoleRow,
    Row,
    SayPart,
    SignalRow,
    brief_page,
)
from bullseye.faces.report.briefing import page_html, write_brief
from bullseye.pipeline.brief import MOST_CONTACTS, MOST_QUOTES, Brief, brief
from bullseye.prioritize.run import Wish, targets
from bullseye.synthesize.messages import Written
from bullseye.workspace import Workspace

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        missing("no Chromium: install it to run these")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def found(proved: Path) -> Brief:
    """The brief of the best account of the demo with a contact who fits a persona."""
    workspace = Workspace.open(proved)
    best = next(each for each in targets(workspace, Wish(limit=200)) if each.is_bullseye)
    made = brief(workspace, best.account_id)
    workspace.store.close()
    return made


@pytest.fixture(scope="module")
def page_file(found: Brief, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("brief") / "brief.html"
    write_brief(found, target)
    return target


def cut(length: int) -> str:
    return ("wide words of a text that goes on until it is cut at its end " * 20)[:length]


def fullest(page: BriefPage) -> BriefPage:
    """Return a page on which every list is as long, and every text as wide, as it may be."""
    line = (cut(110), "a guess")
    says = SayPart(
        cut(50), cut(80), line, line, line, cut(MOST_OF_MESSAGE), cut(90), (cut(150),), ""
    )
    roles = (RoleRow("economic buyer", cut(40), "for"),) * 5
    return replace(
        page,
        account=cut(70),
        sentence=cut(260),
        facts=tuple((name, cut(40)) for name in "abcdefghi"),
        reasons=(ReasonRow(cut(32), "+40 of +40", "not met", cut(44)),) * MOST_REASONS,
        signals=(SignalRow(cut(110), "2026-11-22", "50 days ago", "17 points", "2027-04-01"),) * 2,
        contacts=(ContactRow("1", cut(40), cut(40), (("for", cut(60)),) * 5),) * MOST_CONTACTS,
        contacts_note=cut(200),
        opportunities=(OpportunityPart(cut(70), cut(60), roles, (cut(170),) * 2),) * 2,
        opportunities_note=cut(160),
        to_say=(says,) * MOST_PERSONAS,
        quotes=(QuoteRow(cut(140), cut(90)),) * MOST_QUOTES,
        quotes_note=cut(50),
        missing=(Row(cut(40), cut(80), cut(46)),) * MOST_MISSING,
        language=(cut(110),) * MOST_LANGUAGE,
        absent=(Row("Who", cut(80), cut(60)),) * 3,
    )


def opened_page(browser: Browser, file: Path, **options: Any) -> Page:
    page = browser.new_context(**options).new_page()
    page.goto(file.as_uri())
    return page


def test_the_demo_has_a_message_to_send_with_its_proof(found: Brief) -> None:
    written = [each.message for each in found.to_say if isinstance(each.message, Written)]
    assert written
    assert all(message.proofs for message in written)


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1440)])
def test_nothing_keeps_anybody_from_reading_it(
    browser: Browser, page_file: Path, scheme: str, width: int
) -> None:
    size = {"width": width, "height": 900}
    page = opened_page(browser, page_file, viewport=size, color_scheme=scheme, bypass_csp=True)
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.context.close()


def test_it_is_one_page_of_a4(browser: Browser, page_file: Path) -> None:
    page = opened_page(browser, page_file, color_scheme="dark")
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") == 1
    page.context.close()


@pytest.mark.parametrize("width", [320, 820])
def test_the_fullest_page_is_one_of_a4_too_and_never_scrolls_sideways(
    browser: Browser, found: Brief, tmp_path: Path, width: int
) -> None:
    file = tmp_path / "full.html"
    file.write_text(page_html(fullest(brief_page(found))), encoding="utf-8")
    page = opened_page(browser, file, viewport={"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") == width
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") == 1
    page.context.close()


def test_it_is_quiet_and_asks_only_for_its_own_file(browser: Browser, page_file: Path) -> None:
    page = browser.new_context().new_page()
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    page.wait_for_load_state("networkidle")
    assert said == []
    assert [url for url in asked if url != "data:,"] == [page_file.as_uri()]
    page.context.close()
