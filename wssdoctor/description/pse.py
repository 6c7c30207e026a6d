"""What STRUST shows: the cryptographic library, and PSEs with an own key and a list of trusted certificates."""

from typing import Annotated, Literal

from msgspec import UNSET, Struct, UnsetType

from wssdoctor.description.certificate import Certificate
from wssdoctor.description.fact import fact


class CryptoLibrary(Struct, frozen=True, forbid_unknown_fields=True):
    """CommonCryptoLib, with which the kernel does TLS, signatures and certificates."""

    usable: Annotated[
        bool | UnsetType,
        fact(
            "Whether every application server loads SAP Cryptographic Library; need not be given where a PSE could be read",
            home="kernel directory; parameters ssl/ssl_lib, sec/libsapsecu, ssf/ssfapi_lib",
            obtain="STRUST -> Environment -> Display SSF Version shows a version, on each server",
            example="true",
        ),
    ] = UNSET


class Pse(Struct, frozen=True, forbid_unknown_fields=True):
    """A Personal Security Environment in STRUST."""

    application: Annotated[
        Literal["wsse", "ssl-server", "ssl-client-standard", "ssl-client-anonymous", "ssl-client", "system", "saml2"],
        fact(
            "Which PSE: wsse (SAPWSSE.pse), ssl-server (SAPSSLS), ssl-client-standard (SAPSSLC), "
            "ssl-client-anonymous (SAPSSLA), ssl-client (another SSL client identity), system (SAPSYS), saml2",
            home="STRUST",
            obtain="STRUST",
            example="wsse",
        ),
    ]
    identity: Annotated[
        str | UnsetType,
        fact("Identity, if not the default one", home="STRUST", obtain="STRUST", example="WSSKEY"),
    ] = UNSET
    exists: Annotated[
        bool | UnsetType,
        fact(
            "Whether the PSE exists",
            home="STRUST",
            obtain="STRUST: a red cross marks a PSE that does not exist",
            example="true",
        ),
    ] = UNSET
    own_certificate: Annotated[
        Certificate | UnsetType,
        fact("The PSE's own certificate", home="STRUST, Own Certificate", obtain="STRUST"),
    ] = UNSET
    trusted: Annotated[
        tuple[Certificate, ...] | UnsetType,
        fact("Certificate list of the PSE", home="STRUST, Certificate List", obtain="STRUST; sapgenpse maintain_pk -l"),
    ] = UNSET
    own_chain: Annotated[
        tuple[Certificate, ...] | UnsetType,
        fact(
            "The issuing certificates that the PSE keeps and sends with its own certificate; [] if none",
            home="the PSE (imported with the certificate response)",
            obtain="sapgenpse get_my_name -v -p SAPSSLC.pse: the lines FCPath",
        ),
    ] = UNSET
    own_certificate_fits_key: Annotated[
        bool | UnsetType,
        fact(
            "Whether the certificate that the authority issued belongs to the key pair that the PSE holds now",
            home="STRUST, Import Cert. Response",
            obtain="STRUST: the response is imported without an error; it is not after the PSE was created again",
            example="true",
        ),
    ] = UNSET
