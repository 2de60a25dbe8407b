package io.bytelm.job.sql;

import io.bytelm.record.Alert;
import io.bytelm.record.CandidatesRecord;
import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.DecodeRecord.Generated;
import io.bytelm.record.DecodeRecord.Ignored;
import io.bytelm.record.DecodeRecord.Next;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Restarted;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.SpanScore;
import io.bytelm.record.ToldTokens;
import java.util.Locale;
import java.util.function.Function;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.LocalZonedTimestampType;
import org.apache.flink.table.types.logical.TimestampType;
import org.jspecify.annotations.Nullable;

/** The columns of what sessions say and of what they reject; what a row has nothing to say about is NULL. */
final class SessionColumns {
    /** The event of a row that was not processed. */
    static final String REJECTED = "rejected";

    private static final int MILLISECONDS = 3;

    /** What can be asked for. */
    static final OutputColumns<OutputRecord> ALL = all();

    private SessionColumns() {}

    private static OutputColumns<OutputRecord> all() {
        OutputColumns<OutputRecord> columns = new OutputColumns<OutputRecord>(
                        "'connector' = '" + BytelmScoresFactory.IDENTIFIER + "'")
                .with("session", Rendering.utf8(SessionColumns::session), Rendering.bytes(SessionColumns::session))
                .with("event", Rendering.text(SessionColumns::event));
        withSource(ObservationColumns.addTo(ScoreColumns.addTo(DecodeColumns.addTo(columns))));
        return withRejected(columns)
                .with("truncated", Rendering.flag(record -> record instanceof Result said ? said.truncated() : null))
                .with(
                        "restarted",
                        Rendering.text(record -> record instanceof Restarted restarted ? restarted.reason() : null));
    }

    private static OutputColumns<OutputRecord> withSource(OutputColumns<OutputRecord> columns) {
        return columns.with(SessionInput.SOURCE_TOPIC, Rendering.text(record -> orNull(source(record))))
                .with(SessionInput.SOURCE_PARTITION, Rendering.of(new IntType(), record -> {
                    int partition = source(record).partition();
                    return partition == SessionInput.NOWHERE ? null : partition;
                }))
                .with(SessionInput.SOURCE_OFFSET, Rendering.of(new BigIntType(), record -> {
                    long offset = source(record).offset();
                    return offset == SessionInput.NOWHERE ? null : offset;
                }))
                .with(
                        SessionInput.SOURCE_TIMESTAMP,
                        Rendering.of(new LocalZonedTimestampType(MILLISECONDS), SessionColumns::timestamp),
                        Rendering.of(new TimestampType(MILLISECONDS), SessionColumns::timestamp));
    }

    private static @Nullable String orNull(SourcePosition source) {
        return source.topic().equals(SessionInput.NO_TOPIC) ? null : source.topic();
    }

    private static @Nullable TimestampData timestamp(OutputRecord record) {
        long millis = source(record).timestampMillis();
        return millis == SessionInput.NO_TIMESTAMP ? null : TimestampData.fromEpochMillis(millis);
    }

    private static OutputColumns<OutputRecord> withRejected(OutputColumns<OutputRecord> columns) {
        Function<OutputRecord, byte @Nullable []> content =
                record -> record instanceof DeadLetter letter ? letter.input().value() : null;
        return columns.with(OutputColumns.ERROR, Rendering.text(ofRejected(DeadLetter::message)))
                .with("error_reason", Rendering.text(ofRejected(DeadLetter::reason)))
                .with("error_exception", Rendering.text(ofRejected(DeadLetter::exception)))
                .with("bytes_read", Rendering.of(new IntType(), ofRejected(DeadLetter::bytesRead)::apply))
                .with(SessionInput.CONTENT, Rendering.utf8(content), Rendering.bytes(content))
                .with(
                        SessionInput.OP,
                        Rendering.text(ofRejected(letter -> letter.input().op())))
                .with(
                        SessionInput.SEQUENCE,
                        Rendering.of(new BigIntType(), ofRejected(SessionColumns::sequence)::apply),
                        Rendering.of(new IntType(), record -> {
                            Long number = ofRejected(SessionColumns::sequence).apply(record);
                            return number == null ? null : number.intValue();
                        }));
    }

    private static @Nullable Long sequence(DeadLetter letter) {
        String number = letter.input().sequence();
        return number == null ? null : Long.valueOf(number);
    }

    private static <V> Function<OutputRecord, @Nullable V> ofRejected(Function<DeadLetter, @Nullable V> value) {
        return record -> record instanceof DeadLetter letter ? value.apply(letter) : null;
    }

    private static byte @Nullable [] session(OutputRecord record) {
        return record instanceof Result said
                ? said.session()
                : ((DeadLetter) record).input().key();
    }

    private static SourcePosition source(OutputRecord record) {
        return record instanceof Result said
                ? said.source()
                : ((DeadLetter) record).input().source();
    }

    /** What was said, also by a session that was begun anew; of an alert the score that it is about. */
    static OutputRecord said(OutputRecord record) {
        OutputRecord told = told(record);
        return told instanceof Alert alert ? alert.score() : told;
    }

    private static OutputRecord told(OutputRecord record) {
        return record instanceof Restarted restarted ? restarted.result() : record;
    }

    /** A value of records of one kind; null for others. */
    static <T, V> Function<OutputRecord, @Nullable V> of(Class<T> kind, Function<T, @Nullable V> value) {
        return record -> {
            OutputRecord said = said(record);
            return kind.isInstance(said) ? value.apply(kind.cast(said)) : null;
        };
    }

    private static String event(OutputRecord record) {
        OutputRecord said = told(record);
        if (said instanceof Score score) {
            return score.event().name().toLowerCase(Locale.ROOT);
        }
        if (said instanceof Generated) {
            return "generated";
        }
        if (said instanceof Ignored) {
            return "ignored";
        }
        if (said instanceof SpanScore) {
            return "span";
        }
        if (said instanceof ToldTokens) {
            return "tokens";
        }
        if (said instanceof CandidatesRecord) {
            return "candidates";
        }
        if (said instanceof Alert) {
            return "alert";
        }
        return said instanceof Next ? "next" : said instanceof Finished ? "end" : REJECTED;
    }
}
