/* Calls the URL behind the file of the authority, and prints what a program would end with. */
#include "soapH.h"
#include "ping.nsmap"

int main(int count, char **arguments) {
  char *answer = NULL;
  struct soap *soap = soap_new();
  soap->connect_timeout = soap->recv_timeout = 4;
  if (count != 3 || soap_ssl_client_context(soap, SOAP_SSL_DEFAULT, NULL, NULL, arguments[1], NULL, NULL) ||
      soap_call_ns__ping(soap, arguments[2], NULL, "x", &answer))
    soap_print_fault(soap, stdout);
  return 0;
}
