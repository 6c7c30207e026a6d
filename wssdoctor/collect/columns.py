"""Columns of lists: technical field names, and the headings that English and German systems show instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

_HEADINGS: Mapping[str, str] = {
    "MANDT": "client|mandant|mdt|cl.|cl|clnt",
    "BNAME": "user|user name|username|benutzer|benutzername|anwender",
    "UFLAG": "user lock|lock|lock status|user lock status|sperre|benutzersperre|sperrkennzeichen|sperrstatus",
    "USTYP": "user type|type of user|benutzertyp",
    "GLTGV": "valid from|user valid from|gültig von|gültig ab|gueltig von",
    "GLTGB": "valid to|valid through|valid until|user valid to|gültig bis|gueltig bis",
    "LOCNT": "failed attempts|failed logons|failed logon attempts|number of failed logon attempts|incorrect logons"
    "|fehlversuche|falschanmeldungen|anzahl falschanmeldungen",
    "CODVN": "code version|code vers.|codeversion|code-version",
    "ICF_NAME": "service name|icf name|servicename|name des service",
    "ICFPARGUID": "parent guid|guid of parent|vater-guid|guid des vaters",
    "ICFNODGUID": "node guid|guid of node|knoten-guid|guid des knotens",
    "ICFACTIVE": "active|service active|aktiv|service aktiv",
    "ICF_USER": "logon user|stored user|anmeldebenutzer|service user|servicebenutzer",
    "ICF_MANDT": "logon client|anmeldemandant",
    "ORIG_NAME": "original name|originalname",
    "SSLFLAG": "ssl|ssl required|ssl erforderlich",
    "OBLUSRFLAG": "logon data required|anmeldedaten erforderlich|anmeldedaten notwendig",
    "TYPE": "external id type|type|typ|typ der externen id|ext. id type",
    "EXTID": "external id|external user id|externe id|externe benutzerkennung|externe kennung",
    "STATUS": "activated|status|aktiviert|entry active",
    "MIN_DATE": "min. date|minimum date|mindestdatum|min. datum",
    "CERTINDEX": "index|cert. index|certificate index|zertifikatindex|zertifikatsindex",
    "LOGONWITH": "logon|logon with|login as|anmelden mit|anmelden als|anmeldung mit",
    "CERTENTRY": "certificate entry|entry in a certificate|zertifikatseintrag",
    "CERTATTRIBUTE": "attribute|certificate attribute|attribut|zertifikatsattribut",
    "SUBJECTFLT": "subject filter|inhaberfilter|subject-filter",
    "ISSUERFLT": "issuer filter|ausstellerfilter|issuer-filter",
    "PSE_CONTEXT": "pse context",
    "PSE_APPLIC": "pse application",
    "SEQNO": "sequence number|seq. no.|laufende nummer|lfd. nummer|lfd.nr.",
    "BINDING_KEY": "binding key|bindungsschlüssel|binding-schlüssel",
    "PROP_NAME": "property name|name of property|eigenschaftsname|name der eigenschaft",
    "PROP_VALUE": "property value|value of property|eigenschaftswert|wert der eigenschaft",
    "STATE": "state|zustand",
    "SYSID": "system id|sid|system-id|systemkennung",
    "CLNT": "issuing client|ausstellender mandant",
    "SUBJECT": "subject|subject name|inhaber",
    "ISSUER": "issuer|issuer name|aussteller|ausstellername",
    "PARAMETER": "parameter name|parameter|profile parameter|parametername|profilparameter",
    "USER_VALUE": "user-defined value|user defined value|benutzerdefinierter wert|eigener wert",
    "DEFAULT_VALUE": "system default value|default value|system-default-wert|systemdefaultwert|systemvorschlagswert",
    "COMPONENT": "component|software component|komponente|softwarekomponente",
    "RELEASE": "release|component release",
    "PATH": "path|service path|icf path|url path|pfad|servicepfad|icf-pfad",
    "APPLICATION": "application|anwendung",
    "IDENTIFIER": "identifier|entry|key|kennung|eintrag|schlüssel",
    "RESULT": "result|check result|ergebnis|prüfergebnis",
    "CHECK": "check|task|administration task|prüfung|aufgabe",
}

SECRETS = frozenset(
    [
        "BCODE",
        "PASSCODE",
        "PWDSALTEDHASH",
        "PWDHISTORY",
        "OCOD1",
        "OCOD2",
        "OCOD3",
        "OCOD4",
        "OCOD5",
        "ICF_PASSWD",
        "PASSWD",
        "PASSWORD",
        "PASSWORD HASH",
        "PASSWORD HASH KEY",
        "PASSWORD HASH VALUE",
        "PASSWORT",
        "KENNWORT",
        "KENNWORT-HASHWERT",
        "PASSWORT-HASHWERT",
    ]
)
"""Columns whose content is dropped unread: hashes and encrypted passwords."""
SECRET_TABLES = frozenset({"RSECTAB", "RSECACTB", "SSF_PSE_D"})
"""Tables whose content is dropped as a whole."""

EXPORTS: Mapping[str, tuple[str, ...]] = {
    "USR02": ("MANDT", "BNAME", "UFLAG", "USTYP", "GLTGV", "GLTGB", "LOCNT", "CODVN"),
    "ICFSERVICE": (
        "ICF_NAME",
        "ICFPARGUID",
        "ICFNODGUID",
        "ORIG_NAME",
        "ICF_MANDT",
        "ICF_USER",
        "SSLFLAG",
        "OBLUSRFLAG",
    ),
    "ICFSERVLOC": ("ICF_NAME", "ICFPARGUID", "ICFACTIVE"),
    "ICFSECPASSWD": ("ICF_NAME", "ICFPARGUID", "ICF_USER"),
    "USREXTID": ("MANDT", "BNAME", "TYPE", "EXTID", "STATUS"),
    "USRCERTMAP": ("MANDT", "BNAME", "SUBJECT", "ISSUER"),
    "SRT_RTC_DATA": ("CLIENT", "BINDING_KEY", "STATE", "PROP_NAME", "PROP_VALUE"),
    "CVERS": ("COMPONENT", "RELEASE"),
}
"""For each table the columns to export: all that is read here, and none that holds a secret."""

_BY_HEADING = {
    heading: name for name, headings in _HEADINGS.items() for heading in (name.lower(), *headings.split("|"))
}
_ALIKE = {"PROP_VALUE1": "PROP_VALUE", "VALUE": "PROP_VALUE", "CLIENT": "MANDT", "PROPERTY": "PROP_NAME"}


class Kind(msgspec.Struct, frozen=True):
    """A list that is recognised by its columns."""

    name: str
    needs: frozenset[str]
    """Columns without which it is not this list."""
    lacks: frozenset[str] = frozenset()
    """Columns with which it is another one."""
    any_of: frozenset[str] = frozenset()
    """Columns of which it has at least one."""


KINDS: tuple[Kind, ...] = (
    Kind("ICFSERVICE", frozenset({"ICF_NAME", "ICFPARGUID", "ICFNODGUID"})),
    Kind("ICFSERVLOC", frozenset({"ICF_NAME", "ICFPARGUID", "ICFACTIVE"}), frozenset({"ICFNODGUID"})),
    Kind("ICFSECPASSWD", frozenset({"ICF_NAME", "ICFPARGUID", "ICF_USER"}), frozenset({"ICFNODGUID", "ICFACTIVE"})),
    Kind("USREXTID", frozenset({"BNAME", "EXTID"})),
    Kind("USRCERTRULE", frozenset({"CERTATTRIBUTE", "LOGONWITH"})),
    Kind("USRCERTMAP", frozenset({"BNAME", "SUBJECT"}), frozenset({"SYSID"})),
    Kind("STRUST", frozenset({"PSE_CONTEXT", "PSE_APPLIC"})),
    Kind("SRT_RTC_DATA", frozenset({"BINDING_KEY", "PROP_NAME", "PROP_VALUE"})),
    Kind("TWPSSO2ACL", frozenset({"SYSID", "SUBJECT"})),
    Kind("RSPARAM", frozenset({"PARAMETER"}), any_of=frozenset({"USER_VALUE", "DEFAULT_VALUE"})),
    Kind("CVERS", frozenset({"COMPONENT", "RELEASE"})),
    Kind("SECSTORE", frozenset({"IDENTIFIER"}), any_of=frozenset({"STATUS", "RESULT"})),
    Kind("SRT_ADMIN", frozenset({"CHECK"}), any_of=frozenset({"STATUS", "RESULT"})),
    Kind("RSICFCHK", frozenset({"PATH"}), any_of=frozenset({"ICF_USER", "BNAME", "ICFACTIVE"})),
    Kind(
        "USR02",
        frozenset({"BNAME"}),
        frozenset({"EXTID", "PATH"}),
        frozenset({"UFLAG", "USTYP", "GLTGV", "GLTGB", "LOCNT", "CODVN"}),
    ),
)
"""All lists, the more particular first."""


def column(heading: str) -> str:
    """Return the technical name of a heading; one that is not known is returned in capitals."""
    text = " ".join(heading.split()).strip(" :*")
    name = _BY_HEADING.get(text.lower(), text.upper())
    return _ALIKE.get(name, name)


def is_heading(text: str) -> bool:
    """Whether a cell may stand in a header: quickly, for it is asked of every row."""
    return text.lower() in _BY_HEADING


def kind(columns: Sequence[str]) -> Kind | None:
    """Return the list that has these columns."""
    there = set(columns)
    for each in KINDS:
        if each.needs <= there and not each.lacks & there and (not each.any_of or each.any_of & there):
            return each
    return None


def looks_like_header(cells: Sequence[str]) -> bool:
    """Whether the cells are headings: at least two are known, or hold only secrets."""
    names = [column(cell) for cell in cells if cell.strip()]
    known = sum(name in _HEADINGS or name in SECRETS for name in names)
    return known >= 2 and kind(names) is not None
