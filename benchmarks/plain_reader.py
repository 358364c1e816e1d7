"""The reader's network as it was trained: transformers on PyTorch, in 32 bits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.figures import Unmeasured
from index.passage import Passage
from qa.pairs import pair_up
from qa.span_model import FOLDER

if TYPE_CHECKING:
    from benchmarks.bench import See


def plain_reader(encoder: Path, folder: Path = FOLDER) -> See:
    """Open the reader in `folder`, whose lower layers are in the folder of the encoder.

    What it returns gives logits, shape (passages, tokens, 3), as the product's `SpanModel` does inside.
    Raises Unmeasured when the weights are those of another network.
    """
    import torch
    from safetensors.torch import load_file
    from tokenizers import Tokenizer
    from torch.nn.utils.rnn import pad_sequence
    from transformers.utils.logging import disable_progress_bar

    from training.span_network import SpanNetwork

    disable_progress_bar()  # type: ignore[no-untyped-call]
    tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    network = SpanNetwork(encoder)
    own = load_file(folder / "model.safetensors")
    names = {name: name if name.startswith("head.") else f"body.{name}" for name in own}
    loaded = network.load_state_dict({names[name]: own[name].float() for name in own}, strict=False)
    if loaded.unexpected_keys:
        raise Unmeasured(f"the reader has weights that its training does not know: {loaded.unexpected_keys}")
    network.eval()
    padding = network.body.config.pad_token_id or 0

    def see(question: str, passages: Sequence[Passage]) -> object:
        pairs = pair_up(tokenizer, question, passages)
        rows = [torch.tensor(pair.ids) for pair in pairs]
        ids = pad_sequence(rows, batch_first=True, padding_value=padding)
        with torch.inference_mode():
            return network(ids, (ids != padding).long()).numpy()

    return see
