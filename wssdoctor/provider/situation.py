"""One request meets one system: where every fact that a check needs is found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import UNSET, Struct

from wssdoctor.check.check import Inapplicable, Known, Missing, NotModelled
from wssdoctor.check.described import described
from wssdoctor.check.engine import Finding
from wssdoctor.check.result import Subject
from wssdoctor.description.facts import Facts, ReadFacts, Reading, declared
from wssdoctor.evidence import Place, Sensitivity
from wssdoctor.provider.derived import DERIVED
from wssdoctor.provider.forensics import Forensics
from wssdoctor.provider.history import NO_HISTORY, History
from wssdoctor.provider.request import Request
from wssdoctor.provider.requestfact import REQUEST_FACTS
from wssdoctor.provider.stands_for import CHANNEL_AUTHENTICATION

MESSAGE_AUTHENTICATION = ("username-token", "x509-signature", "saml", "secure-conversation")
"""Authentication methods that ICF cannot judge, so that the technical user logs on first."""
_DELAYED = ("technical_user.", "secure_storage.")
"""What counts only where the logon is delayed until the message is read."""
ICF_USERS = "users.icf"
"""The user whom ICF itself logs on, as the subject of checks."""

_IMPLIED = {"icf.nodes[].exists": "active", "users[].exists": "lock", "pses[].exists": "own_certificate"}
"""A fact that need not be given where its sibling is."""
_SIGNED_PARTS = {"username-token": (), "x509-signature": ("Body", "Timestamp")}
"""What the authentication method alone makes a binding demand (SAP Help: XML Signatures; for the first inferred)."""
_NAMES = {"icf.nodes": "path", "bindings": "path", "users": "name", "pses": "application"}
"""The fact that names an item of each list."""
_MET = ("icf.nodes", "bindings", "users")
"""The lists of which a request meets one item."""
_KINDS = {"icf.nodes": "ICF node", "bindings": "binding", "users": "user", "pses": "PSE"}
_CERTIFICATE_METHODS = ("x509-signature", "saml", "secure-conversation")


class WorkedOut(Struct, frozen=True, gc=False):
    """A value that was worked out, and what it read."""

    value: Any
    reads: dict[Reading, Any]


class Reads(Struct, frozen=True, gc=False):
    """What an answer depends on: what it read itself, and what it asked for that had to be worked out."""

    direct: dict[Reading, Any]
    asked: dict[str, WorkedOut]

    @property
    def all(self) -> dict[Reading, Any]:
        """Everything that was read, also to work something out."""
        found = dict(self.direct)
        for one in self.asked.values():
            found.update(one.reads)
        return found


class Situation:
    """The facts of a description and, where there is one, of a request. It notes what is read, else nothing in it changes."""

    def __init__(
        self,
        facts: Facts,
        request: Request | None,
        moment: dt.datetime | None = None,
        *,
        forensics: Forensics | None = None,
        history: History = NO_HISTORY,
        apart: bool = False,
        done: dict[str, WorkedOut] | None = None,
    ) -> None:
        """Take the request, or without one the moment by the consumer's clock at which checks are made.

        ``forensics`` remembers what was found out about messages; ``history`` holds the other requests of the case.
        With ``apart``, facts note only what is read directly, and ``taken`` tells the rest. ``done`` is what was worked
        out before from the same facts; more is added to it.
        """
        self.facts = facts if isinstance(facts, ReadFacts) else ReadFacts.of(facts)
        self.request = request
        self._forensics = forensics
        self.history = history
        time = request.capture.time if request else None
        self._moment = time.moment if time else moment
        self._apart = apart
        self._asked: dict[str, WorkedOut] = {}
        self.done: dict[str, WorkedOut] = {} if done is None else done
        """What was worked out, by key."""

    @property
    def forensics(self) -> Forensics:
        """The memory of what was found out about messages; one of its own where none was given."""
        if self._forensics is None:
            self._forensics = Forensics()
        return self._forensics

    def accepted_user(self) -> str | None:
        """Return the user as whom an accepted request goes on: whom ICF logged on, or the one that its token stands for."""
        user = self.find("caller.user", Subject()) if self.request else None
        return str(user.value) if isinstance(user, Known) else None

    def subjects(self, each: str | None) -> Sequence[Subject] | Missing | Inapplicable | NotModelled:
        """Name the subjects of a list of facts: all of them, or the ones that this request meets."""
        if each is None:
            return (Subject(),)
        if each.startswith("pses."):
            return self._pses(each.removeprefix("pses."))
        if each == ICF_USERS:
            return self._icf_user()
        if self.request is None:
            names = self.facts.column(each, _NAMES[each])
            if names is UNSET:
                return Missing(each)
            return [_subject(each, index, name) for index, name in enumerate(names)]
        if each == "users" and self.is_of_icf():
            return Inapplicable("ICF logs the user on")
        selected = self.selected(each, Subject())
        if isinstance(selected, Subject):
            return (selected,)
        return selected

    def is_of_icf(self) -> bool:
        """Whether ICF logs the caller on itself, by logon data of HTTP or TLS."""
        sent = self.request.find("request.credentials") if self.request is not None else None
        if not isinstance(sent, Known) or not sent.value:
            return False
        method = self.find("bindings[].authentication", Subject())
        return isinstance(method, Known) and method.value in CHANNEL_AUTHENTICATION

    def _icf_user(self) -> Sequence[Subject] | Missing | Inapplicable | NotModelled:
        """Return the user whom ICF logs on; without a request there is none."""
        if self.request is None:
            none = "no binding is described with which ICF logs callers on"
            needed = self._any_described("bindings", "authentication", CHANNEL_AUTHENTICATION.__contains__, none)
            return needed or Inapplicable("only a request says whom ICF logs on")
        method = self.find("bindings[].authentication", Subject())
        if isinstance(method, Known) and method.value not in CHANNEL_AUTHENTICATION:
            return Inapplicable(f"bindings[].authentication is {method.value}")
        if not isinstance(method, Known):
            return method
        selected = self.selected("users", Subject())
        return (selected,) if isinstance(selected, Subject) else selected

    def find(self, path: str, subject: Subject) -> Finding:
        """Find a fact by its general path; list items are those of the subject, or those that the request meets."""
        if path in DERIVED:
            found: Finding = self._once(path, lambda: DERIVED[path](self))
            return found
        if path == "time.provider":
            return self._provider_time()
        if path == "time.day":
            return self._day()
        if path == "request.node":
            return self._node()
        if path in REQUEST_FACTS:
            return self._of_request(path)
        each, several, rest = path.partition("[].")
        if path.startswith(_DELAYED) and self.request is not None and self.is_of_icf():
            return Inapplicable("ICF logs the user on, without the technical user")
        if not several:
            return self._described(path, path)
        selected = self.selected(each, subject)
        if not isinstance(selected, Subject):
            return selected
        if path == "users[].password_state" and self._without_password():
            return Inapplicable("the user does not log on with a password")
        found = self._described(path, f"{selected.path}.{rest}")
        return self._spared(path, selected) or found if isinstance(found, Missing) else found

    def _without_password(self) -> bool:
        if self.request is None:
            return False
        sent = "request.logon" if self.is_of_icf() else "message.username_token"
        return isinstance(self.request.find(sent), Inapplicable)

    def records(self, path: str) -> Sequence[Any]:
        """Return the records of a list as a whole; none where it was not given."""
        value = self.facts.value(path)
        return value if isinstance(value, tuple) else ()

    def record(self, path: str) -> Any:
        """Return one record as a whole."""
        return self.facts.value(path)

    def sensitivity(self, path: str) -> Sensitivity:
        """Return who may see a fact of the description, by its general path."""
        return declared(path).sensitivity

    def taken(self) -> Reads:
        """Return what was read and asked for since this was last called."""
        found = Reads(self.facts.taken(), self._asked)
        self._asked = {}
        return found

    def worked_out(self, key: str) -> Any:
        """Return a value that is worked out once, by the key that ``Reads.asked`` has for it."""
        return self.selected(key.removesuffix("[]"), Subject()) if key.endswith("[]") else self.find(key, Subject())

    def _once(self, key: str, work: Callable[[], Any]) -> Any:
        """Do some work once; what it read counts for everybody who asks for its result."""
        done = self.done.get(key)
        if done is None:
            outer, asked = self.facts, self._asked
            self.facts, self._asked = ReadFacts.of(outer), {}
            try:
                done = self.done[key] = WorkedOut(work(), self.taken().all)
            finally:
                self.facts, self._asked = outer, asked
        self._asked[key] = done
        if not self._apart:
            self.facts.reads.update(done.reads)
        return done.value

    def _described(self, path: str, concrete: str) -> Finding:
        return described(self.facts, path, concrete)

    def _spared(self, path: str, subject: Subject) -> Known[Any] | Inapplicable | None:
        """Return why a fact that nobody gave is not needed here: another fact says the same."""
        if path in _IMPLIED:
            sibling = f"{subject.path}.{_IMPLIED[path]}"
            if self.facts.value(sibling) is not UNSET:
                return Inapplicable(f"{sibling} is known, so it exists")
        if path == "icf.nodes[].logon_order":
            procedure = f"{subject.path}.logon_procedure"
            if self.facts.value(procedure) not in (UNSET, "alternative"):
                return Known(path, (), self.facts.place(procedure))
        if path == "users[].sent_password_current" and self.facts.value(f"{subject.path}.password") is not UNSET:
            return Inapplicable("the password itself was given")
        if path == "users[].operations" and self.facts.value(f"{subject.path}.services") is not UNSET:
            return Known(path, (), self.facts.place(f"{subject.path}.services"))
        if path == "bindings[].signed_parts":
            method = f"{subject.path}.authentication"
            usual = _SIGNED_PARTS.get(self.facts.value(method))
            return None if usual is None else Known(path, usual, self.facts.place(method))
        if path == "users[].password":
            return Inapplicable("no password was given; see users[].sent_password_current")
        return None

    def _of_request(self, path: str) -> Finding:
        if self.request is not None:
            return self.request.find(path)
        if path == "time.arrival" and self._moment is not None:
            return Known(path, self._moment, Place(fact=path))
        return Missing(path)

    def _node(self) -> Finding:
        """Return the node that the path leads to; ``None`` only where every node is described and none fits."""
        selected = self.selected("icf.nodes", Subject())
        if isinstance(selected, Subject):
            return Known("request.node", selected.path, self.facts.place(selected.path))
        complete = self.facts.value("icf.nodes_complete")
        if selected == Missing("icf.nodes[].path") and complete is True:
            return Known("request.node", None, self.facts.place("icf.nodes_complete"))
        return selected

    def _provider_time(self) -> Finding:
        """Return the provider's clock at arrival: the stated offset, or else its own Date header in the response."""
        offset = self.facts.value("clock.offset_seconds")
        if offset is not UNSET and self._moment is not None:
            moment = self._moment + dt.timedelta(seconds=offset)
            return Known("time.provider", moment, self.facts.place("clock.offset_seconds"))
        observed = self.request.provider_clock if self.request else None
        if observed is not None and self.request is not None:
            return Known("time.provider", observed, self.request.place())
        return Missing("time.arrival" if self._moment is None else "clock.offset_seconds")

    def _day(self) -> Finding:
        """Return the provider's time, or else the consumer's: near enough for validity that is counted in days."""
        exact = self._provider_time()
        if isinstance(exact, Known) or self._moment is None:
            return exact
        return Known("time.day", self._moment, Place(fact="time.day"))

    def selected(self, each: str, subject: Subject) -> Subject | Missing | Inapplicable | NotModelled:
        """Return the item of a list that counts for a subject: itself, its counterpart, or the request's."""
        if subject.path.startswith(f"{each}["):
            return subject
        if subject.path.startswith(("icf.nodes[", "bindings[")) and each in ("icf.nodes", "bindings"):
            return self._counterpart(each, subject)
        if self.request is None or each not in _MET:
            return Missing(each)
        chosen: Subject | Missing | Inapplicable | NotModelled = self._once(f"{each}[]", lambda: self._chosen(each))
        return chosen

    def _chosen(self, each: str) -> Subject | Missing | Inapplicable | NotModelled:
        """Return the item of a list that the request meets."""
        if each == "users":
            return self._named_user()
        path = self.request.find("request.path") if self.request else Missing("request.path")
        return self._by_path(each, path.value if isinstance(path, Known) else None)

    def _counterpart(self, each: str, subject: Subject) -> Subject | Missing:
        """Return the binding that a node serves, or the node that serves a binding."""
        own = self.facts.value(f"{subject.path}.path")
        found = self._by_path(each, own)
        if isinstance(found, Subject) or each == "icf.nodes":
            return found
        for index, path in enumerate(self.facts.column(each, "path") or ()):
            if _leads_to(own, path):
                return _subject(each, index, path)
        return found

    def _by_path(self, each: str, wanted: str | None) -> Subject | Missing:
        """Return the item with the longest path that leads to the wanted one."""
        if wanted is None:
            return Missing("request.path")
        paths = self.facts.column(each, "path")
        if paths is UNSET:
            return Missing(each)
        fitting = [(len(path), index) for index, path in enumerate(paths) if _leads_to(path, wanted)]
        if not fitting:
            return Missing(f"{each}[].path")
        _, index = max(fitting)
        return _subject(each, index, paths[index])

    def _named_user(self) -> Subject | Missing | Inapplicable | NotModelled:
        user = self.find("caller.user", Subject())
        if not isinstance(user, Known):
            return user
        names = self.facts.column("users", "name")
        if names is UNSET:
            return Missing("users")
        for index, name in enumerate(names):
            if name.upper() == user.value:
                return _subject("users", index, name)
        return Missing("users[].name")

    def _pses(self, application: str) -> Sequence[Subject] | Missing | Inapplicable:
        needed = self.server_pse_needed() if application == "ssl-server" else self.wss_pse_needed()
        if needed is not None:
            return needed
        applications = self.facts.column("pses", "application")
        if applications is UNSET:
            return Missing("pses")
        found = [_subject("pses", index, name) for index, name in enumerate(applications) if name == application]
        return found or Missing("pses")

    def server_pse_needed(self) -> Missing | Inapplicable | None:
        """The SSL server PSE counts for a request over https; without a request, for a system that is asked for it."""
        if self.request is not None:
            scheme = self.request.find("request.scheme")
            if isinstance(scheme, Known):
                return None if scheme.value == "https" else Inapplicable("the request came over http")
            return Missing("request.scheme")
        return self._any_described("bindings", "transport", lambda value: value == "https", "no binding uses https")

    def wss_pse_needed(self) -> Missing | Inapplicable | None:
        """The WS-Security PSE counts where certificates are judged or keys are used."""
        why = "no certificate is judged with this authentication method"
        if self.request is not None:
            method = self.find("bindings[].authentication", Subject())
            if isinstance(method, Known):
                return None if method.value in _CERTIFICATE_METHODS else Inapplicable(why)
            return Missing("bindings[].authentication")
        return self._any_described("bindings", "authentication", lambda value: value in _CERTIFICATE_METHODS, why)

    def _any_described(
        self, each: str, field: str, fits: Callable[[Any], bool], why: str
    ) -> Missing | Inapplicable | None:
        values = self.facts.column(each, field)
        if values is UNSET:
            return Missing(each)
        if any(value is not UNSET and fits(value) for value in values):
            return None
        return Missing(f"{each}[].{field}") if UNSET in values else Inapplicable(why)


def _subject(each: str, index: int, name: str) -> Subject:
    return Subject(f"{_KINDS[each]} {name}", f"{each}[{index}]")


def _leads_to(path: str, wanted: str) -> bool:
    """Whether a path is the wanted one or lies above it; ICF compares without case."""
    return f"{wanted.rstrip('/').lower()}/".startswith(f"{path.rstrip('/').lower()}/")
