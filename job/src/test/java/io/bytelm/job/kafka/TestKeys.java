package io.bytelm.job.kafka;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A key for localhost that nobody has signed, made with the JDK's keytool. */
record TestKeys(Path keyStore) {
    private static final String PASSWORD = "changeit";

    static TestKeys create(Path directory) throws IOException, InterruptedException {
        Path keyStore = directory.resolve("keys.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(List.of(
                        keytool.toString(),
                        "-genkeypair",
                        "-keystore",
                        keyStore.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-alias",
                        "localhost",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost,ip:127.0.0.1",
                        "-keyalg",
                        "EC"))
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("keytool failed");
        }
        return new TestKeys(keyStore);
    }

    /** For a broker. */
    Map<String, String> ofServer() {
        return Map.of(
                "ssl.keystore.location",
                keyStore.toString(),
                "ssl.keystore.type",
                "PKCS12",
                "ssl.keystore.password",
                PASSWORD);
    }

    /** For clients that trust it. */
    Map<String, String> ofClient() {
        return Map.of(
                "ssl.truststore.location",
                keyStore.toString(),
                "ssl.truststore.type",
                "PKCS12",
                "ssl.truststore.password",
                PASSWORD);
    }
}
