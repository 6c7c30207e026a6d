"""The base of all widgets that draw lines: only what is visible is laid out and drawn."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from wssdoctor.tui import themes
from wssdoctor.tui.lines import Line, Span, clip
from wssdoctor.tui.text import harmless


def strip_of(
    line: Line, cells: int, theme: str, *, no_color: bool, surface: str | None = None, few_colors: bool = False
) -> Strip:
    """Draw a line: cut to the width, filled to it, on a surface if one is named."""
    looks = themes.styles(theme, no_color=no_color)
    under = themes.surface(theme, surface, no_color=no_color, few_colors=few_colors) if surface else Style()
    spans = clip(line, cells)
    if no_color:
        spans = tuple(part for span in spans for part in _bare(span))
    segments = [Segment(harmless(span.text), looks[span.tone]) for span in spans]
    strip = Strip(segments).adjust_cell_length(cells)
    if under.reverse:  # but for the last cell: beside a scrollbar the two could not be told apart
        return Strip.join((strip.crop(0, cells - 1).apply_style(under), strip.crop(cells - 1)))
    return Strip([Segment(segment.text, under + segment.style if segment.style else under) for segment in strip])


def _bare(span: Span) -> tuple[Span, ...]:
    """Take the blanks around a heading out of it: without colour it is underlined, and they would be too."""
    text = span.text.strip()
    if span.tone != "heading" or not text:
        return (span,)
    before, _, after = span.text.partition(text)
    return (Span(before), Span(text, "heading"), Span(after))


class LinesView(ScrollView, can_focus=True):
    """Shows lines by number. Sub-classes say how many there are and what each one holds."""

    DEFAULT_CSS = """
    LinesView { scrollbar-size-vertical: 1; overflow-x: hidden; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._seen: dict[int, tuple[Line, str | None]] = {}
        """What was drawn last in each row."""

    def line_count(self) -> int:
        """Return how many lines there are."""
        raise NotImplementedError

    def line_at(self, index: int, _cells: int) -> tuple[Line, str | None]:
        """Return a line and the surface that it stands on."""
        raise NotImplementedError

    def get_content_height(self, _container: Size, _viewport: Size, _width: int) -> int:
        """Return how many lines there are, for a view that is as high as that."""
        return self.line_count()

    def refit(self) -> None:
        """Take over that lines came, went or changed."""
        size = Size(self.scrollable_content_region.width, self.line_count())
        higher = size.height > self.scrollable_content_region.height
        if self.show_vertical_scrollbar is (higher or self.styles.overflow_y == "scroll"):
            # Textual lays the whole screen out, and writes all of it, when this attribute is set in the usual way.
            self.set_reactive(ScrollView.virtual_size, size)
            self._scroll_update(size)
        else:
            self.virtual_size = size
        self.redraw()

    def redraw(self) -> None:
        """Draw the visible lines anew that are other than they were drawn."""
        for y in range(self.scrollable_content_region.height):
            if self._line_in(y) != self._seen.get(y):
                self.refresh(Region(0, y, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        """Draw one visible line."""
        line, surface = self._seen[y] = self._line_in(y)
        cells = self.scrollable_content_region.width
        app = self.app
        few = app.console.color_system == "standard" and not app.is_headless
        strip = strip_of(line, cells, app.theme, no_color=app.no_color, surface=surface, few_colors=few)
        return strip.apply_style(self.rich_style)

    def _line_in(self, y: int) -> tuple[Line, str | None]:
        """Return the line in a row of the widget; an empty one below the last."""
        index = self.scroll_offset.y + y
        return self.line_at(index, self.scrollable_content_region.width) if index < self.line_count() else ((), None)

    def show_lines(self, first: int, last: int) -> None:
        """Scroll as little as possible until the lines are visible."""
        height = self.scrollable_content_region.height
        top = self.scroll_offset.y
        if first < top:
            self.scroll_to(y=first, animate=False)
        elif last >= top + height > 0:
            self.scroll_to(y=last - height + 1, animate=False)
