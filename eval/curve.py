"""The risk–coverage curve as a picture: how often answers are wrong if only the surest are given."""

from __future__ import annotations

from pathlib import Path

from corpus.errors import UsageError, in_each_language
from eval.confidence import Point, judged, risk_coverage
from eval.metrics import wilson
from eval.report import Report

_LACKING = {
    "ar": "رسم المنحنى يحتاج إلى matplotlib",
    "fr": "La courbe se dessine avec matplotlib, qui n'est pas là",
    "en": "The curve is drawn with matplotlib, which is not there",
}
_INSTALL = {
    "ar": "ثبّتها بالأمر: pip install matplotlib",
    "fr": "Installez-le : pip install matplotlib",
    "en": "Install it: pip install matplotlib",
}
_NOTHING = {
    "ar": "لم يُجب عن أي سؤال من {name}، فلا منحنى له",
    "fr": "Aucune question de {name} n'a été posée : il n'y a pas de courbe",
    "en": "No question of {name} was asked, so there is no curve",
}
_OTHER_SET = {
    "ar": "اختر ملفا فيه أجوبة",
    "fr": "Choisissez un fichier qui contient des réponses",
    "en": "Choose a file that holds answers",
}


def check_drawing() -> None:
    """Raise UsageError when there is nothing to draw with: better before the run than after it."""
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise UsageError(reason=_LACKING, remedy=_INSTALL) from None


def draw(report: Report, path: Path) -> None:
    """Draw risk against coverage into a PNG, with Wilson's 95 % band and the point of the threshold in use.

    Coverage is of all the questions asked, answerable or not; an answer to an unanswerable one is wrong.
    Raises UsageError when nothing was asked.
    """
    # Not pyplot: a figure of one's own keeps no state and wants no display.
    from matplotlib.figure import Figure

    asked = sum(score.confidence is not None for score in report.scores)
    points = risk_coverage(judged(report.scores), asked)
    if not points:
        reason = in_each_language(_NOTHING, name=report.name)
        raise UsageError(reason=reason, remedy=_OTHER_SET)
    figure = Figure(figsize=(6.4, 4.2), layout="constrained")
    axes = figure.subplots()
    coverages = [point.coverage for point in points]
    band = [wilson(round(point.risk * point.answered), point.answered) or (0.0, 1.0) for point in points]
    low, high = zip(*band, strict=True)
    axes.fill_between(coverages, low, high, color="#1f6f8b", alpha=0.15, linewidth=0)
    axes.plot(coverages, [point.risk for point in points], color="#1f6f8b", drawstyle="steps-post")
    used = _used(report, asked)
    if used:
        axes.plot(used.coverage, used.risk, "o", color="#b23a48")
        axes.annotate(
            f"threshold in use: {used.coverage:.0%} answered, {used.risk:.0%} of it wrong",
            (used.coverage, used.risk),
            xytext=(0.03, 0.94),
            textcoords="axes fraction",
            arrowprops={"arrowstyle": "-", "color": "#b23a48", "linewidth": 0.8},
        )
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="coverage: questions answered, the surest first")
    axes.set(ylabel="risk: answers that are wrong", title=f"{report.name}: {asked:,} questions")
    axes.grid(alpha=0.25)
    figure.savefig(path, format="png", dpi=150)


def _used(report: Report, asked: int) -> Point | None:
    """Return the point at which the assistant stands: what it answered, and how much of that is wrong."""
    given = [score.best_right for score in report.scores if score.text is not None]
    if not given:
        return None
    return Point(len(given), len(given) / asked, given.count(False) / len(given))
