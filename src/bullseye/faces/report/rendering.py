"""The page object as one self-contained HTML text, under a policy that lets nothing else in."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bullseye.faces.report.page import Page
from bullseye.faces.report.words import sentence, thousands


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("bullseye.faces.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"sentence": sentence, "thousands": thousands}
    return environment


@cache
def stylesheet() -> str:
    """Return the stylesheet that stands in the page."""
    return files("bullseye.faces.report").joinpath("report.css").read_text(encoding="utf-8")


def policy(style: str) -> str:
    """Return the Content-Security-Policy of the page: this stylesheet, and nothing else.

    >>> policy("").startswith("default-src 'none'; style-src 'sha256-47DEQ")
    True
    """
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def html(page: Page) -> str:
    """Return the whole page as HTML."""
    style = stylesheet()
    template = _environment().get_template("report.html")
    return template.render(page=page, style=Markup(style), policy=policy(style))  # noqa: S704
