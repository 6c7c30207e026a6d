"""What was seen of a server that the system calls.

Where that matters, it was seen from the application server: what another computer sees may be another network.
"""

from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Struct, UnsetType

from wssdoctor.description.authentication import Authentication
from wssdoctor.description.certificate import Certificate
from wssdoctor.description.fact import fact
from wssdoctor.evidence import Sensitivity

IDENTIFYING = Sensitivity.IDENTIFYING

TlsVersion: TypeAlias = Literal["1.0", "1.1", "1.2", "1.3"]


class Peer(Struct, frozen=True, forbid_unknown_fields=True):
    """What was seen of the server that is called, from the application server where that matters."""

    name_resolves: Annotated[
        bool | UnsetType,
        fact(
            "Whether the host name resolves on the application server, to the right address",
            home="name service of the operating system",
            obtain="on the application server: nslookup <host>, or report RSBDCOS0",
            example="true",
        ),
    ] = UNSET
    port_open: Annotated[
        bool | UnsetType,
        fact(
            "Whether host and port take connections from the application server, through the proxy if there is one",
            home="the network",
            obtain="on the application server: niping -c -H <host> -S <port>, or telnet",
            example="true",
        ),
    ] = UNSET
    speaks_tls: Annotated[
        bool | UnsetType,
        fact(
            "Whether the port speaks TLS (HTTPS); false for plain HTTP",
            home="the peer",
            obtain="openssl s_client -connect <host>:<port>: an answer 'wrong version number' means plain HTTP",
            example="true",
        ),
    ] = UNSET
    tls_versions: Annotated[
        tuple[TlsVersion, ...] | UnsetType,
        fact(
            "TLS versions that the peer accepts",
            home="the peer",
            obtain="nmap --script ssl-enum-ciphers -p <port> <host>, or ask the partner",
            example='["1.2", "1.3"]',
        ),
    ] = UNSET
    cipher_suites: Annotated[
        tuple[str, ...] | UnsetType,
        fact(
            "Cipher suites that the peer accepts, by their IANA, SAP or OpenSSL names",
            home="the peer",
            obtain="nmap --script ssl-enum-ciphers -p <port> <host>, or ask the partner",
            example="[TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384]",
        ),
    ] = UNSET
    sni_needed: Annotated[
        bool | UnsetType,
        fact(
            "Whether the peer needs the server name in the handshake (SNI) to choose its certificate",
            home="the peer",
            obtain="compare openssl s_client -servername <host> with -noservername: another certificate, or none",
            example="true",
        ),
    ] = UNSET
    certificates: Annotated[
        tuple[Certificate, ...] | UnsetType,
        fact(
            "Certificates that the peer sends, its own first",
            home="the peer",
            obtain="openssl s_client -connect <host>:<port> -servername <host> -showcerts; outside your network if "
            "TLS is inspected",
        ),
    ] = UNSET
    issuer_at_system: Annotated[
        str | UnsetType,
        fact(
            "Issuer of the server certificate as the application server sees it",
            home="trace dev_icm",
            obtain="SMICM, trace level 2, repeat the call: dev_icm names subject and issuer; set the level back",
            sensitivity=IDENTIFYING,
            example='"CN=Example Issuing CA, O=Example"',
        ),
    ] = UNSET
    client_certificate: Annotated[
        Literal["none", "optional", "required"] | UnsetType,
        fact(
            "Whether the peer asks for a client certificate; an ABAP peer by icm/HTTPS/verify_client 0, 1 or 2",
            home="the peer",
            obtain="openssl s_client lists 'Acceptable client certificate CA names' if it asks; or ask the partner",
            example="required",
        ),
    ] = UNSET
    client_authorities: Annotated[
        tuple[str, ...] | UnsetType,
        fact(
            "Issuers of client certificates that the peer names in the handshake; [] if it names none",
            home="the peer",
            obtain="openssl s_client: Acceptable client certificate CA names",
            sensitivity=IDENTIFYING,
            example='["CN=Example Root CA, O=Example"]',
        ),
    ] = UNSET
    client_certificate_known: Annotated[
        bool | UnsetType,
        fact(
            "Whether the partner has registered exactly the client certificate that is sent now",
            home="the peer",
            obtain="send the partner the serial number shown by STRUST, and ask for the one on record",
            example="true",
        ),
    ] = UNSET
    forwards_client_certificate: Annotated[
        bool | UnsetType,
        fact(
            "Whether a reverse proxy in front of the peer ends TLS and forwards the client certificate in a header",
            home="the peer",
            obtain="ask the partner; SAP Web Dispatcher and Cloud Connector do",
            example="false",
        ),
    ] = UNSET
    intermediary_subject: Annotated[
        str | UnsetType,
        fact(
            "Subject of the certificate with which that reverse proxy logs on to the peer",
            home="the reverse proxy's client PSE",
            obtain="ask the partner",
            sensitivity=IDENTIFYING,
            example='"CN=webdispatcher, O=Example"',
        ),
    ] = UNSET
    intermediary_issuer: Annotated[
        str | UnsetType,
        fact(
            "Issuer of the certificate with which that reverse proxy logs on to the peer",
            home="the reverse proxy's client PSE",
            obtain="ask the partner",
            sensitivity=IDENTIFYING,
            example='"CN=Example Root CA, O=Example"',
        ),
    ] = UNSET
    trusted_reverse_proxies: Annotated[
        tuple[str, ...] | UnsetType,
        fact(
            "Values of icm/trusted_reverse_proxy_<n> at an ABAP peer, as SMICM shows them; [] if there are none",
            home="profile parameters icm/trusted_reverse_proxy_<n>",
            obtain="SMICM -> Goto -> Parameters -> Display; not RZ10, which cuts long values",
            sensitivity=IDENTIFYING,
            example='[\'SUBJECT="CN=webdispatcher, O=Example", ISSUER="CN=Example Root CA, O=Example"\']',
        ),
    ] = UNSET
    authentication: Annotated[
        tuple[Authentication, ...] | UnsetType,
        fact(
            "Authentication methods that the service accepts",
            home="the peer",
            obtain="WS-SecurityPolicy in the service's WSDL, or the partner's documentation",
            example="[basic]",
        ),
    ] = UNSET
    published_url: Annotated[
        str | UnsetType,
        fact(
            "Address of the service as the partner publishes it today",
            home="soap:address in the WSDL",
            obtain="the partner's current WSDL or documentation",
            sensitivity=IDENTIFYING,
            example="https://partner.example.com/orders",
        ),
    ] = UNSET
    wsdl_protected: Annotated[
        bool | UnsetType,
        fact(
            "Whether the WSDL's own URL asks for a logon",
            home="the peer",
            obtain="open the WSDL's URL in a private browser window",
            example="false",
        ),
    ] = UNSET
