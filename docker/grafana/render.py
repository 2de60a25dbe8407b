#!/usr/bin/env python3
"""Draws the dashboard's panels from its JSON and a Prometheus: a picture without Grafana, of the same queries.

    python3 docker/grafana/render.py http://localhost:9090 docker/grafana/dashboard.png --minutes 10

Needs matplotlib (and Pillow, which comes with it). Every panel stands where the dashboard has it, with its title, unit and legend.
"""

import argparse
import datetime
import io
import json
import math
import pathlib
import re
import time
import urllib.parse
import urllib.request

import matplotlib

matplotlib.use("Agg")
import matplotlib.dates  # noqa: E402
import matplotlib.pyplot as plt  # noqa: E402
import matplotlib.ticker  # noqa: E402
import PIL.Image  # noqa: E402

COLUMNS = 24
INCHES_A_COLUMN, INCHES_A_ROW = 0.62, 0.36
COLOURS = ["#73bf69", "#f2cc0c", "#5794f2", "#ff780a", "#b877d9", "#f2495c"]
BACKGROUND, PANEL, TEXT, GRID = "#111217", "#181b1f", "#d8d9da", "#2c3035"
POINTS = 240


def answer(prometheus, path, **parameters):
    url = f"{prometheus}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
    with urllib.request.urlopen(url, timeout=30) as response:
        return json.load(response)["data"]["result"]


def series(prometheus, target, begin, end):
    """[(legend, times, values)] of one of a panel's queries, for all jobs."""
    query = target["expr"].replace("$job", ".*")
    step = max(5, (end - begin) / POINTS)
    lines = []
    for result in answer(prometheus, "query_range", query=query, start=begin, end=end, step=step):
        legend = re.sub(r"{{(\w+)}}", lambda name: result["metric"].get(name[1], ""), target["legendFormat"])
        times = [datetime.datetime.fromtimestamp(float(at)) for at, _ in result["values"]]
        values = [float(value) for _, value in result["values"]]
        lines.append((shorter(legend), *broken_at_gaps(times, values, step)))
    return lines


def broken_at_gaps(times, values, step):
    """With a NaN wherever samples are missing, so that no line is drawn there."""
    out_times, out_values = [], []
    for at, value in zip(times, values):
        if out_times and (at - out_times[-1]).total_seconds() > 1.5 * step:
            out_times.append(out_times[-1] + datetime.timedelta(seconds=step))
            out_values.append(float("nan"))
        out_times.append(at)
        out_values.append(value)
    return out_times, out_values


def shorter(legend):
    """Without the hash after a TaskManager's port."""
    return re.sub(r"(:\d+)_\w+|(:\d+)-\w+", lambda m: m[1] or m[2], legend)


def scaled(value, suffix, base, names):
    for name in names:
        if abs(value) < base or name == names[-1]:
            return f"{value:.3g} {name}{suffix}".rstrip()
        value /= base
    return ""


def seconds(value):
    if value and abs(value) < 1e-3:
        return f"{value * 1e6:.3g} µs"
    if value and abs(value) < 1:
        return f"{value * 1e3:.3g} ms"
    return f"{value:.3g} s"


UNITS = {
    "Bps": lambda value: scaled(value, "B/s", 1000, ["", "k", "M"]),
    "bytes": lambda value: scaled(value, "B", 1024, ["", "Ki", "Mi", "Gi"]),
    "percentunit": lambda value: f"{100 * value:.3g} %",
    "s": seconds,
    "short": lambda value: scaled(value, "", 1000, ["", "k", "M"]),
}


def place(figure, panel, rows):
    """Axes where the dashboard has the panel."""
    at = panel["gridPos"]
    box = [
        (at["x"] + 0.15) / COLUMNS,
        1 - (at["y"] + at["h"] - 0.12) / rows,
        (at["w"] - 0.3) / COLUMNS,
        (at["h"] - 0.24) / rows,
    ]
    figure.add_axes(box, facecolor=PANEL).set(xticks=[], yticks=[])
    left = 1.35 / COLUMNS
    return figure.add_axes(
        [box[0] + left, box[1] + 1.9 / rows, box[2] - left - 0.3 / COLUMNS, box[3] - 3.0 / rows], facecolor=PANEL
    ), box


def whole_minutes(about):
    """The first of some round numbers that is not smaller."""
    return next(minutes for minutes in (1, 2, 5, 10, 15, 30, 60) if minutes >= min(about, 60))


def draw_lines(axes, lines, unit, begin, end):
    for index, (legend, times, values) in enumerate(lines):
        axes.plot(times, values, color=COLOURS[index % len(COLOURS)], linewidth=1, label=legend)
        axes.fill_between(times, values, color=COLOURS[index % len(COLOURS)], alpha=0.08)
    axes.set_xlim(datetime.datetime.fromtimestamp(begin), datetime.datetime.fromtimestamp(end))
    axes.set_ylim(bottom=0)
    if axes.get_ylim()[1] <= 1 and unit == "short":
        axes.set_ylim(top=max(1, axes.get_ylim()[1]))
    axes.yaxis.set_major_locator(matplotlib.ticker.MaxNLocator(4))
    if unit == "bytes":
        axes.yaxis.set_major_locator(matplotlib.ticker.MultipleLocator(2 ** round(math.log2(axes.get_ylim()[1] / 3 + 1))))
    axes.yaxis.set_major_formatter(lambda value, _: UNITS[unit](value))
    axes.xaxis.set_major_locator(matplotlib.dates.MinuteLocator(range(0, 60, whole_minutes((end - begin) / 240))))
    axes.xaxis.set_major_formatter(matplotlib.dates.DateFormatter("%H:%M"))
    axes.grid(color=GRID, linewidth=0.6)
    axes.tick_params(colors=TEXT, labelsize=6.5, length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    if lines:
        axes.legend(
            loc="upper left", bbox_to_anchor=(-0.12, -0.13), ncols=2, fontsize=6, frameon=False,
            labelcolor=TEXT, handlelength=1.2, columnspacing=1,
        )


def draw_numbers(figure, box, lines, panel, unit):
    """What a stat panel shows: each query's newest value, in the colour of its threshold."""
    steps = panel["fieldConfig"]["defaults"].get("thresholds", {}).get("steps", [{"color": "green", "value": None}])
    named = {"green": COLOURS[0], "orange": COLOURS[3], "red": COLOURS[5]}
    left, bottom, width, height = box
    for index, (legend, _, values) in enumerate(lines):
        passed = [step for step in steps if step["value"] is None or values[-1] >= step["value"]]
        at = bottom + height * (0.62 - 0.36 * index)
        figure.text(left + width / 2, at, UNITS[unit](values[-1]), color=named[passed[-1]["color"]], fontsize=13,
                    ha="center", va="center")
        figure.text(left + width / 2, at - height * 0.15, legend, color=TEXT, fontsize=6.5, ha="center", va="center")


def draw(figure, panel, rows, prometheus, begin, end):
    if panel["type"] == "row":
        figure.text(0.3 / COLUMNS, 1 - (panel["gridPos"]["y"] + 0.75) / rows, panel["title"], color=TEXT, fontsize=10)
        return 1
    axes, box = place(figure, panel, rows)
    figure.text(box[0] + 0.2 / COLUMNS, box[1] + box[3] - 0.6 / rows, panel["title"], color=TEXT, fontsize=8,
                weight="bold")
    lines = [line for target in panel["targets"] for line in series(prometheus, target, begin, end)]
    unit = panel["fieldConfig"]["defaults"]["unit"]
    if panel["type"] == "stat":
        axes.set_axis_off()
        draw_numbers(figure, box, lines, panel, unit)
    else:
        draw_lines(axes, lines, unit, begin, end)
    return len(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("prometheus")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--minutes", type=float, default=30, help="how long before the end; default %(default)s")
    parser.add_argument("--end", type=float, default=time.time(), help="seconds since 1970; default: now")
    chosen = parser.parse_args()
    panels = json.loads(pathlib.Path(__file__).with_name("bytelm.json").read_text())["panels"]
    rows = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in panels)
    figure = plt.figure(figsize=(COLUMNS * INCHES_A_COLUMN, rows * INCHES_A_ROW), facecolor=BACKGROUND)
    begin = chosen.end - 60 * chosen.minutes
    for panel in panels:
        if draw(figure, panel, rows, chosen.prometheus, begin, chosen.end) == 0:
            print(f"empty: {panel['title']}")
    picture = io.BytesIO()
    figure.savefig(picture, dpi=100, facecolor=BACKGROUND)
    PIL.Image.open(picture).convert("RGB").quantize(256).save(chosen.out, optimize=True)


if __name__ == "__main__":
    main()
