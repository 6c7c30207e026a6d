import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.xml.security.Init;
import org.apache.xml.security.c14n.Canonicalizer;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Canonicalizes elements with Santuario. Reads lines from stdin: algorithm, inclusive prefixes ("-" for none), number of the
 * element in document order, the document in base64; separated by tabs. Answers in base64, or "error" and why.
 */
public final class SantuarioCanonical {
    private SantuarioCanonical() {}

    public static void main(String[] arguments) throws Exception {
        Init.init();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = in.readLine()) != null; ) {
            String[] fields = line.split("\t");
            try {
                Document document = Material.parse(Material.base64(fields[3]));
                Node element = document.getElementsByTagName("*").item(Integer.parseInt(fields[2]));
                Canonicalizer canonicalizer = Canonicalizer.getInstance(fields[0]);
                byte[] octets = fields[1].equals("-")
                        ? canonicalizer.canonicalizeSubtree((Element) element)
                        : canonicalizer.canonicalizeSubtree(element, fields[1]);
                System.out.println(Base64.getEncoder().encodeToString(octets));
            } catch (Exception problem) {
                System.out.println("error " + problem.toString().replace('\n', ' '));
            }
        }
    }
}
