"""The reader's network in torch, and its training: the encoder's body with three outputs per token."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
WARM_UP = 0.05
"""Share of a phase in which the learning rate rises, where it does not fall."""
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


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the training: its windows once, at a learning rate that warms up, or that falls to 0.

    It ends after `minutes` even when windows are left. `peak` is the factor of the highest rate.
    """

    windows: Sequence[Window]
    minutes: float
    falling: bool = False
    peak: float = 1.0

    def rate(self, progress: float) -> float:
        """Return the factor of the learning rate after that share (0–1) of the phase."""
        return self.peak * (1 - progress if self.falling else min((progress + 0.001) / WARM_UP, 1.0))


class Training:
    """A training run that can be stopped: it goes on from the last checkpoint in its folder."""

    def __init__(self, network: SpanNetwork, folder: Path) -> None:
        torch.manual_seed(SEED)
        self._network, self._folder, self._checkpoint = network, folder, folder / "checkpoint.pt"
        # Attention heads of 32 numbers are too narrow for the fused kernel to pay, and compiling joins what
        # lies between the products: together 1.4 times as fast on two cores.
        network.body.set_attn_implementation("eager")
        self._forward = torch.compile(network, dynamic=True)
        groups: list[dict[str, Any]] = [
            {"params": [parameter for parameter in network.body.parameters() if parameter.requires_grad]},
            {"params": list(network.head.parameters()), "lr": 5 * LEARNING_RATE},
        ]
        self._optimizer = torch.optim.AdamW(groups, lr=LEARNING_RATE, weight_decay=0.01)
        self._rates = [float(group["lr"]) for group in self._optimizer.param_groups]
        self._phase, self._step, self._elapsed = 0, 0, 0.0
        if self._checkpoint.is_file():
            state = torch.load(self._checkpoint, weights_only=True)
            self._phase, self._step, self._elapsed = state["phase"], state["step"], state["elapsed"]
            network.load_state_dict(state["network"])
            self._optimizer.load_state_dict(state["optimizer"])

    def run(self, number: int, phase: Phase) -> None:
        """Train on a phase, or on what is left of it; phases are numbered from 0."""
        if number < self._phase:
            return
        order = batches(phase.windows, TOKENS_PER_BATCH, SEED + number)
        log.info(
            "phase %d: %d windows in %d steps, from step %d",
            number,
            len(phase.windows),
            len(order),
            self._step,
        )
        self._network.train()
        started, saved, first = perf_counter() - self._elapsed, perf_counter(), self._step
        seen: list[tuple[float, float]] = []
        while (
            progress := max(self._step / len(order), (perf_counter() - started) / (60 * phase.minutes))
        ) < 1:
            for group, rate in zip(self._optimizer.param_groups, self._rates, strict=True):
                group["lr"] = rate * phase.rate(progress)
            seen.append(self._learn(order[self._step]))
            self._step += 1
            if self._step % 20 == 0:
                last = seen[-60:]
                mean = [sum(one[side] for one in last) / len(last) for side in (0, 1)]
                pace = (perf_counter() - started - self._elapsed) / (self._step - first)
                log.info(
                    "step %d/%d: span %.3f, answerable %.3f, %.2f s", self._step, len(order), *mean, pace
                )
            if perf_counter() - saved > _SAVE_SECONDS:
                self._save(perf_counter() - started)
                saved = perf_counter()
        log.info("phase %d finished at step %d", number, self._step)
        torch.save(self._trained(), self._after(number))
        self._phase, self._step, self._elapsed = number + 1, 0, 0.0
        self._save(0.0)

    def average(self, shares: Mapping[int, float]) -> None:
        """Give the network the mean of its weights after some phases that are done, by the phases' shares.

        Weights on one path of training lie in one basin, where a mean of them is often better than each
        (Wortsman et al. 2022, https://arxiv.org/abs/2203.05482).
        """
        kept = [
            (share, torch.load(self._after(number), weights_only=True)) for number, share in shares.items()
        ]
        means = {name: sum(share * weights[name] for share, weights in kept) for name in kept[0][1]}
        self._network.load_state_dict(means, strict=False)

    def forget(self) -> None:
        """Delete what was kept of a training that is done: the next one begins anew."""
        self._checkpoint.unlink(missing_ok=True)
        for number in range(self._phase):
            self._after(number).unlink(missing_ok=True)

    def _after(self, phase: int) -> Path:
        return self._folder / f"after-{phase}.pt"

    def _trained(self) -> dict[str, Tensor]:
        return {
            name: parameter.detach()
            for name, parameter in self._network.named_parameters()
            if parameter.requires_grad
        }

    def _learn(self, batch: Sequence[Window]) -> tuple[float, float]:
        ids, mask, text = collate(batch)
        with torch.autocast("cpu", torch.bfloat16):
            logits = self._forward(ids, mask)
        span, answerable = losses(logits.float(), text, batch)
        self._optimizer.zero_grad()
        (span + ANSWERABLE_WEIGHT * answerable).backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._network.parameters(), 1.0)
        self._optimizer.step()
        return float(span.detach()), float(answerable.detach())

    def _save(self, elapsed: float) -> None:
        fresh = self._checkpoint.with_suffix(".new")
        state = {
            "phase": self._phase,
            "step": self._step,
            "elapsed": elapsed,
            "network": self._network.state_dict(),
            "optimizer": self._optimizer.state_dict(),
        }
        torch.save(state, fresh)
        fresh.replace(self._checkpoint)
