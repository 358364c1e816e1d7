"""The encoder that the settings ask for."""

from __future__ import annotations

from collections.abc import Callable

from index.embedding import Embedder
from index.settings import Settings


def load_encoder(settings: Settings, progress: Callable[[int, int], None] | None = None) -> Embedder:
    """Open the encoder named by `settings.encoder`, or the default one.

    The default one needs no network, ever. On first use it is made ready, which takes some 3 seconds;
    `progress` is then called with the number of steps done and of steps in all. Another one is a
    sentence-transformers folder, or the name of a model on the Hugging Face hub, which is fetched unless it
    is on this machine: naming it is asking for it. Raise `ModelMissing`, `ModelDamaged`, `ModelsReadOnly`.
    """
    if settings.encoder is None:
        from index.e5 import prepare
        from index.openvino_encoder import OpenVINOEncoder

        return OpenVINOEncoder.load(prepare(settings.models, progress))
    from index.sentence_transformer import SentenceTransformerEncoder

    return SentenceTransformerEncoder.load(settings.encoder)
