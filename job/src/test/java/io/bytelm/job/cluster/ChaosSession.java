package io.bytelm.job.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A session: what it sends is a function of its number and the run's seed, so that the producer and the consumer know it
 * without talking to each other.
 */
record ChaosSession(String name, List<Word> words) {
    /** What the name of each of them begins with. */
    static final String NAME = "session-";

    private static final String TEXT =
            "The door was opened by a naïve old man, who said: \"You are late; the café is closed.\" "
                    + "We looked at each other, and at the snow which lay in the street, and then at the lamp in his hand. ";
    private static final int LONGEST_CHUNK = 12;

    /**
     * One input record.
     *
     * @param op null for bytes
     */
    record Word(@Nullable String op, byte @Nullable [] value) {
        /** Every record but an open is answered by one score. */
        boolean isScored() {
            return !"open".equals(op);
        }
    }

    /** A passage of 20 to {@code longest} bytes in small chunks; one in four does not end, one in five has an open. */
    static ChaosSession of(long seed, int number, int longest) {
        Random random = new Random(seed * 1_000_003 + number);
        byte[] text = TEXT.getBytes(UTF_8);
        int from = random.nextInt(text.length / 2);
        int to = Math.min(text.length, from + 20 + random.nextInt(longest - 19));
        List<Word> words = new ArrayList<>();
        if (random.nextInt(5) == 0) {
            String open = "{\"prompt\":\"It was late. \",\"k\":2,\"top\":1}";
            words.add(new Word("open", open.getBytes(UTF_8)));
        }
        for (int at = from; at < to; ) {
            int end = Math.min(to, at + 1 + random.nextInt(LONGEST_CHUNK));
            words.add(new Word(null, Arrays.copyOfRange(text, at, end)));
            at = end;
        }
        if (random.nextInt(4) != 0) {
            words.add(new Word("end", null));
        }
        return new ChaosSession(NAME + number, List.copyOf(words));
    }

    static int numberOf(String name) {
        return Integer.parseInt(name.substring(NAME.length()));
    }
}
