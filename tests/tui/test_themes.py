from __future__ import annotations

import pytest
from textual.color import Color

from wssdoctor.tui import themes

TONES = ("text", "muted", "accent", "fail", "warn", "pass", "unknown")


def contrast(one: str, two: str) -> float:
    """The ratio of WCAG 2, section 1.4.3."""

    def luminance(colour: str) -> float:
        parts = [part / 255 for part in Color.parse(colour).rgb]
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", themes.PALETTES)
@pytest.mark.parametrize("surface", themes.SURFACES)
@pytest.mark.parametrize("tone", TONES)
def test_every_tone_is_readable_on_every_surface(theme: str, surface: str, tone: str) -> None:
    palette = themes.PALETTES[theme]
    assert contrast(palette[tone], palette[surface]) >= 4.5


@pytest.mark.parametrize("theme", themes.PALETTES)
def test_text_on_a_coloured_ground_is_readable(theme: str) -> None:
    palette = themes.PALETTES[theme]
    assert contrast(palette["background"], palette["warn"]) >= 4.5
    assert contrast(palette["background"], palette["accent"]) >= 4.5


def test_without_colour_no_tone_has_one() -> None:
    for style in themes.styles("ansi-dark", no_color=True).values():
        assert style.color is None
        assert style.bgcolor is None


def test_without_colour_the_chosen_row_is_reversed() -> None:
    assert themes.surface("ansi-dark", "cursor", no_color=True).reverse
