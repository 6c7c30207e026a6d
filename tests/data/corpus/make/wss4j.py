"""Ask WSS4J: a long-running JVM that judges one message per line."""

from __future__ import annotations

import base64
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import java
from kit import CORPUS

NAMESPACE = re.compile(r"^\{[^}]*\}")


@dataclass
class Answer:
    """What a peer said: accept, reject, or that it cannot judge; with its own words."""

    verdict: str
    says: str = ""
    signed: set[str] = field(default_factory=set)
    encrypted: set[str] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)


class Wss4j:
    """A long-running JVM that judges one message per line."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            java.command("Wss4jJudge"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def ask(self, octets: bytes, context: dict[str, Any], *, root: Path = CORPUS, timeless: bool = False) -> Answer:
        """Judge octets under a context; `timeless` leaves life times of tokens aside."""
        words: dict[str, str] = {"time": context["time"]}
        files = {
            "trust": context.get("trust_anchors", []),
            "helpers": context.get("intermediates", []) + context.get("crls", []),
            "known": context.get("known_certs", []),
        }
        for key, names in files.items():
            words[key] = ",".join(str(root / name) for name in names)
        words["decryption"] = ",".join(
            f"{root / p['key']};{root / p['cert']}" for p in context.get("decryption_keys", [])
        )
        words["max_age"] = str(context.get("max_age_seconds", 300))
        words["max_future"] = str(context.get("max_future_seconds", 60))
        words["actor"] = context.get("actor", "")
        words["nonces"] = " ".join(context.get("seen_nonces", []))
        if context.get("accept_key_value"):
            words["keyvalue"] = "1"
        if b":Salt>" in octets:
            words["derived_from_password"] = "1"
        if timeless:
            words["ignore_time"] = "1"
        words.update({f"user.{name}": password for name, password in context.get("users", {}).items()})
        words.update({f"secret.{name}": secret for name, secret in context.get("shared_keys_base64", {}).items()})
        line = "\t".join(
            ["base64:" + base64.b64encode(octets).decode(), *(f"{k}={quote(v)}" for k, v in words.items())]
        )
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        verdict, *rest = self.process.stdout.readline().rstrip("\n").split("\t")
        if verdict == "reject":
            return Answer("reject", rest[0] if rest else "")
        sets = {k: set(filter(None, v.split(","))) for k, v in (item.split("=", 1) for item in rest)}
        answer = Answer("accept", "", sets["signed"], sets["encrypted"], sets["tokens"])
        missing = self.missing(answer, context)
        if missing:
            answer.verdict, answer.says = "reject", "not protected or absent: " + ", ".join(missing)
        return answer

    @staticmethod
    def missing(answer: Answer, context: dict[str, Any]) -> list[str]:
        """Return what the context wants and the message does not protect or carry."""
        missing = []
        for key, found in (
            ("require_signed", answer.signed),
            ("require_encrypted", answer.encrypted),
            ("require_tokens", answer.tokens),
        ):
            for part in context.get(key, []):
                name = NAMESPACE.sub("", part)
                if name not in found and name != "Assertion":  # WSS4J without OpenSAML reads no assertion
                    missing.append(part)
        return missing

    def close(self) -> None:
        """End the JVM."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(20)
