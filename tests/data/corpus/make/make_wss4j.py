"""Messages by Apache WSS4J: a table of jobs, run by one JVM."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import java
from kit import (
    KEYS,
    Message,
)
from wss4j_jobs import EXPECTED, MORE_CONTEXT, Job, jobs, saml_jobs

PRODUCER = "Apache WSS4J 1.6.19 (Debian 1.6.19-3; Santuario 2.1.7, OpenJDK 17)"


def produce(table: list[Job]) -> tuple[list[Message], list[str]]:
    """Run the jobs; return the messages and what WSS4J could not make."""
    messages, failures = [], []
    with tempfile.TemporaryDirectory() as folder:
        lines = []
        for name, source, steps, _, _ in table:
            entry = Path(folder) / f"{name}.in.xml"
            entry.write_text(source, encoding="utf-8")
            lines.append(f"{folder}/{name}.xml\t{entry}\t{steps}")
        run = subprocess.run(
            java.command("Wss4jProducer", str(KEYS)),
            input="\n".join(lines) + "\n",
            text=True,
            capture_output=True,
            check=True,
        )
        answers = dict(line.split("\t", 1) for line in run.stdout.splitlines())
        for name, _, _, features, ctx in table:
            answer = answers[f"{folder}/{name}.xml"]
            if answer != "ok":
                failures.append(f"{name}: {answer}")
                continue
            message = Message(
                f"wss4j/{name}",
                (Path(folder) / f"{name}.xml").read_bytes(),
                PRODUCER,
                features,
                {**ctx, **MORE_CONTEXT.get(name, {})},
            )
            if name in EXPECTED:
                fault, others, cause, where = EXPECTED[name]
                message.expected = {
                    "verdict": "reject",
                    "fault": fault,
                    **({"or_fault": others} if others else {}),
                    "cause": cause,
                    "where": where,
                }
            messages.append(message)
    return messages, failures


def messages(assertions: dict[str, str]) -> tuple[list[Message], list[str]]:
    """Make all messages of this producer."""
    return produce([*jobs(), *(saml_jobs(assertions) if assertions else [])])
