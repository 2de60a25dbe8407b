package io.bytelm.session;

import io.bytelm.candidate.CandidateList;
import io.bytelm.record.Alert;
import io.bytelm.record.CandidatesRecord;
import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.DecodeRecord.Generated;
import io.bytelm.record.DecodeRecord.Ignored;
import io.bytelm.record.DecodeRecord.Next;
import io.bytelm.record.DecodeRecord.Output;
import io.bytelm.record.DecodingState;
import io.bytelm.record.DecodingState.Terms;
import io.bytelm.record.Emission;
import io.bytelm.record.NextSymbols;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SpanScore;
import io.bytelm.record.ToldTokens;
import io.bytelm.span.SpanProgress;
import org.jspecify.annotations.Nullable;

/** What the outputs of a record take on the heap (bytes), from when they are made to when they are committed; estimates. */
final class HeldOutputs {
    /** A record, its arrays' headers, and its place in a list. */
    private static final int RECORD_BYTES = 256;

    private static final int SYMBOL_BYTES = Integer.BYTES + Double.BYTES;

    /** The bytes' header, their place in a list, and two numbers. */
    private static final int CANDIDATE_BYTES = 64;

    /** What the shortest candidate takes in its list, its comma included. */
    private static final int LEAST_JSON_BYTES = 4;

    private static final long TOKEN_BYTES = 40;

    private HeldOutputs() {}

    static long bytesOf(OutputRecord record) {
        if (record instanceof Score score) {
            return bytesOf(score.next());
        }
        if (record instanceof CandidatesRecord candidates) {
            return RECORD_BYTES
                    + candidates.scores().texts().stream()
                            .mapToLong(text -> CANDIDATE_BYTES + text.length)
                            .sum();
        }
        if (record instanceof SpanScore score) {
            return RECORD_BYTES + score.span().text().length;
        }
        if (record instanceof Alert) {
            return RECORD_BYTES;
        }
        if (record instanceof ToldTokens told) {
            return RECORD_BYTES + TOKEN_BYTES * told.tokens().size();
        }
        if (record instanceof Generated generated) {
            return bytesOf(generated.next()) + generated.piece().length;
        }
        if (record instanceof Ignored said) {
            return RECORD_BYTES
                    + said.ignored().stream()
                            .mapToLong(line -> CANDIDATE_BYTES + (long) Character.BYTES * line.length())
                            .sum();
        }
        if (record instanceof Next next) {
            return bytesOf(next.next());
        }
        if (record instanceof Finished finished) {
            long particles = finished.particles().stream()
                    .mapToLong(HeldOutputs::bytesOf)
                    .sum();
            return RECORD_BYTES + bytesOf(finished.output()) + particles;
        }
        return RECORD_BYTES; // a dead letter: its record is counted already
    }

    /** The most of a record about candidates that come in a value of so many bytes. */
    static long mostOfCandidates(int valueBytes) {
        long most = Math.min(CandidateList.MOST, valueBytes / LEAST_JSON_BYTES);
        return RECORD_BYTES + CANDIDATE_BYTES * most + Math.min(CandidateList.MOST_BYTES, valueBytes);
    }

    private static long bytesOf(@Nullable NextSymbols next) {
        return RECORD_BYTES + (next == null ? 0 : (long) SYMBOL_BYTES * next.size());
    }

    private static long bytesOf(Output output) {
        return RECORD_BYTES + output.bytes().length;
    }

    /** The most of one record of a session that emits so. */
    static long mostOf(Emission emission) {
        return RECORD_BYTES + (long) SYMBOL_BYTES * emission.top();
    }

    /** The most of a piece of a session that scores, reading so many bytes. */
    static long mostOf(Emission emission, int textBytes, PieceSize piece) {
        long each = mostOf(emission);
        return emission.when() == Emission.When.BYTE
                ? Math.min(piece.outputBytes(), each * Math.min(textBytes, piece.textBytes())) + each
                : each;
    }

    /** The most that a piece says of dead ends, reading so many bytes. */
    static long mostOfDeadEnds(int textBytes, PieceSize piece) {
        return Math.min(piece.outputBytes(), (long) RECORD_BYTES * Math.min(textBytes, piece.textBytes()));
    }

    /**
     * The most of a piece of a session that says more than its scores, its end included.
     *
     * @param mostDecided how many bytes may turn out to be spans of their own with the last byte of the piece, or the end
     */
    static long mostOfObserved(Emission emission, PieceSize piece, int mostDecided) {
        long last = RECORD_BYTES + SpanProgress.MOST_TEXT_BYTES;
        return piece.outputBytes()
                + 3 * mostOf(emission)
                + 2 * last
                + (RECORD_BYTES + 1L) * mostDecided
                + TOKEN_BYTES * piece.textBytes();
    }

    /** The most of a piece of a session that decodes: its records, and its end. */
    static long mostOf(DecodingState state) {
        Terms terms = state.terms();
        long end = terms.particles() * (RECORD_BYTES + (long) terms.maxBytes());
        return DrivenPiece.ROUNDS * mostOf(terms.emission()) + 2 * end;
    }
}
