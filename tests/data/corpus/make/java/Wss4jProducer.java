import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.ws.security.WSConstants;
import org.apache.ws.security.WSEncryptionPart;
import org.apache.ws.security.WSSConfig;
import org.apache.ws.security.components.crypto.Merlin;
import org.apache.ws.security.conversation.ConversationConstants;
import org.apache.ws.security.message.WSSecDKEncrypt;
import org.apache.ws.security.message.WSSecDKSign;
import org.apache.ws.security.message.WSSecDerivedKeyBase;
import org.apache.ws.security.message.WSSecEncrypt;
import org.apache.ws.security.message.WSSecEncryptedKey;
import org.apache.ws.security.message.WSSecHeader;
import org.apache.ws.security.message.WSSecSecurityContextToken;
import org.apache.ws.security.message.WSSecSignature;
import org.apache.ws.security.message.WSSecSignatureConfirmation;
import org.apache.ws.security.message.WSSecTimestamp;
import org.apache.ws.security.message.WSSecUsernameToken;
import org.apache.xml.security.utils.XMLUtils;
import org.w3c.dom.Document;

/**
 * Makes messages with WSS4J. Reads lines from stdin: output file, input envelope, steps; separated by tabs. A step is a
 * verb with key=value words (values percent-encoded); steps are separated by " | ". One line of answer per job.
 */
public final class Wss4jProducer {
    private final Path keys;
    private final WSSConfig config = WSSConfig.getNewInstance();
    private Document document;
    private WSSecHeader header;
    private WSSecUsernameToken usernameToken;
    private byte[] secret;
    private String secretId;
    private String secretType;

    private Wss4jProducer(Path keys) {
        this.keys = keys;
    }

    public static void main(String[] arguments) throws Exception {
        WSSConfig.init();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = in.readLine()) != null; ) {
            String[] fields = line.split("\t");
            String answer = "ok";
            try {
                new Wss4jProducer(Path.of(arguments[0])).run(Path.of(fields[0]), Path.of(fields[1]), fields[2]);
            } catch (Exception problem) {
                answer = problem + " <- " + problem.getCause();
            }
            System.out.println(fields[0] + "\t" + answer.replace('\n', ' '));
        }
    }

    private void run(Path output, Path input, String steps) throws Exception {
        document = Material.parse(Files.readAllBytes(input));
        String actor = null;
        boolean mustUnderstand = true;
        for (String step : steps.split(" \\| ")) {
            Map<String, String> words = words(step);
            if (words.get("").equals("header")) {
                actor = words.get("actor");
                mustUnderstand = !"false".equals(words.get("mu"));
            }
        }
        header = new WSSecHeader(actor, mustUnderstand);
        header.insertSecurityHeader(document);
        for (String step : steps.split(" \\| ")) {
            step(words(step));
        }
        document.normalizeDocument(); // declares the prefixes that WSS4J left to the serializer
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        XMLUtils.outputDOM(document, octets); // Java's own serializers write characters beyond U+FFFF as surrogates
        Files.createDirectories(output.getParent());
        Files.write(output, octets.toByteArray());
    }

    private static Map<String, String> words(String step) {
        Map<String, String> words = new HashMap<>();
        for (String word : step.trim().split(" ")) {
            int equals = word.indexOf('=');
            words.put(
                    equals < 0 ? "" : word.substring(0, equals),
                    equals < 0 ? word : URLDecoder.decode(word.substring(equals + 1).replace("+", "%2B"), StandardCharsets.UTF_8));
        }
        return words;
    }

    private void step(Map<String, String> w) throws Exception {
        switch (w.get("")) {
            case "header" -> { }
            case "timestamp" -> timestamp(w);
            case "username" -> username(w);
            case "sign" -> sign(w);
            case "hmac" -> hmac(w);
            case "encrypt" -> encrypt(w);
            case "encryptedkey" -> encryptedKey(w);
            case "context" -> contextToken(w);
            case "dksign" -> derivedSign(w);
            case "dkencrypt" -> derivedEncrypt(w);
            case "usernamekey" -> usernameKey(w);
            case "confirm" -> confirm(w);
            default -> throw new IllegalArgumentException(w.get(""));
        }
    }

    private void timestamp(Map<String, String> w) {
        WSSecTimestamp timestamp = new WSSecTimestamp(config);
        config.setPrecisionInMilliSeconds(!"s".equals(w.get("precision")));
        timestamp.setTimeToLive(Integer.parseInt(w.getOrDefault("ttl", "300")));
        timestamp.build(document, header);
    }

    private void username(Map<String, String> w) {
        usernameToken = new WSSecUsernameToken(config);
        String type = w.getOrDefault("type", "digest");
        usernameToken.setPasswordType(
                switch (type) {
                    case "text" -> WSConstants.PASSWORD_TEXT;
                    case "none" -> null;
                    default -> WSConstants.PASSWORD_DIGEST;
                });
        usernameToken.setUserInfo(w.get("user"), "none".equals(type) ? null : w.get("password"));
        if (w.containsKey("nonce")) {
            usernameToken.addNonce();
        }
        if (w.containsKey("created")) {
            usernameToken.addCreated();
        }
        usernameToken.build(document, header);
    }

    private void usernameKey(Map<String, String> w) throws Exception {
        usernameToken = new WSSecUsernameToken(config);
        usernameToken.setUserInfo(w.get("user"), w.get("password"));
        usernameToken.addDerivedKey(!w.containsKey("encryption"), null, Integer.parseInt(w.getOrDefault("iterations", "1000")));
        usernameToken.prepare(document);
        secret = usernameToken.getDerivedKey();
        secretId = usernameToken.getId();
        secretType = WSConstants.USERNAMETOKEN_NS + "#UsernameToken";
        if (w.containsKey("sign")) {
            signWithSecret(w, WSConstants.HMAC_SHA1);
        }
        usernameToken.prependToHeader(header);
    }

    private List<WSEncryptionPart> parts(String text) {
        List<WSEncryptionPart> parts = new ArrayList<>();
        String soap = document.getDocumentElement().getNamespaceURI();
        for (String word : text.split(",(?![^{]*\\})")) {
            String name = word;
            String modifier = "";
            int at = word.lastIndexOf('@');
            if (at > 0) {
                modifier = word.substring(at + 1);
                name = word.substring(0, at);
            }
            String namespace =
                    switch (name) {
                        case "Body" -> soap;
                        case "Timestamp" -> WSConstants.WSU_NS;
                        case "UsernameToken", "BinarySecurityToken" -> WSConstants.WSSE_NS;
                        case "Signature" -> WSConstants.SIG_NS;
                        case "SignatureConfirmation" -> WSConstants.WSSE11_NS;
                        case "To", "Action", "MessageID" -> "http://www.w3.org/2005/08/addressing";
                        default -> "";
                    };
            if (name.startsWith("{")) {
                namespace = name.substring(1, name.indexOf('}'));
                name = name.substring(name.indexOf('}') + 1);
            }
            parts.add(new WSEncryptionPart(name, namespace, modifier));
        }
        return parts;
    }

    private static int keyIdentifier(String name) {
        return switch (name) {
            case "bst" -> WSConstants.BST_DIRECT_REFERENCE;
            case "issuer" -> WSConstants.ISSUER_SERIAL;
            case "ski" -> WSConstants.SKI_KEY_IDENTIFIER;
            case "thumbprint" -> WSConstants.THUMBPRINT_IDENTIFIER;
            case "x509" -> WSConstants.X509_KEY_IDENTIFIER;
            case "keyvalue" -> WSConstants.KEY_VALUE;
            case "keyname" -> WSConstants.EMBEDDED_KEYNAME;
            case "embedsecret" -> WSConstants.EMBED_SECURITY_TOKEN_REF;
            case "encryptedkeysha1" -> WSConstants.ENCRYPTED_KEY_SHA1_IDENTIFIER;
            case "symmetric" -> WSConstants.CUSTOM_SYMM_SIGNING;
            case "symmetricdirect" -> WSConstants.CUSTOM_SYMM_SIGNING_DIRECT;
            case "custom" -> WSConstants.CUSTOM_KEY_IDENTIFIER;
            default -> throw new IllegalArgumentException(name);
        };
    }

    private void settings(WSSecSignature signature, Map<String, String> w) {
        if (w.containsKey("sig")) {
            signature.setSignatureAlgorithm(w.get("sig"));
        }
        signature.setDigestAlgo(w.getOrDefault("dig", "http://www.w3.org/2001/04/xmlenc#sha256"));
        if (w.containsKey("c14n")) {
            signature.setSigCanonicalization(w.get("c14n"));
        }
        signature.setParts(parts(w.getOrDefault("parts", "Body,Timestamp")));
    }

    private void sign(Map<String, String> w) throws Exception {
        WSSecSignature signature = new WSSecSignature(config);
        String key = w.getOrDefault("key", "client");
        signature.setUserInfo(key, Material.ALIAS_PASSWORD);
        signature.setKeyIdentifierType(keyIdentifier(w.getOrDefault("id", "bst")));
        signature.setSignatureAlgorithm("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256");
        settings(signature, w);
        if (w.containsKey("path")) {
            signature.setUseSingleCertificate(false);
        }
        if (w.containsKey("token")) {
            signature.setCustomTokenId(w.get("token"));
            signature.setCustomTokenValueType(w.get("tokentype"));
        }
        String[] chain = w.containsKey("path") ? w.get("path").split(",") : new String[0];
        Merlin crypto = Material.signer(keys, key, chain);
        signature.prepare(document, crypto, header);
        signature.prependBSTElementToHeader(header);
        List<WSEncryptionPart> parts = new ArrayList<>();
        for (WSEncryptionPart part : parts(w.getOrDefault("parts", "Body,Timestamp"))) {
            boolean token = "Token".equals(part.getName());
            if ("STRTransform".equals(part.getName())) {
                part.setId(signature.getSecurityTokenReferenceURI());
            }
            parts.add(token ? new WSEncryptionPart(signature.getBSTTokenId(), "Element") : part);
        }
        signature.computeSignature(signature.addReferencesToSign(parts, header), true, null);
    }

    private void signWithSecret(Map<String, String> w, String algorithm) throws Exception {
        WSSecSignature signature = new WSSecSignature(config);
        signature.setKeyIdentifierType(keyIdentifier(w.getOrDefault("id", "symmetric")));
        signature.setCustomTokenId(secretId);
        signature.setCustomTokenValueType(secretType);
        signature.setSecretKey(secret);
        if (w.getOrDefault("id", "").equals("encryptedkeysha1")) {
            signature.setEncrKeySha1value(sha1(secret));
        }
        signature.setSignatureAlgorithm(algorithm);
        settings(signature, w);
        signature.build(document, null, header);
    }

    private static String sha1(byte[] octets) throws Exception {
        return java.util.Base64.getEncoder().encodeToString(java.security.MessageDigest.getInstance("SHA-1").digest(octets));
    }

    private void hmac(Map<String, String> w) throws Exception {
        if (w.containsKey("secret")) {
            secret = Material.base64(w.get("secret"));
            secretId = w.get("token");
            secretType = w.get("tokentype");
        }
        signWithSecret(w, WSConstants.HMAC_SHA256);
    }

    private Merlin receiver(Map<String, String> w) throws Exception {
        return Material.signer(keys, w.getOrDefault("key", "server"));
    }

    private void encrypt(Map<String, String> w) throws Exception {
        WSSecEncrypt encrypt = new WSSecEncrypt(config);
        encrypt.setParts(parts(w.getOrDefault("parts", "Body@Content")));
        encrypt.setSymmetricEncAlgorithm(w.getOrDefault("sym", WSConstants.AES_256));
        if (w.containsKey("secret")) {
            encrypt.setKey(Material.base64(w.get("secret")));
            encrypt.setEncryptSymmKey(false);
            encrypt.setKeyIdentifierType(keyIdentifier(w.getOrDefault("id", "keyname")));
            if (w.containsKey("name")) {
                encrypt.setEmbeddedKeyName(w.get("name"));
                encrypt.setUserInfo(w.get("name"));
            }
            encrypt.build(document, null, header);
            return;
        }
        if (w.containsKey("bykey")) {
            encrypt.setEphemeralKey(secret);
            encrypt.setSymmetricKey(new javax.crypto.spec.SecretKeySpec(secret, "AES"));
            encrypt.setEncryptSymmKey(false);
            encrypt.setKeyIdentifierType(WSConstants.CUSTOM_SYMM_SIGNING);
            encrypt.setEncKeyId(secretId);
            encrypt.setCustomReferenceValue(secretType);
            encrypt.build(document, null, header);
            return;
        }
        encrypt.setUserInfo(w.getOrDefault("key", "server"));
        encrypt.setKeyIdentifierType(keyIdentifier(w.getOrDefault("id", "issuer")));
        encrypt.setKeyEnc(w.getOrDefault("kenc", WSConstants.KEYTRANSPORT_RSAOEP));
        if (w.containsKey("oaepdigest")) {
            encrypt.setDigestAlgorithm(w.get("oaepdigest"));
        }
        encrypt.build(document, receiver(w), header);
    }

    private void encryptedKey(Map<String, String> w) throws Exception {
        WSSecEncryptedKey key = new WSSecEncryptedKey(config);
        key.setUserInfo(w.getOrDefault("key", "server"));
        key.setKeyIdentifierType(keyIdentifier(w.getOrDefault("id", "thumbprint")));
        key.setKeyEncAlgo(w.getOrDefault("kenc", WSConstants.KEYTRANSPORT_RSAOEP));
        key.prepare(document, receiver(w));
        secret = key.getEphemeralKey();
        secretId = key.getId();
        secretType = WSConstants.SOAPMESSAGE_NS11 + "#EncryptedKey";
        if (w.containsKey("sign")) {
            signWithSecret(w, WSConstants.HMAC_SHA256);
        }
        if (w.containsKey("dksign")) {
            derivedSign(w);
        }
        if (w.containsKey("dkencrypt")) {
            derivedEncrypt(w);
        }
        if (w.containsKey("encryptparts")) {
            Map<String, String> inner = new HashMap<>(w);
            inner.put("parts", w.get("encryptparts"));
            inner.put("bykey", "1");
            inner.remove("id");
            encrypt(inner);
        }
        key.prependToHeader(header);
        key.prependBSTElementToHeader(header);
    }

    private void contextToken(Map<String, String> w) throws Exception {
        WSSecSecurityContextToken token = new WSSecSecurityContextToken();
        boolean latest = !"1".equals(w.get("version"));
        token.setWscVersion(latest ? ConversationConstants.VERSION_05_12 : ConversationConstants.VERSION_05_02);
        if (w.containsKey("name")) {
            token.setIdentifier(w.get("name"));
            token.setSctId(config.getIdAllocator().createId("sct-", token));
        }
        token.prepare(document, null);
        secret = Material.base64(w.get("secret"));
        secretId = token.getSctId();
        secretType = latest ? WSConstants.WSC_SCT_05_12 : WSConstants.WSC_SCT;
        if (w.containsKey("dksign")) {
            derivedSign(w);
        }
        if (w.containsKey("dkencrypt")) {
            derivedEncrypt(w);
        }
        if (w.containsKey("sign")) {
            signWithSecret(w, WSConstants.HMAC_SHA1);
        }
        token.prependSCTElementToHeader(document, header);
    }

    private void derived(WSSecDerivedKeyBase key, Map<String, String> w) throws Exception {
        key.setExternalKey(secret, secretId);
        key.setCustomValueType(secretType);
        key.setWscVersion("1".equals(w.get("version")) ? ConversationConstants.VERSION_05_02 : ConversationConstants.VERSION_05_12);
        if (w.containsKey("length")) {
            key.setDerivedKeyLength(Integer.parseInt(w.get("length")));
        }
        if (w.containsKey("label")) {
            key.setClientLabel(w.get("label"));
        }
    }

    private void derivedSign(Map<String, String> w) throws Exception {
        WSSecDKSign sign = new WSSecDKSign(config);
        derived(sign, w);
        sign.setSignatureAlgorithm(w.getOrDefault("sig", WSConstants.HMAC_SHA1));
        sign.setDigestAlgorithm(w.getOrDefault("dig", "http://www.w3.org/2001/04/xmlenc#sha256"));
        sign.setParts(parts(w.getOrDefault("parts", "Body,Timestamp")));
        sign.build(document, header);
    }

    private void derivedEncrypt(Map<String, String> w) throws Exception {
        WSSecDKEncrypt encrypt = new WSSecDKEncrypt(config);
        derived(encrypt, w);
        encrypt.setDerivedKeyLength(Integer.parseInt(w.getOrDefault("enclength", "16")));
        encrypt.setSymmetricEncAlgorithm(w.getOrDefault("sym", WSConstants.AES_128));
        encrypt.setParts(parts(w.getOrDefault("encparts", "Body@Content")));
        encrypt.build(document, header);
    }

    private void confirm(Map<String, String> w) {
        WSSecSignatureConfirmation confirmation = new WSSecSignatureConfirmation(config);
        confirmation.build(document, Material.base64(w.getOrDefault("value", "")), header);
    }
}
