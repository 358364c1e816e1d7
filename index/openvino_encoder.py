"""The fast encoder: a sentence-transformers folder with a BERT in it, run by OpenVINO."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from index import manifest
from index.bert_graph import bert, read_weights
from index.embedding import Kind, Progress, Vectors, well_formed
from index.openvino_network import Network

_TOKENS_PER_BATCH = 1024
_TOKENS_FOR_STREAMS = 4 * _TOKENS_PER_BATCH
"""Beyond this, some 20 paragraphs, compiling once more for throughput pays."""
_TEXTS_PER_TOKENISATION = 256


class OpenVINOEncoder:
    """An `Embedder`; safe to share between threads."""

    def __init__(
        self,
        network: Network,
        tokenizer: Tokenizer,
        *,
        prompts: Mapping[str, str],
        max_tokens: int,
        fingerprint: str,
    ) -> None:
        self._network, self._tokenizer, self._prompts = network, tokenizer, prompts
        self._max_tokens, self._fingerprint = max_tokens, fingerprint
        self._closing = tokenizer.encode("").ids[1:]

    @classmethod
    def load(cls, folder: Path) -> OpenVINOEncoder:
        """Open a prepared folder; raise `ModelDamaged` when a file is not as it was written."""
        manifest.check(folder)
        config = _json(folder / "config.json")
        graph = bert(
            read_weights(folder / "model.safetensors"),
            layers=config["num_hidden_layers"],
            heads=config["num_attention_heads"],
            epsilon=config["layer_norm_eps"],
        )
        graph.remove_result(graph.get_results()[1])
        compiling = Event()
        with ThreadPoolExecutor(1) as beside:
            tokenizer = beside.submit(_read_tokenizer, folder / "tokenizer.json", compiling)
            network = Network(graph, padding=config["pad_token_id"], compiling=compiling.set)
        return cls(
            network,
            tokenizer.result(),
            prompts=_json(folder / "config_sentence_transformers.json")["prompts"],
            max_tokens=_json(folder / "sentence_bert_config.json")["max_seq_length"],
            fingerprint=manifest.read(folder).fingerprint,
        )

    @property
    def fingerprint(self) -> str:
        """Name the weights and the preprocessing: the same on every machine, in 16 bits and in 32."""
        return self._fingerprint

    @property
    def max_tokens(self) -> int:
        """The longest text it reads, in tokens, the prompt and the two special tokens included."""
        return self._max_tokens

    def encode(self, texts: Sequence[str], kind: Kind, progress: Progress | None = None) -> Vectors:
        """Return an array of shape (len(texts), d), float32, rows of length 1.

        A few texts are encoded one batch after the other, many of them in several streams.
        """
        token_ids = list(self._tokens(texts, self._prompts[kind]))
        vectors = np.empty((len(texts), self._network.width), np.float32)
        many = sum(map(len, token_ids)) > _TOKENS_FOR_STREAMS
        network = self._network.for_many if many else self._network
        batches = list(_batches([len(tokens) for tokens in token_ids]))
        found = network.each([[token_ids[place] for place in places] for places in batches])
        for places, rows in zip(batches, found, strict=True):
            vectors[places] = rows
            if progress:
                progress(len(places))
        return vectors

    def count_tokens(self, text: str) -> int:
        """Count the tokens of `text`, special tokens left out: 100 Arabic characters cost some 30."""
        return len(self._tokenizer.encode(well_formed(text), add_special_tokens=False))

    def _tokens(self, texts: Sequence[str], prompt: str) -> Iterator[list[int]]:
        cut = self._max_tokens - len(self._closing)
        for start in range(0, len(texts), _TEXTS_PER_TOKENISATION):
            batch = [prompt + well_formed(text) for text in texts[start : start + _TEXTS_PER_TOKENISATION]]
            for encoding in self._tokenizer.encode_batch_fast(batch):
                ids = encoding.ids
                yield ids if len(ids) <= self._max_tokens else ids[:cut] + self._closing


def _read_tokenizer(path: Path, compiling: Event) -> Tokenizer:
    # It takes as long as the compilation, and holds the interpreter all the while: unless it starts when
    # the compilation has let go of it, one waits for the other. The timeout is for a compilation that fails.
    compiling.wait(timeout=1)
    return Tokenizer.from_file(str(path))


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the places of texts of similar length, the longest first, within the budget of tokens."""
    order = sorted(range(len(lengths)), key=lambda place: -lengths[place])
    start = 0
    while start < len(order):
        end = start + max(1, _TOKENS_PER_BATCH // lengths[order[start]])
        yield order[start:end]
        start = end


def _json(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))
