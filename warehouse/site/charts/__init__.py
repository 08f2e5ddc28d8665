"""Charts as small, fluid SVG: text stays text at its own size, whatever the width of the screen.

Horizontal places are percentages of the plot, so one drawing serves a phone and a print; heights
are pixels. Axis labels stand outside the plot (`overflow: visible`), in the margins the style
gives it. Colours are the page's CSS variables. One module for each kind of chart.
"""

from warehouse.site.charts.axis import Axis, axis_for
from warehouse.site.charts.dots import Row, dot_chart
from warehouse.site.charts.funnel import Bar, funnel_chart
from warehouse.site.charts.panel import panel_chart
from warehouse.site.charts.time import TimeAxis, time_axis
from warehouse.site.charts.trend import Level, Lines, trend_chart

__all__ = [
    "Axis",
    "Bar",
    "Level",
    "Lines",
    "Row",
    "TimeAxis",
    "axis_for",
    "dot_chart",
    "funnel_chart",
    "panel_chart",
    "time_axis",
    "trend_chart",
]
