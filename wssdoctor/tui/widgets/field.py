"""A line to type in, or to paste into: what strangers wrote becomes harmless before it is shown."""

from __future__ import annotations

from typing import Any, Self

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from wssdoctor.tui.text import harmless

MOST = 2000
"""Characters that a line keeps."""


async def obey(widget: Widget, event: events.Key) -> None:
    """Do at once what a key does in a widget to type into.

    Textual lets a key that is no character go up and down before it does something, so that letters which came after it
    overtake it: over a line that hands on several keys at once, what is typed is not what stands there then.
    """
    for one in widget._bindings.key_to_bindings.get(event.key, ()):
        event.stop()
        event.prevent_default()
        await widget.run_action(one.action)
        return


class SecretField(Input):
    """A line for a password: what is typed is kept as it is, and never shown."""

    cursor_blink = reactive(False, init=False)
    """As in any line to type in: a screen on which nothing happens writes nothing, over a slow line too."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(password=True, id=id, compact=True)

    async def _on_key(self, event: events.Key) -> None:
        await obey(self, event)


class Field(Input):
    """A line whose value never holds what a terminal obeys."""

    cursor_blink = reactive(False, init=False)

    def __init__(self, value: str | None = None, *, does: str = "Search", **options: Any) -> None:
        """Take what Enter does, for the bar at the foot."""
        super().__init__(value, **options)
        self.does = does

    class ManyLines(Message):
        """More was pasted than a line holds, which is not taken."""

        def __init__(self, field: Field, text: str) -> None:
            super().__init__()
            self.field = field
            self.text = text

        @property
        def control(self) -> Field:
            """The line."""
            return self.field

    def focus(self, scroll_visible: bool = True) -> Self:
        """Take the keys from now on: by itself, Textual lets those that wait already go where the focus was."""
        super().focus(scroll_visible)
        self.screen.set_focus(self, scroll_visible)
        return self

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether a key types a character; of the slash Textual does not know that."""
        return key == "slash" or super().check_consume_key(key, character)

    def validate_value(self, value: str) -> str:
        """Put symbols in the place of control characters."""
        return harmless(value[:MOST], 10 * MOST)

    async def _on_key(self, event: events.Key) -> None:
        await obey(self, event)

    def _on_paste(self, event: events.Paste) -> None:
        if len(event.text) > MOST or len(event.text.strip().splitlines()) > 1:
            event.stop()
            event.prevent_default()  # else Textual goes on to what it does itself
            self.post_message(self.ManyLines(self, event.text))


class SearchField(Field):
    """A line for words to search for: told from other lines by the sign before it, which is also its key."""

    PROMPT = "/ "

    def __init__(self, placeholder: str, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(placeholder=placeholder, id=id, select_on_focus=False, compact=True)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the line, with the sign in the room that the styles leave at its left."""
        first, *rest = super().render_lines(crop)
        at = 1 - crop.x
        if crop.y or at < 0:
            return [first, *rest]
        look = self.rich_style  # Rich keeps for a sum of styles how it was drawn first: in a picture, with all colours
        sign = Strip([Segment(self.PROMPT, Style(color=look.color, bgcolor=look.bgcolor, bold=True))])
        return [Strip.join((first.crop(0, at), sign, first.crop(at + len(self.PROMPT)))), *rest]
