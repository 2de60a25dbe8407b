package io.bytelm.job.bench;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.ServiceAnswers;
import io.bytelm.beam.Step;
import io.bytelm.beam.StepPipeline;
import io.bytelm.lm.LanguageModel;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ServiceStatistics;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.Function;

/** Beams over a service whose caches are empty at the beginning of each measurement. */
final class ByteLevelMeasurements {
    private static final int REPLAYS = 20;
    private static final int WARM_UP_REPLAYS = 40;

    private final BenchModel model;
    private final int width;

    ByteLevelMeasurements(BenchModel model, int width) {
        this.model = model;
        this.width = width;
    }

    private Beam start(double threshold) {
        return Beam.initial(model.vocabulary().bosToken(), BeamParams.of(width, threshold));
    }

    /**
     * Whole documents.
     *
     * @param inFlight how many at once; as one ends the next begins
     * @param tokenLevelTokensPerSecond what the token level reached before
     */
    BenchReport.Documents documents(
            List<byte[]> documents, int inFlight, double threshold, double seconds, double tokenLevelTokensPerSecond) {
        MeasuredModel measured = new MeasuredModel(model.withEmptyCache());
        Deadline deadline = Deadline.inSeconds(seconds);
        try (EmbeddedTrieLmService service = model.serviceOver(measured)) {
            Beam start = start(threshold);
            Read read = read(service, documents, inFlight, text -> Reading.whole(start, text, deadline));
            double elapsed = deadline.secondsElapsed();
            ServiceStatistics statistics = service.statistics();
            return new BenchReport.Documents(
                    threshold,
                    read.bytes,
                    read.bytes / elapsed,
                    (double) statistics.evaluations() / read.bytes,
                    tokenLevelTokensPerSecond,
                    statistics.meanBatch(),
                    (double) statistics.cacheHits() / statistics.requests(),
                    measured.nanos() / 1e9 / elapsed,
                    -read.logProb / read.bytes);
        }
    }

    /** As many sessions as texts, each fed byte by byte. */
    BenchReport.Streaming streaming(List<byte[]> texts, double threshold, double mostSeconds) {
        Deadline deadline = Deadline.inSeconds(mostSeconds);
        try (EmbeddedTrieLmService service = model.serviceOver(new MeasuredModel(model.withEmptyCache()))) {
            Beam start = start(threshold);
            Read read = read(service, texts, texts.size(), text -> Reading.byteByByte(start, text, deadline));
            double seconds = deadline.secondsElapsed();
            return new BenchReport.Streaming(
                    texts.size(), read.bytes / seconds, service.statistics().evaluations() / seconds);
        }
    }

    /** Prompts one after another, each read before its session's first byte. */
    double prefillBytesPerSecond(List<byte[]> prompts, double threshold, double seconds) {
        Deadline deadline = Deadline.inSeconds(seconds);
        long bytes = 0;
        try (EmbeddedTrieLmService service = model.serviceOver(new MeasuredModel(model.withEmptyCache()))) {
            for (byte[] prompt : prompts) {
                start(threshold).prefill(prompt).run(new ServiceAnswers(service));
                bytes += prompt.length;
                if (deadline.isOver()) {
                    break;
                }
            }
            return bytes / deadline.secondsElapsed();
        }
    }

    /** Sessions of a document's length, one after another, that go on when nothing is kept of them. */
    BenchReport.Returning returning(List<byte[]> documents, double threshold, double seconds) {
        return new ReturningSession(model).of(start(threshold), documents, seconds);
    }

    /**
     * Processor time (us) a byte of all that is not the model: one document, again and again, over a model that answers
     * from memory, and services that begin with nothing. The first ones do not count: there the code is being compiled.
     */
    double outsideMicrosPerByte(byte[] document, double threshold) {
        RecordedRows rows = new RecordedRows();
        readAlone(rows.recording(model.withEmptyCache()), document, threshold);
        LanguageModel replaying = rows.replaying(model.vocabulary().size());
        replay(WARM_UP_REPLAYS, replaying, document, threshold);
        long before = ProcessUse.cpuNanos();
        long bytes = replay(REPLAYS, replaying, document, threshold);
        return (ProcessUse.cpuNanos() - before) / 1e3 / bytes;
    }

    private long replay(int times, LanguageModel replaying, byte[] document, double threshold) {
        long bytes = 0;
        for (int i = 0; i < times; i++) {
            bytes += readAlone(replaying, document, threshold);
        }
        return bytes;
    }

    private long readAlone(LanguageModel lm, byte[] document, double threshold) {
        try (EmbeddedTrieLmService service = model.serviceWithoutSpeculation(new MeasuredModel(lm))) {
            Beam start = start(threshold);
            return read(service, List.of(document), 1, text -> Reading.whole(start, text, Deadline.never())).bytes;
        }
    }

    private record Read(long bytes, double logProb) {}

    private static Read read(
            EmbeddedTrieLmService service, List<byte[]> texts, int inFlight, Function<byte[], Step<Reading>> begin) {
        AtomicLong bytes = new AtomicLong();
        DoubleAdder logProb = new DoubleAdder();
        new StepPipeline(service, inFlight).forEach(texts, begin, (text, reading) -> {
            bytes.addAndGet(reading.bytesRead());
            logProb.add(reading.beam().logZ());
        });
        return new Read(bytes.get(), logProb.sum());
    }
}
