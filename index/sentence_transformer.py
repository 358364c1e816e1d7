"""Any sentence-transformers model as an encoder: a folder, or the name of a model on the hub."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import numpy as np
from sentence_transformers import SentenceTransformer

from corpus.errors import ModelDamaged, ModelMissing
from index.embedding import Kind, Progress, Vectors, well_formed

_HUB_NAME = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)?")
_TEXTS_PER_BATCH = 32
_TEXTS_PER_SORT = 16 * _TEXTS_PER_BATCH


class SentenceTransformerEncoder:
    """An `Embedder`; safe to share between threads, which take turns."""

    def __init__(self, model: SentenceTransformer, *, name: str) -> None:
        self._model, self._turn = model, Lock()
        self._prompts = _prompts(model, name)
        self._fingerprint = f"{Path(name).name}@{_digest(model, self._prompts)}"

    @classmethod
    def load(cls, name: str) -> SentenceTransformerEncoder:
        """Open a folder, or a model of the hub by its name, fetched only when it is not on this machine.

        Raise `ModelMissing` when there is no such model, `ModelDamaged` when a folder is not a model.
        """
        folder = Path(name).expanduser()
        if folder.is_dir():
            try:
                return cls(SentenceTransformer(str(folder), device="cpu", local_files_only=True), name=name)
            except Exception as error:  # torch, transformers and safetensors share no root but this
                raise ModelDamaged(path=folder) from error
        if not _HUB_NAME.fullmatch(name):
            raise ModelMissing(name=name, reason="no such folder")
        try:
            try:
                model = SentenceTransformer(name, device="cpu", local_files_only=True)
            except Exception:
                model = SentenceTransformer(name, device="cpu")
        except Exception as error:
            raise ModelMissing(name=name, reason=str(error).partition("\n")[0]) from error
        return cls(model, name=name)

    @property
    def fingerprint(self) -> str:
        """Name the weights, the tokenizer and the prompts."""
        return self._fingerprint

    @property
    def max_tokens(self) -> int:
        """The longest text it reads, in tokens, the prompt and the special tokens included."""
        return self._model.get_max_seq_length() or 512

    def encode(self, texts: Sequence[str], kind: Kind, progress: Progress | None = None) -> Vectors:
        """Return an array of shape (len(texts), d), float32, rows of length 1, with the model's prompts."""
        encode = self._model.encode_query if kind == "query" else self._model.encode_document
        parts = [np.empty((0, self._model.get_embedding_dimension() or 0), np.float32)]
        for start in range(0, len(texts), _TEXTS_PER_SORT):
            part = [well_formed(text) for text in texts[start : start + _TEXTS_PER_SORT]]
            with self._turn:  # a tokenizer of transformers breaks when two threads set its truncation
                vectors = encode(
                    part,
                    prompt=self._prompts[kind],
                    batch_size=_TEXTS_PER_BATCH,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                )
            parts.append(np.asarray(vectors, np.float32))
            if progress:
                progress(len(part))
        return np.concatenate(parts)

    def count_tokens(self, text: str) -> int:
        """Count the tokens of `text` without prompt and special tokens."""
        with self._turn:
            tokens = self._model.tokenizer(well_formed(text), add_special_tokens=False, verbose=False)
        return len(tokens["input_ids"])


def _prompts(model: SentenceTransformer, name: str) -> dict[Kind, str]:
    """Choose the model's prompts; sentence-transformers would take an empty one for the passages of some."""
    given = {key: prompt for key, prompt in model.prompts.items() if prompt}
    if not given and re.search(r"\be5\b", name.lower()) and "instruct" not in name:
        # The first E5 models were published without the prompts that they were trained with.
        given = {"query": "query: ", "passage": "passage: "}
    passage = (given[key] for key in ("document", "passage", "corpus") if key in given)
    return {"query": given.get("query", ""), "passage": next(passage, "")}


def _digest(model: SentenceTransformer, prompts: dict[Kind, str]) -> str:
    import torch

    content = hashlib.sha256()
    # A pooler that is not in the file is filled at random, and what is pooled here are the tokens.
    weights = {name: tensor for name, tensor in model.state_dict().items() if ".pooler." not in name}
    for name, tensor in sorted(weights.items()):
        content.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        content.update(tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().data)
    tokenizer = getattr(model.tokenizer, "backend_tokenizer", None)
    content.update(tokenizer.to_str().encode() if tokenizer else b"")
    content.update(f"{model} {model.get_max_seq_length()} {prompts}".encode())
    return content.hexdigest()[:16]
