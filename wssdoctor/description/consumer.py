"""The consumer side of a system description: what the system calls, and with what.

Homes and ways to obtain the facts follow SAP's documentation of SOAMANAGER, SM59, STRUST, SMICM and sapgenpse.
"""

from typing import Annotated

from msgspec import UNSET, Struct, UnsetType

from wssdoctor.description.authentication import Authentication
from wssdoctor.description.certificate import Certificate
from wssdoctor.description.fact import fact
from wssdoctor.description.peer import Peer, TlsVersion
from wssdoctor.evidence import Sensitivity

IDENTIFYING = Sensitivity.IDENTIFYING


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
            "Whether a password is maintained for the user of the call",
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
            "Certificate of the provider with which the call encrypts",
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
