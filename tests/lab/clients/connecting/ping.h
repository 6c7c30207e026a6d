//gsoap ns service name: ping
//gsoap ns service namespace: urn:example:ping
int ns__ping(char *text, char **answer);
