"""How well a ranking of contexts finds the one that holds the answer, by ir_measures."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import ir_measures
from ir_measures import RR, Qrel, R, ScoredDoc, nDCG

from index.passage import Hit

DEPTH = 10
"""The longest ranking of contexts that any measure reads."""

MEASURES = {"recall@1": R @ 1, "recall@5": R @ 5, "mrr@10": RR @ DEPTH, "ndcg@10": nDCG @ DEPTH}


def contexts(hits: Iterable[Hit]) -> list[str]:
    """Rank the ids of the articles of `hits`, best first: an article's score is the best of its passages."""
    ordered = sorted(hits, key=lambda hit: hit.score, reverse=True)
    return list(dict.fromkeys(hit.passage.article_id for hit in ordered))[:DEPTH]


def measure(rankings: Sequence[Sequence[str]], golds: Sequence[Collection[str]]) -> list[dict[str, float]]:
    """Return the measures (0–1) of each ranking of article ids against the ids that hold its answer.

    Articles that hold the same answer are one document to find, standing where the first of them stands,
    so that a fact told twice is neither easier nor harder to score on than a fact told once.
    """
    wanted: list[Qrel] = []
    found: list[ScoredDoc] = []
    for number, (ranking, gold) in enumerate(zip(rankings, golds, strict=True)):
        wanted.append(Qrel(str(number), "gold", 1))
        merged = dict.fromkeys("gold" if article_id in gold else f"#{article_id}" for article_id in ranking)
        # By rank, not by score: trec_eval orders equal scores by name.
        found += [ScoredDoc(str(number), name, -float(rank)) for rank, name in enumerate(merged)]
    results = [dict.fromkeys(MEASURES, 0.0) for _ in rankings]
    names = {str(measure): name for name, measure in MEASURES.items()}
    for metric in ir_measures.iter_calc(list(MEASURES.values()), wanted, found):
        results[int(metric.query_id)][names[str(metric.measure)]] = float(metric.value)
    return results
