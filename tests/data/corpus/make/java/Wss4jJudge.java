import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import org.apache.ws.security.WSConstants;
import org.apache.ws.security.WSDataRef;
import org.apache.ws.security.WSPasswordCallback;
import org.apache.ws.security.WSSConfig;
import org.apache.ws.security.WSSecurityEngine;
import org.apache.ws.security.WSSecurityEngineResult;
import org.apache.ws.security.cache.MemoryReplayCache;
import org.apache.ws.security.handler.RequestData;
import org.apache.ws.security.util.WSSecurityUtil;
import org.apache.ws.security.util.WSTimeSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Judges messages with WSS4J. Reads lines from stdin: message file (or "base64:" and the octets), then key=value words
 * (values percent-encoded), all separated by tabs. Answers one line: accept or reject, then what was signed,
 * encrypted and found (by position, not by Id), or the exception and its causes.
 */
public final class Wss4jJudge {
    private static final Map<String, Material.Receiver> RECEIVERS = new LinkedHashMap<>();

    private Wss4jJudge() {}

    public static void main(String[] arguments) throws Exception {
        WSSConfig.init();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        java.io.PrintStream out = new java.io.PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line; (line = in.readLine()) != null; ) {
            String[] fields = line.split("\t");
            Map<String, String> words = new HashMap<>();
            for (int i = 1; i < fields.length; i++) {
                int equals = fields[i].indexOf('=');
                words.put(fields[i].substring(0, equals), URLDecoder.decode(fields[i].substring(equals + 1), StandardCharsets.UTF_8));
            }
            String answer;
            try {
                byte[] octets = fields[0].startsWith("base64:")
                        ? Material.base64(fields[0].substring(7))
                        : Files.readAllBytes(Path.of(fields[0]));
                answer = judge(octets, words);
            } catch (Throwable problem) {
                StringBuilder text = new StringBuilder("reject\t");
                for (Throwable t = problem; t != null; t = t.getCause()) {
                    text.append(t == problem ? "" : " <- ").append(t.getClass().getSimpleName()).append(": ").append(t.getMessage());
                }
                answer = text.toString();
            }
            out.println(answer.replaceAll("[\\r\\n]+", " "));
        }
    }

    private static String judge(byte[] octets, Map<String, String> words) throws Exception {
        Document document = Material.parse(octets);
        Date now = Date.from(Instant.parse(words.get("time")));
        Material.Receiver crypto = receiver(words);
        crypto.time = now;
        crypto.acceptKeyValue = words.containsKey("keyvalue");
        WSSConfig config = WSSConfig.getNewInstance();
        config.setWsiBSPCompliant(false);
        config.setCurrentTime(() -> new Date(now.getTime()));
        config.setTimeStampTTL(Integer.parseInt(words.getOrDefault("max_age", "300")));
        config.setTimeStampFutureTTL(Integer.parseInt(words.getOrDefault("max_future", "60")));
        config.setUtTTL(Integer.parseInt(words.getOrDefault("max_age", "300")));
        config.setUtFutureTTL(Integer.parseInt(words.getOrDefault("max_future", "60")));
        config.setAllowUsernameTokenNoPassword(words.containsKey("derived_from_password"));
        if (words.containsKey("ignore_time")) {
            config.setTimeStampStrict(false);
            config.setTimeStampTTL(Integer.MAX_VALUE);
            config.setUtTTL(Integer.MAX_VALUE);
        }
        WSSecurityEngine engine = new WSSecurityEngine();
        engine.setWssConfig(config);
        Element security = WSSecurityUtil.getSecurityHeader(document, words.getOrDefault("actor", ""));
        if (security == null) {
            return "reject\tno security header";
        }
        RequestData data = new RequestData();
        data.setWssConfig(config);
        data.setSigCrypto(crypto);
        data.setDecCrypto(crypto);
        data.setCallbackHandler(handler(words));
        data.setActor(words.getOrDefault("actor", ""));
        MemoryReplayCache cache = new MemoryReplayCache();
        for (String nonce : words.getOrDefault("nonces", "").split(" ")) {
            if (!nonce.isEmpty()) {
                cache.add(nonce);
            }
        }
        data.setNonceReplayCache(cache);
        List<WSSecurityEngineResult> results = engine.processSecurityHeader(security, data);
        TreeSet<String> signed = new TreeSet<>();
        TreeSet<String> encrypted = new TreeSet<>();
        TreeSet<String> tokens = new TreeSet<>();
        for (WSSecurityEngineResult result : results) {
            int action = (Integer) result.get(WSSecurityEngineResult.TAG_ACTION);
            switch (action) {
                case WSConstants.UT -> tokens.add("UsernameToken");
                case WSConstants.UT_NOPASSWORD -> tokens.add("UsernameToken");
                case WSConstants.TS -> tokens.add("Timestamp");
                case WSConstants.BST -> tokens.add("BinarySecurityToken");
                case WSConstants.SCT -> tokens.add("SecurityContextToken");
                case WSConstants.SC -> tokens.add("SignatureConfirmation");
                default -> { }
            }
            Object refs = result.get(WSSecurityEngineResult.TAG_DATA_REF_URIS);
            if (refs instanceof List<?> list) {
                for (Object item : list) {
                    WSDataRef ref = (WSDataRef) item;
                    boolean signature = action == WSConstants.SIGN || action == WSConstants.UT_SIGN;
                    Element protectedElement = ref.getProtectedElement();
                    String where = position(document, protectedElement, security);
                    (signature ? signed : encrypted).add(where);
                }
            }
        }
        return "accept\tsigned=" + String.join(",", signed) + "\tencrypted=" + String.join(",", encrypted) + "\ttokens="
                + String.join(",", tokens);
    }

    /** The local name of an element that a receiver would read where it stands; "elsewhere:" before any other. */
    private static String position(Document document, Element element, Element security) {
        if (element == null) {
            return "nothing";
        }
        Element envelope = document.getDocumentElement();
        Node parent = element.getParentNode();
        String soap = envelope.getNamespaceURI();
        String name = element.getLocalName();
        if (element == envelope) {
            return "Envelope";
        }
        boolean inEnvelope = parent == envelope && soap.equals(element.getNamespaceURI());
        boolean inHeader = parent != null && parent.getParentNode() == envelope && "Header".equals(parent.getLocalName());
        boolean inBody = parent != null && parent.getParentNode() == envelope && "Body".equals(parent.getLocalName());
        if (inEnvelope && "Body".equals(name)) {
            return firstBody(envelope) == element ? "Body" : "elsewhere:Body";
        }
        boolean read = parent == security || inHeader && !"Body".equals(name) || inBody;
        return read ? name : "elsewhere:" + name;
    }

    private static Element firstBody(Element envelope) {
        for (Node child = envelope.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element body && "Body".equals(body.getLocalName())) {
                return body;
            }
        }
        return null;
    }

    private static Material.Receiver receiver(Map<String, String> words) throws Exception {
        String key = words.get("trust") + words.get("helpers") + words.get("known") + words.get("decryption");
        Material.Receiver made = RECEIVERS.get(key);
        if (made != null) {
            return made;
        }
        made = new Material.Receiver();
        KeyStore store = Material.emptyStore();
        for (String file : split(words.get("trust"))) {
            made.trust(Material.certificate(Path.of(file)));
        }
        for (String file : split(words.get("helpers"))) {
            made.help(file.endsWith(".crl.pem") ? Material.crl(Path.of(file)) : Material.certificate(Path.of(file)));
        }
        for (String file : split(words.get("known"))) {
            store.setCertificateEntry(file, Material.certificate(Path.of(file)));
        }
        for (String pair : split(words.get("decryption"))) {
            String[] files = pair.split(";");
            X509Certificate certificate = Material.certificate(Path.of(files[1]));
            store.setKeyEntry(
                    files[1],
                    Material.privateKey(Path.of(files[0]), certificate.getPublicKey().getAlgorithm()),
                    Material.ALIAS_PASSWORD.toCharArray(),
                    new X509Certificate[] {certificate});
        }
        made.setKeyStore(store);
        if (RECEIVERS.size() > 64) {
            RECEIVERS.clear();
        }
        RECEIVERS.put(key, made);
        return made;
    }

    private static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        for (String word : (text == null ? "" : text).split(",")) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return words;
    }

    private static CallbackHandler handler(Map<String, String> words) {
        return callbacks -> {
            for (Callback callback : callbacks) {
                WSPasswordCallback ask = (WSPasswordCallback) callback;
                switch (ask.getUsage()) {
                    case WSPasswordCallback.DECRYPT -> ask.setPassword(Material.ALIAS_PASSWORD);
                    case WSPasswordCallback.USERNAME_TOKEN -> ask.setPassword(words.get("user." + ask.getIdentifier()));
                    default -> {
                        String secret = words.get("secret." + ask.getIdentifier());
                        secret = secret == null ? words.get("secret.*") : secret;
                        if (secret != null) {
                            ask.setKey(Material.base64(secret));
                        }
                    }
                }
            }
        };
    }
}
