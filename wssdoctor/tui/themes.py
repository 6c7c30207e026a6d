"""Three themes of our own: dark, light, high contrast. Every tone is readable on every surface (contrast >= 4.5)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from rich.style import Style
from textual.theme import Theme

from wssdoctor.tui.lines import Tone

DEFAULT = "wssdoctor-dark"
NO_COLOR_THEME = "ansi-dark"

SURFACES = ("background", "surface", "bar", "cursor", "cursor-dim")
"""What text stands on: the screen, panes, the bars above and below, the chosen row with and without focus."""

PALETTES: Mapping[str, Mapping[str, str]] = {
    "wssdoctor-dark": {
        "background": "#0f141a",
        "surface": "#0f141a",
        "bar": "#1c2632",
        "cursor": "#1f3f66",
        "cursor-dim": "#25303d",
        "line": "#3a4757",
        "text": "#dbe2ea",
        "muted": "#a3b0bf",
        "accent": "#7cc0ff",
        "fail": "#ff938a",
        "warn": "#ecc04a",
        "pass": "#6fdc82",
        "unknown": "#d9b3ff",
    },
    "wssdoctor-light": {
        "background": "#fcfcfa",
        "surface": "#fcfcfa",
        "bar": "#e9edf1",
        "cursor": "#cfe3f8",
        "cursor-dim": "#e3e7eb",
        "line": "#b3bcc6",
        "text": "#1b2128",
        "muted": "#4a545f",
        "accent": "#0a4a94",
        "fail": "#a5131c",
        "warn": "#704400",
        "pass": "#0d5a24",
        "unknown": "#5b2fae",
    },
    "wssdoctor-high-contrast": {
        "background": "#000000",
        "surface": "#000000",
        "bar": "#1a1a1a",
        "cursor": "#003a8c",
        "cursor-dim": "#333333",
        "line": "#ffffff",
        "text": "#ffffff",
        "muted": "#e0e0e0",
        "accent": "#8fe3ff",
        "fail": "#ffb0a8",
        "warn": "#ffe45c",
        "pass": "#8cff9e",
        "unknown": "#e6c7ff",
    },
}

TITLES: Mapping[str, str] = {
    "wssdoctor-dark": "Dark",
    "wssdoctor-light": "Light",
    "wssdoctor-high-contrast": "High contrast",
}

_PLAIN_STYLES: Mapping[Tone, Style] = {
    "strong": Style(bold=True),
    "heading": Style(bold=True, underline=True),
    "accent": Style(bold=True),
    "fail": Style(bold=True),
    "warn": Style(bold=True),
    "unknown": Style(bold=True),
    "security": Style(bold=True, reverse=True),
    "selected": Style(bold=True, reverse=True),
}
_PLAIN_SURFACES: Mapping[str, Style] = {
    "cursor": Style(reverse=True),
    "cursor-dim": Style(bold=True, underline=True),
}


def themes() -> tuple[Theme, ...]:
    """Return the themes, ready to be registered."""
    return tuple(_theme(name, palette) for name, palette in PALETTES.items())


@cache
def styles(theme: str, *, no_color: bool) -> Mapping[Tone, Style]:
    """Return how each tone looks; without colour only bold, underline and reverse tell them apart."""
    if no_color:
        return {tone: _PLAIN_STYLES.get(tone, Style()) for tone in _TONES}
    palette = PALETTES.get(theme, PALETTES[DEFAULT])
    return {
        "text": Style(color=palette["text"]),
        "strong": Style(color=palette["text"], bold=True),
        "heading": Style(color=palette["accent"], bold=True),
        "muted": Style(color=palette["muted"]),
        "accent": Style(color=palette["accent"]),
        "fail": Style(color=palette["fail"], bold=True),
        "warn": Style(color=palette["warn"]),
        "pass": Style(color=palette["pass"]),
        "unknown": Style(color=palette["unknown"]),
        "security": Style(color=palette["background"], bgcolor=palette["warn"], bold=True),
        "selected": Style(color=palette["background"], bgcolor=palette["accent"], bold=True),
    }


def surface(theme: str, name: str, *, no_color: bool, few_colors: bool = False) -> Style:
    """Return the background of a surface; without colour the chosen row is reversed, or underlined in another pane.

    So it is where a terminal has few colours (16, as PuTTY has until it is told otherwise): they hold no near shades.
    """
    if no_color or (few_colors and name in _PLAIN_SURFACES):
        return _PLAIN_SURFACES.get(name, Style())
    return Style(bgcolor=PALETTES.get(theme, PALETTES[DEFAULT])[name])


_TONES: tuple[Tone, ...] = (
    "text",
    "strong",
    "heading",
    "muted",
    "accent",
    "fail",
    "warn",
    "pass",
    "unknown",
    "security",
    "selected",
)


def variables(theme: str) -> dict[str, str]:
    """Return the colours of a theme as style sheets name them (``$w-line``)."""
    return {f"w-{key}": value for key, value in PALETTES[theme].items()}


def _theme(name: str, palette: Mapping[str, str]) -> Theme:
    return Theme(
        name=name,
        primary=palette["accent"],
        secondary=palette["accent"],
        accent=palette["accent"],
        warning=palette["warn"],
        error=palette["fail"],
        success=palette["pass"],
        foreground=palette["text"],
        background=palette["background"],
        surface=palette["surface"],
        panel=palette["bar"],
        dark=name != "wssdoctor-light",
        variables={
            **variables(name),
            "border": palette["line"],
            "scrollbar": palette["line"],
            "scrollbar-background": palette["background"],
            "scrollbar-corner-color": palette["background"],
            "input-selection-background": palette["cursor"],
        },
    )
