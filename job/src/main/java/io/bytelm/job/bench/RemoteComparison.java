package io.bytelm.job.bench;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.Step;
import io.bytelm.beam.StepPipeline;
import io.bytelm.job.ModelSettings;
import io.bytelm.job.RemoteModel;
import io.bytelm.job.UserException;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.batch.Terms;
import io.bytelm.service.ConnectionStatistics;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.CanonicalRules;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A model in this process and the same one behind a remote service, taking turns: whole documents, and sessions fed byte by
 * byte. Each turn reads texts that no turn before has read, so that nobody finds anything in a cache.
 */
public final class RemoteComparison {
    private static final int REQUESTS_WARM = 2000;
    private static final double NANOS_PER_MILLI = 1e6;

    private final BenchSettings settings;
    private final Consumer<String> progress;

    /** @param progress is told what begins, in a few words */
    public RemoteComparison(BenchSettings settings, Consumer<String> progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * What was measured.
     *
     * @param documents bytes per second
     * @param streaming likewise, of all sessions together
     * @param canonical of documents over canonical tokenizations, their log-likelihood alone; no rounds if they were not
     *     asked for
     * @param wireBytesPerRequest both ways, without what HTTP/2 adds
     * @param addedMillis of a request whose answer is known at the service: what the way costs, in the middle
     */
    public record Result(
            SideBySide documents,
            SideBySide streaming,
            SideBySide canonical,
            int sessions,
            double wireBytesPerRequest,
            double addedMillis,
            long requests) {}

    /** How many texts of their own a round takes. */
    public static int turnsPerRound(BenchSettings settings) {
        return settings.deferring().isEmpty() ? 4 : 6;
    }

    /**
     * Bytes per second in one turn.
     *
     * @param canonical null if it is not measured
     */
    private record Turn(
            double documents, double streaming, @Nullable Double canonical) {}

    private record Sides(SideBySide documents, SideBySide streaming, SideBySide canonical) {
        static final Sides NONE = new Sides(SideBySide.NONE, SideBySide.NONE, SideBySide.NONE);

        Sides plus(Turn embedded, Turn remote) {
            return new Sides(
                    documents.plus(embedded.documents, remote.documents),
                    streaming.plus(embedded.streaming, remote.streaming),
                    embedded.canonical == null || remote.canonical == null
                            ? canonical
                            : canonical.plus(embedded.canonical, remote.canonical));
        }
    }

    /**
     * @param texts those of each turn, {@link #turnsPerRound} a round; none has what another one has
     * @param warmUps rounds before those that count: the first seconds of a JVM go to its compiler
     * @throws UserException if the two are different models
     * @throws io.bytelm.service.NoCanonicalTokenizationsException if those are asked for, and one side does not offer them
     */
    public Result run(
            ModelSettings embedded, RemoteModel remote, Function<Integer, BenchTexts> texts, int warmUps, int rounds) {
        progress.accept("load the model and connect");
        try (TrieLmService here = embedded.open();
                TrieLmService there = remote.open()) {
            requireSame(here, there);
            if (isCanonical()) { // what is not offered is said before anything is measured
                here.canonicalRules();
                there.canonicalRules();
            }
            Iterator<BenchTexts> unread =
                    Stream.iterate(0, turn -> turn + 1).map(texts).iterator();
            Sides sides = Sides.NONE;
            for (int round = -warmUps; round < rounds; round++) {
                boolean embeddedFirst = round % 2 == 0;
                String name = round < 0 ? "to warm up" : "round " + (round + 1) + " of " + rounds;
                Turn first = turn(embeddedFirst ? here : there, unread, side(embeddedFirst) + name);
                Turn second = turn(embeddedFirst ? there : here, unread, side(!embeddedFirst) + name);
                if (round >= 0) {
                    sides = embeddedFirst ? sides.plus(first, second) : sides.plus(second, first);
                }
            }
            return result(sides, there.connections(), addedMillis(here, there));
        }
    }

    private static String side(boolean isEmbedded) {
        return isEmbedded ? "embedded, " : "remote, ";
    }

    private boolean isCanonical() {
        return !settings.deferring().isEmpty();
    }

    private Turn turn(TrieLmService service, Iterator<BenchTexts> unread, String name) {
        progress.accept("documents, " + name);
        double read = documents(service, unread.next().documents());
        progress.accept("streaming, " + name);
        double fed = streaming(service, unread.next().sessions(sessions()));
        if (!isCanonical()) {
            return new Turn(read, fed, null);
        }
        progress.accept("canonical, " + name);
        return new Turn(read, fed, canonical(service, unread.next().documents()));
    }

    private int sessions() {
        return settings.sessions().get(settings.sessions().size() - 1);
    }

    /** @param wire what travelled while sides took turns */
    private Result result(Sides sides, @Nullable ConnectionStatistics wire, double addedMillis) {
        long requests = wire == null ? 0 : wire.calls();
        double perRequest = wire == null ? 0 : (double) (wire.bytesSent() + wire.bytesReceived()) / requests;
        return new Result(
                sides.documents, sides.streaming, sides.canonical, sessions(), perRequest, addedMillis, requests);
    }

    private static void requireSame(TrieLmService here, TrieLmService there) {
        List<String> differences = here.identity().differences(there.identity());
        if (!differences.isEmpty()) {
            throw new UserException("--model and --service are different models: "
                    + here.identity().described(differences) + " here, "
                    + there.identity().described(differences) + " there");
        }
    }

    private Beam start(TrieLmService service) {
        return Beam.initial(
                service.vocabulary().bosToken(), BeamParams.of(settings.width(), settings.firstThreshold()));
    }

    private double documents(TrieLmService service, List<byte[]> documents) {
        Deadline deadline = Deadline.inSeconds(settings.secondsEach());
        Beam start = start(service);
        return read(service, documents, settings.inFlight(), deadline, text -> Reading.whole(start, text, deadline));
    }

    private double streaming(TrieLmService service, List<byte[]> texts) {
        Deadline deadline = Deadline.inSeconds(settings.secondsEach());
        Beam start = start(service);
        return read(service, texts, texts.size(), deadline, text -> Reading.byteByByte(start, text, deadline));
    }

    /** What has begun is read to its end: of a document that is summed up there, a part says nothing. */
    private double canonical(TrieLmService service, List<byte[]> documents) {
        CanonicalRules rules = service.canonicalRules();
        List<byte[]> readable = CanonicalMeasurements.readable(rules, documents);
        Deadline deadline = Deadline.inSeconds(settings.secondsEach());
        AtomicLong bytes = new AtomicLong();
        Iterable<byte[]> inTime =
                () -> readable.stream().takeWhile(text -> !deadline.isOver()).iterator();
        new StepPipeline(service, CanonicalMeasurements.DOCUMENTS_AT_ONCE)
                .forEach(
                        inTime,
                        text -> CanonicalMeasurements.logLikelihood(rules, text, service.contextTokens()),
                        (text, logLikelihood) -> bytes.addAndGet(text.length));
        return bytes.get() / deadline.secondsElapsed();
    }

    private static double read(
            TrieLmService service,
            List<byte[]> texts,
            int inFlight,
            Deadline deadline,
            Function<byte[], Step<Reading>> begin) {
        AtomicLong bytes = new AtomicLong();
        new StepPipeline(service, inFlight)
                .forEach(texts, begin, (text, reading) -> bytes.addAndGet(reading.bytesRead()));
        return bytes.get() / deadline.secondsElapsed();
    }

    private static double addedMillis(TrieLmService here, TrieLmService there) {
        return (medianNanos(there) - medianNanos(here)) / NANOS_PER_MILLI;
    }

    /** Of one request after another whose answer is known. */
    private static double medianNanos(TrieLmService service) {
        TokenContext context = TokenContext.startingWith(service.vocabulary().bosToken());
        ExpandRequest request = new ExpandRequest(context, new byte[] {'t', 'h', 'e'}, new int[0], 0);
        long[] nanos = new long[REQUESTS_WARM];
        for (int i = 0; i < 2 * REQUESTS_WARM; i++) { // the first half warms up
            long start = System.nanoTime();
            var unused = service.expand(request, Terms.NONE).join();
            nanos[i % REQUESTS_WARM] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return nanos[REQUESTS_WARM / 2];
    }
}
