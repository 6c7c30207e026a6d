"""Lines of ordinary logs, of which none says that a call fails: what a reader of logs must stay silent about."""

from __future__ import annotations

from random import Random

_LINES = {
    "syslog": [
        "Nov 20 10:{a:02}:{b:02} sapapp{a} sshd[{n}]: Accepted publickey for sapadm from 10.1.{a}.{b} port {n} ssh2",
        "Nov 20 10:{a:02}:{b:02} sapapp{a} sshd[{n}]: pam_unix(sshd:session): session opened for user root by (uid=0)",
        "Nov 20 10:{a:02}:{b:02} sapapp{a} CRON[{n}]: (root) CMD (test -x /usr/sbin/anacron || run-parts /etc/cron.daily)",
        "Nov 20 10:{a:02}:{b:02} sapapp{a} systemd[1]: Started Session {n} of user sidadm.",
        "Nov 20 10:{a:02}:{b:02} sapapp{a} ntpd[{n}]: synchronized to 10.1.1.{a}, stratum 3, offset -0.00{b}",
        "Nov 20 10:{a:02}:{b:02} sapapp{a} chronyd[{n}]: System clock wrong by 0.00{b} seconds, adjustment started",
        "Nov 20 10:{a:02}:{b:02} sapapp{a} sshd[{n}]: Connection closed by 10.1.{a}.{b} port {n} [preauth]",
        "Nov 20 10:{a:02}:{b:02} sapapp{a} sshd[{n}]: Failed password for invalid user oracle from 10.1.{a}.{b}",
        "Nov 20 10:{a:02}:{b:02} sapapp{a} postfix/smtpd[{n}]: TLS connection established from mail{a}: TLSv1.3",
    ],
    "audit of users": [
        "27.11.2026 10:{a:02}:{b:02} AU3 100 WORKER{a} SAPMSSY1 Transaction SM3{b} Started",
        "27.11.2026 10:{a:02}:{b:02} AUW 100 WORKER{a} SAPMSSY1 Report RSUSR{n} Started, signature of the variant unchanged",
        "27.11.2026 10:{a:02}:{b:02} AUK 100 RFC{a} SAPMSSY1 Successful RFC Call RFC_PING (Function Group = SYST)",
        "27.11.2026 10:{a:02}:{b:02} DUI 100 WORKER{a} SAPMSSY1 RFC callback executed, password of no user checked",
        "|10:{a:02}:{b:02}|DIA |00{a}|100|WORKER{a}|SM37 |R68|Perform rollback, {b} entries locked by user WORKER{a}|",
        "|10:{a:02}:{b:02}|DP  |   |   |        |     |Q02|Start of workproc. {b}, pid {n}, time stamp is valid|",
    ],
    "dotnet": [
        "info: System.ServiceModel.ChannelFactory[{n}] Opened channel, content type text/xml of the response matches",
        "dbug: Microsoft.IdentityModel[{n}] The private key is present, certificate CN=host{a}.example.com is valid",
        "info: System.Net.Http.HttpClient[{n}] Received a reply after {n} ms, username svc{a} is provided",
    ],
    "kernel": [
        "[{n}.{b:06}] EXT4-fs (sda{a}): mounted filesystem with ordered data mode. Opts: (null)",
        "[{n}.{b:06}] TCP: request_sock_TCP: Possible SYN flooding on port 8443. Sending cookies.",
        "[{n}.{b:06}] Out of memory: Killed process {n} (disp+work) total-vm:{n}kB, anon-rss:{n}kB",
        '[{n}.{b:06}] audit: type=1400 audit({n}.{b}:{a}): apparmor="STATUS" operation="profile_load"',
        "[{n}.{b:06}] usb 1-{a}: new high-speed USB device number {b} using xhci_hcd, error -71",
        "[{n}.{b:06}] Loading compiled-in X.509 certificates, integrity: Platform Keyring initialized",
    ],
    "icm": [
        "[Thr {n}] Fri Nov 20 10:{a:02}:{b:02}:{a:03} 2026",
        "[Thr {n}] *** WARNING => IcmConnCheckQueue: connection queue is {a}% full [icxxconn.c {n}]",
        "[Thr {n}] IcmReadAuthFile: read authorization file /usr/sap/SID/D00/sec/icmauth.txt, {a} entries",
        "[Thr {n}] HttpSubHandlerCall: Call Handler: HttpSAPR3Handler, task=TASK_REQUEST(1), header_len={a}",
        "[Thr {n}] IcmConnInitServerSSL: server SSL context with cipher suites 135:PFS:HIGH:: initialised, rc=0",
        "[Thr {n}] SSL NI-hdl {a}: local=10.1.1.{a}:{n} peer=10.1.2.{b}:443, session resumed",
        "[Thr {n}] HttpAuthHandler: authentication successful for user ICMADM, realm SAP Web Admin",
        "[Thr {n}] MPI<{a}>{b}#4 GetInbuf -1 {n} {a} (1) -> 0 SUCCESS",
        "[Thr {n}] NiIConnect2: SiPeekPendConn succeeded hdl {a} sock {b} pending; reason 2 calls before",
        "[Thr {n}] ISC: created {a} MB disk cache, {b} entries, 403 kB used",
    ],
    "work process": [
        "M Fri Nov 20 10:{a:02}:{b:02}:{a:03} 2026",
        "M  *** INFO: ThStart: rdisp/max_wprun_time = {n}, client 100, user level {a}",
        "A  RABAX level LEV_RX_PXA_RELEASE_MTX entered. type {a}, code {b}, sysno 00 158 {n}",
        "B  dbtbxbuf: table USR02 buffered, {a} rows, 401 pages, 500 bytes",
        "N  SncInit(): Initializing Secure Network Communication (SNC), security version {a}",
        "S  handle memory type is RSTSPROMMM, spool request {n} was signed by user SAPSYS",
    ],
    "java": [
        "2026-11-20 10:{a:02}:{b:02},{a:03} INFO  [main] org.apache.cxf.endpoint.ServerImpl - Setting the server's address",
        "2026-11-20 10:{a:02}:{b:02},{a:03} DEBUG [http-nio-{n}] o.a.w.s.WSSecurityEngine - enter processSecurityHeader()",
        (
            "2026-11-20 10:{a:02}:{b:02},{a:03} DEBUG [http-nio-{n}] o.a.w.SignatureTrustValidator: Certificate path has been "
            "verified for certificate with subject CN=partner{a}"
        ),
        "\tat org.apache.catalina.core.StandardWrapperValve.invoke(StandardWrapperValve.java:{n})",
        "2026-11-20 10:{a:02}:{b:02} WARN  HikariPool-{a} - Connection marked as broken, SQLSTATE(08006), ErrorCode({b})",
        "2026-11-20 10:{a:02}:{b:02} INFO  o.s.b.w.e.t.TomcatWebServer - Tomcat started on port(s): 8443 (https)",
        "java.util.concurrent.TimeoutException: Idle timeout expired: {n}/{n} ms",
        "[GC (Allocation Failure) [PSYoungGen: {n}K->{a}K({n}K)] {n}K->{b}K({n}K), 0.0{b} secs]",
    ],
    "nginx": [
        '10.1.{a}.{b} - - [20/Nov/2026:10:{a:02}:{b:02} +0100] "GET /static/app.js HTTP/1.1" 200 {n} "-" "Mozilla/5.0"',
        '10.1.{a}.{b} - svc [20/Nov/2026:10:{a:02}:{b:02} +0100] "POST /sap/bc/srt/scs HTTP/2.0" 202 0 "-" "zeep/4.2"',
        "2026/11/20 10:{a:02}:{b:02} [notice] {n}#{a}: signal process started, using the epoll event method",
        "2026/11/20 10:{a:02}:{b:02} [warn] {n}#{a}: *{b} a client request body is buffered to a temporary file",
        "2026/11/20 10:{a:02}:{b:02} [info] {n}#{a}: *{b} client 10.1.{a}.{b} closed keepalive connection (104: reset)",
    ],
    "python": [
        'INFO:werkzeug:10.1.{a}.{b} - - [20/Nov/2026 10:{a:02}:{b:02}] "GET /health HTTP/1.1" 200 -',
        'DEBUG:urllib3.connectionpool:https://host{a}.example.com:443 "GET /api/items?page={b} HTTP/1.1" 200 {n}',
        "DEBUG:zeep.transports:Loading remote data from: https://host{a}.example.com/service?wsdl",
        "DEBUG:zeep.transports:HTTP Response from https://host{a}.example.com/service (status: 200):",
        '  File "/usr/lib/python3.11/site-packages/requests/sessions.py", line {n}, in send',
        "WARNING:root:retrying in {a} seconds, attempt {b} of 401, user profile not found in cache",
        "DEBUG:urllib3.util.retry:Converted retries value: {a} -> Retry(total={a}, connect=None, read=None)",
    ],
    "clients": [
        "* Connected to host{a}.example.com (10.1.{a}.{b}) port 443 (#{b})",
        "* Connection #{a} to host host{a}.example.com left intact, HTTP error rate 0",
        '*  subjectAltName: host "host{a}.example.com" matched cert\'s "host{a}.example.com"',
        "{n} POST /sales HTTP/1.1 200 OK Server: gSOAP/2.8, SOAP 1.1 request served in {a} ms, no fault",
        "gsoap worker {a}: accepted connection from IP=10.1.{a}.{b} socket={b}, end of file reached, keep-alive",
        "INFO: WSSERVLET14: JAX-WS servlet initializing, soap fault logging off",
        "javax.net.ssl|DEBUG|{a:02}|main|2026-11-20 10:{a:02}:{b:02}|SSLContextImpl.java:{n}|trigger seeding of SecureRandom",
        "INFO key store /etc/keys/client{a}.p12 loaded, type PKCS12, {b} entries, password from the environment",
        "DEBUG 2.16.840.1.113730 keystore.loader - alias partner{a} is no private key, taken as trusted certificate",
        "axios request {n} succeeded with status code 200 after {a} ms, retry count {b}",
        "{n}: recv() returned 0 (104: Connection reset by peer) while in keepalive, client 10.1.{a}.{b}",
    ],
    "calls that curl shows": [
        "* Host host{a}.example.com:44300 was resolved.",
        "* IPv4: 10.1.{a}.{b}",
        "*   Trying 10.1.{a}.{b}:44300...",
        "* ALPN: curl offers h2,http/1.1",
        "}} [{a} bytes data]",
        "* TLSv1.3 (OUT), TLS handshake, Client hello (1):",
        "* TLSv1.3 (IN), TLS handshake, Request CERT (13):",
        "* TLSv1.3 (IN), TLS handshake, CERT verify (15):",
        "* TLSv1.3 (OUT), TLS change cipher, Change cipher spec (1):",
        "*  CAfile: /etc/ssl/certs/ca-certificates.crt",
        "* SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384 / x25519 / RSASSA-PSS",
        "* Server certificate:",
        "*  start date: Jan  {a} 00:00:00 2026 GMT",
        "*  expire date: Jan  {a} 23:59:59 2027 GMT",
        "*  issuer: C=DE; O=Example; CN=Example Issuing CA {b}",
        "*  SSL certificate verify ok.",
        "*   Certificate level 0: Public key type RSA (2048/112 Bits/secBits), signed using sha256WithRSAEncryption",
        "* Server auth using Basic with user 'SVC{a}'",
        "> POST /sap/bc/srt/xip/sap/order{a}/100/order HTTP/1.1",
        "> Authorization: Basic Uzp4",
        "> Content-Type: text/xml; charset=utf-8",
        '> SOAPAction: "urn:example:order:Create"',
        "* upload completely sent off: {n} bytes",
        "* old SSL session ID is stale, removing",
        "< HTTP/1.1 200 OK",
        "< set-cookie: sap-usercontext=sap-client=100; path=/",
        "< sap-processing-info: ODataBEP=,crp=,RAL=,st=,MedCacheHub=,codeployed=X,softstate=",
        "* Closing connection {a}",
        "* TLSv1.3 (OUT), TLS alert, close notify (256):",
        "* Re-using existing connection with host host{a}.example.com",
    ],
    "node": [
        (
            "(node:{n}) Warning: Setting the NODE_TLS_REJECT_UNAUTHORIZED environment variable to '0' makes TLS connections and "
            "HTTPS requests insecure by disabling certificate verification."
        ),
        "(node:{n}) [DEP0123] DeprecationWarning: Setting the TLS ServerName to an IP address is not permitted by RFC 6066.",
        "(Use `node --trace-warnings ...` to show where the warning was created)",
        "Server listening on https://0.0.0.0:8443, client certificates are requested",
        "npm WARN deprecated request@2.88.{a}: request has been deprecated",
        "TLS {n}: client _init handle? true",
        "HTTP {n}: outgoing message end.",
        "soap request sent to https://host{a}.example.com/order, reply after {b} ms",
        "    at TLSSocket.onConnectSecure (node:_tls_wrap:1674:34)",
        "    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)",
    ],
    "java, at length": [
        "    at java.base/sun.security.ssl.Alert.createSSLException(Alert.java:{n})",
        "    at org.apache.wss4j.dom.engine.WSSecurityEngine.processSecurityHeader(WSSecurityEngine.java:{n})",
        "    ... {a} more",
        "INFO: Creating Service {{http://example.com/}}OrderService from WSDL: https://host{a}.example.com/order?wsdl",
        "INFO: Outbound Message, ID: {n}, Encoding: UTF-8, Http-Method: POST, Content-Type: text/xml",
        'DEBUG org.apache.http.wire - http-outgoing-{a} << "HTTP/1.1 200 OK[\\r][\\n]"',
        "DEBUG org.apache.xml.security.signature.XMLSignature - Signature verification took {a} ms",
        "INFO  keystore reloaded, certificate CN=partner{a} valid until 2031-01-0{b}",
        "DEBUG o.a.w.c.crypto.Merlin - The KeyStore /opt/keys{a}.jks of type JKS has been loaded",
        "DEBUG o.a.w.d.p.TimestampProcessor - Found Timestamp list element",
        "FINE: adding SubjectConfirmation bearer to the assertion of client {a}",
        "javax.net.ssl|DEBUG|{a}|main|2026-11-20|CertificateVerify.java:{n}|Consuming CertificateVerify handshake message (",
        "javax.net.ssl|WARNING|{a}|main|2026-11-20|SignatureScheme.java:{n}|Signature algorithm, ed448, is not supported by JSSE",
        "javax.net.ssl|ALL|{a}|main|2026-11-20|SSLSocketImpl.java:{n}|Closing input stream",
    ],
    "python, at length": [
        "Traceback (most recent call last):",
        "AttributeError: 'NoneType' object has no attribute 'text'",
        "AttributeError: 'Order' object has no attribute 'number{a}'",
        "KeyError: 'item{a}'",
        "TypeError: unsupported operand type(s) for +: 'int' and 'str'",
        (
            "/usr/lib/python3/dist-packages/urllib3/connectionpool.py:{n}: InsecureRequestWarning: Unverified HTTPS request is "
            "being made to host 'host{a}.example.com'. Adding certificate verification is strongly advised."
        ),
        "DEBUG:urllib3.connectionpool:Starting new HTTPS connection ({a}): host{b}.example.com:443",
        "DEBUG:zeep.wsdl.wsdl:Adding message {{http://example.com/}}Create{a}",
        "DEBUG:zeep.xsd.schema:Checking types of the security header of user SVC{a}",
        "INFO:root:signed the body with key{a}.pem, certificate valid for {b} days",
        "DEBUG:requests_ntlm:no proxy, connection kept",
        "send: b'POST /sap/bc/srt/scs/order{a} HTTP/1.1\\r\\nHost: host{b}.example.com'",
        "reply: 'HTTP/1.1 200 OK\\r\\n'",
    ],
    "icm, at length": [
        "[Thr {n}] ->> SapSSLSetNiHdl(sssl_hdl=7f{n}, ni_hdl={a})",
        "[Thr {n}]   SSL_get_state()==SSLOK, session uses PSE file /usr/sap/SID/D00/sec/SAPSSLS.pse",
        "[Thr {n}] <<- SapSSLSessionStart(sssl_hdl=7f{n})==SAP_O_K",
        '[Thr {n}]      status = "resumed SSL session, NO client cert"',
        '[Thr {n}]      Client cert: Subject DN = "CN=gateway{a}, O=Example"',
        "[Thr {n}] in: cipher suite TLS_ECDHE_RSA_WITH_AES256_GCM_SHA384, protocol TLSv1.2, server auth only",
        "[Thr {n}] IcmConnPoolGet: reuse connection to host{a}.example.com:443, {b} in pool",
        "[Thr {n}] HttpFilterLog: POST /sap/bc/srt/rfc/order HTTP/1.1, rc=200, user SVC{a}",
        "[Thr {n}] IcmHandleNetWrite: connection {a} closed by IcmConnClose, role=Client",
        "[Thr {n}] HTTP request accepted: certificate header SSL_CLIENT_CERT of intermediary CN=wd{a} is trusted",
        "[Thr {n}] *** WARNING => SSL session cache {a}% full, {b} sessions removed [ssslsess.c {n}]",
        "[Thr {n}] IcmPlCheckRetVal: Next status: READ_REQUEST({a})",
        "[Thr {n}] SecudeSSL: secure random pool filled, entropy {n}",
    ],
    "system log, at length": [
        "|10:{a:02}:{b:02}|DIA |00{a}|100|SVC{a}  |     |EJF|Web service call of user SVC{a} finished|",
        "|10:{a:02}:{b:02}|BTC |0{a}|100|BATCH   |     |EEA|Operation mode switched to NIGHT|",
        "|10:{a:02}:{b:02}|DIA |00{b}|100|SMITH   |SE38 |BYG|Lock table entries released, {b} owners|",
        "|10:{a:02}:{b:02}|SPO |   |   |        |     |F6H|Output device LP{a:02} unlocked by the spool|",
        "27.11.2026 10:{a:02}:{b:02} sapapp1_SID_00 RD  000 SAPSYS Low Q0M Message server connected, release 7{b}",
        "27.11.2026 10:{a:02}:{b:02} sapapp1_SID_00 DIA 00{a} 100 SVC{b} STRUST Low BU2 Certificate list of PSE displayed",
        "27.11.2026 10:{a:02}:{b:02} AUE 100 ADMIN{a} SAPMSSY1 Audit configuration changed",
        "27.11.2026 10:{a:02}:{b:02} AU7 100 ADMIN{a} SU01 SAPMSUU0 User SVC{a} created",
        "27.11.2026 10:{a:02}:{b:02} AUC 100 SVC{a} SAPMSSY1 User logoff",
    ],
}


def lines(count: int, seed: int = 1) -> list[str]:
    """Return lines of all kinds of ordinary logs in turn, with other numbers each time."""
    chance = Random(seed)
    kinds = [line for group in _LINES.values() for line in group]
    return [
        kinds[number % len(kinds)].format(
            a=chance.randrange(60), b=chance.randrange(60), n=chance.randrange(1000, 99999)
        )
        for number in range(count)
    ]
