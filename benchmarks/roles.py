"""Beliefs about buying roles on tenants whose truth is planted: ``python -m benchmarks.roles``.

Each tenant has its own table by row and its own weights of evidence, both unlike the stated ones.
What n labelled contacts teach is judged on fresh contacts of the same tenant, whose true
probabilities are known. In null worlds roles have nothing to do with titles or evidence.
"""

import argparse
import csv
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from time import process_time
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from benchmarks.role_sentences import SENTENCES
from bullseye.definitions.buying_role import BuyingRole
from bullseye.definitions.role_prior import Assumptions, assumptions
from bullseye.stats.proportions import wilson
from bullseye.stats.roles import logit
from bullseye.synthesize.role_learning import Example, Label, Learnt, learnt, log_odds
from bullseye.synthesize.role_rows import Cell, stated_share
from bullseye.synthesize.role_statements import statements
from bullseye.synthesize.role_trials import label_table, probabilities, tried

LABELLED = (30, 100, 300, 1000)
FRESH = 1500
SEED = 20_261_122
ROLES = tuple(BuyingRole)
DAY = date(2026, 6, 30)

SEEN = {
    "is_primary": 0.15,
    "replied": 0.25,
    "met": 0.12,
    "introduced": 0.05,
    "security_reviewed": 0.06,
    "evaluated": 0.08,
    "used": 0.08,
    "signed": 0.03,
    "said_decides": 0.03,
    "said_does_not_decide": 0.05,
    "said_uses": 0.05,
    "said_champions": 0.04,
}
"""How often each kind of evidence is seen of a contact without any role."""

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Tenant:
    """One tenant's truth: how frequent rows are, and what rows and evidence really say."""

    cells: tuple[Cell, ...]
    frequency: Floats
    share: Floats
    weight: Floats
    seen: Floats


@dataclass(frozen=True)
class Drawn:
    """Contacts of a tenant, with the true probability of each role given what is observed."""

    examples: tuple[Example, ...]
    truth: Floats
    in_row: Floats
    weights: Floats


def tenant(
    random: np.random.Generator, assumed: Assumptions, *, shift: float, null: bool
) -> Tenant:
    """Draw a tenant: log-odds by row are `shift` (standard deviation) off the stated ones.

    Evidence weighs 0.2 to 1.2 times what is stated. In a null world both say nothing.
    """
    cells = [Cell(rank, part) for rank, part in assumed.rows] + [Cell(None, None)]
    stated = np.array([[stated_share(c, role, assumed) for role in ROLES] for c in cells])
    log = np.log(stated / (1 - stated)) + random.normal(0, shift, stated.shape)
    weights = np.array([[assumed.weights[name].of(role) for role in ROLES] for name in SEEN])
    factor = random.uniform(0.2, 1.2, (len(SEEN), 1))
    if null:
        log[:] = random.normal(-1.2, 0.6, len(ROLES))
        factor[:] = 0.0
    return Tenant(
        tuple(cells),
        random.dirichlet(np.full(len(cells), 2.0)),
        expit(log),
        weights * factor,
        np.array(list(SEEN.values())),
    )


def drawn(random: np.random.Generator, world: Tenant, n: int, assumed: Assumptions) -> Drawn:
    """Draw n contacts: row, roles, and evidence that depends on the roles.

    Evidence is likelier by its weight for every role the contact has: the log-odds of seeing it
    are those without a role plus the weights. The truth is summed over all sets of roles.
    """
    cell = random.choice(len(world.cells), n, p=world.frequency)
    roles = random.random((n, len(ROLES))) < world.share[cell]
    base = np.log(world.seen / (1 - world.seen))
    observed = random.random((n, len(SEEN))) < expit(base + roles @ world.weight.T)
    truth = _truth(world, cell, observed)
    stated = np.array([[assumed.weights[name].of(role) for role in ROLES] for name in SEEN])
    sums, some = observed @ stated, (observed @ (stated > 0)) > 0
    examples = tuple(
        Example(
            f"c{at}",
            world.cells[cell[at]],
            dict(zip(ROLES, sums[at].tolist(), strict=True)),
            dict(zip(ROLES, some[at].tolist(), strict=True)),
            Label(
                MappingProxyType(dict(zip(ROLES, roles[at].tolist(), strict=True))),
                DAY + timedelta(days=at),
            ),
        )
        for at in range(n)
    )
    return Drawn(examples, truth, world.share[cell], observed[:, :, None] * stated)


def _truth(world: Tenant, cell: NDArray[np.int64], observed: Flags) -> Floats:
    """Return P(role | row, evidence) of each contact, exactly."""
    sets = np.array([[bool(code >> at & 1) for at in range(len(ROLES))] for code in range(32)])
    base = np.log(world.seen / (1 - world.seen))
    p = expit(base + sets @ world.weight.T)  # sets x evidence
    likely = observed @ np.log(p).T + (~observed) @ np.log1p(-p).T
    share = world.share[cell]
    prior = np.log(share) @ sets.T + np.log1p(-share) @ (~sets).T
    joint = likely + prior
    joint = np.exp(joint - joint.max(axis=1, keepdims=True))
    joint /= joint.sum(axis=1, keepdims=True)
    return np.asarray(joint @ sets, dtype=np.float64)


def raw_rates(taught: Sequence[Example], fresh: Sequence[Example]) -> Floats:
    """Return the tenant's own frequencies by row with one case added: no prior, no evidence."""
    is_role, _ = label_table(taught)
    count = {c: [e.cell == c for e in taught] for c in {e.cell for e in fresh}}
    rate = {
        c: (is_role[has].sum(axis=0) + is_role.mean(axis=0)) / (sum(has) + 1)
        for c, has in ((c, np.array(each)) for c, each in count.items())
    }
    return np.array([rate[e.cell] for e in fresh])


def regression(taught: Sequence[Example], fresh: Sequence[Example]) -> Floats:
    """Return a logistic regression per role on rows and sums of evidence: the peer, no prior."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - a peer, for this alone

    cells = sorted({e.cell for e in (*taught, *fresh)}, key=lambda c: c.words)

    def design(found: Sequence[Example]) -> Floats:
        rows = [[*(e.cell == c for c in cells), *(e.evidence[r] for r in ROLES)] for e in found]
        return np.array(rows, dtype=np.float64)

    is_role, _ = label_table(taught)
    x, new, columns = design(taught), design(fresh), []
    for at in range(len(ROLES)):
        y = is_role[:, at]
        if y.all() or not y.any():
            columns.append(np.full(len(new), (y.sum() + 0.5) / (len(y) + 1)))
            continue
        fitted = LogisticRegression(C=1.0, max_iter=500).fit(x, y)
        columns.append(fitted.predict_proba(new)[:, 1])
    return np.column_stack(columns)


def covered(table: Learnt, fresh: Drawn, assumed: Assumptions) -> tuple[int, int, int, int]:
    """Return how many intervals hold the truth: of beliefs and of rows, each with their n."""
    hits = n = row_hits = 0
    rows = set()
    for at, each in enumerate(fresh.examples):
        for place, role in enumerate(ROLES):
            raw = log_odds(each, role, table, assumed)
            error = table.error(each.cell, role, raw, fresh.weights[at, :, place].tolist())
            row = table.rows.get((each.cell, role))
            if row is None or not table.is_own(each.cell, role):
                continue
            if (each.cell, role) not in rows:
                rows.add((each.cell, role))
                row_hits += row.low <= fresh.in_row[at, place] <= row.high
            if error is None:
                continue  # shown as stated
            middle, true = table.corrected(role, raw), logit(fresh.truth[at, place])
            hits += abs(middle - true) <= 1.96 * error
            n += 1
    return hits, n, row_hits, len(rows)


def measure(tenants: int, shift: float) -> None:
    """Print what n labels teach: means over tenants with 95 % intervals."""
    assumed = assumptions()
    random = np.random.default_rng(SEED)
    ways = ("as stated", "learnt", "own rates by row", "logistic regression")
    error = {(n, way): [] for n in LABELLED for way in ways}  # type: ignore[var-annotated]
    brier = {key: [] for key in error}  # type: ignore[var-annotated]
    named = {(n, way): np.zeros(3, dtype=int) for n in LABELLED for way in ways}
    cover = {n: np.zeros(4, dtype=int) for n in LABELLED}
    for _ in range(tenants):
        world = tenant(random, assumed, shift=shift, null=False)
        fresh = drawn(random, world, FRESH, assumed)
        is_role, _known = label_table(fresh.examples)
        stated = probabilities(fresh.examples, Learnt(), assumed)
        has = np.array([[e.has_evidence[r] for r in ROLES] for e in fresh.examples])
        for n in LABELLED:
            taught = drawn(random, world, n, assumed).examples
            table = learnt(taught, assumed)
            in_row = np.array([[table.is_own(e.cell, r) for r in ROLES] for e in fresh.examples])
            found = {
                "as stated": (stated, has),
                "learnt": (probabilities(fresh.examples, table, assumed), has | in_row),
                "own rates by row": (raw_rates(taught, fresh.examples), in_row | True),
                "logistic regression": (regression(taught, fresh.examples), in_row | True),
            }
            for way, (p, may) in found.items():
                error[n, way].append(float(np.abs(p - fresh.truth).mean()))
                brier[n, way].append(float(((p - is_role) ** 2).mean()))
                shown = np.where(may, p, 0.0)
                who = shown.max(axis=1) >= assumed.threshold
                right = is_role[np.arange(FRESH), shown.argmax(axis=1)]
                named[n, way] += [int((who & right).sum()), int(who.sum()), FRESH]
            cover[n] += covered(table, fresh, assumed)
    print(f"\nshift {shift}, {tenants} tenants, {FRESH} fresh contacts each")
    say("labelled", "beliefs", "off the truth", "Brier", "right when named", "got a name")
    for (n, way), (right, count, of) in named.items():
        share = wilson(right, count)
        say(
            n,
            way,
            mean(error[n, way]),
            mean(brier[n, way]),
            f"{share.share:.3f} ({share.low:.3f} to {share.high:.3f})" if count else "nobody",
            f"{count / of:.3f}",
        )
    say("labelled", "intervals of beliefs that hold the truth", "n", "of rows", "n")
    for n, (hits, count, row_hits, rows) in cover.items():
        say(
            n,
            *(f"{h / max(c, 1):.3f}" if c else "none" for h, c in ((hits, count),)),
            count,
            f"{row_hits / max(rows, 1):.3f}" if rows else "none",
            rows,
        )


def null(worlds: int, labelled: int) -> None:
    """Print how often a world without any relation is said to have one."""
    assumed = assumptions()
    random = np.random.default_rng(SEED + 1)
    claims, named, right = 0, 0, 0
    for _ in range(worlds):
        world = tenant(random, assumed, shift=0.0, null=True)
        found = drawn(random, world, labelled, assumed).examples
        cut = int(0.7 * labelled)
        trials, _usual, gain = tried(found[:cut], found[cut:], assumed)
        claims += gain.low > 0
        at = next(each for each in trials[-1].named if each.threshold == assumed.threshold)
        named += at.precision.n
        right += round(at.precision.share * at.precision.n)
    share = wilson(claims, worlds)
    say(
        labelled,
        worlds,
        f"{share.share:.3f} ({share.low:.3f} to {share.high:.3f})",
        f"{named / (worlds * (labelled - cut)):.3f}",
        f"{right / named:.3f}" if named else "nobody",
    )


def sentences() -> None:
    """Print how well the rules read the second list of sentences."""
    hits = claims = real = quiet = alarms = 0
    for text, kinds in SENTENCES:
        found = {each.name for each in statements(text)}
        hits, claims, real = hits + len(found & kinds), claims + len(found), real + len(kinds)
        quiet, alarms = quiet + (not kinds), alarms + (not kinds and bool(found))
    say("sentences", len(SENTENCES), "right", rate(hits, claims), "found", rate(hits, real))
    say("sentences that tell nothing", quiet, "read as if they did", rate(alarms, quiet))


def alarms(folder: Path) -> None:
    """Print how often talk that is about no purchase is read as if it were."""
    with (folder / "qmsum_product" / "val.jsonl").open(encoding="utf-8") as lines:
        turns = [t["content"] for line in lines for t in json.loads(line)["meeting_transcripts"]]
    with (folder / "persuasion_for_good" / "full_dialog.csv").open(encoding="utf-8") as file:
        talks = [row["Unit"] for row in csv.DictReader(file)]
    for name, texts in (("product meetings", turns), ("talks on donations", talks)):
        began = process_time()
        found = sum(bool(statements(re.sub(r"\s+([.,!?'])", r"\1", text))) for text in texts)
        cost = process_time() - began
        say(name, len(texts), rate(found, len(texts)), f"{len(texts) / cost:,.0f} turns per CPU-s")


def rate(count: int, n: int) -> str:
    """Return a share with its interval and counts."""
    share = wilson(count, n)
    return f"{share.share:.4f} ({share.low:.4f} to {share.high:.4f}), {count} of {n:,}"


def mean(values: Sequence[float]) -> str:
    """Return a mean over tenants with its 95 % interval."""
    reach = 1.96 * float(np.std(values, ddof=1)) / len(values) ** 0.5
    return f"{np.mean(values):.4f} ± {reach:.4f}"


def say(*cells: object) -> None:
    """Print one row of a table."""
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--tenants", type=int, default=60)
    parser.add_argument("--null-worlds", type=int, default=200)
    parser.add_argument("--data", type=Path, help="The folder of public dialogues.")
    parser.add_argument("--sentences", action="store_true", help="Only what people say.")
    given = parser.parse_args(arguments)
    sentences()
    if given.data:
        alarms(given.data)
    if given.sentences:
        return
    for shift in (0.0, 0.5, 1.0):
        measure(given.tenants, shift)
    print("\nnull worlds")
    say("labelled", "worlds", "said to have a relation", "got a name", "right when named")
    for labelled in (100, 300, 1000):
        null(given.null_worlds, labelled)


if __name__ == "__main__":
    main()
