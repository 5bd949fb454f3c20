"""Sentence embeddings by a model file that the user supplies, run by onnxruntime on this machine.

Needs the extra `embeddings`. Bullseye ships no model and fetches none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from bullseye.errors import InputError, UsageError
from bullseye.research.features import Floats, Space
from bullseye.research.likeness import Vectors

MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
MOST_TOKENS = 256
BATCH = 32
SPELLING_SHARE = 0.5
"""How much the likeness of spelling counts beside that of the embeddings."""


class Embedder(Protocol):
    """Turns texts into vectors: texts of one meaning lie in one direction."""

    @property
    def name(self) -> str: ...

    def embedded(self, texts: Sequence[str]) -> Floats:
        """Return a row of length 1 per text."""
        ...


@dataclass(frozen=True)
class Onnx:
    """A sentence model as an ONNX graph with its tokenizer.

    The graph takes token ids and an attention mask (and token types, if it asks for them) and
    gives a vector per token, of which the mean is taken, or one per text.
    """

    name: str
    session: Any
    tokenizer: Any

    @classmethod
    def load(cls, folder: Path) -> "Onnx":
        """Return the model in `folder`, which holds `MODEL_FILE` and `TOKENIZER_FILE`.

        Raises
        ------
        UsageError
            If the extra is not installed.
        InputError
            If a file is missing or cannot be used.
        """
        try:
            runtime = import_module("onnxruntime")
            tokenizers = import_module("tokenizers")
        except ImportError:
            raise UsageError(
                "Embeddings need the extra embeddings.",
                hint='Install it with: pip install "bullseye-gtm[embeddings]"',
            ) from None
        for name in (MODEL_FILE, TOKENIZER_FILE):
            if not (folder / name).is_file():
                raise InputError(
                    f"There is no {name}.",
                    place=str(folder),
                    hint="Name a folder with a sentence model as ONNX and its tokenizer.",
                )
        options = runtime.SessionOptions()
        options.log_severity_level = 3
        try:
            tokenizer = tokenizers.Tokenizer.from_file(str(folder / TOKENIZER_FILE))
            tokenizer.enable_truncation(MOST_TOKENS)
            tokenizer.enable_padding()
            session = runtime.InferenceSession(
                str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # both libraries raise types of their own
            raise InputError(
                f"The model cannot be read: {str(error).splitlines()[0][:200]}",
                place=str(folder),
                hint="Export it again as ONNX, with its tokenizer.json.",
            ) from error
        return cls(folder.name, session, tokenizer)

    def embedded(self, texts: Sequence[str]) -> Floats:
        """Return a row of length 1 per text; an empty text is a row of zeros."""
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        rows = np.concatenate([self._batch([texts[at] for at in batch]) for batch in batches])
        found = np.empty_like(rows)
        found[order] = rows  # those of like length were read together
        return found

    def _batch(self, texts: Sequence[str]) -> Floats:
        encoded = self.tokenizer.encode_batch(list(texts))
        mask = np.array([each.attention_mask for each in encoded], dtype=np.int64)
        given = {
            "input_ids": np.array([each.ids for each in encoded], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.array([each.type_ids for each in encoded], dtype=np.int64),
        }
        wanted = {each.name for each in self.session.get_inputs()}
        try:
            found = np.asarray(
                self.session.run(None, {k: v for k, v in given.items() if k in wanted})[0],
                dtype=np.float64,
            )
        except Exception as error:  # onnxruntime raises types of its own
            raise InputError(
                f"The model does not take texts: {str(error).splitlines()[0][:200]}",
                place=self.name,
                hint="Use a sentence model with the inputs input_ids and attention_mask.",
            ) from error
        if found.ndim == 3:  # a vector per token
            counted = mask[:, :, None]
            found = (found * counted).sum(axis=1) / np.maximum(counted.sum(axis=1), 1)
        return _unit(found)


@dataclass(frozen=True)
class ByMeaning:
    """Reads by embeddings and, for half as much, by spelling.

    Notes
    -----
    To rank, embeddings are taken relative to their mean over the texts compared, since all texts
    of one topic point the same way (Mu and Viswanath 2018, All-but-the-top, ICLR); to gate, as they
    are. The cut-offs were chosen on another public set with another model and are not proven for
    yours.
    """

    embedder: Embedder
    gate: float = 0.45
    alike: float = 0.5

    @property
    def name(self) -> str:
        """How reports call this way of reading."""
        return f"embeddings of {self.embedder.name}"

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of texts that are compared with each other."""
        raw = self.embedder.embedded(texts)
        centred = _unit(raw - raw.mean(axis=0)) if len(texts) > 1 else raw
        return Vectors(centred, raw, Space.of(texts).rows(texts), SPELLING_SHARE)


def _unit(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1.0), dtype=np.float64)
