package io.bytelm.session;

import io.bytelm.record.InputRecord;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.flink.api.java.functions.KeySelector;

/**
 * The Flink key of a record: its session. One character for each byte of the Kafka key (ISO 8859-1), because Flink takes
 * no arrays as keys. Savepoints depend on it. Records without a key belong to no session; they are spread by source
 * partition under keys that no byte string has.
 *
 * <p>A long key is known by its SHA-256, under a Flink key that no byte string has either: each of a session's states and its
 * timer hold the Flink key, and every full snapshot writes all of them.
 */
public final class SessionKey implements KeySelector<InputRecord, String> {
    private static final long serialVersionUID = 1;
    private static final String NO_SESSION = "\uFFFF";
    private static final String LONG_KEY = "\uFFFE";

    /** Longer than any key that names something, and short beside a session's own state. */
    static final int LONGEST_KEPT_BYTES = 16 << 10;

    @Override
    public String getKey(InputRecord record) {
        byte[] key = record.key();
        if (key == null) {
            return NO_SESSION + record.source().partition();
        }
        return key.length <= LONGEST_KEPT_BYTES
                ? new String(key, StandardCharsets.ISO_8859_1)
                : LONG_KEY + HexFormat.of().formatHex(sha256().digest(key));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** A session's number among those that share a service: spread evenly, the same in every JVM. */
    static long number(String session) {
        long hash = 0xCBF29CE484222325L; // FNV-1a, of 64 bits
        for (int i = 0; i < session.length(); i++) {
            hash = (hash ^ session.charAt(i)) * 0x100000001B3L;
        }
        return hash;
    }
}
