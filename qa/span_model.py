"""The trained reader's network on OpenVINO: a question and passages in, a score for every token out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from corpus.errors import ModelDamaged
from index import manifest
from index.bert_graph import bert, op, read_weights
from index.openvino_network import Network
from index.passage import Passage
from index.quiet_openvino import ov
from qa.pairs import Pair, pair_up

FOLDER = Path(__file__).parent / "reader_model"
Logits = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the network makes of a passage: a logit for each token as first and as last of the answer.

    `start` and `end` have shape (tokens of the text,); `answers` is the logit that the passage answers.
    """

    pair: Pair
    start: Logits
    end: Logits
    answers: float


class SpanModel:
    """Reads a question together with passages; safe to share between threads."""

    def __init__(self, network: Network, tokenizer: Tokenizer) -> None:
        self._network, self._tokenizer = network, tokenizer

    @classmethod
    def load(cls, encoder: Path, folder: Path = FOLDER) -> SpanModel:
        """Open the reader in `folder`; what it shares with the encoder is read from the encoder's folder.

        Raise `ModelDamaged` when a file is not as it was written, or was trained upon another encoder.
        """
        record = json.loads((folder / "reader.json").read_text("utf-8"))
        own = folder / "model.safetensors"
        if not own.is_file() or manifest.digest(own) != record["sha256"]:
            raise ModelDamaged(path=own)
        manifest.check(encoder)
        if manifest.read(encoder).fingerprint != record["encoder"]:
            raise ModelDamaged(path=encoder / manifest.NAME)
        config = json.loads((encoder / "config.json").read_text("utf-8"))
        graph = _graph(read_weights(encoder / "model.safetensors") | read_weights(own), config)
        # Passages one by one on several streams: no padding, and no core waits for another at each layer.
        network = Network(graph, padding=config["pad_token_id"], hint="THROUGHPUT")
        return cls(network, Tokenizer.from_file(str(encoder / "tokenizer.json")))

    def see(self, question: str, passages: Sequence[Passage]) -> list[Seen]:
        """Return what is seen of each passage."""
        pairs = pair_up(self._tokenizer, question, passages)
        longest_first = sorted(range(len(pairs)), key=lambda place: -len(pairs[place].ids))
        logits = self._network.each([[pairs[place].ids] for place in longest_first])
        found = {}
        for place, (row,) in zip(longest_first, logits, strict=True):
            pair = pairs[place]
            text = row[pair.first : pair.first + len(pair.offsets)]
            found[place] = Seen(pair, text[:, 0], text[:, 1], float(row[0, 2]))
        return [found[place] for place in range(len(pairs))]


def _graph(weights: dict[str, NDArray[np.floating]], config: dict[str, Any]) -> Any:
    """Put a linear layer on the encoder: output (pairs, tokens, 3)."""
    graph = bert(
        weights,
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        epsilon=config["layer_norm_eps"],
    )
    hidden = graph.get_results()[1].input_value(0)
    head = op.constant(weights["head.weight"].astype(np.float32))
    bias = op.constant(weights["head.bias"].astype(np.float32))
    logits = op.add(op.matmul(hidden, head, False, True), bias)
    return ov.Model([logits], graph.get_parameters(), "reader")
