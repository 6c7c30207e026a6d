import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.ws.security.WSSecurityException;
import org.apache.ws.security.components.crypto.Merlin;
import org.w3c.dom.Document;

/** Keys, certificates and documents as WSS4J wants them. */
final class Material {
    static final String ALIAS_PASSWORD = "changeit";

    private Material() {}

    static X509Certificate certificate(Path pem) throws Exception {
        try (InputStream in = Files.newInputStream(pem)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    static X509CRL crl(Path pem) throws Exception {
        try (InputStream in = Files.newInputStream(pem)) {
            return (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(in);
        }
    }

    static PrivateKey privateKey(Path pem, String algorithm) throws Exception {
        String text = Files.readString(pem).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text)));
    }

    static Document parse(byte[] octets) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        javax.xml.parsers.DocumentBuilder builder = factory.newDocumentBuilder();
        builder.setErrorHandler(null);
        return builder.parse(new ByteArrayInputStream(octets));
    }

    static KeyStore emptyStore() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, ALIAS_PASSWORD.toCharArray());
        return store;
    }

    /** A store with one key and its chain, under the alias `name`. */
    static Merlin signer(Path keys, String name, String... chain) throws Exception {
        List<X509Certificate> certificates = new ArrayList<>();
        certificates.add(certificate(keys.resolve(name + ".crt.pem")));
        for (String issuer : chain) {
            certificates.add(certificate(keys.resolve(issuer + ".crt.pem")));
        }
        String algorithm = certificates.get(0).getPublicKey().getAlgorithm();
        KeyStore store = emptyStore();
        store.setKeyEntry(
                name,
                privateKey(keys.resolve(name + ".key.pem"), algorithm),
                ALIAS_PASSWORD.toCharArray(),
                certificates.toArray(new X509Certificate[0]));
        Merlin crypto = new Merlin();
        crypto.setKeyStore(store);
        return crypto;
    }

    /** Builds paths to the given anchors at the given time only; WSS4J's own would trust every certificate it knows. */
    static final class Receiver extends Merlin {
        private final Set<TrustAnchor> anchors = new HashSet<>();
        private final List<Object> helpers = new ArrayList<>();
        private boolean revocation;
        Date time = new Date();

        void trust(X509Certificate anchor) {
            anchors.add(new TrustAnchor(anchor, null));
        }

        void help(Object certificateOrCrl) {
            helpers.add(certificateOrCrl);
            revocation |= certificateOrCrl instanceof X509CRL;
        }

        @Override
        public boolean verifyTrust(X509Certificate[] certificates) throws WSSecurityException {
            return verifyTrust(certificates, false);
        }

        @Override
        public boolean verifyTrust(X509Certificate[] certificates, boolean ignored) throws WSSecurityException {
            try {
                X509CertSelector leaf = new X509CertSelector();
                leaf.setCertificate(certificates[0]);
                PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, leaf);
                List<Object> all = new ArrayList<>(helpers);
                all.addAll(Arrays.asList(certificates));
                parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(all)));
                parameters.setDate(time);
                parameters.setRevocationEnabled(revocation);
                CertPathBuilder.getInstance("PKIX").build(parameters);
                return true;
            } catch (Exception problem) {
                throw new WSSecurityException(WSSecurityException.FAILED_AUTHENTICATION, "certpath", null, problem);
            }
        }

        @Override
        public boolean verifyTrust(java.security.PublicKey key) {
            return acceptKeyValue;
        }

        boolean acceptKeyValue;
    }

    static byte[] base64(String text) {
        return Base64.getDecoder().decode(text);
    }

    static <T> List<T> list(T item) {
        return new ArrayList<>(Collections.singletonList(item));
    }
}
