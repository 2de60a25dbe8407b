package io.bytelm.session;

import io.bytelm.constraint.Cursor;
import io.bytelm.decode.Decoding;
import io.bytelm.decode.DecodingRules;
import io.bytelm.decode.Draft;
import io.bytelm.decode.MaskedNext;
import io.bytelm.decode.TreeText;
import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.DecodeRecord.Generated;
import io.bytelm.record.DecodeRecord.Ignored;
import io.bytelm.record.DecodeRecord.Next;
import io.bytelm.record.DecodeRecord.Output;
import io.bytelm.record.Emission;
import io.bytelm.record.NextSymbols;
import io.bytelm.record.SourcePosition;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the records of a decoding session.
 *
 * @param session the Kafka key
 * @param source the record that causes them
 * @param contextTokens how many tokens of a context the model reads at most
 */
record DecodeWriter(byte[] session, SourcePosition source, long contextTokens) {
    /** What is not enforced of the constraint. */
    Ignored ignored(List<String> lines) {
        return new Ignored(session, lines, source);
    }

    /**
     * The bytes that one draw gave.
     *
     * @param before the output before them
     * @param drawnFrom null if the first of them was not drawn, but forced at the very beginning
     */
    Generated drawn(Draft before, Draft after, @Nullable MaskedNext drawnFrom, Emission emission) {
        byte[] piece = piece(before.bytes().length, after);
        int forced = drawnFrom == null || piece.length == 0 ? piece.length : piece.length - 1;
        NextSymbols next =
                drawnFrom == null || emission.top() == 0 ? null : NextSymbols.top(drawnFrom.next(), emission.top());
        return generated(after, piece, forced, drawnFrom == null ? null : drawnFrom.logMask(), next);
    }

    /** The bytes of many draws, {@code forced} of them without a choice. */
    Generated piece(int before, Draft after, int forced) {
        return generated(after, piece(before, after), forced, null, null);
    }

    private static byte[] piece(int before, Draft after) {
        return Arrays.copyOfRange(after.bytes(), before, after.bytes().length);
    }

    private Generated generated(
            Draft after, byte[] piece, int forced, @Nullable Double logMask, @Nullable NextSymbols next) {
        return new Generated(
                session,
                after.bytes().length,
                piece,
                forced,
                after.logLikelihood(),
                upper(after),
                after.logWeight(),
                logMask,
                next,
                isTruncated(after),
                source);
    }

    private static @Nullable Double upper(Draft draft) {
        return draft.text() instanceof TreeText certified
                ? Double.valueOf(certified.logProb().logUpper())
                : null;
    }

    private boolean isTruncated(Draft draft) {
        return draft.text().longestContext() > contextTokens;
    }

    /** What may come next in a steered session. */
    Next next(Draft draft, Draft.Allowed allowed, DecodingRules rules, Emission emission) {
        MaskedNext masked = allowed.masked();
        Cursor cursor = draft.cursor();
        int length = draft.bytes().length;
        int forced = rules.forcedByte(cursor, length);
        return new Next(
                session,
                length,
                cursor.accepting(),
                forced < 0 ? null : forced,
                cursor.fewestBytesToAccept(),
                allowed.ways().logBefore(),
                upper(allowed.draft()),
                masked.logMask(),
                emission.top() == 0 ? null : NextSymbols.top(masked.next(), emission.top()),
                allowed.ways().longestContext() > contextTokens,
                source);
    }

    /** @param chosen the index of the particle that is the output */
    Finished finished(Decoding decoding, int chosen) {
        List<Output> outputs =
                decoding.drafts().stream().map(DecodeWriter::output).toList();
        return new Finished(
                session,
                outputs.get(chosen),
                outputs.size() == 1 ? List.of() : outputs,
                decoding.effectiveSampleSize(),
                decoding.logConstraintProbability(),
                decoding.drafts().stream().anyMatch(this::isTruncated),
                source);
    }

    private static Output output(Draft draft) {
        return new Output(
                draft.bytes(),
                draft.ending(),
                draft.complete(),
                draft.logLikelihood(),
                upper(draft),
                draft.logWeight());
    }
}
