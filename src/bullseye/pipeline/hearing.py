"""Put the demo's conversations into its workspace, as a user would."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

from bullseye.definitions.evidence import SourceKind
from bullseye.demo.conversations import ConversationFile, write_conversations
from bullseye.research.run.importing import ImportedFile, ResearchOptions, import_files
from bullseye.workspace import Workspace


def hear_demo(
    workspace: Workspace, exports: Path, truth: Path, *, seed: int, today: date
) -> tuple[ImportedFile, ...]:
    """Write the demo's conversations, add what is planted in them to `truth`, and import them."""
    written = write_conversations(exports, seed=seed, today=today)
    known = json.loads(truth.read_text(encoding="utf-8"))
    known["said"] = [asdict(each) for each in written.planted]
    truth.write_text(json.dumps(known, indent=2, default=str), encoding="utf-8")
    alike: dict[tuple[str | None, str | None, date | None], list[ConversationFile]] = {}
    for each in written.files:
        alike.setdefault((each.account_id, each.kind, each.on), []).append(each)
    done: list[ImportedFile] = []
    for (account, kind, on), files in alike.items():
        options = ResearchOptions(account=account, kind=SourceKind(kind) if kind else None, on=on)
        done += import_files(workspace, [each.path for each in files], options, as_of=today)
    return tuple(done)
