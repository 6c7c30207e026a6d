"""The model of an AS ABAP service provider: what ICF and the SOAP runtime do with one request, stage by stage."""
