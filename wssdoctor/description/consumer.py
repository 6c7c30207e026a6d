"""The consumer side of a system description: what the system calls, with what, and what was seen of the peers.

Homes and ways to obtain the facts follow SAP's documentation of SOAMANAGER, SM59, STRUST, SMICM and sapgenpse.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Struct, UnsetType

from wssdoctor.description.authentication import Authentication
from wssdoctor.description.certificate import Certificate
from wssdoctor.description.fact import fact
from wssdoctor.evidence import Sensitivity

IDENTIFYING = Sensitivity.IDENTIFYING

TlsVersion: TypeAlias = Literal["1.0", "1.1", "1.2", "1.3"]


class Proxy(Struct, frozen=True, forbid_unknown_fields=True):
    """The HTTP proxy between the system and one peer."""

    needed: Annotated[
        bool | UnsetType,
        fact(
            "Whether the peer can be reached only through an HTTP proxy",
            home="the network",
            obtain="ask the network team; a peer in the internet usually needs one",
            example="false",
        ),
    ] = UNSET
    address: Annotated[
        str | UnsetType,
        fact(
            "Host and port of the proxy that the call uses; empty text if it uses none",
            home="SM59, tab Technical Settings; SOAMANAGER, tab Transport Settings; SICF, Client -> Proxy Settings",
            obtain="the destination or logical port first, then the proxy settings of SICF with their exceptions",
            sensitivity=IDENTIFYING,
            example='""',
        ),
    ] = UNSET
    reachable: Annotated[
        bool | UnsetType,
        fact(
            "Whether the proxy takes connections from the application server",
            home="the network",
            obtain="on the application server: niping -c -H <proxy> -S <port>, or telnet",
            example="true",
        ),
    ] = UNSET
    demands_logon: Annotated[
        bool | UnsetType,
        fact(
            "Whether the proxy wants a user and a password",
            home="the proxy",
            obtain="ask the network team; without a logon it answers HTTP 407",
            example="false",
        ),
    ] = UNSET
    user: Annotated[
        str | UnsetType,
        fact(
            "User for the proxy; empty text if none is maintained",
            home="SM59, SOAMANAGER or SICF, proxy settings",
            obtain="where the address of the proxy is maintained",
            sensitivity=IDENTIFYING,
            example='""',
        ),
    ] = UNSET
    password_current: Annotated[
        bool | UnsetType,
        fact(
            "Whether the password maintained for the proxy is the current one",
            home="no transaction shows it",
            obtain="log on to the proxy with this user and password, for example from a browser",
            example="true",
        ),
    ] = UNSET


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
            "Issuer of that certificate",
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


class Call(Struct, frozen=True, forbid_unknown_fields=True):
    """One outbound call: a logical port of a consumer proxy with its destination, and the peer behind it."""

    logical_port: Annotated[
        str,
        fact(
            "Logical port, with its consumer proxy if the name alone is not enough",
            home="SOAMANAGER, Web Service Configuration, consumer proxy",
            obtain="SOAMANAGER",
            sensitivity=IDENTIFYING,
            example="CO_ORDER_OUT/LP_PARTNER",
        ),
    ]
    url: Annotated[
        str | UnsetType,
        fact(
            "URL that is called: scheme, host, port and path",
            home="SOAMANAGER, tab Transport Settings; or SM59, tab Technical Settings",
            obtain="SOAMANAGER, logical port, tab Transport Settings",
            sensitivity=IDENTIFYING,
            example="https://partner.example.com:443/orders",
        ),
    ] = UNSET
    authentication: Annotated[
        Authentication | UnsetType,
        fact(
            "Authentication method of the logical port",
            home="SRT_RTC_DATA, property AuthenticationMethod (SOAMANAGER, tab Consumer Security)",
            obtain="SOAMANAGER, logical port, tab Consumer Security",
            example="basic",
        ),
    ] = UNSET
    user: Annotated[
        str | UnsetType,
        fact(
            "User maintained for the call; empty text if none",
            home="SOAMANAGER, tab Consumer Security; or SM59, tab Logon & Security",
            obtain="SOAMANAGER, logical port, tab Consumer Security",
            sensitivity=IDENTIFYING,
            example="WS_ORDER",
        ),
    ] = UNSET
    password_stored: Annotated[
        bool | UnsetType,
        fact(
            "Whether a password is maintained for that user",
            home="secure storage",
            obtain="SOAMANAGER, logical port, tab Consumer Security",
            example="true",
        ),
    ] = UNSET
    password_readable: Annotated[
        bool | UnsetType,
        fact(
            "Whether the stored password can be decrypted; after a system copy it often cannot",
            home="transaction SECSTORE",
            obtain="SECSTORE, tab Check Entries: a green light",
            example="true",
        ),
    ] = UNSET
    password_current: Annotated[
        bool | UnsetType,
        fact(
            "Whether user and password are the ones that the peer accepts today",
            home="no transaction shows it",
            obtain="log on to the service with exactly this user and password from another client",
            example="true",
        ),
    ] = UNSET
    ssl_client_pse: Annotated[
        str | UnsetType,
        fact(
            "SSL client identity of the call: DFAULT (standard), ANONYM (anonymous) or another; empty text if none",
            home="SOAMANAGER, tab Consumer Security; or SM59, tab Logon & Security, SSL Certificate",
            obtain="SOAMANAGER, logical port, tab Consumer Security",
            example="DFAULT",
        ),
    ] = UNSET
    encryption_demanded: Annotated[
        bool | UnsetType,
        fact(
            "Whether the policy of the call demands that the message is encrypted",
            home="SOAMANAGER, tab Consumer Security",
            obtain="sp:EncryptedParts in the service's WSDL",
            example="false",
        ),
    ] = UNSET
    encryption_certificate_named: Annotated[
        bool | UnsetType,
        fact(
            "Whether the logical port names a certificate of the provider to encrypt with",
            home="SOAMANAGER, tab Consumer Security",
            obtain="SOAMANAGER, logical port, tab Consumer Security",
            example="true",
        ),
    ] = UNSET
    encryption_certificate: Annotated[
        Certificate | UnsetType,
        fact(
            "That certificate",
            home="STRUST, WS Security Other System Encryption Certificates (WSSCRT)",
            obtain="STRUST: Export, Base64",
        ),
    ] = UNSET
    wsdl_fetched: Annotated[
        bool | UnsetType,
        fact(
            "Whether the WSDL is fetched by its URL, at run time or to create the logical port",
            home="the client's configuration",
            obtain="SOAMANAGER: the logical port was created with a WSDL URL; other clients: a wsdl setting with a URL",
            example="false",
        ),
    ] = UNSET
    wsdl_credentials: Annotated[
        bool | UnsetType,
        fact(
            "Whether user and password are sent when the WSDL is fetched, not only with the call",
            home="the client's configuration",
            obtain="SOAMANAGER: WSDL access user and password; other clients: their documentation",
            example="true",
        ),
    ] = UNSET
    proxy: Proxy | UnsetType = UNSET
    peer: Peer | UnsetType = UNSET


class Consumer(Struct, frozen=True, forbid_unknown_fields=True):
    """The system as a caller of others."""

    https_service: Annotated[
        bool | UnsetType,
        fact(
            "Whether the ICM has an active HTTPS service; without one it cannot open HTTPS connections either",
            home="SMICM -> Goto -> Services; profile parameters icm/server_port_<n>",
            obtain="SMICM -> Goto -> Services: a line with HTTPS and a green mark",
            example="true",
        ),
    ] = UNSET
    client_sni: Annotated[
        bool | UnsetType,
        fact(
            "Whether the ICM sends the server name in the handshake; it is off by default before kernel 7.77",
            home="profile parameter icm/HTTPS/client_sni_enabled",
            obtain="RZ11 or report RSPARAM: icm/HTTPS/client_sni_enabled",
            example="true",
        ),
    ] = UNSET
    tls_versions: Annotated[
        tuple[TlsVersion, ...] | UnsetType,
        fact(
            "TLS versions that the ICM offers as a client",
            home="profile parameter ssl/client_ciphersuites, SAP Cryptographic Library",
            obtain="sapgenpse tlsinfo -c <value of ssl/client_ciphersuites>",
            example='["1.2"]',
        ),
    ] = UNSET
    cipher_suites: Annotated[
        tuple[str, ...] | UnsetType,
        fact(
            "Cipher suites that the ICM offers as a client",
            home="profile parameter ssl/client_ciphersuites, SAP Cryptographic Library",
            obtain="sapgenpse tlsinfo -c <value of ssl/client_ciphersuites>",
            example="[TLS_ECDHE_RSA_WITH_AES256_GCM_SHA384]",
        ),
    ] = UNSET
    calls: Annotated[
        tuple[Call, ...] | UnsetType,
        fact("Outbound calls in question; [] if there are none", home="SOAMANAGER, SM59", obtain="SOAMANAGER"),
    ] = UNSET
