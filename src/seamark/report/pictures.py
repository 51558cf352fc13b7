"""Pictures as inline SVG: they stretch to their frame, are coloured by the style sheet, and say what they show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

WIDTH, HEIGHT = 100, 30
"""The inner measures of a picture; how large it is shown, the style sheet says."""
GAP = 0.12
"""Between columns, as a share of their width."""


class Layer(NamedTuple):
    """One tag's figures in a stacked picture."""

    style: Markup
    """The attributes that give its colour."""
    title: str
    values: Sequence[int]


def share_bar(share: float, reference: tuple[float, float] | None, scale: float, told: str) -> Markup:
    """A bar over that share of `scale`, on the reference range where there is one."""
    bar = _rect(0, 3, WIDTH * share / scale, 6, Markup('class="fill"'))
    if reference is None:
        return _picture("share", 12, told, bar)
    low, high = (WIDTH * min(end / scale, 1) for end in reference)
    band = _rect(low, 0, high - low, 12, Markup('class="band"'))
    return _picture("share", 12, told, band + bar)


def columns(layers: Sequence[Layer], labels: Sequence[str], told: str) -> Markup:
    """Stacked columns, one for each label, the first layer at the bottom."""
    totals = [sum(layer.values[place] for layer in layers) for place in range(len(labels))]
    highest = max([*totals, 1])
    width = WIDTH / len(labels)
    pieces = Markup()
    for place, label in enumerate(labels):
        bottom = float(HEIGHT)
        for layer in layers:
            height = HEIGHT * layer.values[place] / highest
            bottom -= height
            if height:
                told_here = f"{label} · {layer.title}: {layer.values[place]:,}"
                pieces += _rect(place * width, bottom, width * (1 - GAP), height, layer.style, told_here)
    return _picture("columns", HEIGHT, told, pieces)


def line(values: Sequence[float | None], told: str) -> Markup:
    """A line through the values, from zero up, with its area below; gaps are passed over."""
    points = list(_points(values))
    if len(points) < 2:
        return Markup()
    path = " L".join(f"{x:.2f} {y:.2f}" for x, y in points)
    area = f"M{path} L{points[-1][0]:.2f} {HEIGHT} L{points[0][0]:.2f} {HEIGHT} Z"
    drawn = Markup('<path class="area" d="{}"/><path class="line" d="M{}"/>').format(area, path)
    return _picture("sparkline", HEIGHT, told, drawn)


def heat(cells: Sequence[Sequence[tuple[int, str]]], told: str) -> Markup:
    """Rows of cells, each of a step (`step-0` is empty) and what it says."""
    rows = Markup()
    for y, row in enumerate(cells):
        for x, (step, said) in enumerate(row):
            rows += _rect(x + 0.06, y + 0.06, 0.88, 0.88, Markup('class="step-{}"').format(step), said)
    return Markup('<svg class="heat" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" {}>{}</svg>').format(
        max(map(len, cells)), len(cells), Markup('aria-label="{}"').format(told), rows
    )


def _points(values: Sequence[float | None]) -> Iterator[tuple[float, float]]:
    highest = max((value for value in values if value is not None), default=0) or 1
    for place, value in enumerate(values):
        if value is not None:
            yield WIDTH * place / max(len(values) - 1, 1), HEIGHT - (HEIGHT - 2) * value / highest


def _rect(x: float, y: float, width: float, height: float, style: Markup, told: str = "") -> Markup:
    title = Markup("<title>{}</title>").format(told) if told else ""
    shape = Markup('<rect x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}" {}>{}</rect>')
    return shape.format(x, y, width, height, style, title)


def _picture(name: str, height: int, told: str, inside: Markup) -> Markup:
    frame = Markup('<svg class="{}" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>')
    return frame.format(name, WIDTH, height, escape(told), inside)
