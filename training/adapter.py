"""Fit the query adapter: `python -m training.adapter DATA`, where DATA holds `train/` and `news/`.

Vectors of French and English questions are pulled to the passage that answers and away from all others, by a
softmax over every passage of the training articles (InfoNCE, van den Oord et al. 2018). The encoder is not
changed; the fit takes two minutes, the vectors before it ten.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from index import manifest
from index.console import guarded
from index.e5 import prepare
from index.embedding import Embedder, Vectors
from index.openvino_encoder import OpenVINOEncoder
from index.settings import Settings
from index.splitting import split
from qa.adapter import FOLDER, RECORD, TENSORS, QueryAdapter
from training.asked import command, read_asked
from training.examples import Example
from training.windows import is_held_out

LANGUAGES = ("fr", "en")
SEED, EPOCHS, BATCH = 13, 5, 512
RATE, RIDGE, TEMPERATURE = 2e-3, 1e-3, 0.015
KEPT = 0.8
"""Share of the fitted move that is kept: the whole is worse on articles kept apart and on other sets."""
Places = NDArray[np.intp]
log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, write, measure on articles kept apart, and return the exit code."""
    parser = command("training.adapter", "Fit the query adapter.", FOLDER)
    return guarded(_run, parser.parse_args(arguments))


def _run(options: argparse.Namespace) -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    asked, articles = read_asked(options.data)
    encoder = OpenVINOEncoder.load(prepare(Settings.from_environment().models))
    examples = [example for example in asked if example.language in LANGUAGES and example.answers]

    passages = [passage for article in articles.values() for passage in split(article, encoder)]
    held_by: dict[str, list[int]] = {}
    for place, passage in enumerate(passages):
        held_by.setdefault(passage.article_id, []).append(place)
    answering = []
    for example in examples:
        start, end = example.answers[0]
        inside = (
            place
            for place in held_by[example.article.id]
            if passages[place].start <= start and end <= passages[place].end
        )
        answering.append(next(inside, held_by[example.article.id][0]))
    places = np.array(answering)
    log.info("%d questions, %d passages", len(examples), len(passages))
    vectors = encoder.encode([passage.embedding_text for passage in passages], "passage")
    questions = encoder.encode([example.question for example in examples], "query")

    apart = np.array([is_held_out(example) for example in examples])
    adapter = fit(questions[~apart], vectors, places[~apart])
    write(adapter, encoder, options.out)
    _report(examples, questions, vectors, places, apart, adapter)
    return 0


def fit(questions: Vectors, passages: Vectors, answering: Places, *, epochs: int = EPOCHS) -> QueryAdapter:
    """Return the adapter under which each of `questions` (n, d) is nearest to the passage that answers it.

    `answering` (n,) are rows of `passages` (m, d).
    """
    import torch

    generator = torch.Generator().manual_seed(SEED)
    asked, held, right = (torch.from_numpy(array) for array in (questions, passages, answering))
    weight = torch.zeros(questions.shape[1], questions.shape[1], requires_grad=True)
    bias = torch.zeros(questions.shape[1], requires_grad=True)
    optimizer = torch.optim.Adam([weight, bias], lr=RATE)
    batches = -(-len(asked) // BATCH)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, epochs * batches)
    for epoch in range(epochs):
        for some in torch.randperm(len(asked), generator=generator).chunk(batches):
            moved = torch.nn.functional.normalize(asked[some] + asked[some] @ weight + bias, dim=1)
            loss = torch.nn.functional.cross_entropy(moved @ held.T / TEMPERATURE, right[some])
            loss = loss + RIDGE * (weight**2).sum()
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
        log.info("epoch %d: loss %.3f", epoch + 1, float(loss.detach()))
    return QueryAdapter((KEPT * weight).detach().numpy(), (KEPT * bias).detach().numpy())


def write(adapter: QueryAdapter, encoder: Embedder, folder: Path) -> None:
    """Write the adapter in 16 bits, and a record that binds it to the encoder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / TENSORS
    tensors = {"weight": adapter.weight, "bias": adapter.bias}
    path.write_bytes(save({name: tensor.astype(np.float16) for name, tensor in tensors.items()}))
    record = {"encoder": encoder.fingerprint, "sha256": manifest.digest(path)}
    (folder / RECORD).write_text(json.dumps(record, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def _report(
    examples: Sequence[Example],
    questions: Vectors,
    passages: Vectors,
    answering: Places,
    apart: NDArray[np.bool_],
    adapter: QueryAdapter,
) -> None:
    for language in LANGUAGES:
        some = [n for n, example in enumerate(examples) if apart[n] and example.language == language]
        for name, vectors in (
            ("encoder", questions[some]),
            ("adapted", np.array([adapter(questions[n]) for n in some])),
        ):
            ranks = ranks_of(vectors, passages, answering[some])
            log.info(
                "%s, %d questions kept apart, %s: recall@1 %.3f, recall@8 %.3f",
                language, len(some), name, (ranks < 1).mean(), (ranks < 8).mean(),
            )  # fmt: skip


def ranks_of(questions: Vectors, passages: Vectors, answering: Places) -> Places:
    """Return for each question how many passages are nearer to it than the one that answers."""
    similarity = questions @ passages.T
    own = similarity[np.arange(len(questions)), answering]
    return np.asarray((similarity > own[:, None]).sum(1), np.intp)


if __name__ == "__main__":
    sys.exit(main())
