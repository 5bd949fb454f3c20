"""The brief in a real browser: one page of A4, and readable by everybody at any width."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from tests.presence import missing

from bullseye.faces.report.briefing import write_brief
from bullseye.pipeline.brief import Brief, brief
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
