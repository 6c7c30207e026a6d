"""What of a message is encrypted, for whom, and the message in plain text (SOAP Message Security 1.1.1, section 9).

A receiver works through the security header from top to bottom, and each list of encrypted parts that it meets
changes the message. A signature may have been made over any of these states: sign-then-encrypt leaves its octets in
a later one, encrypt-then-sign in an earlier one. So every state is kept.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import msgspec

from wssdoctor.evidence import Compared, Located, Place
from wssdoctor.wsse import encrypted_data, encrypted_key, names
from wssdoctor.wsse.document import DocumentError, Element, local_name, parse_document
from wssdoctor.wsse.encrypted_part import EncryptedPart, Position, at_position, moved, position_of
from wssdoctor.wsse.encrypted_type import method_of
from wssdoctor.wsse.fault import Fault, FaultFound
from wssdoctor.wsse.message import read_message
from wssdoctor.wsse.plain_text import WRAPPERS, gives_way, spliced
from wssdoctor.wsse.protection import parts_called
from wssdoctor.wsse.scope import Scope

_REFERENCE_LIST = f"{{{names.XENC}}}ReferenceList"
_DATA_REFERENCE = f"{{{names.XENC}}}DataReference"
_MOST_STATES = 12
_MOST_KEYS, _MOST_PARTS = 64, 1024


class Decryption(msgspec.Struct, frozen=True):
    """The states of a message from as it was sent to plain text, and what was found on the way.

    ``scopes`` holds one scope for each state, at least one; faults are in the order in which they were met.
    """

    scopes: tuple[Scope, ...]
    parts: tuple[EncryptedPart, ...] = ()
    faults: tuple[Fault, ...] = ()
    replaced: tuple[Mapping[Position, int], ...] = ()
    """For each step from a state to the next: what gave way to how many elements."""
    origins: tuple[tuple[int, Element], ...] = ()
    """For each part: the state in which it was met, and its EncryptedData there."""

    @property
    def plain(self) -> Scope:
        """The last state."""
        return self.scopes[-1]

    def in_plain(self, element: Element, state: int) -> Element | None:
        """Find in the last state what stands for an element of an earlier one; None if it is no longer there."""
        position = _followed(position_of(element), self.replaced[state:])
        return at_position(self.plain.root, position) if position is not None else None

    def hidden(self, *, still: bool = False) -> set[Element]:
        """Give the elements of the last state that were, or still are, encrypted as a whole or in all they hold.

        ``still`` asks for those that are: what they say is not known.
        """
        parts = [part for part in self.parts if not (still and part.decrypted)]
        found = [at_position(self.plain.root, part.position) for part in parts if part.position is not None]
        hidden = {element for element in found if element is not None}
        parents = {parent for element in hidden if (parent := element.getparent()) is not None}
        return hidden | {parent for parent in parents if _holds_only(parent, hidden)}


def decrypt_message(scope: Scope) -> Decryption:
    """Decrypt all that the receiver's keys open. Never raises for what the message says."""
    return _Walk(scope).run()


class _Walk:
    """One way through a message; it collects states, parts and faults."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._scopes = [scope]
        self._parts: list[EncryptedPart] = []
        self._faults: list[Fault] = []
        self._settled: set[Position] = set()
        """EncryptedData that could not be decrypted, by position: not tried again."""
        self._unresolved: dict[str, Fault] = {}
        self._replaced: list[dict[Position, int]] = []
        self._origins: list[tuple[int, Element]] = []
        """The state in which each part was met, and its EncryptedData."""
        self._listers = listers_of(scope.root)

    def run(self) -> Decryption:
        for tag, most in ((encrypted_key.TAG, _MOST_KEYS), (encrypted_data.TAG, _MOST_PARTS)):
            count = sum(1 for _ in self._scope.root.iter(tag))
            if count > most:
                says = f"{count} {tag.rpartition('}')[2]} elements; {most} are allowed"
                evidence = (Located(says, self._scope.place(self._scope.root)),)
                fault = Fault("xml-limit-exceeded", "document", says, evidence=evidence)
                return Decryption((self._scope,), faults=(fault,))
        index = 0
        while len(self._scopes) <= _MOST_STATES and (item := self._item(index)) is not None:
            before = self._scope
            self._open(self._listed(item))
            replaced = item.tag == encrypted_data.TAG and self._scope is not before
            index += 0 if replaced else 1
        while len(self._scopes) <= _MOST_STATES:
            before = self._scope
            self._open(self._all_data())
            if self._scope is before:
                break
        self._judge_algorithms()
        faults = tuple(self._faults + self._still_unresolved())
        parts = tuple(
            msgspec.structs.replace(part, position=_followed(part.position, self._replaced[state:]))
            for part, (state, _) in zip(self._parts, self._origins, strict=True)
        )
        return Decryption(tuple(self._scopes), parts, faults, tuple(self._replaced), tuple(self._origins))

    def _item(self, index: int) -> Element | None:
        """The child of the security header at this index."""
        security = self._scope.security
        if security is None:
            return None
        return next(itertools.islice(security.element.iterchildren("*"), index, None), None)

    def _all_data(self) -> list[Element]:
        return [data for data in self._scope.root.iter(encrypted_data.TAG) if self._outermost(data)]

    def _outermost(self, data: Element) -> bool:
        return not any(ancestor.tag == encrypted_data.TAG for ancestor in data.iterancestors())

    def _listed(self, item: Element) -> list[Element]:
        """What a child of the security header tells the receiver to decrypt."""
        if item.tag == encrypted_data.TAG:
            return [item]
        if item.tag == encrypted_key.TAG:
            lists = list(item.iterchildren(_REFERENCE_LIST))
        elif item.tag == _REFERENCE_LIST:
            lists = [item]
        else:
            return []
        found: list[Element] = []
        for reference in (each for one in lists for each in one.iterchildren(_DATA_REFERENCE)):
            uri = reference.get("URI", "").strip()
            targets = self._scope.identifiers.find(uri[1:]) if uri.startswith("#") else []
            data = [target for target in targets if target.tag == encrypted_data.TAG]
            if len(data) == len(targets) == 1:
                found.append(data[0])
            else:
                self._unresolved[uri] = _unresolved(uri, targets, local_name(item), self._scope.place(reference))
        return found

    def _open(self, wanted: Sequence[Element]) -> None:
        """Decrypt these, and go on with the message that results."""
        opened: dict[Element, encrypted_data.Plain] = {}
        attachments: dict[str, bytes] = {}
        for data in wanted:
            position = position_of(data)
            listers = self._listers.get(data.get("Id", ""), [])
            if position in self._settled or not self._outermost(data):
                continue
            try:
                plain = encrypted_data.decrypt(data, listers, self._scope)
            except FaultFound as found:
                self._settled.add(position)
                self._faults.append(_placed(self._root_of(found.fault, data, listers), data, self._scope))
                self._note(data, listers, None)
                continue
            self._note(data, listers, plain)
            if encrypted_data.is_attachment(data):
                self._settled.add(position)
                attachments[encrypted_data.attachment_uri(data).removeprefix("cid:")] = _content(data, plain.octets)
            elif plain.tags is None:
                self._settled.add(position)
            else:
                opened[data] = plain
        if opened or attachments:
            self._enter(opened, attachments)

    def _root_of(self, fault: Fault, data: Element, listers: list[Element]) -> Fault:
        """Look again at a key whose data does not decrypt: RSA PKCS#1 v1.5 may have yielded a wrong one."""
        key = listers[0] if listers else embedded_key(data, self._scope)
        if key is None or fault.fault not in ("decryption-failed", "decrypted-content-malformed"):
            return fault
        try:
            return encrypted_key.padding_fault(key, self._scope) or fault
        except FaultFound:  # the key is not to be had at all, so the data has a fault of its own
            return fault

    def _note(self, data: Element, listers: list[Element], plain: encrypted_data.Plain | None) -> None:
        content = data.get("Type") == names.ENCRYPTED_CONTENT
        parent = data.getparent()
        hidden: Element | None = data
        if parent is not None and parent.tag in WRAPPERS:
            hidden = parent
        elif content:
            hidden = parent if parent is not None and _is_all(parent) else None
        if encrypted_data.is_attachment(data):
            what, hidden = encrypted_data.attachment_uri(data), None
        elif content and parent is not None:
            what = local_name(parent)
        elif plain is not None and plain.tags:
            what = plain.tags[0].rpartition("}")[2]
        else:
            what = local_name(hidden) if hidden is not None else "EncryptedData"
        key = listers[0] if listers else embedded_key(data, self._scope)
        self._origins.append((len(self._replaced), data))
        self._parts.append(
            EncryptedPart(
                what=what,
                content=content,
                algorithm=method_of(data) or "",
                key_algorithm=(method_of(key) or "") if key is not None else "",
                recipient=encrypted_key.recipient(key if key is not None else data),
                decrypted=plain is not None,
                position=position_of(hidden) if hidden is not None else None,
                place=self._scope.place(data),
            )
        )

    def _enter(self, opened: Mapping[Element, encrypted_data.Plain], attachments: Mapping[str, bytes]) -> None:
        before = self._scope
        try:
            source = spliced(before.root, {data: plain.octets for data, plain in opened.items()})
            root = parse_document(source)
        except DocumentError as error:
            self._settled.update(map(position_of, opened))
            fault = error.as_fault()
            self._faults.append(Fault("decrypted-content-malformed", "EncryptedData", fault.says, None, fault.evidence))
            return
        replaced = {
            position_of(gives_way(data)): len(plain.tags or ()) for data, plain in reversed(list(opened.items()))
        }
        self._replaced.append(replaced)
        self._settled = {at for each in self._settled if (at := moved(each, replaced)) is not None}
        security = None
        if before.security is not None:
            place = moved(position_of(before.security.element), replaced)
            security = next((each for each in read_message(root).security if position_of(each.element) == place), None)
        after = Scope(
            before.context,
            before.store,
            before.now,
            root,
            source=source,
            security=security,
            attachments=dict(before.attachments) | dict(attachments),
        )
        after.by_sha1.update(before.by_sha1)
        self._scope = after
        self._scopes.append(after)
        self._listers = listers_of(root)

    def _judge_algorithms(self) -> None:
        """Name the algorithms that the policy forbids, in any state."""
        forbidden = self._scope.context.forbidden_algorithms
        used = (
            (algorithm, local_name(element), scope.place(element))
            for scope in (self._scopes if forbidden else ())
            for element in scope.root.iter(encrypted_key.TAG, encrypted_data.TAG)
            for algorithm in _algorithms(element)
        )
        found = {(algorithm, where): place for algorithm, where, place in used if algorithm in forbidden}
        self._faults[:0] = [_forbidden(algorithm, where, place) for (algorithm, where), place in found.items()]

    def _still_unresolved(self) -> list[Fault]:
        """References that led to nothing when they were met, nor to what was decrypted later."""
        done = {part.place.xpath for part in self._parts}

        def met_later(uri: str) -> bool:
            targets = [scope.identifiers.find(uri.removeprefix("#")) for scope in self._scopes]
            return any(
                len(found) == 1 and found[0].tag == encrypted_data.TAG and scope.xpath(found[0]) in done
                for scope, found in zip(self._scopes, targets, strict=True)
            )

        return [fault for uri, fault in self._unresolved.items() if not met_later(uri)]


def listers_of(root: Element) -> dict[str, list[Element]]:
    """The EncryptedKeys that list an EncryptedData, by the Id of the latter."""
    found: dict[str, list[Element]] = {}
    for reference in root.iter(_DATA_REFERENCE):
        listing = reference.getparent()
        key = listing.getparent() if listing is not None else None
        if key is not None and key.tag == encrypted_key.TAG:
            found.setdefault(reference.get("URI", "").strip().removeprefix("#"), []).append(key)
    return found


def _unresolved(uri: str, targets: list[Element], item: str, place: Place) -> Fault:
    evidence = (Compared("DataReference", "the Id of one EncryptedData", uri, place),)
    if len(targets) > 1:
        return Fault("duplicate-id", item, f"{len(targets)} elements carry the Id {uri[1:]!r}", evidence=evidence)
    says = f"the DataReference {uri!r} of the {item} points to no EncryptedData"
    return Fault("encrypted-reference-unresolved", item, says, evidence=evidence)


def clear_parts(required: tuple[str, ...], decryption: Decryption) -> tuple[Fault, ...]:
    """Judge which of the parts that must be encrypted came in clear, each by the place where a receiver reads it.

    What is absent, or still encrypted for want of a key, was not in clear.
    """
    scope, hidden = decryption.plain, decryption.hidden()
    message = read_message(scope.root)
    faults = []
    for name in required:
        if name == "Body" and message.body is None:
            evidence = (Compared("Body", "encrypted", "absent", scope.place(scope.root)),)
            says = "Body must be encrypted, and there is none"
            faults.append(Fault("required-part-not-encrypted", "Body", says, evidence=evidence))
        for element in parts_called(name, message, scope.security):
            if element in hidden or any(ancestor in hidden for ancestor in element.iterancestors()):
                continue
            where = local_name(element)
            evidence = (Compared(where, "encrypted", "in clear", scope.place(element)),)
            says = f"{where} must be encrypted and came in clear"
            faults.append(Fault("required-part-not-encrypted", where, says, evidence=evidence))
            break
    return tuple(faults)


def _holds_only(parent: Element, hidden: set[Element]) -> bool:
    """Whether nothing but encrypted elements stands in an element."""
    texts = [parent.text, *(child.tail for child in parent)]
    return not any(text and text.strip() for text in texts) and all(
        child in hidden for child in parent.iterchildren("*")
    )


def _is_all(parent: Element) -> bool:
    """Whether an EncryptedData is all that its parent holds."""
    texts = [parent.text, *(child.tail for child in parent)]
    return len(list(parent.iterchildren("*"))) == 1 and not any(text and text.strip() for text in texts)


def embedded_key(data: Element, scope: Scope) -> Element | None:
    """The EncryptedKey that the KeyInfo of an EncryptedData holds or refers to."""
    info = data.find(encrypted_key.KEY_INFO)
    if info is None:
        return None
    for element in info.iter(encrypted_key.TAG):
        return element
    for element in info.iter(f"{{{names.WSSE}}}Reference", f"{{{names.DS}}}RetrievalMethod"):
        for target in scope.identifiers.find(element.get("URI", "").removeprefix("#")):
            if target.tag == encrypted_key.TAG:
                return target
    return None


def _algorithms(element: Element) -> list[str]:
    method = element.find(f"{{{names.XENC}}}EncryptionMethod")
    if method is None:
        return []
    return [found for each in method.iter("*") if (found := each.get("Algorithm"))]


def _forbidden(algorithm: str, where: str, place: Place) -> Fault:
    evidence = (Compared("EncryptionMethod", "an algorithm that the policy allows", algorithm, place),)
    return Fault("algorithm-forbidden", where, f"the policy forbids {algorithm}", evidence=evidence)


def _placed(fault: Fault, data: Element, scope: Scope) -> Fault:
    """Add where the EncryptedData stands, unless the evidence already says where."""
    if any(each.place is not None for each in fault.evidence):
        return fault
    located = Located(fault.where, scope.place(data))
    return msgspec.structs.replace(fault, evidence=(*fault.evidence, located))


def _content(data: Element, octets: bytes) -> bytes:
    """The content of a decrypted MIME part, without the headers that a complete one carries."""
    if data.get("Type") != names.SWA_COMPLETE_TYPE:
        return octets
    for blank in (b"\r\n\r\n", b"\n\n"):
        if blank in octets:
            return octets.partition(blank)[2]
    return octets


def _followed(position: Position | None, replaced: Sequence[Mapping[Position, int]]) -> Position | None:
    for step in replaced:
        if position is None:
            return None
        position = moved(position, step)
    return position
