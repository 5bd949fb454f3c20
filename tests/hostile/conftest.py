"""A small workspace with a published list, ready to be copied for every batch of attacks."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bullseye.faces.cli.main import code_of

DOCUMENTED = frozenset({0, 1, 2, 3, 4, 5, 6, 7})
ACCOUNTS = "Id,Name,Industry,Employees\n1,Acme,Software,120\n2,Beta,Fintech,300\n3,Gamma,Retail,9\n"


@dataclass(frozen=True)
class Ran:
    """What one command said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> object:
        """Its output as the one JSON document it is."""
        return json.loads(self.out)


Runner = Callable[..., Ran]


@pytest.fixture
def bullseye(capfd: pytest.CaptureFixture[str]) -> Runner:
    """Run a command in this process; whatever it is given, it answers as documented."""

    def run(*arguments: object) -> Ran:
        capfd.readouterr()
        code = code_of([str(each) for each in arguments])
        out, err = capfd.readouterr()
        assert code in DOCUMENTED, (code, arguments)
        for text in (out, err):
            assert "Traceback" not in text, text
            assert "fault in Bullseye" not in text, fault(text)
            assert "\x1b" not in text
            assert "\x00" not in text
        return Ran(code, out, err)

    return run


def fault(text: str) -> str:
    """Return the details of a fault, from the file its message names."""
    named = [word.rstrip(".") for word in text.split() if "bullseye-fault" in word]
    return Path(named[0]).read_text(errors="replace")[-4000:] if named else text


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with three accounts, scored; few definitions, so that it opens fast."""
    folder = tmp_path_factory.mktemp("template") / "north"
    assert code_of(["init", str(folder), "--owner", "Ada Lovelace"]) == 0
    for kind in ("exclusions", "markets", "messages", "personas", "proofs", "schemas"):
        shutil.rmtree(folder / kind)
    for path in (folder / "signals").glob("*.yaml"):
        if path.stem != "started-hiring":
            path.unlink()
    _simplify(folder / "icps" / "b2b-saas.yaml")
    accounts = folder / "accounts.csv"
    accounts.write_text(ACCOUNTS)
    assert code_of(["-w", str(folder), "import", "accounts", str(accounts)]) == 0
    assert code_of(["-w", str(folder), "run"]) == 0
    return folder


def _simplify(path: Path) -> None:
    path.write_text(
        "name: b2b-saas\n"
        "owner: Ada Lovelace\n"
        "review_by: 2099-01-01\n"
        "review_when: [we lose three of them in a row]\n"
        "criteria:\n"
        "  - name: mid-size\n"
        "    mode: score\n"
        "    points: 60\n"
        "    rule: {employees: {between: [50, 500]}}\n"
        "    because: They are large enough to pay and small enough to decide.\n"
        "  - name: software\n"
        "    mode: score\n"
        "    points: 40\n"
        "    rule: {industry: {any_of: [Software, Fintech]}}\n"
        "    because: They understand what we sell without a long story.\n"
    )


@pytest.fixture
def workspace(template: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the template that must be whole when the test is over."""
    folder = tmp_path / "north"
    shutil.copytree(template, folder)
    yield folder
    assert list(folder.rglob("*unfinished*")) == []
    scratch = folder / ".bullseye" / "warehouse" / "scratch"
    assert not scratch.exists() or list(scratch.iterdir()) == []
