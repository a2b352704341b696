"""Reports as one web page that needs nothing from elsewhere: no script, no picture, no request. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final

from retrieval.evaluation import charts
from retrieval.evaluation.misses import story
from retrieval.evaluation.report import FIGURES, KindFigures, Measured, Report

_HEADLINE: Final = (
    "sentence",
    "within three",
    "span",
    "refusals",
    "wrong refusals",
    "wrong-case answers",
    "right when confident",
    "answered with confidence",
    "passage hit@1",
    "passage ndcg@10",
    "article hit@1",
    "article ndcg@10",
)
_OF_KINDS: Final = (
    "sentence",
    "within three",
    "span",
    "wrong refusals",
    "refusals",
    "right when confident",
    "passage hit@1",
    "passage hit@5",
)

STYLE: Final = """
:root{color-scheme:light dark;--paper:#fbfaf8;--card:#fff;--ink:#1d2329;--soft:#5b6570;--rule:#dcdfe3;--rail:#e9ecef;
--main:#1f6f8b;--warn:#b4412f;--good:#2d7a46;--mark:#fbe7a5}
@media (prefers-color-scheme:dark){:root{--paper:#14181c;--card:#1c2228;--ink:#e6e9ec;--soft:#9aa5b0;--rule:#343c45;
--rail:#2a3138;--main:#63b7d3;--warn:#ef8b78;--good:#79c893;--mark:#5a4a12}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:70rem;padding:1.5rem 1rem 4rem;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.7rem;margin:0 0 .3rem}h2{font-size:1.35rem;margin:2.5rem 0 .3rem;border-top:2px solid var(--rule);
padding-top:1.2rem}h3{font-size:1.05rem;margin:1.8rem 0 .6rem}h4{font-size:.95rem;margin:1.1rem 0 .3rem}
p{margin:.3rem 0}.soft,.facts{color:var(--soft);font-size:.9rem}
.digest{font-family:ui-monospace,monospace;font-size:.8rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr));gap:.6rem;margin:1rem 0;padding:0}
.tile{background:var(--card);border:1px solid var(--rule);border-radius:.5rem;padding:.6rem .8rem}
.tile b{display:block;font-size:1.5rem;line-height:1.2;font-variant-numeric:tabular-nums}
.tile span{display:block;font-size:.85rem}.tile .soft{font-size:.75rem}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:1rem}
figure{margin:0;background:var(--card);border:1px solid var(--rule);border-radius:.5rem;padding:.8rem}
figcaption{font-weight:600;font-size:.95rem;margin-bottom:.4rem}figure p{font-size:.8rem;color:var(--soft)}
svg{display:block;width:100%;height:auto;max-width:30rem;margin:0 auto}svg text{fill:var(--ink);font-size:12px}
svg .note{paint-order:stroke;stroke:var(--card);stroke-width:4px}
svg .tick,svg .name{fill:var(--soft);font-size:11px}.grid{stroke:var(--rule);stroke-width:1}
.even{stroke:var(--soft);stroke-width:1;stroke-dasharray:4 4}.axis{stroke:var(--soft)}
.line{fill:none;stroke:var(--main);stroke-width:2.5}.dot{fill:var(--main);fill-opacity:.75;stroke:var(--card)}
.stem{stroke:var(--warn);stroke-width:1.5}.bar{fill:var(--main)}.rail{fill:var(--rail)}
.mark{stroke:var(--warn);stroke-width:1.5;stroke-dasharray:3 3}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.88rem;font-variant-numeric:tabular-nums}
th,td{text-align:right;padding:.35rem .5rem;border-bottom:1px solid var(--rule);vertical-align:top}
th{font-weight:600;color:var(--soft);overflow-wrap:normal}th:first-child,td:first-child,td.text,th.text{text-align:left}
td{overflow-wrap:normal}td:first-child{white-space:nowrap}td.text{min-width:16rem;overflow-wrap:anywhere}
details{background:var(--card);border:1px solid var(--rule);border-radius:.5rem;margin:.5rem 0;padding:.5rem .8rem}
summary{cursor:pointer;font-weight:600}summary span{font-weight:400;color:var(--warn);font-size:.88rem}
dl{display:grid;grid-template-columns:minmax(6rem,max-content) 1fr;gap:.15rem .9rem;margin:.4rem 0;font-size:.9rem}
dt{color:var(--soft)}dd{margin:0}mark{background:var(--mark);color:inherit;padding:0 .1em}
.right{color:var(--good)}.out{color:var(--warn)}.shares{color:var(--soft);font-size:.8rem;margin-top:.2rem}
.shares span{white-space:nowrap;margin-right:.7rem}.shares .less{color:var(--warn)}
blockquote{margin:.3rem 0;padding-left:.8rem;border-left:3px solid var(--rule)}
@media (max-width:34rem){body{padding:1rem .6rem 3rem}dl{grid-template-columns:1fr}dt{margin-top:.3rem}}
"""


def page(reports: Sequence[Report]) -> str:
    """The whole page, in HTML."""
    body = "\n".join(line for report in reports for line in _section(report))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>How well questions are answered</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<h1>How well questions are answered</h1>\n{body}\n</body>\n</html>\n"
    )


def _section(report: Report) -> Iterator[str]:
    yield f"<section><h2>{escape(report.name)}</h2>"
    yield f'<p class="facts">{report.questions:,} questions over {report.articles:,} articles; set '
    yield f'<span class="digest">{report.digest[:16]}</span></p>'
    yield f'<div class="tiles">{"".join(_tiles(report))}</div>'
    yield '<div class="charts">'
    yield from _charts(report)
    yield "</div>"
    if report.kinds:
        yield f'<h3>By kind of question</h3><div class="scroll">{_kinds_table(report)}</div>'
    yield f'<details><summary>All figures</summary><div class="scroll">{_figures_table(report)}</div></details>'
    yield from _misses(report)
    yield "</section>"


def _tiles(report: Report) -> Iterator[str]:
    for name in _HEADLINE:
        if name in report.measures:
            found = report.measures[name]
            yield _tile(f"{found.value:.3f}", name, f"of {found.of:,}")
    if report.refusal_curve:
        yield _tile(f"{report.refusal_curve.area:.3f}", "area under the refusal curve", "1 tells all apart, .5 none")
    if report.calibration:
        yield _tile(f"{report.calibration.error:.3f}", "expected calibration error", "0 is best")
        yield _tile(f"{report.calibration.brier:.3f}", "Brier score", "0 is best")
    yield _tile(f"{report.quotations.share:.3f}", "quotations verbatim", f"of {report.quotations.count:,}")
    yield _tile(f"{report.latency.quantile(0.5):.1f} ms", "median time to answer", f"p95 {_p95(report)} ms")


def _tile(value: str, name: str, said: str) -> str:
    return f'<div class="tile"><b>{value}</b><span>{escape(name)}</span><span class="soft">{escape(said)}</span></div>'


def _charts(report: Report) -> Iterator[str]:
    if report.refusal_curve:
        yield _figure(
            "Refusal curve",
            charts.roc(report.refusal_curve),
            "Each point is a limit for the confidence: how many of the answerable and of the unanswerable questions "
            "lie above it. Higher and further left is better; the dashes are chance.",
        )
    if report.calibration:
        yield _figure(
            "Reliability",
            charts.reliability(report.calibration),
            "Where dots lie on the dashes, confidence comes true. Larger dots stand for more questions.",
        )
    kinds = [(kind, each.main) for kind, each in report.kinds.items()]
    rows = [(kind, main[1].value, f"{main[1].value:.2f} of {main[1].of}") for kind, main in kinds if main]
    if rows:
        yield _figure(
            "Share right by kind",
            charts.bars(rows),
            "Answerable kinds: the first sentence states what was asked. Others: not answered.",
        )
    if report.latency.ms:
        marks = [("p50", report.latency.quantile(0.5)), ("p95", report.latency.quantile(0.95))]
        yield _figure(
            "Time to answer",
            charts.histogram(report.latency.ms, marks),
            f"The slowest took {report.latency.most:.0f} ms; the last bar holds the slowest hundredth.",
        )


def _figure(caption: str, drawing: str, said: str) -> str:
    return f"<figure><figcaption>{caption}</figcaption>{drawing}<p>{escape(said)}</p></figure>"


def _kinds_table(report: Report) -> str:
    shown = [name for name in _OF_KINDS if any(name in each.measures for each in report.kinds.values())]
    rows = ([kind, str(each.questions), *_cells(each, shown)] for kind, each in report.kinds.items())
    return _table(["kind", "questions", *shown], rows)


def _cells(each: KindFigures, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        found: Measured | None = each.measures.get(name)
        yield f"{found.value:.2f}" if found else "–"


def _figures_table(report: Report) -> str:
    told = ((figure, report.measures[figure.name]) for figure in FIGURES if figure.name in report.measures)
    rows = (
        [
            figure.name,
            f"{found.value:.4f}",
            f"{found.of:,}",
            figure.says + (" (low is good)" if figure.better_low else ""),
        ]
        for figure, found in told
    )
    return _table(["figure", "value", "questions", "says"], rows)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = "".join(f"<th>{escape(name)}</th>" for name in head)
    lines = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{names}</tr></thead><tbody>{lines}</tbody></table>"


def _misses(report: Report) -> Iterator[str]:
    if not report.missed:
        return
    yield f"<h3>What went wrong ({report.missed:,})</h3>"
    if not report.misses:
        said = "This half is kept to judge by: its questions are not shown." if report.withheld else "Not explained."
        yield f'<p class="soft">{said}</p>'
        return
    if len(report.misses) < report.missed:
        yield f'<p class="soft">{len(report.misses):,} of {report.missed:,} are explained here.</p>'
    for miss in report.misses:
        yield story(miss)


def _p95(report: Report) -> str:
    return f"{report.latency.quantile(0.95):.1f}"
