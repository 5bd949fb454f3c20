"""The report in a real browser: readable by everybody, at a desk, on a phone and on paper."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from tests.presence import missing

from bullseye.faces.report import write_report
from bullseye.workspace import Workspace

OVERLAPPING = """() => [...document.querySelectorAll('#proof svg.chart')].flatMap(chart => {
  const texts = [...chart.querySelectorAll('text')]
    .map(e => [e.textContent, e.getBoundingClientRect()]);
  return texts.flatMap(([one, a], at) => texts.slice(at + 1)
    .filter(([, b]) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
      && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4)
    .map(([other]) => `${one} | ${other}`));
})"""
"""Pairs of texts of a drawing that lie on each other."""

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser; with BULLSEYE_NOTHING_SKIPPED=1 an absent one is a failure."""
    if CHROMIUM is None:
        missing("no Chromium: install it to run these")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield launched
        launched.close()


@pytest.fixture
def report(scored_workspace: Workspace, tmp_path: Path) -> Path:
    return write_report(scored_workspace, tmp_path / "report.html").path


def opened_page(browser: Browser, report: Path, **options: Any) -> Page:
    page = browser.new_context(**options).new_page()
    page.goto(report.as_uri())
    return page


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_anybody_from_reading_it(
    browser: Browser, report: Path, scheme: str, width: int
) -> None:
    size = {"width": width, "height": 900}
    page = opened_page(browser, report, viewport=size, color_scheme=scheme, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    page.context.close()


@pytest.mark.parametrize("width", [320, 390, 820, 1440])
def test_the_page_never_scrolls_sideways(browser: Browser, report: Path, width: int) -> None:
    page = opened_page(browser, report, viewport={"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.context.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1440)])
def test_the_proofs_keep_nobody_from_reading_them(
    browser: Browser, proved: Path, scheme: str, width: int
) -> None:
    size = {"width": width, "height": 900}
    report = proved / "report.html"
    page = opened_page(browser, report, viewport=size, color_scheme=scheme, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    found = Axe().run(page, "#proof").response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    page.context.close()


@pytest.mark.parametrize("width", [320, 390, 820, 1440])
def test_the_proofs_never_scroll_sideways(browser: Browser, proved: Path, width: int) -> None:
    size = {"width": width, "height": 900}
    page = opened_page(browser, proved / "report.html", viewport=size)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    columns = page.locator("#proof .flow").first.evaluate("e => getComputedStyle(e).columnCount")
    assert columns == ("2" if width > 1000 else "auto")
    page.context.close()


def test_no_text_of_a_proof_lies_on_another_on_a_phone(browser: Browser, proved: Path) -> None:
    size = {"width": 390, "height": 900}
    page = opened_page(browser, proved / "report.html", viewport=size)
    overlapping = page.evaluate(OVERLAPPING)
    assert overlapping == []
    page.context.close()


def test_it_is_quiet_and_asks_only_for_its_own_file(browser: Browser, report: Path) -> None:
    page = browser.new_context().new_page()
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    page.wait_for_load_state("networkidle")
    assert said == []
    assert [url for url in asked if url != "data:,"] == [report.as_uri()]
    page.context.close()


def test_the_theme_follows_the_reader_without_a_script(browser: Browser, report: Path) -> None:
    grounds = set()
    for scheme in ("light", "dark"):
        page = opened_page(browser, report, color_scheme=scheme, java_script_enabled=False)
        grounds.add(page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor"))
        page.context.close()
    assert len(grounds) == 2


def test_a_chart_shows_its_numbers_by_keyboard(browser: Browser, report: Path) -> None:
    page = opened_page(browser, report)
    details = page.locator("details").first
    assert not details.locator("table").is_visible()
    details.locator("summary").focus()
    page.keyboard.press("Enter")
    assert details.locator("table").is_visible()
    page.context.close()


def test_it_prints_on_paper_of_a4(browser: Browser, report: Path) -> None:
    page = opened_page(browser, report, color_scheme="dark")
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    ground = page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF-")
    page.set_viewport_size({"width": 703, "height": 1000})  # A4 between its margins
    assert page.evaluate("document.documentElement.scrollWidth") <= 703
    page.context.close()
