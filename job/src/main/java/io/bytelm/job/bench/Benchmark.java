package io.bytelm.job.bench;

import io.bytelm.job.ModelSettings;
import io.bytelm.vocab.CanonicalRules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/** All measurements, one after another. */
public final class Benchmark {
    private static final double WARM_UP_SECONDS = 5;
    /** Of a measurement's time, for the token level between two of them. */
    private static final double SHARE_BETWEEN = 0.25;

    private final BenchSettings settings;
    private final BenchTexts texts;
    private final Consumer<String> progress;

    /** @param progress is told what begins, in a few words */
    public Benchmark(BenchSettings settings, BenchTexts texts, Consumer<String> progress) {
        this.settings = settings;
        this.texts = texts;
        this.progress = progress;
    }

    /** @throws io.bytelm.lm.ModelException if the model or its tokenizer cannot be loaded */
    public BenchReport run(ModelSettings modelSettings) {
        progress.accept("load the model");
        try (BenchModel model = new BenchModel(modelSettings)) {
            @Nullable
            CanonicalMeasurements over = settings.deferring().isEmpty() ? null : new CanonicalMeasurements(model);
            List<byte[]> readable = over == null
                    ? List.of()
                    : CanonicalMeasurements.readable(
                            over.rules(), texts.documents()); // told before anything is measured
            ByteLevelMeasurements byteLevel = new ByteLevelMeasurements(model, settings.width());
            double seconds = settings.secondsEach();
            double threshold = settings.firstThreshold();
            progress.accept("warm up");
            byteLevel.documents(
                    texts.documents(), settings.inFlight(), threshold, Math.min(seconds, WARM_UP_SECONDS), 1);
            new TokenLevelMeasurement(model).of(texts.documents(), Math.min(seconds, WARM_UP_SECONDS));
            progress.accept("token level");
            BenchReport.TokenLevel limit = new TokenLevelMeasurement(model).of(texts.documents(), seconds);
            List<BenchReport.Documents> documents = documents(byteLevel, new TokenLevelMeasurement(model));
            List<BenchReport.Canonical> canonical =
                    over == null ? List.of() : canonical(over, readable, new TokenLevelMeasurement(model));
            BenchReport.@Nullable CanonicalSessions canonicalSessions =
                    over == null ? null : canonicalSessions(model, over.rules(), readable);
            List<BenchReport.Streaming> streaming = streaming(byteLevel);
            progress.accept("prefill");
            double prefill = byteLevel.prefillBytesPerSecond(texts.documents(), threshold, seconds);
            progress.accept("returning");
            BenchReport.Returning returning = byteLevel.returning(texts.documents(), threshold, seconds);
            progress.accept("outside the model");
            double outside = byteLevel.outsideMicrosPerByte(texts.documents().get(0), threshold);
            return new BenchReport(
                    settings,
                    texts.documents().stream().mapToLong(text -> text.length).sum(),
                    model.vocabulary().size(),
                    modelSettings.engineSettings().threads(),
                    limit,
                    documents,
                    canonical,
                    over == null ? 0 : texts.documents().size() - readable.size(),
                    canonicalSessions,
                    streaming,
                    prefill,
                    returning,
                    outside,
                    ProcessUse.peakRssMegabytes());
        }
    }

    private List<BenchReport.Documents> documents(ByteLevelMeasurements byteLevel, TokenLevelMeasurement tokenLevel) {
        List<BenchReport.Documents> measured = new ArrayList<>();
        double secondsBetween = settings.secondsEach() * SHARE_BETWEEN;
        double before = tokenLevel.of(texts.documents(), secondsBetween).tokensPerSecond();
        for (double threshold : settings.thresholds()) {
            progress.accept("documents, threshold " + threshold);
            BenchReport.Documents documents = byteLevel.documents(
                    texts.documents(), settings.inFlight(), threshold, settings.secondsEach(), before);
            progress.accept("token level again");
            double after = tokenLevel.of(texts.documents(), secondsBetween).tokensPerSecond();
            measured.add(documents.beside((before + after) / 2));
            before = after;
        }
        return measured;
    }

    private List<BenchReport.Canonical> canonical(
            CanonicalMeasurements over, List<byte[]> documents, TokenLevelMeasurement tokenLevel) {
        double seconds = settings.secondsEach();
        List<BenchReport.Canonical> measured = new ArrayList<>();
        progress.accept("canonical tokenizations, documents");
        var unused = over.logLikelihoods(documents, Math.min(seconds, WARM_UP_SECONDS), 1);
        measured.add(new BenchReport.Canonical(
                false, beside(tokenLevel, beside -> over.logLikelihoods(documents, seconds, beside))));
        for (double defer : settings.deferring()) {
            progress.accept("canonical tokenizations, every byte, deferring " + defer);
            measured.add(new BenchReport.Canonical(
                    true, beside(tokenLevel, beside -> over.everyByte(documents, defer, seconds, beside))));
        }
        return measured;
    }

    private BenchReport.CanonicalSessions canonicalSessions(
            BenchModel model, CanonicalRules rules, List<byte[]> documents) {
        double defer = Collections.max(settings.deferring());
        CanonicalSessions sessions = new CanonicalSessions(model, defer);
        List<BenchReport.Streaming> streaming = new ArrayList<>();
        for (int count : settings.sessions()) {
            progress.accept("canonical tokenizations, streaming, " + count + " at once");
            streaming.add(sessions.streaming(
                    CanonicalMeasurements.readable(rules, texts.sessions(count)), settings.secondsEach()));
        }
        progress.accept("canonical tokenizations, prefill");
        double prefill = sessions.prefillBytesPerSecond(documents, settings.secondsEach());
        progress.accept("canonical tokenizations, outside the model");
        double outside = sessions.outsideMicrosPerByte(documents.get(0));
        return new BenchReport.CanonicalSessions(defer, streaming, prefill, outside);
    }

    /** A measurement with the token level just before and just after it. */
    private BenchReport.Documents beside(
            TokenLevelMeasurement tokenLevel, DoubleFunction<BenchReport.Documents> measurement) {
        double secondsBetween = settings.secondsEach() * SHARE_BETWEEN;
        double before = tokenLevel.of(texts.documents(), secondsBetween).tokensPerSecond();
        BenchReport.Documents measured = measurement.apply(before);
        double after = tokenLevel.of(texts.documents(), secondsBetween).tokensPerSecond();
        return measured.beside((before + after) / 2);
    }

    private List<BenchReport.Streaming> streaming(ByteLevelMeasurements byteLevel) {
        List<BenchReport.Streaming> measured = new ArrayList<>();
        for (int sessions : settings.sessions()) {
            progress.accept("streaming, " + sessions + " at once");
            measured.add(
                    byteLevel.streaming(texts.sessions(sessions), settings.firstThreshold(), settings.secondsEach()));
        }
        return measured;
    }
}
