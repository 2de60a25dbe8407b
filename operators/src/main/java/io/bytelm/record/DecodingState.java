package io.bytelm.record;

import io.bytelm.beam.Beam;
import io.bytelm.constraint.source.ConstraintSource;
import io.bytelm.decode.Ending;
import io.bytelm.decode.Sampler;
import io.bytelm.decode.StopStrings;
import io.bytelm.lm.TokenContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a decoding session remembers. Immutable. */
public sealed interface DecodingState extends SessionState {
    /** What the session was opened with. */
    Terms terms();

    /**
     * What a session was opened with.
     *
     * @param constraint null for none
     * @param fingerprint of the compiled constraint that wrote the saved cursors; another one replays the bytes
     * @param opened the record that opened the session
     */
    record Terms(
            @Nullable ConstraintSource constraint,
            long fingerprint,
            Sampler sampler,
            StopStrings stop,
            int maxBytes,
            int particles,
            Emission emission,
            SourcePosition opened) {}

    /**
     * One output as far as it has come: {@link io.bytelm.decode.Draft} without what can be had again.
     *
     * @param cursor the constraint's position, saved
     */
    record SavedDraft(
            Beam beam,
            byte[] bytes,
            byte[] cursor,
            double logProposal,
            double logWeightBase,
            @Nullable Ending ending) {
        /** The same draft, its beam on other contexts. */
        SavedDraft withContexts(List<TokenContext> contexts) {
            return new SavedDraft(beam.withContexts(contexts), bytes, cursor, logProposal, logWeightBase, ending);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof SavedDraft that
                    && beam.equals(that.beam)
                    && Arrays.equals(bytes, that.bytes)
                    && Arrays.equals(cursor, that.cursor)
                    && Double.compare(logProposal, that.logProposal) == 0
                    && Double.compare(logWeightBase, that.logWeightBase) == 0
                    && ending == that.ending;
        }

        @Override
        public int hashCode() {
            return Objects.hash(beam, Arrays.hashCode(bytes), Arrays.hashCode(cursor), logProposal, ending);
        }
    }

    /**
     * The job draws bytes; its {@code open} is still being worked on.
     *
     * @param drafts the particles
     * @param rounds how many symbols were drawn for each
     * @param logEvidence as in {@link io.bytelm.decode.Decoding}
     */
    record Driven(Terms terms, List<SavedDraft> drafts, long rounds, double logEvidence) implements DecodingState {
        public Driven {
            drafts = List.copyOf(drafts);
        }

        @Override
        public List<TokenContext> contexts() {
            return drafts.stream()
                    .flatMap(draft -> draft.beam().contexts().stream())
                    .toList();
        }

        @Override
        public int longestContext() {
            return drafts.stream()
                    .mapToInt(draft -> draft.beam().longestContext())
                    .max()
                    .orElse(0);
        }

        @Override
        public Driven withContexts(List<TokenContext> contexts) {
            List<SavedDraft> moved = new ArrayList<>();
            int from = 0;
            for (SavedDraft draft : drafts) {
                int to = from + draft.beam().hypotheses().size();
                moved.add(draft.withContexts(contexts.subList(from, to)));
                from = to;
            }
            return new Driven(terms, moved, rounds, logEvidence);
        }
    }

    /** The client sends bytes. */
    record Steered(Terms terms, SavedDraft draft) implements DecodingState {
        @Override
        public List<TokenContext> contexts() {
            return draft.beam().contexts();
        }

        @Override
        public int longestContext() {
            return draft.beam().longestContext();
        }

        @Override
        public Steered withContexts(List<TokenContext> contexts) {
            return new Steered(terms, draft.withContexts(contexts));
        }
    }
}
