"""Compile and run the Java programs (WSS4J as producer and as judge)."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

JARS = Path(os.environ.get("WSS4J_JARS", "/usr/share/java"))
NAMES = ("wss4j", "xmlsec", "commons-logging", "slf4j-api", "slf4j-nop", "commons-codec", "xalan2", "serializer")
SOURCES = Path(__file__).resolve().parent / "java"


def available() -> bool:
    """Say whether a JDK and WSS4J are here."""
    return (JARS / "wss4j.jar").exists() and any(
        (Path(folder) / "javac").exists() for folder in os.environ.get("PATH", "").split(os.pathsep)
    )


def command(main: str, *arguments: str) -> list[str]:
    """Compile the sources into a temporary folder and return the command that runs `main`."""
    classes = tempfile.mkdtemp(prefix="wss4j-classes-")
    path = os.pathsep.join([classes, *(str(JARS / f"{name}.jar") for name in NAMES)])
    sources = [str(source) for source in SOURCES.glob("*.java")]
    subprocess.run(
        ["javac", "-nowarn", "-Xlint:none", "-d", classes, "-cp", path, *sources], check=True, stderr=subprocess.PIPE
    )
    options = ["-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Xmx512m"]
    return ["java", *options, "-cp", path, main, *arguments]
