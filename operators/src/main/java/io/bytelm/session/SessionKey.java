package io.bytelm.session;

import io.bytelm.record.InputRecord;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.java.functions.KeySelector;

/**
 * The Flink key of a record: its session. One character for each byte of the Kafka key (ISO 8859-1), because Flink takes
 * no arrays as keys. Savepoints depend on it. Records without a key belong to no session; they are spread by source
 * partition under keys that no byte string has.
 */
public final class SessionKey implements KeySelector<InputRecord, String> {
    private static final long serialVersionUID = 1;
    private static final String NO_SESSION = "\uFFFF";

    @Override
    public String getKey(InputRecord record) {
        byte[] key = record.key();
        return key == null ? NO_SESSION + record.source().partition() : new String(key, StandardCharsets.ISO_8859_1);
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
