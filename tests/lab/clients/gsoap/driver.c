/* Calls the lab with gSOAP: driver FOLDER, one call a line, one line of JSON with what its user sees. */
#include "wsseapi.h"
#include "Sales.nsmap"

#include <openssl/pem.h>

static const char *user = "WS_ORDER", *secret = "sample-Passw0rd";
static const char *folder;

static FILE *opened(const char *name) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "r");
  if (!file) { perror(path); exit(2); }
  return file;
}

static EVP_PKEY *key_of(const char *name) {
  FILE *file = opened(name);
  EVP_PKEY *key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
  fclose(file);
  return key;
}

static X509 *certificate_of(const char *name) {
  FILE *file = opened(name);
  X509 *found = PEM_read_X509(file, NULL, NULL, NULL);
  fclose(file);
  return found;
}

static const char *option(char **options, const char *name, const char *otherwise) {
  size_t length = strlen(name);
  for (; *options; options++)
    if (!strncmp(*options, name, length) && (*options)[length] == '=') return *options + length + 1;
  return otherwise;
}

static void quoted(const char *text) {
  putchar('"');
  for (; *text; text++) {
    if (*text == '"' || *text == '\\') printf("\\%c", *text);
    else if ((unsigned char)*text < 32) printf("\\u%04x", *text);
    else putchar(*text);
  }
  putchar('"');
}

/* Sign Body and Timestamp; the certificate goes along as the kind says. */
static void sign(struct soap *soap, const char *kind, char **options) {
  char name[64];
  const char *who = option(options, "who", "client");
  snprintf(name, sizeof name, "%s.key", who);
  EVP_PKEY *key = key_of(name);
  snprintf(name, sizeof name, "%s.pem", who);
  X509 *certificate = certificate_of(name);
  int sha512 = !strcmp(option(options, "digest", ""), "sha512");
  if (strstr(kind, "certificate")) {
    soap_wsse_add_KeyInfo_X509Certificate(soap, certificate);
  } else {
    soap_wsse_add_BinarySecurityTokenX509(soap, "X509Token", certificate);
    soap_wsse_add_KeyInfo_SecurityTokenReferenceX509(soap, "#X509Token");
  }
  soap_wsse_sign_body(soap, sha512 ? SOAP_SMD_SIGN_RSA_SHA512 : SOAP_SMD_SIGN_RSA_SHA256, key, 0);
  soap_wsse_sign_only(soap, "Time Body");
}

static int call(struct soap *soap, const char *kind, const char *url, char **options) {
  struct s__ReadOrderResponse answer;
  soap_wsse_delete_Security(soap);
  soap_wsse_add_Timestamp(soap, "Time", 300);
  if (strstr(kind, "username-text"))
    soap_wsse_add_UsernameTokenText(soap, "User", option(options, "user", user), option(options, "password", secret));
  if (strstr(kind, "username-digest"))
    soap_wsse_add_UsernameTokenDigest(soap, "User", user, secret);
  if (strstr(kind, "signature")) sign(soap, kind, options);
  if (strstr(kind, "encrypted"))
    soap_wsse_add_EncryptedKey(soap, strstr(kind, "gcm") ? SOAP_MEC_ENV_ENC_AES256_GCM : SOAP_MEC_ENV_ENC_AES256_CBC,
                               "Cert", certificate_of("provider.pem"), NULL, NULL, NULL);
  if (strstr(kind, "chunked")) soap_set_omode(soap, SOAP_IO_CHUNK);
  if (strstr(kind, "gzip")) soap_set_omode(soap, SOAP_IO_CHUNK | SOAP_ENC_ZLIB);
  if (strstr(kind, "basic")) soap->userid = user, soap->passwd = option(options, "password", secret);
  return soap_call_s__ReadOrder(soap, url, NULL, "1", &answer);
}

int main(int count, char **arguments) {
  char line[8192];
  if (count != 2) return 2;
  folder = arguments[1];
  while (fgets(line, sizeof line, stdin)) {
    char *fields[16] = {0};
    int number = 0;
    line[strcspn(line, "\n")] = 0;
    for (char *one = strtok(line, "\t"); one && number < 15; one = strtok(NULL, "\t")) fields[number++] = one;
    struct soap *soap = soap_new1(strstr(fields[0], "signature") ? SOAP_XML_CANONICAL : 0);
    soap_register_plugin(soap, soap_wsse);
    soap_ssl_client_context(soap, SOAP_SSL_NO_AUTHENTICATION, NULL, NULL, NULL, NULL, NULL);
    int error = call(soap, fields[0], fields[1], fields + 2);
    char shown[4096] = "accepted";
    if (error) soap_sprint_fault(soap, shown, sizeof shown);
    printf("{\"accepted\": %s, \"exit\": %d, \"shown\": ", error ? "false" : "true", error & 255);
    quoted(shown);
    puts("}");
    fflush(stdout);
    soap_destroy(soap);
    soap_end(soap);
    soap_free(soap);
  }
  return 0;
}
