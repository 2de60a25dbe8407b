package io.bytelm.job;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Sessions that speak at the same time, in chunks cut anywhere. */
record SpokenSessions(List<Word> words) {
    private static final String TEXT =
            "The door was opened by a naïve old man, who said: \"You are late; the café is closed.\" "
                    + "We looked at each other, and at the snow which lay in the street.";
    private static final int SESSIONS = 9;
    private static final int LONGEST_CHUNK = 14;

    /** One input record. */
    record Word(String session, @Nullable String op, byte @Nullable [] value) {}

    /** Nine sessions; each third one begins with an open, each fourth one does not end; some ends bring bytes. */
    static SpokenSessions some() {
        Random random = new Random(4);
        byte[] text = TEXT.getBytes(StandardCharsets.UTF_8);
        List<List<Word>> bySession = new ArrayList<>();
        for (int s = 0; s < SESSIONS; s++) {
            List<Word> words = new ArrayList<>();
            String session = "session-" + s;
            if (s % 3 == 0) {
                String open = "{\"prompt\":\"It was late. \",\"k\":2,\"top\":1}";
                words.add(new Word(session, "open", open.getBytes(StandardCharsets.UTF_8)));
            }
            for (int at = s; at < text.length; ) {
                int end = Math.min(text.length, at + 1 + random.nextInt(LONGEST_CHUNK));
                words.add(new Word(session, null, Arrays.copyOfRange(text, at, end)));
                at = end;
            }
            if (s % 4 != 0) {
                byte[] last = s % 2 == 0 ? " Farewell!".getBytes(StandardCharsets.UTF_8) : null;
                words.add(new Word(session, "end", last));
            }
            bySession.add(words);
        }
        return new SpokenSessions(interleaved(bySession));
    }

    private static List<Word> interleaved(List<List<Word>> bySession) {
        List<Word> words = new ArrayList<>();
        int longest = bySession.stream().mapToInt(List::size).max().orElse(0);
        for (int i = 0; i < longest; i++) {
            for (List<Word> session : bySession) {
                if (i < session.size()) {
                    words.add(session.get(i));
                }
            }
        }
        return words;
    }

    List<Word> firstHalf() {
        return words.subList(0, words.size() / 2);
    }

    List<Word> secondHalf() {
        return words.subList(words.size() / 2, words.size());
    }
}
