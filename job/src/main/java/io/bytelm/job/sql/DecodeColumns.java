package io.bytelm.job.sql;

import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.DecodeRecord.Generated;
import io.bytelm.record.DecodeRecord.Ignored;
import io.bytelm.record.DecodeRecord.Next;
import io.bytelm.record.DecodeRecord.Output;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.SpanScore;
import io.bytelm.record.wire.DecodeJson;
import io.bytelm.record.wire.SpanJson;
import java.util.List;
import java.util.function.Function;
import org.apache.flink.table.types.logical.IntType;
import org.jspecify.annotations.Nullable;

/** What decoding sessions say besides; the names are those of the records that the streaming job writes. */
final class DecodeColumns {
    /** What can be said of each particle. */
    private static final OutputColumns<Output> PARTICLE = new OutputColumns<Output>("column 'particles'")
            .with("reason", Rendering.text(output -> DecodeJson.reason(output.ending())))
            .with("complete", Rendering.flag(Output::complete))
            .with("byte_count", Rendering.bigint(output -> output.bytes().length))
            .with("text", Rendering.utf8(Output::bytes), Rendering.bytes(Output::bytes))
            .with("log_likelihood", Rendering.number(Output::logLikelihood))
            .with("log_weight", Rendering.number(Output::logWeight));

    private DecodeColumns() {}

    static OutputColumns<OutputRecord> addTo(OutputColumns<OutputRecord> columns) {
        columns.with("text", Rendering.utf8(DecodeColumns::text), Rendering.bytes(DecodeColumns::text))
                .with(
                        "forced",
                        Rendering.of(new IntType(), SessionColumns.of(Generated.class, Generated::forcedBytes)::apply))
                .with("log_weight", Rendering.optionalNumber(DecodeColumns::logWeight))
                .with("log_mask", Rendering.optionalNumber(DecodeColumns::logMask));
        columns.with("accepting", Rendering.flag(SessionColumns.of(Next.class, Next::accepting)))
                .with(
                        "forced_byte",
                        Rendering.of(new IntType(), SessionColumns.of(Next.class, Next::forcedByte)::apply))
                .with(
                        "fewest_bytes",
                        Rendering.of(new IntType(), SessionColumns.of(Next.class, Next::fewestBytes)::apply));
        return columns.with("reason", Rendering.text(ofOutput(output -> DecodeJson.reason(output.ending()))))
                .with("complete", Rendering.flag(ofOutput(Output::complete)))
                .with("ignored", Rendering.texts(SessionColumns.of(Ignored.class, Ignored::ignored)))
                .with(
                        "log_constraint_probability",
                        Rendering.optionalNumber(SessionColumns.of(Finished.class, Finished::logConstraintProbability)))
                .with("ess", Rendering.optionalNumber(SessionColumns.of(Finished.class, Finished::effectiveSampleSize)))
                .with("particles", new ArrayOfRows<>(PARTICLE, DecodeColumns::particles));
    }

    private static <V> Function<OutputRecord, @Nullable V> ofOutput(Function<Output, V> value) {
        return SessionColumns.of(Finished.class, finished -> value.apply(finished.output()));
    }

    private static byte @Nullable [] text(OutputRecord record) {
        OutputRecord said = SessionColumns.said(record);
        if (said instanceof Generated generated) {
            return generated.piece();
        }
        if (said instanceof SpanScore span) {
            return SpanJson.text(span.span());
        }
        return said instanceof Finished finished ? finished.output().bytes() : null;
    }

    private static @Nullable Double logWeight(OutputRecord record) {
        OutputRecord said = SessionColumns.said(record);
        if (said instanceof Generated generated) {
            return generated.logWeight();
        }
        return said instanceof Finished finished ? finished.output().logWeight() : null;
    }

    private static @Nullable Double logMask(OutputRecord record) {
        OutputRecord said = SessionColumns.said(record);
        if (said instanceof Generated generated) {
            return generated.logMask();
        }
        return said instanceof Next next ? next.logMask() : null;
    }

    /** NULL where there is one only. */
    private static @Nullable List<Output> particles(OutputRecord record) {
        List<Output> particles =
                SessionColumns.of(Finished.class, Finished::particles).apply(record);
        return particles == null || particles.isEmpty() ? null : particles;
    }
}
