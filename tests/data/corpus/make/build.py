"""Make the whole corpus: messages, the peers' verdicts on them, and the manifest. See README.md beside this file."""

from __future__ import annotations

import shutil
import sys
from typing import Any

import alter_content
import alter_encryption
import alter_harmless
import alter_hmac
import alter_receiver
import alter_saml
import alter_structure
import alter_timestamp
import alter_username
import alter_wrapping
import keys
import make_bare
import make_faulty
import make_hand
import make_node
import make_python
import make_transport
import make_wss4j
import make_xmlenc
import make_xmlsec
import yaml
from judges import core_validation, decryption
from kit import CORPUS, HMAC_KEY, JUDGED_AT, KEYS, SAML_CONTEXT, Message, stamp
from wss4j import Answer, Wss4j

ABOUT = (
    "Messages that the tests hold the verifier against: made by real stacks, or changed in one place. Keys and certificates are test"
    " material made for this purpose. Paths are relative to this folder. `context` is a context for wssdoctor verify; `expected.fault`"
    " a fault id that must come first, `or_fault` as right, `cause` what was done, `reason` what the verifier can establish about it;"
    " `peers` what others said. See make/README.md."
)
SIGNED = [
    "wss4j/sig-bst",
    "node/cert-wsu-id",
    "zeep/sig-bst-ts-ut",
    "xmlsec1/sig-x509data",
    "signxml/detached-nonascii",
    "xmlsec1/sig-bst",
    "wss4j/sig-payload-mixed",
    "pyxmlsec/sig-payload-whitespace",
    "wss4j/sig-payload-default-namespace",
    "node/cert-prefix",
    "xmlsec1/sig-payload-idoc",
    "xmlsec1/sig-payload-mixed",
    "wss4j/sig-payload-prefixes",
    "wss4j/sig-payload-non-ascii",
    "xmlsec1/sig-payload-laid-out",
    "wss4j/sig-payload-crlf",
]
TEXTS = ["wss4j/ut-text", "zeep/ut-text", "suds/ut-text", "node/ut-text-no-created"]
DIGESTS = ["wss4j/ut-digest", "node/ut-digest-no-timestamp", "zeep/ut-digest-zulu", "zeep/ut-digest", "node/ut-digest"]
STAMPS = ["wss4j/ts-only", "suds/ts-only", "wss4j/ts-seconds"]
BEARERS = ["saml/saml20-bearer", "saml/saml11-bearer", "saml/saml20-bearer-prefix"]
HOLDERS = ["wss4j/saml20-hok", "wss4j/saml11-hok"]

# What WSS4J 1.6.19 as packaged cannot judge: its words for it, or a mark in the message.
WSS4J_CANNOT_WORDS = (
    "Unsupported KeyInfo type",
    "MarshalException",
    "unable to load class",
    "An unsupported signature or encryption algorithm",
    "unsupported key",
)
WSS4J_CANNOT_MARKS = (
    (b"xmlenc11#rsa-oaep", "RSA-OAEP of XML Encryption 1.1"),
    (b"OAEPparams", "OAEP label"),
    (b"#kw-aes", "shared key that wraps a key"),
    (b"EncryptedAssertion", "no OpenSAML"),
    (b':assertion"', "no OpenSAML"),
)
# Faults that libxmlsec1 must see too; of trust, policy, time and position it knows nothing.
CORE_FAULTS = {
    "digest-mismatch",
    "signature-value-mismatch",
    "reference-unresolved",
    "xml-not-well-formed",
    "algorithm-unknown",
    "signature-malformed",
    "key-unwrap-failed",
    "decryption-failed",
}


def bases() -> tuple[list[Message], list[str]]:
    """Make every message as its producer makes it."""
    assertions = make_node.assertions()
    made, failures = make_wss4j.messages(assertions)
    for more, failed in (make_xmlsec.signed_messages(), make_xmlenc.encrypted_messages(), make_bare.messages()):
        made += more
        failures += failed
    made += make_xmlsec.sender_vouches_messages(assertions)
    made += make_node.soap_messages() + make_node.saml_messages(assertions)
    made += make_python.zeep_messages() + make_python.suds_messages() + make_python.signxml_messages()
    made += make_faulty.messages() + make_hand.messages()
    made += make_transport.bare(assertions["saml20-bearer"], SAML_CONTEXT)
    return made, failures


def alterations(made: list[Message]) -> list[Message]:
    """Alter them."""
    by = {m.id: m for m in made}
    signed = [by[i] for i in SIGNED]
    altered = alter_content.altered_content(signed) + alter_harmless.harmless_changes(signed)
    altered += alter_structure.structural(
        signed[:7], [by["wss4j/sig-issuer"], by["xmlsec1/sig-x509issuerserial"]]
    ) + alter_wrapping.wrapping(signed[:6])
    altered += alter_hmac.confusion(by["xmlsec1/sig-bst"])
    altered += alter_hmac.truncated_hmac([by["xmlsec1/hmac-sha256"]], HMAC_KEY)
    altered += alter_username.username_tokens([by[i] for i in TEXTS], [by[i] for i in DIGESTS])
    altered += alter_timestamp.timestamps([by[i] for i in STAMPS]) + alter_encryption.encryption(by)
    altered += alter_receiver.receivers_of_signatures(by)
    altered += alter_saml.assertions([by[i] for i in BEARERS], [by[i] for i in HOLDERS])
    altered += alter_saml.encrypted_assertions([m for m in made if "encrypted-assertion" in m.features])
    altered += make_transport.mtom(by["wss4j/sig-payload-binary"]) + make_transport.swa(by["faulty/none"])
    altered += make_transport.optimized(by["wss4j/sig-bst"], "BinarySecurityToken", "ok-token-optimized")
    altered += make_transport.optimized(by["wss4j/enc-aes256-gcm"], "CipherValue", "ok-cipher-optimized")
    return altered + make_transport.http(by["wss4j/sig-bst"])


def ask(message: Message, wss4j: Wss4j) -> dict[str, Answer]:
    """Ask every peer; an answer outside a peer's scope becomes `cannot`."""
    if message.format not in ("soap", "xml", "saml-response"):
        return {}
    answers = {
        "WSS4J 1.6.19": wss4j.ask(message.octets, message.context),
        "libxmlsec1 1.3.9, core validation": core_validation(message.octets),
        "libxmlsec1 1.3.9, decryption": decryption(message.octets, message.context),
    }
    java = answers["WSS4J 1.6.19"]
    if message.format != "soap":
        answers["WSS4J 1.6.19"] = Answer("cannot", "no envelope")
    elif message.context["time"] != stamp(JUDGED_AT):
        answers["WSS4J 1.6.19"] = Answer("cannot", "reads its own clock")
    elif message.context.get("certificate_dates_ignored"):
        answers["WSS4J 1.6.19"] = Answer("cannot", "always judges dates")
    else:
        why = next((w for w in WSS4J_CANNOT_WORDS if w in java.says), None)
        why = why or next(
            (w for mark, w in WSS4J_CANNOT_MARKS if mark in message.octets and java.verdict != "reject"), None
        )
        why = why or next(
            (w for mark, w in WSS4J_CANNOT_MARKS if mark in message.octets and message.expected["verdict"] == "accept"),
            None,
        )
        if why:
            answers["WSS4J 1.6.19"] = Answer("cannot", why)
    if b"DerivedKeyToken" in message.octets or "two-receivers" in message.features:
        answers["libxmlsec1 1.3.9, decryption"] = Answer("cannot", "does not choose among keys as WS-Security does")
    encrypted = b"EncryptedData" in message.octets
    if encrypted and answers["libxmlsec1 1.3.9, core validation"].verdict == "reject":
        answers["libxmlsec1 1.3.9, core validation"] = Answer("cannot", "content is encrypted")
    return answers


def entry(message: Message, answers: dict[str, Answer]) -> dict[str, Any]:
    """Write one message's entry of the manifest."""
    verdict = message.expected["verdict"]
    spoke = {name: a for name, a in answers.items() if a.verdict != "cannot"}
    agree = [name for name, a in spoke.items() if a.verdict == verdict]
    word = "accepted" if verdict == "accept" else "rejected"
    established = f"{word} by " + ", ".join(agree) if agree else f"{word} by definition of the change or the context"
    made: dict[str, Any] = {
        "id": message.id,
        "file": message.file,
        "format": message.format,
        "producer": message.producer,
        "features": list(message.features),
        "context": dict(message.context),
        "expected": dict(message.expected),
        "established": established,
    }
    if message.derived_from:
        made["derived_from"] = message.derived_from
    if answers:
        made["peers"] = {name: a.verdict + (f": {a.says[:110]}" if a.says else "") for name, a in answers.items()}
    return made


class Plain(yaml.SafeDumper):
    """Writes no anchors and aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def main() -> None:
    """Make everything anew, in place."""
    if "--keep-keys" not in sys.argv:
        shutil.rmtree(KEYS, ignore_errors=True)
        keys.main()
    made, failures = bases()
    messages = made + alterations(made)
    for folder in CORPUS.iterdir():
        if folder.is_dir() and folder.name not in ("make", "keys"):
            shutil.rmtree(folder)
    wss4j = Wss4j()
    entries, disagreements = [], []
    seen: set[str] = set()
    for message in messages:
        if message.id in seen:
            raise ValueError(f"{message.id} twice")
        seen.add(message.id)
        path = CORPUS / message.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(message.octets)
        answers = ask(message, wss4j)
        entries.append(entry(message, answers))
        for name, answer in answers.items():
            core = not name.startswith("WSS4J") and message.expected.get("fault", "") not in CORE_FAULTS
            if answer.verdict not in ("cannot", message.expected["verdict"]) and not (
                core and answer.verdict == "accept"
            ):
                disagreements.append(
                    f"{message.id}: expected {message.expected}, {name}: {answer.verdict} {answer.says[:90]}"
                )
    wss4j.close()
    document = {"about": ABOUT, "made": stamp(JUDGED_AT), "messages": entries}
    text = yaml.dump(document, Dumper=Plain, sort_keys=False, allow_unicode=True, width=140)
    (CORPUS / "manifest.yaml").write_text(text, encoding="utf-8")
    print(f"{len(entries)} messages, {sum(e['expected']['verdict'] == 'accept' for e in entries)} to accept")
    print("not made:", *failures, sep="\n  ")
    print("peers that say otherwise:", *disagreements, sep="\n  ")


if __name__ == "__main__":
    main()
