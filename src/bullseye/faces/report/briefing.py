"""Write the brief of one account as one self-contained HTML page."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bullseye.faces.report.brief_page import BriefPage, brief_page
from bullseye.faces.report.rendering import policy
from bullseye.faces.report.writing import publish_page
from bullseye.pipeline.brief import Brief


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("bullseye.faces.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _stylesheet() -> str:
    return files("bullseye.faces.report").joinpath("brief.css").read_text(encoding="utf-8")


def page_html(page: BriefPage) -> str:
    """Return a page as HTML: it runs no script and asks no other host for anything."""
    style = _stylesheet()
    template = _environment().get_template("brief.html")
    return template.render(page=page, style=Markup(style), policy=policy(style))  # noqa: S704


def brief_html(found: Brief) -> str:
    """Return the page of a brief as HTML."""
    return page_html(brief_page(found))


def write_brief(found: Brief, target: Path) -> int:
    """Write the page to a file, whole or not at all, and return its bytes.

    Raises
    ------
    UsageError
        If the file cannot be written.
    """
    content = brief_html(found).encode("utf-8")
    publish_page(content, target)
    return len(content)
