package io.bytelm.record.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Records that nobody should send: opens with every field at its extremes, schemas, patterns and grammars, values and
 * headers of any kind, and well-meant ones with some bytes changed. The same seed makes the same records.
 */
public final class HostileRecords {
    private static final String[] OPS = {"bytes", "open", "end", "opne", "", "OPEN", "bytes\u0000", "\u00e9\ud800"};
    private static final String[] SEQUENCES = {
        "0",
        "1",
        "2",
        "-1",
        "9223372036854775807",
        "9223372036854775808",
        "1e3",
        " 1",
        "",
        "\u0661",
        "NaN",
        "1".repeat(5000)
    };
    private static final int SESSIONS = 1000;
    private static final int LONGEST_KEY = 500_000;
    private static final int LONGEST_VALUE = 1_100_000;

    private final Random random;
    private final HostileOpens opens;
    private final String prefix;

    /** @param prefix of the sessions' names, those that have one */
    public HostileRecords(long seed, String prefix) {
        this.random = new Random(seed);
        this.opens = new HostileOpens(random);
        this.prefix = prefix;
    }

    /** The next record. */
    public HostileRecord next() {
        String op = random.nextInt(10) == 0 ? OPS[random.nextInt(OPS.length)] : random.nextInt(3) > 0 ? "open" : null;
        return new HostileRecord(key(), op, sequence(), value(op));
    }

    private byte @Nullable [] key() {
        return switch (random.nextInt(60)) {
            case 0 -> null;
            case 1 -> new byte[0];
            case 2 -> new byte[random.nextInt(LONGEST_KEY)];
            case 3 -> new byte[] {(byte) 0xff, 0, (byte) 0xc0};
            case 4, 5, 6, 7, 8, 9, 10, 11 -> (prefix + "again").getBytes(UTF_8);
            default -> (prefix + random.nextInt(SESSIONS)).getBytes(UTF_8);
        };
    }

    private @Nullable String sequence() {
        return random.nextInt(12) == 0 ? SEQUENCES[random.nextInt(SEQUENCES.length)] : null;
    }

    private byte @Nullable [] value(@Nullable String op) {
        if (random.nextInt(40) == 0) {
            return null;
        }
        if ("open".equals(op)) {
            byte[] open = opens.open().getBytes(UTF_8);
            return random.nextInt(8) == 0 ? changed(open) : open;
        }
        byte[] bytes = new byte[random.nextInt(100) == 0 ? random.nextInt(LONGEST_VALUE) : random.nextInt(40)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Some bytes are others, or gone, or there twice. */
    private byte[] changed(byte[] value) {
        byte[] changed = value.clone();
        for (int i = 1 + random.nextInt(4); i > 0 && changed.length > 1; i--) {
            int at = random.nextInt(changed.length);
            switch (random.nextInt(3)) {
                case 0 -> changed[at] = (byte) random.nextInt(256);
                case 1 -> changed = Arrays.copyOf(changed, at);
                default -> {
                    byte[] longer = Arrays.copyOf(changed, changed.length + at);
                    System.arraycopy(changed, 0, longer, changed.length, at);
                    changed = longer;
                }
            }
        }
        return changed;
    }
}
