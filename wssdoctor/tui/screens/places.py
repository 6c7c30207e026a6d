"""The screens by the mode that they belong to."""

from __future__ import annotations

from textual.screen import Screen


def place(name: str) -> Screen[None]:
    """Make the screen of a mode. It costs its import only when the mode is first entered."""
    if name == "start":
        from wssdoctor.tui.screens.start import StartScreen

        return StartScreen()
    if name == "findings":
        from wssdoctor.tui.screens.findings import FindingsScreen

        return FindingsScreen()
    if name == "requests":
        from wssdoctor.tui.screens.requests import RequestsScreen

        return RequestsScreen()
    if name == "whatif":
        from wssdoctor.tui.screens.whatif import WhatIfScreen

        return WhatIfScreen()
    if name == "interview":
        from wssdoctor.tui.screens.interview import InterviewScreen

        return InterviewScreen()
    if name == "lab":
        from wssdoctor.tui.screens.lab import LabScreen

        return LabScreen()
    from wssdoctor.tui.screens.knowledge import KnowledgeScreen

    return KnowledgeScreen()
