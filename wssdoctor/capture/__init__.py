"""Where requests come from: files with a SOAP envelope, a MIME message or raw HTTP become a ``Capture``.

Knows nothing of SAP or of security. ``capture`` has the values, ``read`` makes them from files, ``edit`` changes them
and writes them again, ``mime`` and ``coding`` are the only readers of MIME and of HTTP codings in the program.
"""
