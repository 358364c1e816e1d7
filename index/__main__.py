"""The index from the shell: `python -m index build`, `status`, `rollback`, `export` and `import`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from corpus.article import Article
from corpus.reading import bundled_articles, read_articles
from index.console import guarded, language, progress_bars
from index.embedding import Embedder
from index.exchange import export_articles, import_articles
from index.settings import Settings
from index.store import BuildReport, Progress, Store, build

_BUILT = {
    "ar": "{path}: النسخة {revision}، المقالات {articles} (جديد {added}، معدّل {changed}، كما كان "
    "{unchanged}، محذوف {removed}، مكرر {duplicates})، المقاطع {passages} (رُمّز منها {encoded})، "
    "{seconds:.1f} ثانية",
    "fr": "{path} : révision {revision}, {articles} articles ({added} ajoutés, {changed} modifiés, "
    "{unchanged} inchangés, {removed} retirés, {duplicates} en double), {passages} passages "
    "({encoded} encodés), {seconds:.1f} s",
    "en": "{path}: revision {revision}, {articles} articles ({added} added, {changed} changed, "
    "{unchanged} unchanged, {removed} removed, {duplicates} duplicates), {passages} passages "
    "({encoded} encoded), {seconds:.1f} s",
}
_DUPLICATE = {
    "ar": "{id}: النص نفسه في \u200e{other}، فلم يُفهرس مرتين",
    "fr": "{id} : même texte que {other}, indexé une fois",
    "en": "{id}: the same text as {other}, indexed once",
}
_STATUS = {
    "ar": "{path}: النسخة {number}، المقالات {articles}، المقاطع {passages}، {size:.1f} ميغابايت، "
    "المرمّز {encoder}",
    "fr": "{path} : révision {number}, {articles} articles, {passages} passages, {size:.1f} Mo, "
    "encodeur {encoder}",
    "en": "{path}: revision {number}, {articles} articles, {passages} passages, {size:.1f} MB, "
    "encoder {encoder}",
}
_REVISION = {
    "ar": "  النسخة {number}  {made}  المقالات {articles}  المقاطع {passages}",
    "fr": "  révision {number}  {made}  {articles} articles  {passages} passages",
    "en": "  revision {number}  {made}  {articles} articles  {passages} passages",
}
_EXPORTED = {
    "ar": "{file}: المقالات {count}",
    "fr": "{file} : {count} articles",
    "en": "{file}: {count} articles",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    options = _parser().parse_args(arguments)
    return guarded(options.run, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m index",
        description="Make the index that questions are answered from, and look after it.",
        epilog="Example: python -m index build my-articles --store my-index",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    store = argparse.ArgumentParser(add_help=False)
    store.add_argument("--store", type=Path, metavar="DIR", help="folder of the index (default: JAWAB_STORE)")

    building = commands.add_parser(
        "build",
        parents=[store],
        help="let the index hold exactly these articles",
        description="Let the index hold exactly the articles of the files and folders named "
        "(.md, .txt, .jsonl), or the bundled ones. Only what is new is encoded; rollback undoes it.",
        epilog="Examples: python -m index build my-articles  ·  python -m index build --again",
    )
    building.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or folders of articles")
    building.add_argument(
        "--again",
        action="store_true",
        help="encode with the present encoder; without PATH, what the index holds",
    )
    building.set_defaults(run=_build)

    status = commands.add_parser(
        "status", parents=[store], help="say what the index holds", epilog="Example: python -m index status"
    )
    status.set_defaults(run=_status)

    rollback = commands.add_parser(
        "rollback",
        parents=[store],
        help="go back to an earlier revision",
        epilog="Example: python -m index rollback --to 3",
    )
    rollback.add_argument(
        "--to", type=int, metavar="N", help="its number (default: the one before the current)"
    )
    rollback.set_defaults(run=_rollback)

    exporting = commands.add_parser(
        "export",
        parents=[store],
        help="write the articles to a file",
        epilog="Example: python -m index export articles.jsonl",
    )
    exporting.add_argument("file", type=Path, metavar="FILE.jsonl")
    exporting.set_defaults(run=_export)

    importing = commands.add_parser(
        "import",
        parents=[store],
        help="let the index hold exactly the articles of an exported file",
        epilog="Example: python -m index import articles.jsonl",
    )
    importing.add_argument("file", type=Path, metavar="FILE.jsonl")
    importing.set_defaults(run=_import)
    return parser


def _settings(options: argparse.Namespace) -> Settings:
    return Settings.from_environment(store=options.store)


def _encoder(settings: Settings, progress: Progress) -> Embedder:
    from index.encoders import load_encoder

    def prepared(done: int, total: int) -> None:
        progress("prepare", done, total)

    return load_encoder(settings, prepared)


def _build(options: argparse.Namespace) -> int:
    settings = _settings(options)
    articles = [article for path in options.paths for article in read_articles(path)]
    if options.again:
        from index.foreign import build_again

        with progress_bars() as progress:
            given = articles if options.paths else None
            embedder = _encoder(settings, progress)
            report = build_again(settings.store, given, embedder=embedder, progress=progress)
    else:
        report = _hold(articles if options.paths else bundled_articles(), settings)
    return _tell(report, settings.store)


def _hold(articles: Sequence[Article], settings: Settings) -> BuildReport:
    with progress_bars() as progress:
        embedder = _encoder(settings, progress)
        return build(settings.store, articles, embedder=embedder, progress=progress)


def _tell(report: BuildReport, path: Path) -> int:
    for id_, other in report.duplicates:
        print(_DUPLICATE[language()].format(id=id_, other=other), file=sys.stderr)
    facts = {name: getattr(report, name) for name in BuildReport.__slots__}
    facts |= {
        "path": path,
        "articles": report.added + report.changed + report.unchanged,
        "duplicates": len(report.duplicates),
    }
    print(_BUILT[language()].format(**facts))
    return 0


def _status(options: argparse.Namespace) -> int:
    path = _settings(options).store
    with Store.open(path) as store:
        *earlier, current = store.revisions()
    size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) / 1e6
    print(
        _STATUS[language()].format(
            path=path,
            number=current.number,
            articles=current.articles,
            passages=current.passages,
            encoder=current.encoder or "–",
            size=size,
        )
    )
    for revision in reversed(earlier):
        print(
            _REVISION[language()].format(
                number=revision.number,
                made=revision.made,
                articles=revision.articles,
                passages=revision.passages,
            )
        )
    return 0


def _rollback(options: argparse.Namespace) -> int:
    path = _settings(options).store
    with Store.open(path) as store, progress_bars() as progress:
        store.rollback(options.to, progress=progress)
    return _status(options)


def _export(options: argparse.Namespace) -> int:
    with Store.open(_settings(options).store) as store:
        count = export_articles(store.articles(), options.file)
    print(_EXPORTED[language()].format(file=options.file, count=count))
    return 0


def _import(options: argparse.Namespace) -> int:
    settings = _settings(options)
    return _tell(_hold(import_articles(options.file), settings), settings.store)


if __name__ == "__main__":
    sys.exit(main())
