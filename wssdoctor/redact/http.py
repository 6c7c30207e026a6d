"""Redacting the header of HTTP messages: known fields by their rule, everything else becomes a placeholder."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from urllib.parse import parse_qsl, unquote_plus

from wssdoctor.capture.headers import Headers
from wssdoctor.capture.target import Target
from wssdoctor.redact.level import Level
from wssdoctor.redact.texts import Texts

_KEPT = {
    "content-length": r"\d{1,15}",
    "date": r"[A-Za-z]{3}, \d\d? [A-Za-z]{3} \d{4} \d\d:\d\d:\d\d GMT",
    "last-modified": r"[A-Za-z]{3}, \d\d? [A-Za-z]{3} \d{4} \d\d:\d\d:\d\d GMT",
    "connection": r"(?:keep-alive|close|upgrade|te)(?:, ?(?:keep-alive|close|upgrade|te))*",
    "transfer-encoding": r"(?:chunked|gzip|deflate|identity)(?:, ?(?:chunked|gzip|deflate))*",
    "content-encoding": r"(?:gzip|deflate|br|identity|x-gzip)",
    "accept-encoding": r"[a-z, *;=.\d-]{1,40}",
    "content-transfer-encoding": r"(?:8bit|7bit|binary|base64|quoted-printable)",
    "mime-version": r"1\.0",
    "expect": r"100-continue",
    "cache-control": r"(?:no-cache|no-store|private|max-age=\d{1,9}|, ?)+",
    "pragma": r"no-cache",
    "sap-client": r"\d{3}",
    "sap-language": r"[A-Za-z]{1,2}",
    "sap-system": r"\d{1,3}",
    "max-forwards": r"\d{1,3}",
}
"""Fields whose values say nothing about anybody, and what such a value looks like."""
_NAMED = frozenset(
    {*_KEPT, "host", "authorization", "proxy-authorization", "cookie", "set-cookie", "www-authenticate", "soapaction"}
    | {
        "content-type",
        "user-agent",
        "server",
        "accept",
        "location",
        "referer",
        "origin",
        "via",
        "forwarded",
        "content-id",
    }
    | {"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "mysapsso2", "sap-user", "sap-password"}
    | {"sap-alias", "ssl_client_cert", "x-ssl-client-cert", "x-forwarded-client-cert", "proxy-connection", "keep-alive"}
    | {
        "proxy-authenticate",
        "sap-sessionid",
        "sap-err-id",
        "sap-server",
        "sap-perf-fesrec",
        "x-csrf-token",
        "accept-language",
    }
    | {
        "content-disposition",
        "etag",
        "set-cookie2",
        "from",
        "warning",
        "x-request-id",
        "x-correlation-id",
        "traceparent",
    }
)
"""Fields whose name is kept."""
_PRODUCTS = frozenset(
    {"apache-httpclient", "axis", "apache-cxf", "java", "jakarta", "commons-httpclient", "soapui", "python-requests"}
    | {"zeep", "curl", "okhttp", "postmanruntime", "sap", "netweaver", "application", "server", "abap", "icm", "as"}
    | {
        "microsoft-iis",
        "microsoft-httpapi",
        "apache",
        "nginx",
        "jax-ws",
        "metro",
        "mule",
        "php-soap",
        "savon",
        "mozilla",
    }
    | {"ms", "web", "services", "client", "protocol", "nw", "ri", "wss4j", "tibco", "biztalk", "sap-cpi", "httpclient"}
)
_MEDIA = re.compile(
    r"(?:text|application|multipart|image|audio|message)/(?:xml|soap\+xml|xop\+xml|html|plain|json|related|mixed|form-data|\*)",
    re.IGNORECASE,
)
_SAP_COOKIE = re.compile(
    r"(MYSAPSSO2|sap-usercontext|sap-contextid|SAP_SESSIONID_)([A-Z0-9]{3})?(_\d{3})?", re.IGNORECASE
)
_QUERY_NAMES = frozenset(
    {"sap-client", "sap-language", "sap-user", "sap-password", "sap-alias", "sap-sessioncmd", "wsdl"}
)


class Fields:
    """Redacts header fields and targets with one register."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._register = texts.register
        self._rules: dict[str, Callable[[str], str]] = {
            "host": texts.authority,
            "x-forwarded-host": texts.authority,
            "authorization": self._authorization,
            "proxy-authorization": self._authorization,
            "cookie": lambda value: "; ".join(self._cookie(part) for part in value.split(";")),
            "set-cookie": lambda value: self._cookie(value.partition(";")[0]),
            "www-authenticate": self._challenge,
            "proxy-authenticate": self._challenge,
            "soapaction": lambda value: f'"{self._register.name("action", value.strip(chr(34)))}"',
            "content-type": self._media,
            "accept": self._media,
            "user-agent": self._product,
            "server": self._product,
            "location": texts.url,
            "referer": texts.url,
            "origin": texts.url,
            "sap-user": lambda value: self._register.name("user", value),
            "sap-alias": lambda value: self._register.name("user", value),
            "x-forwarded-for": texts.closed,
            "via": texts.closed,
        }

    def fields(self, headers: Headers) -> list[str]:
        """Return the lines of a header."""
        return [f"{self._name(name)}: {self._value(name.lower(), value)}" for name, value in headers]

    def target(self, text: str) -> str:
        """Return the target of a request line."""
        target = Target.of(text)
        origin = f"{target.scheme}://{self._texts.authority(target.authority or '')}" if target.scheme else ""
        query = "" if target.query is None else f"?{self._query(target.query)}"
        return f"{origin}{self._texts.path(target.path)}{query}"

    def _name(self, name: str) -> str:
        if name.lower() in _NAMED or self._register.level is Level.NAMES:
            return name
        return self._register.name("header", name)

    def _value(self, name: str, value: str) -> str:
        if name in _KEPT and re.fullmatch(_KEPT[name], value.strip()):
            return value
        if name in self._rules:
            return self._rules[name](value)
        self._register.drop("values of header fields")
        if value.strip():
            self._register.secret("value", value)
        return "<value>"

    def _query(self, query: str) -> str:
        made = []
        for name, value in parse_qsl(query, keep_blank_values=True) or [(unquote_plus(query), "")]:
            known = name.lower() in _QUERY_NAMES
            shown = name if known else self._register.name("parameter", name)
            if name.lower() == "sap-client" and re.fullmatch(r"\d{3}", value):
                made.append(f"{shown}={value}")
            elif name.lower() in ("sap-user", "sap-alias"):
                made.append(f"{shown}={self._register.name('user', value)}")
            else:
                made.append(f"{shown}={self._register.secret('value', value)}" if value else shown)
        return "&".join(made)

    def _authorization(self, value: str) -> str:
        scheme, _, rest = value.strip().partition(" ")
        if scheme.lower() == "basic":
            self._register.secret("credentials", rest)
            try:
                user, colon, password = base64.b64decode(rest, validate=True).decode("utf-8", "replace").partition(":")
            except (binascii.Error, ValueError):
                return "Basic <credentials>"
            return f"Basic {self._register.name('user', user)}{colon}{self._register.secret('password', password)}"
        known = scheme.lower() in ("negotiate", "bearer", "digest", "ntlm")
        return f"{scheme if known else '<scheme>'} {self._register.secret('credentials', rest or value)}"

    def _cookie(self, text: str) -> str:
        name, _, value = text.strip().partition("=")
        match = _SAP_COOKIE.fullmatch(name)
        if match is None:
            shown = self._register.name("cookie-name", name)
        else:
            shown = f"{match[1]}{self._register.name('sid', match[2]) if match[2] else ''}{match[3] or ''}"
        return f"{shown}={self._register.secret('ticket', value)}"

    def _challenge(self, value: str) -> str:
        scheme = value.strip().partition(" ")[0]
        known = scheme.lower() in ("basic", "negotiate", "digest", "ntlm", "bearer")
        realm = re.search(r'realm="?([^",]*)', value, re.IGNORECASE)
        shown = f' realm="{self._register.name("realm", realm[1])}"' if realm else ""
        return f"{scheme if known else '<scheme>'}{shown}"

    def _media(self, value: str) -> str:
        parts = [part.strip() for part in value.split(";")]
        kinds = [one.strip() for one in parts[0].split(",")]
        made = [", ".join(one if _MEDIA.fullmatch(one) or one == "*/*" else "<type>" for one in kinds)]
        for part in parts[1:]:
            name, _, inner = part.partition("=")
            inner = inner.strip().strip('"')
            match name.strip().lower():
                case "charset" if re.fullmatch(
                    r"(?:utf-?8|utf-?16(?:le|be)?|iso-8859-\d{1,2}|us-ascii|windows-125\d)", inner, re.IGNORECASE
                ):
                    made.append(f"charset={inner}")
                case "type" | "start-info" if _MEDIA.fullmatch(inner):
                    made.append(f'{name.strip().lower()}="{inner}"')
                case "action":
                    made.append(f'action="{self._register.name("action", inner)}"')
                case "boundary" | "start" | "start-info" | "charset" | "type" | "q":
                    made.append(f"{name.strip().lower()}=<value>")
                case _:
                    made.append("<parameter>")
        return "; ".join(made)

    def _product(self, value: str) -> str:
        if self._register.level is Level.NAMES:
            return value
        made = []
        for word in re.findall(r"[^\s()]+", value):
            name, slash, version = word.partition("/")
            plain = name.lower() in _PRODUCTS or re.fullmatch(r"[\d.]{1,12}", name)
            if not plain or (slash and not re.fullmatch(r"[\d._-]{1,15}", version)):
                made.append(self._register.name("product", word))
            else:
                made.append(word)
        return " ".join(made)
