"""The reader's network in torch, and its training: the encoder's body with three outputs per token."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.windows import Window, batches

SEED = 13
TOKENS_PER_BATCH = 3072
LEARNING_RATE = 1.2e-4
WARM_UP = 0.07
ANSWERABLE_WEIGHT = 0.7
FROZEN_LAYERS = 4
"""The lowest layers, like the word embeddings, stay those of the encoder: a fifth of the time saved."""
_SAVE_SECONDS = 240
log = logging.getLogger(__name__)


class SpanNetwork(nn.Module):
    """For every token of a pair: start logit, end logit and – read at the first token – answerability."""

    def __init__(self, encoder: Path) -> None:
        super().__init__()
        from transformers import BertModel

        self.body = BertModel.from_pretrained(
            encoder,
            add_pooling_layer=False,
            dtype=torch.float32,
            # One epoch leaves nothing to overfit, and drawing the masks costs a tenth of the time.
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        for part in (self.body.embeddings, *self.body.encoder.layer[:FROZEN_LAYERS]):
            part.requires_grad_(False)
        self.head = nn.Linear(self.body.config.hidden_size, 3)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return logits, shape (pairs, tokens, 3)."""
        hidden = self.body(input_ids=ids, attention_mask=mask).last_hidden_state
        logits: Tensor = self.head(hidden.float())
        return logits


def collate(batch: Sequence[Window], padding: int = 1) -> tuple[Tensor, Tensor, Tensor]:
    """Return ids, attention mask and the mask of the tokens an answer may be in, shape (pairs, tokens)."""
    longest = max(len(window.ids) for window in batch)
    ids = torch.full((len(batch), longest), padding)
    mask, text = torch.zeros_like(ids), torch.zeros_like(ids, dtype=torch.bool)
    for row, window in enumerate(batch):
        ids[row, : len(window.ids)] = torch.tensor(window.ids)
        mask[row, : len(window.ids)] = 1
        text[row, window.first : window.last] = True
    return ids, mask, text


def losses(logits: Tensor, text: Tensor, batch: Sequence[Window]) -> tuple[Tensor, Tensor]:
    """Return the loss of the spans and of answerability.

    A span's probability is normalised over all windows of its question (Clark and Gardner 2018, "shared
    norm", https://arxiv.org/abs/1710.10723), so that scores of several passages can be compared.
    """
    groups = torch.tensor([window.group for window in batch])
    same = groups[:, None] == groups[None, :]
    answered = [row for row, window in enumerate(batch) if window.answer is not None]
    span = logits.new_zeros(())
    for side in (0, 1):
        values = logits[:, :, side].masked_fill(~text, -1e4)
        mass = values.logsumexp(1)[None, :].expand(len(batch), -1).masked_fill(~same, -1e4).logsumexp(1)
        for row in answered:
            answer = batch[row].answer
            assert answer is not None
            span = span + mass[row] - values[row, answer[side]]
    target = torch.tensor([float(window.answer is not None) for window in batch])
    answerable = functional.binary_cross_entropy_with_logits(logits[:, 0, 2], target)
    return span / max(2 * len(answered), 1), answerable


def train(network: SpanNetwork, windows: Sequence[Window], folder: Path, minutes: float) -> None:
    """Train for one epoch or for `minutes`, whichever ends first; the learning rate falls to 0 by then.

    A run that was stopped goes on from the last checkpoint in `folder`.
    """
    torch.manual_seed(SEED)
    order = batches(windows, TOKENS_PER_BATCH, SEED)
    body = [parameter for parameter in network.body.parameters() if parameter.requires_grad]
    groups: list[dict[str, Any]] = [
        {"params": body},
        {"params": list(network.head.parameters()), "lr": 5 * LEARNING_RATE},
    ]
    optimizer = torch.optim.AdamW(groups, lr=LEARNING_RATE, weight_decay=0.01)
    rates = [float(group["lr"]) for group in optimizer.param_groups]
    checkpoint = folder / "checkpoint.pt"
    step, elapsed = 0, 0.0
    if checkpoint.is_file():
        state = torch.load(checkpoint, weights_only=True)
        step, elapsed = state["step"], state["elapsed"]
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
    log.info("%d windows in %d steps, from step %d", len(windows), len(order), step)
    network.train()
    started, saved, first = perf_counter() - elapsed, perf_counter(), step
    seen: list[tuple[float, float]] = []
    while (progress := max(step / len(order), (perf_counter() - started) / (60 * minutes))) < 1:
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * min((progress + 0.005) / WARM_UP, (1 - progress) / (1 - WARM_UP))
        seen.append(_step(network, optimizer, order[step]))
        step += 1
        if step % 10 == 0:
            last = seen[-30:]
            mean = [sum(one[side] for one in last) / len(last) for side in (0, 1)]
            pace = (perf_counter() - started - elapsed) / (step - first)
            log.info("step %d/%d: span %.3f, answerable %.3f, %.2f s", step, len(order), *mean, pace)
        if perf_counter() - saved > _SAVE_SECONDS:
            _save(checkpoint, network, optimizer, step, perf_counter() - started)
            saved = perf_counter()
    _save(checkpoint, network, optimizer, step, perf_counter() - started)
    log.info("finished at step %d", step)


def _step(
    network: SpanNetwork, optimizer: torch.optim.Optimizer, batch: Sequence[Window]
) -> tuple[float, float]:
    ids, mask, text = collate(batch)
    with torch.autocast("cpu", torch.bfloat16):
        logits = network(ids, mask)
    span, answerable = losses(logits.float(), text, batch)
    optimizer.zero_grad()
    (span + ANSWERABLE_WEIGHT * answerable).backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    return float(span.detach()), float(answerable.detach())


def _save(
    path: Path, network: SpanNetwork, optimizer: torch.optim.Optimizer, step: int, elapsed: float
) -> None:
    fresh = path.with_suffix(".new")
    state = {
        "step": step,
        "elapsed": elapsed,
        "network": network.state_dict(),
        "optimizer": optimizer.state_dict(),
    }
    torch.save(state, fresh)
    fresh.replace(path)
