package io.bytelm.session;

import io.bytelm.beam.Step;
import io.bytelm.lm.TokenContext;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.service.ExpandRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A toy session: its state is {@code session:text so far}. Each byte of a chunk costs one ask, whose path is the state
 * with that byte; the score's log-likelihood is the sum of the answers, so it shows any wrong state or swapped answer.
 * The operation {@code pair} asks for all bytes at once; {@code end} forgets the session; anything else is refused.
 */
final class AppendingLogic implements SessionLogic<String> {
    @Override
    public Step<Transition<String>> onRecord(@Nullable String state, InputRecord record) {
        String before = state == null ? new String(record.key(), StandardCharsets.UTF_8) + ":" : state;
        String chunk = new String(Objects.requireNonNull(record.value()), StandardCharsets.UTF_8);
        String op = Objects.requireNonNullElse(record.op(), "bytes");
        return switch (op) {
            case "bytes" -> oneByOne(before, chunk, 0, 0, record);
            case "pair" -> allAtOnce(before, chunk, record);
            case "end" -> Step.done(new Transition<>(null, List.of(score(record, Event.END, before, 0))));
            default ->
                Step.done(new Transition<>(state, List.of(new DeadLetter(record, "unknown-op", "unknown " + op))));
        };
    }

    private static Step<Transition<String>> oneByOne(
            String text, String chunk, int at, double logLikelihood, InputRecord record) {
        if (at == chunk.length()) {
            return Step.done(new Transition<>(text, List.of(score(record, Event.CHUNK, text, logLikelihood))));
        }
        String next = text + chunk.charAt(at);
        return Step.ask(
                List.of(request(next)),
                answers -> oneByOne(
                        next, chunk, at + 1, logLikelihood + answers.get(0).logMass()[0], record));
    }

    private static Step<Transition<String>> allAtOnce(String text, String chunk, InputRecord record) {
        List<ExpandRequest> requests =
                chunk.chars().mapToObj(c -> request(text + (char) c)).toList();
        return Step.ask(requests, answers -> {
            double weighted = 0;
            for (int i = 0; i < answers.size(); i++) {
                weighted += (i + 1) * answers.get(i).logMass()[0]; // shows answers in the wrong order
            }
            String next = text + chunk;
            return Step.done(new Transition<>(next, List.of(score(record, Event.CHUNK, next, weighted))));
        });
    }

    private static ExpandRequest request(String path) {
        return new ExpandRequest(
                TokenContext.startingWith(0), path.getBytes(StandardCharsets.UTF_8), new int[0], ExpandRequest.NO_ROWS);
    }

    private static Score score(InputRecord record, Event event, String text, double logLikelihood) {
        byte[] session = Objects.requireNonNull(record.key());
        long bytes = text.length() - session.length - 1L;
        double total = ControlledService.logMassOf(text.getBytes(StandardCharsets.UTF_8));
        return new Score(session, event, bytes, 1, logLikelihood, total, null, null, null, false, record.source());
    }
}
