package io.bytelm.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.Cursor;
import io.bytelm.job.kafka.TopicWriter;
import java.io.ByteArrayOutputStream;
import java.util.Objects;
import java.util.Random;

/** One session under a byte budget that calls tools: driven, or steered by a client that draws at random. Used by one thread. */
final class ToolCallRun {
    private static final int MOST_SPARE_BYTES = 160;
    private static final int LONGEST_CHUNK = 48;
    private static final int ENDS_ONE_IN = 3;

    private final String session;
    private final boolean driven;
    private final int budget;
    private final Random random;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private Cursor cursor;
    private boolean ending;
    private boolean done;

    /** Each second one is driven. */
    ToolCallRun(int seed, Constraint constraint) {
        this.session = "run-" + seed;
        this.driven = seed % 2 == 0;
        this.random = new Random(seed);
        this.cursor = constraint.start();
        this.budget = cursor.fewestBytesToAccept() + random.nextInt(MOST_SPARE_BYTES);
    }

    String session() {
        return session;
    }

    boolean isDone() {
        return done;
    }

    void open(String constraint, TopicWriter writer) {
        String more = driven ? "\"seed\":" + session.hashCode() + ",\"temperature\":1.5," : "\"top\":3,";
        String open = "{\"mode\":\"" + (driven ? "driven" : "steered") + "\",\"prompt\":\"What is the weather? \","
                + more + "\"max_bytes\":" + budget + ",\"constraint\":" + constraint + "}";
        writer.send(session.getBytes(UTF_8), "open", open.getBytes(UTF_8));
    }

    /** Reads a record of the session, and answers it if it is steered. One that came before, or its like, is not answered again. */
    void onEvent(JsonNode event, ToolCalls judge, TopicWriter writer) {
        assertThat(event.path("error").isMissingNode())
                .as(session + ": " + event)
                .isTrue();
        if (event.get("event").textValue().equals("end")) {
            assertThat(done).as(session + " ended twice: " + event).isFalse();
            assertIsRight(event, judge);
            done = true;
        } else if (!driven) {
            assertThat(event.get("event").textValue()).isEqualTo("next");
            assertThat(event.get("bytes").intValue()).as(session).isEqualTo(sent.size());
            goOn(event, writer);
        }
    }

    private void assertIsRight(JsonNode end, ToolCalls judge) {
        String text = Objects.requireNonNull(end.get("text").textValue(), session + ": " + end);
        assertThat(end.get("complete").booleanValue()).as(session + ": " + end).isTrue();
        assertThat(text.getBytes(UTF_8).length).as(session + ": " + end).isLessThanOrEqualTo(budget);
        if (!driven) {
            assertThat(text).as(session).isEqualTo(sent.toString(UTF_8));
        }
        judge.assertCalls(text);
    }

    private void goOn(JsonNode event, TopicWriter writer) {
        assertThat(event.get("accepting").booleanValue())
                .as(session + ": " + event)
                .isEqualTo(cursor.accepting());
        assertThat(ending).as(session + ": " + event).isFalse();
        ByteSet live = cursor.live(budget - sent.size());
        for (JsonNode next : event.get("next")) {
            int b = next.path("byte").asInt(-1);
            assertThat(b < 0 || live.contains(b)).as(session + ": " + event).isTrue();
        }
        if (cursor.accepting() && (live.isEmpty() || random.nextInt(ENDS_ONE_IN) == 0)) {
            ending = true;
            writer.send(session.getBytes(UTF_8), "end", new byte[0]);
            return;
        }
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        int length = 1 + random.nextInt(LONGEST_CHUNK);
        while (chunk.size() < length && !live.isEmpty()) {
            int chosen = chosen(live);
            chunk.write(chosen);
            sent.write(chosen);
            cursor = Objects.requireNonNull(cursor.step(chosen));
            live = cursor.live(budget - sent.size());
        }
        writer.send(session.getBytes(UTF_8), null, chunk.toByteArray());
    }

    private int chosen(ByteSet live) {
        ByteSet printable = live.and(ByteSet.range(' ', '~'));
        int[] members = (printable.isEmpty() || random.nextInt(8) == 0 ? live : printable).toArray();
        return members[random.nextInt(members.length)];
    }
}
