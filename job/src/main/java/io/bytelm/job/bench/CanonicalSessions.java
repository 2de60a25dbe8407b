package io.bytelm.job.bench;

import io.bytelm.beam.EosMode;
import io.bytelm.beam.ServiceAnswers;
import io.bytelm.beam.StepPipeline;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.canonical.CanonicalTree;
import io.bytelm.lm.LanguageModel;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.vocab.CanonicalRules;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What sessions over canonical tokenizations do, over a service whose caches are empty at the beginning of each measurement. */
final class CanonicalSessions {
    private static final int REPLAYS = 100;
    private static final int WARM_UP_REPLAYS = 200;

    private final BenchModel model;
    private final CanonicalRules rules;
    private final double defer;

    /** @param defer the share up to which contexts are deferred */
    CanonicalSessions(BenchModel model, double defer) {
        this.model = model;
        this.rules = model.canonicalRules();
        this.defer = defer;
    }

    private CanonicalTree start(double share) {
        return CanonicalTree.initial(rules, new CanonicalParams(share, new int[0]), EosMode.WITH_EOS);
    }

    /** As many sessions as texts, each fed byte by byte. */
    BenchReport.Streaming streaming(List<byte[]> texts, double mostSeconds) {
        Deadline deadline = Deadline.inSeconds(mostSeconds);
        CanonicalTree start = start(defer);
        AtomicLong bytes = new AtomicLong();
        try (EmbeddedTrieLmService service = model.serviceOver(new MeasuredModel(model.withEmptyCache()))) {
            new StepPipeline(service, texts.size())
                    .forEach(
                            texts,
                            text -> CanonicalReading.byteByByte(start, text, deadline),
                            (text, read) -> bytes.addAndGet(read.bytesRead()));
            double seconds = deadline.secondsElapsed();
            return new BenchReport.Streaming(
                    texts.size(), bytes.get() / seconds, service.statistics().evaluations() / seconds);
        }
    }

    /** Prompts one after another, each read before its session's first byte; nothing is deferred in a prompt. */
    double prefillBytesPerSecond(List<byte[]> prompts, double seconds) {
        Deadline deadline = Deadline.inSeconds(seconds);
        long bytes = 0;
        try (EmbeddedTrieLmService service = model.serviceOver(new MeasuredModel(model.withEmptyCache()))) {
            for (byte[] prompt : prompts) {
                start(0).readToEnd(prompt, 0, prompt.length).run(new ServiceAnswers(service));
                bytes += prompt.length;
                if (deadline.isOver()) {
                    break;
                }
            }
            return bytes / deadline.secondsElapsed();
        }
    }

    /** As {@link ByteLevelMeasurements#outsideMicrosPerByte}, of a document each byte of which is scored. */
    double outsideMicrosPerByte(byte[] document) {
        RecordedRows rows = new RecordedRows();
        readAlone(rows.recording(model.withEmptyCache()), document);
        LanguageModel replaying = rows.replaying(model.vocabulary().size());
        replay(WARM_UP_REPLAYS, replaying, document);
        long before = ProcessUse.cpuNanos();
        replay(REPLAYS, replaying, document);
        return (ProcessUse.cpuNanos() - before) / 1e3 / ((long) REPLAYS * document.length);
    }

    private void replay(int times, LanguageModel replaying, byte[] document) {
        for (int i = 0; i < times; i++) {
            readAlone(replaying, document);
        }
    }

    private void readAlone(LanguageModel lm, byte[] document) {
        try (EmbeddedTrieLmService service = model.serviceWithoutSpeculation(new MeasuredModel(lm))) {
            CanonicalReading.whole(start(defer), document, Deadline.never()).run(new ServiceAnswers(service));
        }
    }
}
