"""How to get what a description needs: one entry for each look at the system, in the order in which to go."""

from __future__ import annotations

import re

import msgspec

SE16 = (
    "Tables: SE16. Settings -> User Parameters: Keyword = Field name.",
    "Settings -> Format List -> Choose Fields: the columns below. Leave Maximum No. of Hits empty.",
    "Save lists: System -> List -> Save -> Local File, unconverted; or as spreadsheet.",
    "File names do not matter, except for certificates and PSE files.",
    "Never export BCODE, PASSCODE, PWDSALTEDHASH, OCOD*, ICF_PASSWD, RSECTAB, SSF_PSE_D, cred_v2, SSFS files.",
)
"""What holds for all lists."""


class Recipe(msgspec.Struct, frozen=True):
    """One look at the system."""

    title: str
    """Transaction, report or command, with what it is about."""
    gives: str
    """Paths of the facts that it gives, as a regular expression."""
    steps: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    """Tables to export, with the columns of ``columns.EXPORTS``."""


RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "SE16, table USR02: the technical user, and the users whom callers name",
        r"technical_user\.|users$|users\[\]\.(?:exists|type|lock|valid_from|valid_to)$",
        (
            "BNAME = DELAY_LOGON, DELAY_L_*, and the users whom callers name; in the client of the services",
            "SU01 shows the same on tab Logon Data",
        ),
        ("USR02",),
    ),
    Recipe(
        "SE16, tables of SICF: services, their activity and stored users",
        r"icf\.nodes(?:$|\[\]\.(?:exists|active|https_required|stored_user|stored_client)$)",
        (
            "without a selection, for paths are rebuilt from the whole tree",
            "instead: report RSICFCHK, and save its list",
        ),
        ("ICFSERVICE", "ICFSERVLOC", "ICFSECPASSWD"),
    ),
    Recipe(
        "SOAMANAGER, Web Service Configuration: the WSDL of each endpoint, with policy",
        r"bindings(?:$|\[\])",
        (
            "open the service definition, Overview, display the selected binding's WSDL URL, save the page",
            "SE16 on SRT_RTC_DATA gives method and transport of all endpoints at once",
        ),
        ("SRT_RTC_DATA",),
    ),
    Recipe(
        "SA38, report WSS_SETUP with Test Run checked: save the list that it shows",
        r"wss_setup\.|icf\.nodes\[\]\.stored_password_current$",
        ("select the ICF update too: the list then names the nodes whose password is old",),
    ),
    Recipe(
        "SECSTORE, tab Check Entries: save the list",
        r"secure_storage\.entry_",
        ("the light beside the entry of the technical user is what matters; the list shows no content",),
    ),
    Recipe(
        "STRUST, or sapgenpse on the server: certificates and certificate lists",
        r"pses(?:$|\[\]\.(?:exists|own_certificate\.|trusted|own_chain))",
        (
            "STRUST: double-click the certificate, Export, Base64",
            "own certificates: SAPWSSE.crt, SAPSSLS.crt; those of lists: folders SAPWSSE-trusted, SAPSSLS-trusted",
            "or as <sid>adm: sapgenpse get_my_name -v -p SAPWSSE.pse > wsse.txt",
            "and: sapgenpse maintain_pk -l -p SAPWSSE.pse >> wsse.txt; the same for SAPSSLS.pse and SAPSSLC.pse",
        ),
    ),
    Recipe(
        "SE16, table USREXTID: mappings of certificates and SAML names to users",
        r"external_ids(?:$|\[\])",
        ("TYPE = DN and SA; SM30 on VUSREXTID shows the same",),
        ("USREXTID",),
    ),
    Recipe(
        "CERTRULE: rules and explicit mappings, each list saved",
        r"certificate_rules(?:$|\[\])|certificate_users(?:$|\[\])",
        (
            "only where the parameter login/certificate_mapping_rulebased is 1",
            "explicit mappings are also in USRCERTMAP",
        ),
        ("USRCERTMAP",),
    ),
    Recipe(
        "SAML2, tab Local Provider: download the metadata",
        r"saml_trust\.local_provider$",
    ),
    Recipe(
        "STRUSTSSO2, tab Logon Ticket: the access control list (table TWPSSO2ACL)",
        r"saml_trust\.ticket_issuers$",
    ),
    Recipe(
        "Profiles DEFAULT.PFL and the instance's, or SA38, report RSPARAM: save the list",
        r"profile$|system\.(?:sid|host)$",
        ("the files are in /usr/sap/<SID>/SYS/profile",),
    ),
    Recipe(
        "System -> Status: what the exports do not tell of the system",
        r"system\.",
    ),
)


def recipe(path: str) -> Recipe | None:
    """Return how to get a fact, by its general path; None where no export gives it."""
    return next((each for each in RECIPES if re.match(each.gives, path)), None)
