"""Embeddings: a model file of the user's, run here, whose vectors decide what says the same."""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import WordLevel

from bullseye.definitions.theme import Theme
from bullseye.errors import InputError, UsageError
from bullseye.research.codebook import Quoted, matching
from bullseye.research.embedding import BATCH, MODEL_FILE, TOKENIZER_FILE, ByMeaning, Onnx
from bullseye.research.likeness import Spelling
from bullseye.research.proposals import proposals
from bullseye.research.source import EvidenceKind

MEANINGS = {
    "price": ("expensive", "dear", "costly", "pricey", "budget"),
    "time": ("slow", "late", "weeks", "delay", "sluggish"),
}
WORDS = ["[PAD]", "[UNK]", *(word for words in MEANINGS.values() for word in words)]


def number(value: int) -> bytes:
    """Return a number as protobuf writes it."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def entry(place: int, value: int | bytes | str) -> bytes:
    """Return one entry of a protobuf message."""
    if isinstance(value, int):
        return number(place << 3) + number(value)
    content = value.encode() if isinstance(value, str) else value
    return number(place << 3 | 2) + number(len(content)) + content


def tensor_type(name: str, element: int, sizes: Sequence[str]) -> bytes:
    shape = b"".join(entry(1, entry(2, size)) for size in sizes)
    return entry(1, name) + entry(2, entry(1, entry(1, element) + entry(2, shape)))


def write_model(folder: Path, table: np.ndarray) -> None:
    """Write a graph that looks each token up in a table: the smallest sentence model there is."""
    weights = b"".join(entry(1, size) for size in table.shape) + entry(2, 1) + entry(8, "table")
    weights += entry(9, table.astype("<f4").tobytes())
    node = entry(1, "table") + entry(1, "input_ids") + entry(2, "tokens") + entry(4, "Gather")
    graph = entry(1, node) + entry(2, "g") + entry(5, weights)
    for name in ("input_ids", "attention_mask"):
        graph += entry(11, tensor_type(name, 7, ("texts", "length")))
    graph += entry(12, tensor_type("tokens", 1, ("texts", "length", "size")))
    model = entry(1, 8) + entry(7, graph) + entry(8, entry(1, "") + entry(2, 13))
    (folder / MODEL_FILE).write_bytes(model)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model that knows ten words of two meanings."""
    made = tmp_path_factory.mktemp("tiny-model")
    table = np.zeros((len(WORDS), 3))
    table[1:, 2] = 0.2
    table[2:7, 0] = 1
    table[7:, 1] = 1
    write_model(made, table)
    tokenizer = Tokenizer(WordLevel({word: at for at, word in enumerate(WORDS)}, "[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(made / TOKENIZER_FILE))
    return made


@pytest.fixture(scope="module")
def reader(folder: Path) -> ByMeaning:
    return ByMeaning(Onnx.load(folder))


def test_words_of_one_meaning_lie_in_one_direction(reader: ByMeaning) -> None:
    rows = reader.embedder.embedded(["Expensive", "costly dear", "slow weeks", ""])
    assert rows[0] @ rows[1] == pytest.approx(1, abs=1e-6)
    assert rows[0] @ rows[2] < 0.1
    assert np.allclose(rows[3], 0)


def test_texts_come_back_in_their_order_whatever_their_length(reader: ByMeaning) -> None:
    texts = [
        "slow " * (1 + at % 7) if at % 2 else "dear " * (1 + at % 5) for at in range(3 * BATCH)
    ]
    rows = reader.embedder.embedded(texts)
    alone = np.concatenate([reader.embedder.embedded([text]) for text in texts])
    assert np.allclose(rows, alone, atol=1e-6)


def test_evidence_finds_a_theme_that_shares_no_word_with_it(reader: ByMeaning) -> None:
    governed = {"owner": "Dana", "review_by": "2030-01-01", "review_when": ["it moves"]}
    book = {
        name: Theme.model_validate(
            {
                "name": name,
                **governed,
                "kind": "objection",
                "says": f"{words[0]} {words[1]} {words[2]}",
                "exemplars": words[:2],
            }
        )
        for name, words in MEANINGS.items()
    }
    said = [
        Quoted(1, EvidenceKind.OBJECTION, "pricey budget"),
        Quoted(2, EvidenceKind.OBJECTION, "sluggish delay"),
    ]
    found = matching(book, said, reader)
    assert {each.number: each.theme for each in found.matches} == {1: "price", 2: "time"}
    assert matching(book, said, Spelling()).matches == ()


def test_leftovers_of_one_meaning_are_proposed_together(reader: ByMeaning) -> None:
    words = (*MEANINGS["price"][:4], *MEANINGS["time"][:3])
    said = [Quoted(at, EvidenceKind.PAIN, word) for at, word in enumerate(words)]
    found = proposals(said, reader)
    assert sorted(len(each.numbers) for each in found) == [3, 4]
    assert proposals(said, Spelling()) == ()


def test_a_folder_without_a_model_or_with_another_file_is_an_input_error(
    tmp_path: Path, folder: Path
) -> None:
    with pytest.raises(InputError, match=r"no model\.onnx"):
        Onnx.load(tmp_path)
    for name in (MODEL_FILE, TOKENIZER_FILE):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / MODEL_FILE).write_bytes(b"not a model at all")
    with pytest.raises(InputError, match="cannot be read"):
        Onnx.load(tmp_path)


def test_without_the_extra_the_error_names_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(UsageError, match="extra embeddings") as error:
        Onnx.load(folder)
    assert "bullseye-gtm[embeddings]" in error.value.hint
