"""Strings that strangers may put into names, messages and files."""

HOSTILE = (
    "\x1b]0;owned\x07",
    "\x1b[2J\x1b[31;5mblink",
    "\x9b31mC1",
    "[/x]",
    "[bold]not bold[/]",
    "[@click=app.quit]quit[/]",
    "a\rb\tc\nd\x00e\x7f",
    "\u202egnp.exe\u2066",
    "\u200b\ufeff\u00ad",
    "\udc80\udcff",
    "日本語" * 30,
    "e" + "\u0301" * 50,
    "x" * 20_000,
    "",
)

MIXED = ("".join(text for text in HOSTILE if len(text) < 60), HOSTILE[2] + HOSTILE[-2], "")
"""The same in few strings, for tests that draw many screens."""

CONTROL = {
    *map(chr, range(32)),
    *map(chr, range(0x7F, 0xA0)),
    *"\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff",
    *map(chr, range(0xD800, 0xE000)),
}
"""What no rendered line may hold."""
