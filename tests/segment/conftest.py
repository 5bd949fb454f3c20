"""A workspace to import into, the command line in this process, and the real files if any."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bullseye.faces.cli.main import code_of


@dataclass(frozen=True)
class Ran:
    """What one command said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Its output as the one JSON document it is."""
        return json.loads(self.out)


@pytest.fixture
def bullseye(capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run a command in this process."""

    def run(*arguments: object) -> Ran:
        capfd.readouterr()
        code = code_of([str(each) for each in arguments])
        return Ran(code, *capfd.readouterr())

    return run


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty workspace; few definitions, so that it opens fast."""
    folder = tmp_path_factory.mktemp("template") / "north"
    assert code_of(["init", str(folder), "--owner", "Ada Lovelace"]) == 0
    for kind in ("exclusions", "markets", "messages", "personas", "proofs"):
        shutil.rmtree(folder / kind)
    icp = folder / "icps" / "b2b-saas.yaml"
    icp.write_text("\n".join(t for t in icp.read_text().split("\n") if "market:" not in t))
    return folder


@pytest.fixture
def north(template: Path, tmp_path: Path) -> Path:
    """An empty workspace of the test's own."""
    return Path(shutil.copytree(template, tmp_path / "north"))


@pytest.fixture
def imported(bullseye: Callable[..., Ran], north: Path) -> Callable[..., Any]:
    """Import into the workspace what must be importable; return what became of the file."""

    def run(table: str, path: object, *options: object) -> Any:
        ran = bullseye("-w", north, "import", table, path, *options, "--json")
        assert ran.code == 0, ran.err
        (done,) = ran.document
        return done

    return run


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Write a file to import."""

    def written(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of real files beside the repository; tests that need it are skipped without."""
    beside = Path(__file__).parents[2].parent / "shared" / "data"
    folder = Path(os.environ.get("BULLSEYE_TEST_DATA", beside))
    if not folder.is_dir():
        pytest.skip("no real files: name their folder in BULLSEYE_TEST_DATA")
    return folder
