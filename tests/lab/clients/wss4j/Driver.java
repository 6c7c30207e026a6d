import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import javax.xml.namespace.QName;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Source;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import javax.xml.transform.stream.StreamSource;
import javax.xml.ws.BindingProvider;
import javax.xml.ws.Dispatch;
import javax.xml.ws.Service;
import javax.xml.ws.soap.SOAPBinding;
import org.apache.ws.security.WSConstants;
import org.apache.ws.security.WSEncryptionPart;
import org.apache.ws.security.components.crypto.Crypto;
import org.apache.ws.security.components.crypto.CryptoFactory;
import org.apache.ws.security.message.WSSecEncrypt;
import org.apache.ws.security.message.WSSecEncryptedKey;
import org.apache.ws.security.message.WSSecHeader;
import org.apache.ws.security.message.WSSecSignature;
import org.apache.ws.security.message.WSSecTimestamp;
import org.apache.ws.security.message.WSSecUsernameToken;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** Calls the lab with WSS4J over JAX-WS: one call a line, one line of JSON with what its user sees. */
public final class Driver {
    private static final String SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/";
    private static final String SOAP12 = "http://www.w3.org/2003/05/soap-envelope";
    private static final String RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
    private static final String HMAC_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256";
    private static final String XENC = "http://www.w3.org/2001/04/xmlenc#";
    private static final String XENC11 = "http://www.w3.org/2009/xmlenc11#";
    private static final String SAML_1_KEY =
        "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.0#SAMLAssertionID";
    private static final String SAML_2_KEY = "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLID";
    private static final Map<String, Integer> KEY_IDENTIFIERS = Map.of(
        "direct", WSConstants.BST_DIRECT_REFERENCE,
        "issuer-serial", WSConstants.ISSUER_SERIAL,
        "ski", WSConstants.SKI_KEY_IDENTIFIER,
        "x509", WSConstants.X509_KEY_IDENTIFIER,
        "thumbprint", WSConstants.THUMBPRINT_IDENTIFIER,
        "key-value", WSConstants.KEY_VALUE);
    private static final Map<String, String> TRANSPORTS = Map.of(
        "rsa15", XENC + "rsa-1_5", "oaep", XENC + "rsa-oaep-mgf1p");
    private static final Map<String, String> CIPHERS = Map.of(
        "aes128", XENC + "aes128-cbc", "aes256", XENC + "aes256-cbc", "3des", XENC + "tripledes-cbc",
        "gcm", XENC11 + "aes256-gcm");

    private final Path folder;
    private final DocumentBuilder builder;

    private Driver(Path folder) throws Exception {
        this.folder = folder;
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        builder = factory.newDocumentBuilder();
    }

    public static void main(String[] arguments) throws Exception {
        trustAnyServer();
        Driver driver = new Driver(Path.of(arguments[0]));
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] fields = line.split("\t");
            Map<String, String> options = new HashMap<>();
            for (int i = 2; i < fields.length; i++) {
                options.put(fields[i].substring(0, fields[i].indexOf('=')), fields[i].substring(fields[i].indexOf('=') + 1));
            }
            String shown;
            boolean accepted = false;
            try {
                shown = driver.call(fields[0], fields[1], options);
                accepted = true;
            } catch (Exception error) {
                shown = error.toString();
            }
            System.out.println("{\"accepted\": " + accepted + ", \"exit\": " + (accepted ? 0 : 1) + ", \"shown\": " + quoted(shown) + "}");
            System.out.flush();
        }
    }

    private String call(String kind, String url, Map<String, String> options) throws Exception {
        boolean twelve = kind.contains("soap12");
        String soap = twelve ? SOAP12 : SOAP11;
        String text = "<s:Envelope xmlns:s=\"" + soap + "\"><s:Header/><s:Body><o:ReadOrder xmlns:o=\"urn:example:sales\">"
            + "<o:OrderNumber>1</o:OrderNumber></o:ReadOrder></s:Body></s:Envelope>";
        Document message = builder.parse(new InputSource(new StringReader(text)));
        secure(kind, message, soap, options);
        Service service = Service.create(new QName("urn:example:sales", "Sales"));
        QName port = new QName("urn:example:sales", "Order");
        service.addPort(port, twelve ? SOAPBinding.SOAP12HTTP_BINDING : SOAPBinding.SOAP11HTTP_BINDING, url);
        Dispatch<Source> dispatch = service.createDispatch(port, Source.class, Service.Mode.MESSAGE);
        dispatch.getRequestContext().put(BindingProvider.SOAPACTION_USE_PROPERTY, true);
        dispatch.getRequestContext().put(BindingProvider.SOAPACTION_URI_PROPERTY, "urn:example:sales:ReadOrder");
        if (kind.contains("basic")) {
            dispatch.getRequestContext().put(BindingProvider.USERNAME_PROPERTY, "WS_ORDER");
            dispatch.getRequestContext().put(BindingProvider.PASSWORD_PROPERTY, password(options));
        }
        Source answer = dispatch.invoke(new StreamSource(new StringReader(written(new DOMSource(message)))));
        return written(answer);
    }

    private static String password(Map<String, String> options) {
        return options.getOrDefault("password", "sample-Passw0rd");
    }

    private void secure(String kind, Document message, String soap, Map<String, String> options) throws Exception {
        if (kind.equals("basic")) {
            return;
        }
        WSSecHeader header = new WSSecHeader();
        header.insertSecurityHeader(message);
        WSSecTimestamp timestamp = new WSSecTimestamp();
        timestamp.setTimeToLive(300);
        timestamp.build(message, header);
        if (kind.startsWith("username")) {
            WSSecUsernameToken token = new WSSecUsernameToken();
            token.setPasswordType(kind.contains("digest") ? WSConstants.PASSWORD_DIGEST : WSConstants.PASSWORD_TEXT);
            token.setUserInfo("WS_ORDER", password(options));
            token.build(message, header);
        }
        if (kind.startsWith("saml")) {
            saml(kind, message, header, soap, options);
        } else if (kind.contains("signature-encrypted-key")) {
            signWithEncryptedKey(message, header, soap);
        } else if (kind.contains("signature")) {
            sign(after(kind, "signature-"), message, header, soap, options, parts(soap));
        }
        if (kind.contains("encrypted-") && !kind.contains("encrypted-key")) {
            encrypt(after(kind, "encrypted-"), message, header, soap);
        }
    }

    private static String after(String kind, String mark) {
        String rest = kind.substring(kind.indexOf(mark) + mark.length());
        return rest.contains("+") ? rest.substring(0, rest.indexOf('+')) : rest;
    }

    private static List<WSEncryptionPart> parts(String soap) {
        List<WSEncryptionPart> parts = new ArrayList<>();
        parts.add(new WSEncryptionPart("Body", soap, "Content"));
        parts.add(new WSEncryptionPart("Timestamp", WSConstants.WSU_NS, ""));
        return parts;
    }

    private void sign(String how, Document message, WSSecHeader header, String soap, Map<String, String> options,
            List<WSEncryptionPart> parts) throws Exception {
        String who = options.getOrDefault("who", "client");
        WSSecSignature signature = signature(options);
        signature.setUserInfo(who, "sample");
        signature.setKeyIdentifierType(KEY_IDENTIFIERS.get(how));
        signature.setParts(parts);
        signature.build(message, crypto(who), header);
    }

    private static WSSecSignature signature(Map<String, String> options) {
        WSSecSignature signature = new WSSecSignature();
        signature.setSignatureAlgorithm(RSA_SHA256);
        String digest = options.getOrDefault("digest", "sha256");
        signature.setDigestAlgo(digest.equals("sha1") ? WSConstants.SHA1 : XENC + digest);
        return signature;
    }

    /** The signature's key travels encrypted for the provider, and is named by its hash. */
    private void signWithEncryptedKey(Document message, WSSecHeader header, String soap) throws Exception {
        WSSecEncryptedKey key = new WSSecEncryptedKey();
        key.setUseThisCert(certificate("provider.pem"));
        key.setKeyIdentifierType(WSConstants.ISSUER_SERIAL);
        key.prepare(message, crypto("client"));
        key.appendToHeader(header);
        WSSecSignature signature = signature(Map.of());
        signature.setKeyIdentifierType(WSConstants.ENCRYPTED_KEY_SHA1_IDENTIFIER);
        signature.setSecretKey(key.getEphemeralKey());
        signature.setEncrKeySha1value(hash(key.getEncryptedEphemeralKey()));
        signature.setSignatureAlgorithm(HMAC_SHA256);
        signature.setParts(parts(soap));
        signature.build(message, crypto("client"), header);
    }

    private static String hash(byte[] octets) throws Exception {
        return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(octets));
    }

    /** ``transport-cipher-part``: oaep-aes256-body, rsa15-3des-signature. */
    private void encrypt(String how, Document message, WSSecHeader header, String soap) throws Exception {
        String[] words = how.split("-");
        WSSecEncrypt encrypt = new WSSecEncrypt();
        encrypt.setUseThisCert(certificate("provider.pem"));
        encrypt.setKeyIdentifierType(WSConstants.ISSUER_SERIAL);
        encrypt.setKeyEnc(TRANSPORTS.get(words[0]));
        encrypt.setSymmetricEncAlgorithm(CIPHERS.get(words[1]));
        List<WSEncryptionPart> parts = new ArrayList<>();
        parts.add(new WSEncryptionPart("Body", soap, "Content"));
        if (words[2].equals("signature")) {
            parts.add(new WSEncryptionPart("Signature", WSConstants.SIG_NS, "Element"));
        }
        if (words[2].equals("token")) {
            parts.add(new WSEncryptionPart("UsernameToken", WSConstants.WSSE_NS, "Element"));
        }
        encrypt.setParts(parts);
        encrypt.build(message, crypto("client"), header);
    }

    /** ``samlN-confirmation``: the STS signed the assertion; WSS4J signs the message with its key, or vouches for it. */
    private void saml(String kind, Document message, WSSecHeader header, String soap, Map<String, String> options)
            throws Exception {
        String file = kind + options.getOrDefault("age", "") + ".xml";
        Document issued = builder.parse(folder.resolve(file).toFile());
        Element assertion = (Element) message.importNode(issued.getDocumentElement(), true);
        header.getSecurityHeader().appendChild(assertion);
        boolean two = kind.startsWith("saml2");
        assertion.setIdAttribute(two ? "ID" : "AssertionID", true);
        if (kind.endsWith("holder-of-key")) {
            WSSecSignature signature = signature(options);
            signature.setUserInfo("client", "sample");
            signature.setKeyIdentifierType(WSConstants.CUSTOM_KEY_IDENTIFIER);
            signature.setCustomTokenValueType(two ? SAML_2_KEY : SAML_1_KEY);
            signature.setCustomTokenId("_assertion");
            signature.setParts(parts(soap));
            signature.build(message, crypto("client"), header);
        } else if (kind.endsWith("sender-vouches")) {
            List<WSEncryptionPart> parts = parts(soap);
            parts.add(new WSEncryptionPart("_assertion"));
            Map<String, String> vouching = new HashMap<>(options);
            vouching.put("who", "sts");
            sign("x509", message, header, soap, vouching, parts);
        } else {
            sign("direct", message, header, soap, options, parts(soap));
        }
    }

    private Crypto crypto(String who) throws Exception {
        Properties properties = new Properties();
        properties.put("org.apache.ws.security.crypto.provider", "org.apache.ws.security.components.crypto.Merlin");
        properties.put("org.apache.ws.security.crypto.merlin.keystore.type", "pkcs12");
        properties.put("org.apache.ws.security.crypto.merlin.keystore.password", "sample");
        properties.put("org.apache.ws.security.crypto.merlin.keystore.alias", who);
        properties.put("org.apache.ws.security.crypto.merlin.keystore.file", folder.resolve(who + ".p12").toString());
        return CryptoFactory.getInstance(properties);
    }

    private X509Certificate certificate(String name) throws Exception {
        try (InputStream file = new FileInputStream(folder.resolve(name).toFile())) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(file);
        }
    }

    private static String written(Source source) throws Exception {
        Transformer transformer = TransformerFactory.newInstance().newTransformer();
        transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
        StringWriter writer = new StringWriter();
        transformer.transform(source, new StreamResult(writer));
        return writer.toString();
    }

    private static void trustAnyServer() throws Exception {
        TrustManager anybody = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {anybody}, new SecureRandom());
        HttpsURLConnection.setDefaultSSLSocketFactory(context.getSocketFactory());
        HttpsURLConnection.setDefaultHostnameVerifier((name, session) -> true);
    }

    private static String quoted(String text) {
        StringBuilder written = new StringBuilder("\"");
        for (char one : text.toCharArray()) {
            if (one == '"' || one == '\\') {
                written.append('\\').append(one);
            } else if (one < 32 || one > 126) {
                written.append(String.format("\\u%04x", (int) one));
            } else {
                written.append(one);
            }
        }
        return written.append('"').toString();
    }
}
