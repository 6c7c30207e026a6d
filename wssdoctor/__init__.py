"""Says why a SOAP call with WS-Security does not log on, and proves the remedy by replay."""

__version__ = "0.1.0"
