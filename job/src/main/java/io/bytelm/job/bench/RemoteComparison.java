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
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

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
     * @param wireBytesPerRequest both ways, without what HTTP/2 adds
     * @param addedMillis of a request whose answer is known at the service: what the way costs, in the middle
     */
    public record Result(
            SideBySide documents,
            SideBySide streaming,
            int sessions,
            double wireBytesPerRequest,
            double addedMillis,
            long requests) {}

    /**
     * @param texts those of each turn, four a round; none has what another one has
     * @param warmUps rounds before those that count: the first seconds of a JVM go to its compiler
     * @throws UserException if the two are different models
     */
    public Result run(
            ModelSettings embedded, RemoteModel remote, Function<Integer, BenchTexts> texts, int warmUps, int rounds) {
        progress.accept("load the model and connect");
        try (TrieLmService here = embedded.open();
                TrieLmService there = remote.open()) {
            requireSame(here, there);
            int sessions = settings.sessions().get(settings.sessions().size() - 1);
            SideBySide documents = SideBySide.NONE;
            SideBySide streaming = SideBySide.NONE;
            int turns = 0;
            for (int round = -warmUps; round < rounds; round++) {
                double[] read = new double[2];
                double[] fed = new double[2];
                for (int turn = 0; turn < 2; turn++) {
                    int side = round % 2 != 0 ? 1 - turn : turn;
                    TrieLmService service = side == 0 ? here : there;
                    String name = (side == 0 ? "embedded" : "remote")
                            + (round < 0 ? ", to warm up" : ", round " + (round + 1) + " of " + rounds);
                    progress.accept("documents, " + name);
                    read[side] = documents(service, texts.apply(turns++).documents());
                    progress.accept("streaming, " + name);
                    fed[side] = streaming(service, texts.apply(turns++).sessions(sessions));
                }
                if (round >= 0) {
                    documents = documents.plus(read[0], read[1]);
                    streaming = streaming.plus(fed[0], fed[1]);
                }
            }
            ConnectionStatistics wire = there.connections();
            long requests = wire == null ? 0 : wire.calls();
            double perRequest = wire == null ? 0 : (double) (wire.bytesSent() + wire.bytesReceived()) / requests;
            return new Result(documents, streaming, sessions, perRequest, addedMillis(here, there), requests);
        }
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
