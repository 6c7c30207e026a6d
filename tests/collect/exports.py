"""Writes exports as an AS ABAP shows them: the same rows in every format, with English, German or technical headings."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import hashlib
import html
import io
import json
import re
import zipfile
from collections.abc import Callable
from functools import partial
from xml.sax.saxutils import escape

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HEADINGS = {
    "MANDT": ("Client", "Mandant"),
    "BNAME": ("User Name", "Benutzername"),
    "UFLAG": ("User Lock", "Benutzersperre"),
    "USTYP": ("User Type", "Benutzertyp"),
    "GLTGV": ("Valid From", "Gültig von"),
    "GLTGB": ("Valid To", "Gültig bis"),
    "LOCNT": ("Failed Attempts", "Fehlversuche"),
    "BCODE": ("BCODE", "BCODE"),
    "ICF_NAME": ("Service Name", "Servicename"),
    "ICFPARGUID": ("Parent GUID", "Vater-GUID"),
    "ICFNODGUID": ("Node GUID", "Knoten-GUID"),
    "ICFACTIVE": ("Active", "Aktiv"),
    "ICF_USER": ("Logon User", "Anmeldebenutzer"),
    "ICF_PASSWD": ("ICF_PASSWD", "ICF_PASSWD"),
    "ICF_MANDT": ("Logon Client", "Anmeldemandant"),
    "ORIG_NAME": ("Original Name", "Originalname"),
    "SSLFLAG": ("SSL", "SSL erforderlich"),
    "OBLUSRFLAG": ("Logon Data Required", "Anmeldedaten erforderlich"),
    "TYPE": ("External ID Type", "Typ der externen ID"),
    "EXTID": ("External ID", "Externe ID"),
    "STATUS": ("Activated", "Aktiviert"),
    "MIN_DATE": ("Min. Date", "Mindestdatum"),
    "ISSUER": ("Issuer Name", "Ausstellername"),
    "CERTINDEX": ("Certificate Index", "Zertifikatsindex"),
    "LOGONWITH": ("Login As", "Anmelden als"),
    "CERTATTRIBUTE": ("Certificate Attribute", "Zertifikatsattribut"),
    "SUBJECTFLT": ("Subject Filter", "Inhaberfilter"),
    "ISSUERFLT": ("Issuer Filter", "Ausstellerfilter"),
    "BINDING_KEY": ("Binding Key", "Bindungsschlüssel"),
    "STATE": ("State", "Zustand"),
    "PROP_NAME": ("Property Name", "Eigenschaftsname"),
    "PROP_VALUE": ("Property Value", "Eigenschaftswert"),
    "SYSID": ("System ID", "Systemkennung"),
    "CLNT": ("Issuing Client", "Ausstellender Mandant"),
    "SUBJECT": ("Subject", "Inhaber"),
    "PARAMETER": ("Parameter Name", "Parametername"),
    "USER_VALUE": ("User-Defined Value", "Benutzerdefinierter Wert"),
    "DEFAULT_VALUE": ("System Default Value", "Systemdefaultwert"),
    "IDENTIFIER": ("Identifier", "Kennung"),
    "RESULT": ("Result", "Ergebnis"),
    "CHECK": ("Check", "Prüfung"),
    "PATH": ("Service Path", "Servicepfad"),
}
LANGUAGES = ("technical", "en", "de")

Rows = list[dict[str, str]]


def headings(columns: list[str], language: str) -> list[str]:
    if language == "technical":
        return columns
    return [HEADINGS[name][language == "de"] for name in columns]


def se16(table: str, rows: Rows, language: str = "technical", page: int = 3) -> str:
    """The unconverted list: bars, a ruler, the header on every page, a total at the end."""
    columns = list(rows[0])
    head = headings(columns, language)
    widths = [max(len(title), *(len(row[name]) for row in rows)) + 1 for name, title in zip(columns, head, strict=True)]
    ruler = "-" * (sum(widths) + len(widths) + 1)

    def line(cells: list[str]) -> str:
        return "|" + "|".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + "|"

    lines = [f"Table:          {table}", f"Displayed Fields:  {len(columns)} of {len(columns)}", ""]
    for start in range(0, len(rows), page):
        lines += [ruler, line(head), ruler]
        lines += [line([row[name] for name in columns]) for row in rows[start : start + page]]
        lines += [ruler, ""]
    lines.append(line(["*", *[""] * (len(columns) - 1)]))
    return "\r\n".join(lines) + "\r\n"


def tabs(table: str, rows: Rows, language: str = "technical") -> str:
    columns = list(rows[0])
    lines = ["\t".join(headings(columns, language)), *("\t".join(row[name] for name in columns) for row in rows)]
    return f"{table}\n\n" + "\n".join(lines) + "\n"


def sapcli(table: str, rows: Rows, language: str = "technical") -> str:
    columns = list(rows[0])
    lines = [" | ".join(headings(columns, language)), *(" | ".join(row[name] for name in columns) for row in rows)]
    return "\n".join(lines) + "\n"


def web_page(table: str, rows: Rows, language: str = "technical", charset: str = "utf-8") -> bytes:
    columns = list(rows[0])

    def line(cells: list[str]) -> str:
        return "<tr>" + "".join(f"<td><nobr>{html.escape(cell)}</nobr></td>" for cell in cells) + "</tr>\n"

    body = line(headings(columns, language)) + "".join(line([row[name] for name in columns]) for row in rows)
    page = (
        f'<html><head><meta charset="{charset}"><title>{table}</title></head><body><table>{body}</table></body></html>'
    )
    return page.encode(charset)


def mhtml(table: str, rows: Rows, language: str = "technical") -> bytes:
    import email.mime.multipart
    import email.mime.text

    message = email.mime.multipart.MIMEMultipart("related")
    page = web_page(table, rows, language).decode()
    message.attach(email.mime.text.MIMEText(page, "html", "utf-8"))
    return message.as_bytes()


_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def _grid(rows: Rows, language: str) -> list[list[str]]:
    columns = list(rows[0])
    return [headings(columns, language), *([row[name] for name in columns] for row in rows)]


def workbook(table: str, rows: Rows, language: str = "technical") -> bytes:
    return sheets([_grid(rows, language)])


def strict_workbook(table: str, rows: Rows, language: str = "technical") -> bytes:
    """As spreadsheets write that keep to the strict variant: texts in the cells, days as numbers."""
    return sheets([_grid(rows, language)], space=_STRICT, inline=True)


def sheets(grids: list[list[list[str]]], space: str = _SHEET, *, inline: bool = False) -> bytes:
    """A workbook; with ``inline`` without shared texts, and with real days."""
    texts: list[str] = []

    def cell(text: str, column: int, row: int) -> str:
        name = f"{chr(65 + column)}{row}"
        if not text:
            return ""  # empty cells are left out, as spreadsheets do
        if inline and re.fullmatch("20[0-9]{6}", text):
            days = (dt.date.fromisoformat(text) - dt.date(1899, 12, 30)).days
            return f'<c r="{name}" s="1"><v>{days}</v></c>'
        if inline:
            return f'<c r="{name}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
        texts.append(text)
        return f'<c r="{name}" t="s"><v>{len(texts) - 1}</v></c>'

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for index, grid in enumerate(grids, 1):
            body = "".join(
                f'<row r="{number}">{"".join(cell(text, column, number) for column, text in enumerate(line))}</row>'
                for number, line in enumerate(grid, 1)
            )
            sheet = f'<worksheet xmlns="{space}"><sheetData>{body}</sheetData></worksheet>'
            archive.writestr(f"xl/worksheets/sheet{index}.xml", sheet)
        if inline:
            styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>'
            formats = '<numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>'
            archive.writestr("xl/styles.xml", f'<styleSheet xmlns="{space}">{formats}{styles}</styleSheet>')
        else:
            shared = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
            archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{space}">{shared}</sst>')
    return stream.getvalue()


def alv(table: str, rows: Rows, language: str = "technical") -> str:
    """ALV's spreadsheet format: an empty first column, and empty lines around the header."""
    first, *others = _grid(rows, language)
    lines = [f"20.11.2026\tDynamic List Display {table}\t1", "", "\t" + "\t".join(first), ""]
    return "\r\n".join([*lines, *("\t" + "\t".join(line) for line in others), ""])


def separated(table: str, rows: Rows, language: str = "technical") -> str:
    """As a spreadsheet writes separated values."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL).writerows(_grid(rows, language))
    return stream.getvalue()


def as_json(table: str, rows: Rows, language: str = "technical") -> bytes:
    first, *others = _grid(rows, language)
    return json.dumps([dict(zip(first, line, strict=True)) for line in others], indent=2).encode()


def together(tables: dict[str, Rows], language: str, form: str) -> bytes:
    """All lists in one file: sheets of one workbook, tables of one page, lists one below the other."""
    if form == "xlsx":
        return sheets([_grid(rows, language) for rows in tables.values()])
    if form == "html":
        return b"\n".join(web_page(name, rows, language) for name, rows in tables.items())
    if form == "xml":
        first = [spreadsheet_xml(name, rows, language).decode() for name, rows in tables.items()]
        inner = "".join(text[text.index("<Worksheet") : text.index("</Workbook>")] for text in first)
        return (first[0][: first[0].index("<Worksheet")] + inner + "</Workbook>").encode("utf-16")
    lists = (FORMATS[form](name, rows, language) for name, rows in tables.items())
    return b"\n".join(each.removeprefix(codecs.BOM_UTF8) for each in lists)


def spreadsheet_xml(table: str, rows: Rows, language: str = "technical") -> bytes:
    columns = list(rows[0])

    def line(cells: list[str]) -> str:
        inner = "".join(f'<Cell><Data ss:Type="String">{escape(cell)}</Data></Cell>' for cell in cells)
        return f"<Row>{inner}</Row>\n"

    body = line(headings(columns, language)) + "".join(line([row[name] for name in columns]) for row in rows)
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        f'<?xml version="1.0"?>\n<Workbook xmlns="{space}" xmlns:ss="{space}">'
        f'<Worksheet ss:Name="{table}"><Table>{body}</Table></Worksheet></Workbook>'
    ).encode()


FORMATS: dict[str, Callable[[str, Rows, str], bytes]] = {
    "se16": lambda *given: se16(*given).encode("utf-8"),
    "se16-bom": lambda *given: se16(*given).encode("utf-8-sig"),
    "se16-utf16": lambda *given: se16(*given).encode("utf-16"),
    "se16-utf16le": lambda *given: se16(*given).encode("utf-16-le"),
    "se16-cp1252": lambda *given: se16(*given).encode("cp1252"),
    "se16-utf16be": lambda *given: se16(*given).encode("utf-16-be"),
    "se16-utf16be-bom": lambda *given: b"\xfe\xff" + se16(*given).encode("utf-16-be"),
    "alv": lambda *given: alv(*given).encode("utf-16"),
    "alv-cp1252": lambda *given: alv(*given).encode("cp1252"),
    "csv": lambda *given: separated(*given).encode("utf-8-sig"),
    "tabs": lambda *given: tabs(*given).encode("utf-8"),
    "tabs-cp1252": lambda *given: tabs(*given).encode("cp1252"),
    "sapcli": lambda *given: sapcli(*given).encode("utf-8"),
    "html": web_page,
    "html-cp1252": partial(web_page, charset="cp1252"),
    "html-utf16": partial(web_page, charset="utf-16"),
    "mhtml": mhtml,
    "json": as_json,
    "xlsx": workbook,
    "xlsx-strict": strict_workbook,
    "xml": spreadsheet_xml,
}


def certificate(name: str) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Exämple"), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    )
    start = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=730))
        .sign(key, hashes.SHA256())
    )
    return made, key


def der_of(made: x509.Certificate) -> bytes:
    return made.public_bytes(serialization.Encoding.DER)


def pem_of(made: x509.Certificate) -> bytes:
    return made.public_bytes(serialization.Encoding.PEM)


# A writer of PSE files of its own, from the description of the format: nothing of the reader is used.


def tlv(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    size = (len(body).bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + len(body).to_bytes(size) + body


def oid(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    out = [40 * first + second]
    for arc in rest:
        septets = [arc & 127]
        while arc := arc >> 7:
            septets.append(arc & 127 | 128)
        out += septets[::-1]
    return tlv(6, bytes(out))


def _number(value: int) -> bytes:
    return tlv(2, value.to_bytes(value.bit_length() // 8 + 1))


def _pkcs12_key(password: bytes, salt: bytes, rounds: int, purpose: int, length: int) -> bytes:
    def stretch(data: bytes) -> bytearray:
        want = 64 * ((len(data) + 63) // 64)
        return bytearray((data * (want // max(len(data), 1) + 1))[:want])

    state, out = stretch(salt) + stretch(password), b""
    while True:
        value = hashlib.sha1(bytes([purpose] * 64) + bytes(state)).digest()
        for _ in range(rounds - 1):
            value = hashlib.sha1(value).digest()
        out += value
        if len(out) >= length:
            return out[:length]
        add = int.from_bytes(bytes(stretch(value))) + 1
        for at in range(0, len(state), 64):
            total = int.from_bytes(state[at : at + 64]) + add
            state[at : at + 64] = (total & ((1 << 512) - 1)).to_bytes(64)


def pse(version: int, own: bytes, listed: list[bytes], pin: str | None, rounds: int = 100) -> bytes:
    """A PSE file; ``pin`` None leaves it plain."""
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
    from cryptography.hazmat.primitives import padding
    from cryptography.hazmat.primitives.ciphers import Cipher, modes

    def obj(name: str, kind: str, value: bytes) -> bytes:
        return tlv(0x30, tlv(0x13, name.encode()), tlv(0x18, b"20250101000000Z"), oid(kind), value)

    salt = b"saltsalt"
    algorithm = tlv(0x30, oid("1.2.840.113549.1.12.1.3"), tlv(0x30, tlv(4, salt), _number(rounds)))
    objects = [
        obj("SKnew", "1.3.36.2.3.4", tlv(0x30, tlv(4, b"PRIVATE-KEY-OCTETS"))),
        obj("Cert", "1.3.36.2.1.3", own),
        obj("CertList", "1.3.36.2.0", tlv(0x31, *listed)),
    ]
    content = tlv(0x30, algorithm, tlv(0x18, b"20250101000000Z"), _number(1), tlv(0x31, *objects))
    digest = tlv(4, hashlib.sha1(content).digest())
    if pin is None:
        if version == 2:
            return tlv(0x30, _number(2), content)
        return tlv(0x30, _number(4), tlv(0xA3, _number(0), algorithm, tlv(4, content), digest))

    def encrypt(data: bytes) -> bytes:
        password = pin.encode("utf-16-be") + b"\0\0"
        key, vector = _pkcs12_key(password, salt, rounds, 1, 24), _pkcs12_key(password, salt, rounds, 2, 8)
        padder = padding.PKCS7(64).padder()
        encryptor = Cipher(TripleDES(key), modes.CBC(vector)).encryptor()
        return encryptor.update(padder.update(data) + padder.finalize()) + encryptor.finalize()

    cipher = tlv(4, encrypt(content))
    if version == 2:
        return tlv(0x30, _number(2), tlv(0xA0, tlv(4, encrypt(pin.encode())), algorithm, cipher))
    return tlv(0x30, _number(4), tlv(0xA3, _number(1), algorithm, cipher, digest))
