package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bytelm.record.Anomaly;
import io.bytelm.record.CandidatesRecord;
import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.DecodeRecord.Generated;
import io.bytelm.record.DecodeRecord.Next;
import io.bytelm.record.DecodeRecord.Output;
import io.bytelm.record.InputRecord;
import io.bytelm.record.NextSymbols;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Restarted;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.RecordHeader;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.SpanScore;
import io.bytelm.record.ToldTokens;
import io.bytelm.span.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/** Outputs as lines that survive a last bit of difference between two machines; bytes are exact. */
final class OutputLines {
    private OutputLines() {}

    /** What each session put out, in order. */
    static Map<String, List<String>> bySession(List<Object> events) {
        Map<String, List<String>> lines = new TreeMap<>();
        for (Object event : events) {
            if (event instanceof StreamRecord<?> record && record.getValue() instanceof OutputRecord output) {
                lines.computeIfAbsent(sessionOf(output), session -> new ArrayList<>())
                        .add(record.getTimestamp() + " " + line(output) + mark(output) + " of " + sourceOf(output));
            }
        }
        return lines;
    }

    private static String sessionOf(OutputRecord output) {
        byte[] session = output instanceof Result result
                ? result.session()
                : ((DeadLetter) output).input().key();
        return session == null ? "" : new String(session, UTF_8);
    }

    private static String mark(OutputRecord output) {
        return output instanceof Result result && result.truncated() ? " truncated" : "";
    }

    private static SourcePosition sourceOf(OutputRecord output) {
        return output instanceof Result result
                ? result.source()
                : ((DeadLetter) output).input().source();
    }

    private static String line(OutputRecord output) {
        if (output instanceof Restarted restarted) {
            return restarted.reason() + ": " + line(restarted.result());
        }
        if (output instanceof DeadLetter letter) {
            return letter.reason() + " " + letter.message() + headers(letter.input());
        }
        if (output instanceof CandidatesRecord candidates) {
            return "%d %.9f %s"
                    .formatted(
                            candidates.bytesConsumed(),
                            candidates.totalLogLikelihood(),
                            Arrays.stream(candidates.scores().logLikelihoods())
                                    .mapToObj(nats -> "%.9f".formatted(nats))
                                    .toList());
        }
        if (output instanceof Score score) {
            return "%s %d %.9f %.9f %s"
                            .formatted(
                                    score.event(),
                                    score.bytesConsumed(),
                                    score.chunkLogLikelihood(),
                                    score.totalLogLikelihood(),
                                    score.failedByte())
                    + upper(score.totalLogLikelihoodUpper())
                    + observed(score);
        }
        if (output instanceof SpanScore told) {
            Span span = told.span();
            return "span %d %d %s %.9f %s"
                    .formatted(
                            span.index(),
                            span.from(),
                            HexFormat.of().formatHex(span.text()),
                            span.logLikelihood(),
                            rounded(span.wordLogLikelihood()));
        }
        if (output instanceof ToldTokens told) {
            return "tokens " + told.tokens();
        }
        return output instanceof Generated piece
                ? line(piece)
                : output instanceof Next next ? line(next) : line((Finished) output);
    }

    private static String observed(Score score) {
        Anomaly anomaly = score.anomaly();
        String skipped = score.skippedBytes() == 0 ? "" : " without " + score.skippedBytes();
        return anomaly == null
                ? skipped
                : skipped
                        + " rank %s, window %s, z %s"
                                .formatted(anomaly.rank(), rounded(anomaly.windowBitsPerByte()), rounded(anomaly.z()));
    }

    private static String upper(@Nullable Double upper) {
        return upper == null ? "" : " at most %.9f".formatted(upper);
    }

    private static String line(Generated piece) {
        return "%d %s, %d forced %.9f%s %.9f %s %s"
                .formatted(
                        piece.bytes(),
                        HexFormat.of().formatHex(piece.piece()),
                        piece.forcedBytes(),
                        piece.logLikelihood(),
                        upper(piece.logLikelihoodUpper()),
                        piece.logWeight(),
                        rounded(piece.logMask()),
                        symbols(piece.next()));
    }

    private static String line(Next next) {
        return "%d %s %s %d %.9f%s %.9f %s"
                .formatted(
                        next.bytes(),
                        next.accepting(),
                        next.forcedByte(),
                        next.fewestBytes(),
                        next.logLikelihood(),
                        upper(next.logLikelihoodUpper()),
                        next.logMask(),
                        symbols(next.next()));
    }

    private static String line(Finished end) {
        return "%s %s %.9f %.9f"
                .formatted(
                        line(end.output()),
                        end.particles().stream().map(OutputLines::line).toList(),
                        end.effectiveSampleSize(),
                        end.logConstraintProbability());
    }

    private static String line(Output output) {
        return "%s %s %s %.9f%s %.9f"
                .formatted(
                        HexFormat.of().formatHex(output.bytes()),
                        output.ending(),
                        output.complete(),
                        output.logLikelihood(),
                        upper(output.logLikelihoodUpper()),
                        output.logWeight());
    }

    private static String headers(InputRecord input) {
        StringBuilder line = new StringBuilder();
        for (RecordHeader header : input.headers()) {
            line.append(", ").append(header.name()).append('=');
            line.append(header.value() == null ? null : HexFormat.of().formatHex(header.value()));
        }
        return line.toString();
    }

    private static String symbols(@Nullable NextSymbols next) {
        return next == null ? "" : Arrays.toString(next.symbols());
    }

    private static String rounded(@Nullable Double nats) {
        return nats == null ? "" : "%.9f".formatted(nats);
    }
}
