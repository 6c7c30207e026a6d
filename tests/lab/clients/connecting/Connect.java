import java.io.FileInputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Posts to each URL behind the file of the authority, and prints a line of what a program would end with. */
public class Connect {
    public static void main(String[] arguments) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (FileInputStream file = new FileInputStream(arguments[0])) {
            trusted.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        for (int i = 1; i < arguments.length; i++) {
            System.out.println(post(new URL(arguments[i]), context).replace('\n', ' '));
        }
    }

    private static String post(URL url, SSLContext context) {
        try {
            HttpURLConnection connection = (HttpURLConnection) url.openConnection();
            connection.setReadTimeout(4000);
            if (connection instanceof HttpsURLConnection) {
                ((HttpsURLConnection) connection).setSSLSocketFactory(context.getSocketFactory());
            }
            connection.setDoOutput(true);
            connection.getOutputStream().write('x');
            return "HTTP " + connection.getResponseCode();
        } catch (Exception error) {
            return error + (error.getCause() == null ? "" : " Caused by: " + error.getCause());
        }
    }
}
