"""Charts: the positions of shapes match the figures."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from sphinx_govreport.core.charts.layout import (
    WIDTH,
    Bar,
    Chart,
    ChartPoint,
    ChartSeries,
    Drawing,
    FrameLine,
    Label,
    Stroke,
    Swatch,
    draw,
    text_width,
)
from sphinx_govreport.core.charts.svg import svg
from sphinx_govreport.core.charts.tikz import tikz


def series(label: str, *figures: str | None, since: int = 0) -> ChartSeries:
    """Return figures by year; those before index ``since`` are counted by another form."""
    points = (
        ChartPoint(2020 + n, Decimal(one) if one and n >= since else None, one or "/", n >= since)
        for n, one in enumerate(figures)
    )
    return ChartSeries(label, tuple(points))


def chart(kind: str, *several: ChartSeries) -> Chart:
    years = tuple(f"{point.year}年" for point in several[0].points)
    return Chart(kind, several, years, "单位：件", "统计口径不同，不可比")


def bars(drawing: Drawing) -> list[Bar]:
    return [shape for shape in drawing.shapes if isinstance(shape, Bar)]


def labels(drawing: Drawing, kind: str) -> list[Label]:
    return [shape for shape in drawing.shapes if isinstance(shape, Label) and shape.kind == kind]


@pytest.mark.parametrize(
    "figures",
    [
        ("3511", "3525"),
        ("0", "0"),
        ("7",),
        ("1", "2676474"),
        ("0.05", "72701.2578", "12"),
        ("-7", "5"),
        ("-3", "-1"),
        ("0", "1"),
        ("1000", "999.999"),
    ],
)
def test_heights_of_bars_are_proportional_to_the_figures(figures: tuple[str, ...]) -> None:
    drawing = draw(chart("bar", series("数", *figures)))
    heights = [bar.height if Decimal(one) >= 0 else -bar.height for bar, one in zip(bars(drawing), figures, strict=True)]
    most = max(map(abs, map(float, figures)))
    scale = max(map(abs, heights)) / most if most else 0
    assert all(abs(height - float(one) * scale) < 0.01 for height, one in zip(heights, figures, strict=True))
    assert most == 0 or max(map(abs, heights)) > 50, "the figures use the height that there is"
    ticks = {label.text: label.y for label in labels(drawing, "tick")}
    assert 2 <= len(ticks) <= 8
    assert "0" in {text.rstrip("0").rstrip(".") or "0" for text in ticks}, "the scale begins at 0"
    assert [label.text for label in labels(drawing, "value")] == list(figures), "every bar says its figure as it is written"


def test_everything_stays_inside_and_nothing_lies_on_something_else() -> None:
    names = ("行政执法案卷", "内部事务信息", "第三方合法权益", "过程性信息", "国家秘密", "其他")
    for kind in ("bar", "line"):
        for years in (1, 2, 5, 12):
            several = [series(name, *(str(n // 2 * 7 + year) for year in range(years))) for n, name in enumerate(names)]
            drawing = draw(chart(kind, *several))
            boxes = [box(shape) for shape in drawing.shapes if isinstance(shape, Label)]
            for left, top, right, bottom in boxes:
                assert left >= -0.5
                assert right <= WIDTH + 0.5, (kind, years)
                assert top >= -0.5
                assert bottom <= drawing.height
            for n, one in enumerate(boxes):
                assert not any(overlap(one, other) for other in boxes[n + 1 :]), (kind, years, n)


@pytest.mark.parametrize("kind", ["bar", "line"])
def test_a_name_longer_than_the_picture_has_several_lines(kind: str) -> None:
    """It would be cut off at the right side, also at the end of the page in a PDF."""
    overdue = "本年度办理结果·其他处理·申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"
    names = (
        "新收",
        f"{overdue} + 本年度办理结果·无法提供·本机关不掌握相关政府信息",
        "Carried over " * 6 + "to the next year",
        "结转",
    )
    drawing = draw(chart(kind, *(series(name, "1392", "1061") for name in names)))
    boxes = [box(shape) for shape in drawing.shapes if isinstance(shape, Label)]
    assert all(min(left, top) >= 0 and right <= WIDTH for left, top, right, _bottom in boxes)
    assert not any(overlap(one, other) for n, one in enumerate(boxes) for other in boxes[n + 1 :])
    lines = labels(drawing, "name")
    assert len(lines) == 1 + 3 + 2 + 1
    assert "".join(line.text for line in lines).replace(" ", "") == "".join(names).replace(" ", ""), "nothing is lost"
    assert not any(line.text.endswith(("Carrie", "nex")) for line in lines), "words stay whole"
    samples = [shape.y for shape in drawing.shapes if isinstance(shape, Swatch)]
    assert [round(line.y - 17) for line in lines if round(line.y - 17) in map(round, samples)] == [round(y) for y in samples]


@pytest.mark.parametrize(
    "figures",
    [
        ("2", "-3", None, None, None, None, None),
        ("-3", "2", "-3", "2", "-3", "2", "-3"),
        ("5", "0", "3", "3", "8", "4", "4", "1", "0"),
        ("1", "2", "3", None, "3", "2", "1"),
        ("72701.2578", "59237.2449", "96171.6", "72701.2578"),
    ],
)
def test_a_line_crosses_no_figure(figures: tuple[str | None, ...]) -> None:
    """The line from 2 to -3 would hide the minus sign of -3."""
    drawing = draw(chart("line", series("数", *figures)))
    boxes = [box(shape) for shape in drawing.shapes if isinstance(shape, Label)]
    for n, one in enumerate(boxes):
        assert not any(overlap(one, other) for other in boxes[n + 1 :])
        assert one[0] >= 0
        assert one[2] <= WIDTH
        assert one[3] <= drawing.height
    assert [label.text for label in labels(drawing, "value")] == [one for one in figures if one]
    for shape in drawing.shapes:
        for (x1, y1), (x2, y2) in pairwise(shape.points) if isinstance(shape, Stroke) else ():
            on_line = [(x1 + (x2 - x1) * n / 200, y1 + (y2 - y1) * n / 200) for n in range(201)]
            for left, top, right, bottom in map(box, labels(drawing, "value")):
                assert not any(left < x < right and top < y < bottom for x, y in on_line)


def test_names_of_lines_that_end_at_zero_stand_above_each_other_and_above_the_years() -> None:
    drawing = draw(chart("line", *(series(name, "9", "0") for name in ("复议", "诉讼", "未审结"))))
    names = sorted(labels(drawing, "name"), key=lambda label: label.y)
    assert {label.text for label in names} == {"复议 0", "诉讼 0", "未审结 0"}
    assert not any(overlap(box(one), box(other)) for one, other in pairwise(names))
    zero = next(label for label in labels(drawing, "tick") if label.text == "0")
    assert names[-1].y <= zero.y, "the last one is beside the end of its line"


def test_a_figure_below_a_bar_lies_above_the_year() -> None:
    drawing = draw(chart("bar", series("增减", "-10", "5")))
    boxes = [box(shape) for shape in drawing.shapes if isinstance(shape, Label)]
    assert not any(overlap(one, other) for n, one in enumerate(boxes) for other in boxes[n + 1 :])


def test_the_mark_of_a_year_without_a_number_is_never_upright() -> None:
    """An upright dash looks like a 1."""
    drawing = draw(chart("bar", *(series(f"第{n}项", "2676474", None) for n in range(6))))
    assert {(label.text, label.is_upright) for label in labels(drawing, "value")} == {("2676474", True), ("—", False)}


def test_the_samples_of_lines_are_inside_the_picture() -> None:
    names = [series("本年新收政府信息公开申请数量·总计" + "甲" * n, "1", "2") for n in range(6)]
    written = svg(draw(chart("line", *names)), "i", "t", "d")
    marks = [line for line in written.splitlines() if "gov-swatch" in line]
    assert len(marks) == 6
    for mark in marks:
        first, _last = re.findall(r"([\d.]+),[\d.]+", mark.partition('points="')[2].partition('"')[0])
        assert float(first) >= 5, "a marker is up to 5 wide"


def box(label: Label) -> tuple[float, float, float, float]:
    width = text_width(label.text) * 0.85  # printed text is narrower than the space reserved for it
    left = {"start": 0.0, "middle": width / 2, "end": width}[label.anchor]
    if label.is_upright:  # read from below: left becomes bottom
        return label.x - 9, label.y - width + left, label.x + 1, label.y + left
    return label.x - left, label.y - 10, label.x - left + width, label.y


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] - 1 and other[0] < one[2] - 1 and one[1] < other[3] - 1 and other[1] < one[3] - 1


def test_a_line_stops_where_a_year_has_no_number() -> None:
    drawing = draw(chart("line", series("数", "1", "2", None, "4")))
    strokes = [shape for shape in drawing.shapes if isinstance(shape, Stroke)]
    assert [len(stroke.points) for stroke in strokes] == [2, 1]
    heights = [y for stroke in strokes for _x, y in stroke.points]
    assert heights[0] - heights[1] == pytest.approx((heights[0] - heights[2]) / 3), "places are proportional"


@pytest.mark.parametrize("kind", ["bar", "line"])
def test_a_break_of_forms_is_seen(kind: str) -> None:
    drawing = draw(chart(kind, series("规章", "3", "4", "5", since=1), series("申请", "1", "2", "3")))
    (rule,) = [shape for shape in drawing.shapes if isinstance(shape, FrameLine) and shape.kind == "break"]
    years = {label.text: label.x for label in labels(drawing, "year")}
    assert years["2020年"] < rule.x1 == rule.x2 < years["2021年"]
    assert [label.text for label in labels(drawing, "note")] == ["单位：件", "统计口径不同，不可比"]
    whole = draw(chart(kind, series("申请", "1", "2", "3")))
    assert not [shape for shape in whole.shapes if isinstance(shape, FrameLine) and shape.kind == "break"]
    assert len(bars(drawing)) == (5 if kind == "bar" else 0)


def test_a_year_without_a_number_is_told_from_zero() -> None:
    drawing = draw(chart("bar", series("数", "5", None, "0")))
    assert [label.text for label in labels(drawing, "value")] == ["5", "—", "0"]
    assert len(bars(drawing)) == 2


def test_texts_are_escaped_in_both_printers() -> None:
    drawing = draw(chart("bar", series("<b>&\\{x}", "1"), series("50%_$", "2")))
    picture = svg(drawing, "i", "<title>", 'a "quote" & more')
    assert "&lt;b&gt;&amp;\\{x}" in picture
    assert "<title>" not in picture.replace('<title id="i-title">', "")
    assert "<b>" not in picture
    assert r"<b>\&\textbackslash{}\{x\}" in tikz(drawing)
    assert r"50\%\_\$" in tikz(drawing)


def test_every_series_has_a_look_of_its_own_without_colour() -> None:
    several = [series(f"第{n}项", "1", "2") for n in range(6)]
    lines = [line for line in svg(draw(chart("line", *several)), "i", "t", "d").splitlines() if "gov-line" in line]
    looks = {line.partition("<polyline")[2].partition("stroke-width")[2].partition("/>")[0] for line in lines}
    assert len(looks) == 6, "dashes"
    fills = {
        line.partition("fill=")[2].split()[0]
        for line in svg(draw(chart("bar", *several)), "i", "t", "d").splitlines()
        if "gov-bar" in line
    }
    assert len(fills) == 6, "patterns"


def test_upright_figures_of_bars_below_zero_stand_above_the_base() -> None:
    drawing = draw(chart("bar", *(series(f"第{n}项", "-2676474", "-1573179", "72701") for n in range(6))))
    (base,) = {shape.y1 for shape in drawing.shapes if isinstance(shape, FrameLine) and shape.kind == "base"}
    written = labels(drawing, "value")
    assert all(label.is_upright for label in written)
    assert {label.y for label in written if label.text.startswith("-")} == {base - 5}


def test_what_another_form_counts_takes_no_room() -> None:
    points = (ChartPoint(2020, None, "统计口径不同，不可比", is_comparable=False), ChartPoint(2021, Decimal(12), "12"))
    drawing = draw(chart("bar", ChartSeries("规章", points), ChartSeries("文件", points)))
    assert [(label.text, label.is_upright) for label in labels(drawing, "value")] == [("12", False), ("12", False)]
    assert drawing.height == draw(chart("bar", *(ChartSeries(name, points[1:]) for name in ("规章", "文件")))).height + 22


@pytest.mark.parametrize(("count", "shown", "upright"), [(2, "2020年", False), (10, "2020", False), (20, "2020", True)])
def test_years_are_shortened_and_then_turned(count: int, shown: str, upright: bool) -> None:
    drawing = draw(chart("bar", series("数", *(str(n) for n in range(count)))))
    first = labels(drawing, "year")[0]
    assert (first.text, first.is_upright) == (shown, upright)


#: charts that were reviewed by eye, one for each layout
LOOKED_AT = {
    "bars-two-forms": chart("bar", series("规章", "3", "4", "5", since=1), series("申请", "17", "2", "3")),
    "bars-below-zero": chart("bar", series("增减", "-7", "5", "0.5")),
    "bars-many-years": chart("bar", *(series(f"第{n}项", *(str(7 * year + n) for year in range(14))) for n in range(2))),
    "bars-upright-figures": chart("bar", *(series(f"第{n}项", "2676474", "1573179", "72701.2578") for n in range(6))),
    "bars-long-names": chart("bar", *(series("本年新收政府信息公开申请数量·总计" + "甲" * n, "1", "2") for n in range(4))),
    "lines-named-at-end": chart("line", *(series(f"第{n}项", "10", None, str(20 + n)) for n in range(6))),
    "lines-long-names": chart("line", *(series("收到和处理政府信息公开申请情况" + "甲" * n, "1", "60") for n in range(3))),
    "line-alone": chart("line", series("数", "1200", "2900", None, "4100", since=1)),
    "empty": chart("bar", series("数", None, None)),
}
PICTURES = Path(__file__).parent / "charts"


@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_chart_is_the_one_that_was_looked_at(name: str) -> None:
    """To change a chart, delete the files, run this twice, and review the new ones."""
    drawing = draw(LOOKED_AT[name])
    for suffix, made in (("svg", svg(drawing, "i", name, name)), ("tex", tikz(drawing))):
        path = PICTURES / f"{name}.{suffix}"
        if not path.exists():
            path.write_text(made + "\n", "utf-8")
            pytest.fail(f"{path.name} was written: look at it")
        assert path.read_text("utf-8") == made + "\n"


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        ("0", ["0", "1"]),
        ("2", ["0", "1", "2"]),
        ("1.5", ["0.0", "0.5", "1.0", "1.5"]),
        ("4", ["0", "1", "2", "3", "4"]),
        ("7", ["0", "2", "4", "6", "8"]),
        ("17", ["0", "5", "10", "15", "20"]),
        ("40", ["0", "10", "20", "30", "40"]),
        ("0.3", ["0.0", "0.1", "0.2", "0.3"]),
        ("0.07", ["0.00", "0.02", "0.04", "0.06", "0.08"]),
    ],
)
def test_the_scale_has_round_steps_and_not_one_too_many(most: str, ticks: list[str]) -> None:
    assert sorted((label.text for label in labels(draw(chart("bar", series("数", most))), "tick")), key=float) == ticks


def test_what_is_written_at_two_breaks_that_are_near_each_other_lies_in_two_rows() -> None:
    """Three forms in six years: the middle one, of a single year, has separate figures."""
    figures = [ChartPoint(2017 + n, Decimal(3), "3", n == 2) for n in range(6)]
    points = tuple(point if point.is_comparable else point._replace(value=None) for point in figures)
    drawing = draw(chart("line", ChartSeries("规章", points)))
    rules = [shape for shape in drawing.shapes if isinstance(shape, FrameLine) and shape.kind == "break"]
    words = labels(drawing, "note")[1:]
    assert [label.text for label in words] == ["统计口径不同，不可比"] * 2
    assert words[0].y < words[1].y, "they would lie on each other"
    assert not overlap(box(words[0]), box(words[1]))
    assert all(rule.y2 < label.y for rule, label in zip(rules, words, strict=True))
    assert box(words[1])[3] <= drawing.height


def test_what_is_written_at_a_break_in_the_last_of_many_years_is_inside_the_picture() -> None:
    words = labels(draw(chart("bar", series("规章", *"3" * 40, since=39))), "note")[1:]
    assert [label.text for label in words] == ["统计口径不同，不可比"]
    assert box(words[0])[2] <= WIDTH
