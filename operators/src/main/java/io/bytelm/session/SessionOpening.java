package io.bytelm.session;

import io.bytelm.beam.Step;
import io.bytelm.record.LeftOut;
import io.bytelm.record.OnDeadEnd;
import io.bytelm.record.OpenRequest;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.Ended;
import io.bytelm.record.SessionState.Opening;
import io.bytelm.record.SourcePosition;
import io.bytelm.session.DeadEnds.Through;
import io.bytelm.vocab.Vocabulary;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a session of any kind begins: with the space that a SentencePiece tokenizer puts before the first word, and its
 * prompt, which are read but belong to no output and no score.
 *
 * @param dummyPrefix whether there is that space
 */
record SessionOpening(Vocabulary vocabulary, boolean dummyPrefix) {
    /**
     * A prompt as far as it was read.
     *
     * @param reader EOS tokens are ordinary ones in it until the prompt is read to its end
     * @param bytesRead a dummy prefix included
     * @param leftOut of these; null for a session that stops at a dead end
     */
    record Prompted(
            TextReader reader,
            int bytesRead,
            boolean isComplete,
            @Nullable LeftOut leftOut) {
        /** The state of a session that has to go on here. */
        Opening partway(SourcePosition open, @Nullable SessionState before) {
            return new Opening(reader.stored(), open, bytesRead, before instanceof Ended, leftOut);
        }
    }

    /**
     * Reads a piece of the prompt.
     *
     * @param from what was read of it before
     * @param begun the same as it was stored; null at its beginning
     * @param mostBytes the size of the piece
     */
    Step<Prompted> prompted(OpenRequest request, TextReader from, @Nullable Opening begun, int mostBytes) {
        return begun == null
                ? from.begun().then(begin -> read(request, begin, null, mostBytes))
                : read(request, from, begun, mostBytes);
    }

    private Step<Prompted> read(OpenRequest request, TextReader from, @Nullable Opening begun, int mostBytes) {
        byte[] unscored = unscoredBytes(request.prompt());
        boolean restarts = request.onDeadEnd() == OnDeadEnd.RESTART;
        if (unscored.length == 0) {
            return Step.done(new Prompted(from.afterPrompt(request), 0, true, restarts ? LeftOut.NOTHING : null));
        }
        int at = begun == null ? 0 : Math.min(begun.bytesRead(), unscored.length);
        int to = at + Math.min(mostBytes, unscored.length - at);
        if (restarts) {
            Through before = new Through(from, at, leftOutOf(begun));
            return new DeadEnds(vocabulary.coverage())
                    .read(unscored, to, before)
                    .then(read -> read.reader()
                            .informed()
                            .map(reader -> prompted(reader, to, to == unscored.length, request, read.leftOut())));
        }
        return from.read(unscored, at, to)
                .map(read -> prompted(read, to, to == unscored.length || DeadEnds.isDead(read), request, null));
    }

    private static LeftOut leftOutOf(@Nullable Opening begun) {
        return begun == null ? LeftOut.NOTHING : Objects.requireNonNullElse(begun.leftOut(), LeftOut.NOTHING);
    }

    private static Prompted prompted(
            TextReader read, int to, boolean isComplete, OpenRequest request, @Nullable LeftOut leftOut) {
        return new Prompted(isComplete ? read.afterPrompt(request) : read, to, isComplete, leftOut);
    }

    private byte[] unscoredBytes(byte[] prompt) {
        byte[] prefix = dummyPrefix ? vocabulary.dummyPrefix() : new byte[0];
        byte[] all = new byte[prefix.length + prompt.length];
        System.arraycopy(prefix, 0, all, 0, prefix.length);
        System.arraycopy(prompt, 0, all, prefix.length, prompt.length);
        return all;
    }
}
