package io.bytelm.job.bench;

import io.bytelm.beam.Beam;
import io.bytelm.beam.Hypothesis;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.ServiceAnswers;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.djl.DjlLanguageModel;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.TrieLmService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A session that goes on when nothing is kept of it any more, neither states nor probabilities: after an hour in which others
 * needed the room, or a restart. It asks for the contexts that it holds, and the model reads them again, many tokens in a
 * pass. Beside that, the same tokens one by one, each in a pass of its own, as a generator reads what it writes.
 */
final class ReturningSession {
    private final BenchModel model;

    ReturningSession(BenchModel model) {
        this.model = model;
    }

    /**
     * Reads texts but for their last byte, one after another; then comes that byte.
     *
     * @param texts at least one, of at least 2 bytes; as many as there is time for, and one in any case
     */
    BenchReport.Returning of(Beam start, List<byte[]> texts, double seconds) {
        Deadline deadline = Deadline.inSeconds(seconds);
        List<BenchReport.Returning> measured = new ArrayList<>();
        for (byte[] text : texts) {
            Reading read = read(start, text);
            measured.add(returns(read, text));
            if (deadline.isOver()) {
                break;
            }
        }
        measured.sort(Comparator.comparingDouble(BenchReport.Returning::firstScoreMillis));
        return measured.get(measured.size() / 2);
    }

    private Reading read(Beam start, byte[] text) {
        byte[] beginning = Arrays.copyOf(text, text.length - 1);
        try (EmbeddedTrieLmService service = emptyService()) {
            return Reading.whole(start, beginning, Deadline.never()).run(new ServiceAnswers(service));
        }
    }

    private BenchReport.Returning returns(Reading read, byte[] text) {
        TokenContext longest = longestContext(read.beam());
        DjlLanguageModel engine = model.withEmptyCache();
        try (EmbeddedTrieLmService service = emptyService()) {
            long passes = engine.statistics().passes();
            Deadline clock = Deadline.never();
            goOn(read, text, service);
            double millis = 1e3 * clock.secondsElapsed();
            passes = engine.statistics().passes() - passes;
            return new BenchReport.Returning(read.bytesRead(), longest.length(), millis, passes, walkedMillis(longest));
        }
    }

    /** The next byte, as a record brings it. */
    private static void goOn(Reading read, byte[] text, TrieLmService service) {
        byte[] next = {text[read.bytesRead()]};
        var unused = read.advance(Lookahead.of(next, 0)).run(new ServiceAnswers(service));
    }

    private static TokenContext longestContext(Beam beam) {
        return beam.hypotheses().stream()
                .map(Hypothesis::context)
                .max(Comparator.comparingInt(TokenContext::length))
                .orElseThrow();
    }

    private double walkedMillis(TokenContext context) {
        DjlLanguageModel engine = model.withEmptyCache();
        Deadline clock = Deadline.never();
        for (int length = 1; length <= context.length(); length++) {
            engine.prefetch(List.of(context.first(length)));
        }
        return 1e3 * clock.secondsElapsed();
    }

    private EmbeddedTrieLmService emptyService() {
        return model.serviceOver(new MeasuredModel(model.withEmptyCache()));
    }
}
