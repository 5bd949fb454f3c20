"""Keep the sources of a file that are new, each once, all of them or none."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bullseye.definitions.conversation import Conversation
from bullseye.research.directory import Directory
from bullseye.research.imported import ImportedFile, ImportedSource, ReadFile, ResearchOptions
from bullseye.research.run.forgotten import hushed
from bullseye.research.sameness import (
    ALIKE,
    NEARLY_THE_SAME,
    Signatures,
    common_share,
    identity,
    signature,
    spoken_words,
)
from bullseye.research.source import Consent, SourceKind
from bullseye.research.speakers import By, Heard, account_of, heard, resolution
from bullseye.store import research
from bullseye.store.research import KeptSource, KeptTurn, NewSource
from bullseye.suppression import SuppressionList, suppression_list
from bullseye.workspace import Workspace


@dataclass
class Seen:
    """The sources that stand, by what the same words are known by."""

    workspace: Workspace
    by_hash: dict[str, int]
    signatures: Signatures
    suppressed: SuppressionList
    words: dict[int, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, workspace: Workspace) -> "Seen":
        kept = research.listed(workspace.store)
        return cls(
            workspace,
            {each.sha256: each.id for each in kept},
            _signatures(kept),
            suppression_list(workspace),
        )

    def nearest(self, spoken: Sequence[str], mine: str | None) -> tuple[int, float] | None:
        """Return the source that has most in common, and the share; None if none has enough."""
        if mine is None:
            return None
        likely = self.signatures.likely(mine)
        exact = [(common_share(spoken, self._words(number)), -number) for number in likely]
        share, number = max(exact, default=(0.0, 0))
        return (-number, share) if share >= ALIKE else None

    def add(self, number: int, sha256: str, mine: str | None, spoken: list[str]) -> None:
        self.by_hash[sha256] = number
        if mine is not None:
            self.signatures.add(number, mine)
            self.words[number] = spoken

    def _words(self, number: int) -> list[str]:
        if number not in self.words:
            turns = research.turns(self.workspace.store, number)
            self.words[number] = spoken_words(
                turn.text for turn in turns if turn.resolved_by != By.QUESTION.value
            )
        return self.words[number]


def _signatures(kept: Sequence[KeptSource]) -> Signatures:
    found = Signatures()
    for each in kept:
        if each.signature:
            found.add(each.id, each.signature)
    return found


@dataclass(frozen=True)
class _Wanted:
    """A source ready to be kept, with what its sameness is judged by."""

    tale: ImportedSource
    new: NewSource
    turns: tuple[KeptTurn, ...]
    spoken: list[str]
    forgotten: int = 0


def keep_file(
    workspace: Workspace,
    read: ReadFile,
    options: ResearchOptions,
    directory: Directory,
    given: str | None,
    seen: Seen,
) -> ImportedFile:
    """Keep the sources of one file that are new: all of them, or none."""
    tales: list[ImportedSource | int] = []
    wanted: list[_Wanted] = []
    hashes: dict[str, int] = {}
    for conversation in read.found.conversations:
        one = _wanted(workspace, read, conversation, options, directory, given, seen.suppressed)
        tale = _told(one, options, seen)
        if tale.refused or tale.same_as is not None:
            tales.append(tale)
        elif one.new.sha256 in hashes:
            tales.append(replace(one.tale, refused="the same words stand in the file before"))
        else:
            hashes[one.new.sha256] = len(wanted)
            tales.append(len(wanted))
            wanted.append(replace(one, tale=tale))
    numbers = _keep(workspace, wanted, seen, dry_run=options.dry_run)
    alone = sum(each.forgotten for each in wanted)
    note = f"{alone:,} of the speakers asked to be forgotten: their words were not kept."
    return ImportedFile(
        str(read.path),
        read.found.format,
        tuple(
            each
            if isinstance(each, ImportedSource)
            else replace(wanted[each].tale, number=numbers[each])
            for each in tales
        ),
        read.mapped,
        read.found.flaws,
        read.found.flaw_count,
        (*read.found.notes, note) if alone else read.found.notes,
    )


def _keep(
    workspace: Workspace, wanted: Sequence[_Wanted], seen: Seen, *, dry_run: bool
) -> list[int | None]:
    if dry_run:
        return [None for _ in wanted]
    added = research.add_all(workspace.store, [(each.new, each.turns) for each in wanted])
    for each, one in zip(added, wanted, strict=True):
        seen.add(each.source.id, one.new.sha256, one.new.signature, one.spoken)
    return [each.source.id for each in added]


def _told(one: _Wanted, options: ResearchOptions, seen: Seen) -> ImportedSource:
    """Return what is to be told of a source: refused, the same as another one, or like it."""
    if one.new.consent is Consent.REFUSED:
        return replace(one.tale, refused="a speaker did not consent: nothing of it was kept")
    if one.new.sha256 in seen.by_hash:
        return replace(one.tale, same_as=seen.by_hash[one.new.sha256], same_share=1.0)
    near = seen.nearest(one.spoken, one.new.signature)
    if near is None:
        return one.tale
    number, share = near
    if share >= NEARLY_THE_SAME and not options.anyway:
        return replace(one.tale, same_as=number, same_share=share)
    return replace(one.tale, alike=number, alike_share=share)


def _wanted(
    workspace: Workspace,
    read: ReadFile,
    conversation: Conversation,
    options: ResearchOptions,
    directory: Directory,
    given: str | None,
    suppressed: SuppressionList,
) -> _Wanted:
    kind = options.kind or conversation.kind or SourceKind.NOTE
    account = account_of(conversation, directory, given)
    turns = heard(conversation, directory, account.account_id, kind)
    spoken = spoken_words(each.turn.text for each in turns if each.by is not By.QUESTION)
    title = conversation.title or " ".join(filter(None, (read.path.stem, conversation.place)))
    day = options.on or conversation.occurred_on
    new = NewSource(
        kind=kind,
        title=title,
        occurred_on=day,
        account_id=account.account_id,
        account_by=account.by,
        opportunity_id=conversation.opportunity,
        consent=conversation.consent,
        format=read.found.format,
        file_name=read.path.name,
        turn_count=len(turns),
        sha256=identity([each.turn for each in turns], spoken, account.account_id, day),
        signature=signature(spoken),
        imported_at=workspace.now(),
        actor=workspace.actor,
    )
    tale = ImportedSource(
        place=conversation.place,
        number=None,
        kind=kind,
        title=title,
        occurred_on=day,
        account_id=account.account_id,
        account_by=account.by,
        turns=len(turns),
        speakers=len({each.turn.speaker for each in turns} - {None}),
        contacts=len({each.turn.contact_id for each in turns} - {None}),
        resolved=resolution(turns),
        problem=account.problem,
    )
    kept = hushed(suppressed, tuple(map(_kept_turn, turns)))
    if kept.speakers:
        said = kept.without_names(title)
        file = kept.without_names(new.file_name)
        new = replace(new, title=said, file_name=file, signature=None)
        tale = replace(tale, title=said, place=kept.without_names(tale.place))
    return _Wanted(tale, new, kept.turns, spoken, kept.speakers)


def _kept_turn(each: Heard) -> KeptTurn:
    turn = each.turn
    return KeptTurn(
        turn_index=turn.index,
        speaker=turn.speaker,
        side=turn.side,
        text=turn.text,
        started_ms=turn.started_ms,
        contact_id=turn.contact_id,
        email=turn.email,
        resolved_by=each.by.value if each.by else None,
    )
