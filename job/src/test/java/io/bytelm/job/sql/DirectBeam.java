package io.bytelm.job.sql;

import io.bytelm.beam.Beam;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Prediction;
import io.bytelm.beam.ServiceAnswers;
import io.bytelm.beam.Step;
import io.bytelm.constraint.AnyBytes;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.source.ConstraintSource;
import io.bytelm.decode.BeamText;
import io.bytelm.decode.Decoding;
import io.bytelm.decode.DecodingRules;
import io.bytelm.decode.Draft;
import io.bytelm.decode.Sampler;
import io.bytelm.decode.StopStrings;
import io.bytelm.job.EngineSettings;
import io.bytelm.job.ModelSettings;
import io.bytelm.lm.djl.Precision;
import io.bytelm.record.SessionDefaults;
import io.bytelm.service.ServiceSettings;
import io.bytelm.service.TrieLmService;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bundled model, asked without any SQL: one text after the other, on the calling thread. */
final class DirectBeam implements AutoCloseable {
    private static final long STATE_CACHE_BYTES = 512L << 20;

    private final TrieLmService service = new ModelSettings(
                    null,
                    new EngineSettings("cpu", 0, 0, 0, STATE_CACHE_BYTES, Precision.FLOAT32),
                    ServiceSettings.defaults())
            .open();
    private final ServiceAnswers answers = new ServiceAnswers(service);

    private static SessionDefaults defaults(double pruneThreshold) {
        SessionDefaults standard = SessionDefaults.STANDARD;
        return new SessionDefaults(
                standard.width(),
                pruneThreshold,
                List.of(),
                true,
                standard.healMaxBackoff(),
                standard.healMaxSplits(),
                standard.emission(),
                standard.maxChunkBytes(),
                true);
    }

    private Step<Beam> begin(double pruneThreshold) {
        return Beam.initial(service.vocabulary(), defaults(pruneThreshold).beamParams(service.vocabulary()));
    }

    /** The log-likelihood (nats) of each beginning of a text, the empty one first. */
    double[] logLikelihoods(byte[] text, double pruneThreshold) {
        double[] logLikelihoods = new double[text.length + 1];
        Beam beam = begin(pruneThreshold).run(answers);
        for (int at = 0; at < text.length; at++) {
            beam = beam.prune().advance(text, at).run(answers);
            logLikelihoods[at + 1] = beam.logZ();
        }
        return logLikelihoods;
    }

    Prediction next(byte[] text, double pruneThreshold) {
        return begin(pruneThreshold)
                .then(start -> start.prefill(text))
                .then(read -> read.predict(Lookahead.NONE))
                .run(answers);
    }

    /** @param constraint null for any bytes */
    Draft decode(byte[] text, @Nullable ConstraintSource constraint, Sampler sampler, int maxBytes) {
        Constraint compiled =
                constraint == null ? AnyBytes.INSTANCE : constraint.compile(CompileBudget.start(CompileLimits.DEFAULT));
        DecodingRules rules =
                new DecodingRules(compiled, sampler, StopStrings.NONE, maxBytes, true, 1, TextNumber.of(text));
        SessionDefaults defaults = defaults(SessionDefaults.STANDARD.pruneThreshold());
        Decoding ended = Beam.initial(service.vocabulary(), defaults.decodingParams(service.vocabulary()))
                .then(start -> start.prefill(text))
                .then(prompted -> Decoding.begin(BeamText.after(prompted), rules))
                .then(begun -> begun.finish(rules))
                .run(answers);
        return ended.drafts().get(0);
    }

    @Override
    public void close() {
        service.close();
    }
}
