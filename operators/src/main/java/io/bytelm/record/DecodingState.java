package io.bytelm.record;

import io.bytelm.beam.Beam;
import io.bytelm.canonical.Certified;
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

    /** The outputs as far as they have come, at least one. */
    List<SavedDraft> drafts();

    /** As {@link Reading#branchTokens}, of all outputs together. */
    default long branchTokens() {
        return drafts().stream()
                .mapToLong(draft -> draft.reading().branchTokens())
                .sum();
    }

    /** Whether the texts are read over canonical tokenizations alone. */
    default boolean isCanonical() {
        return drafts().get(0).reading().isCanonical();
    }

    /** Of all outputs together. */
    @Override
    default List<List<TokenContext>> contextsByModel() {
        List<List<TokenContext>> byModel = new ArrayList<>();
        for (SavedDraft draft : drafts()) {
            List<List<TokenContext>> ofDraft = draft.reading().contextsByModel();
            for (int model = 0; model < ofDraft.size(); model++) {
                if (model == byModel.size()) {
                    byModel.add(new ArrayList<>());
                }
                byModel.get(model).addAll(ofDraft.get(model));
            }
        }
        return byModel;
    }

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
     * @param reading how its text is read
     * @param logProb between what log P of it lies (nats)
     * @param cursor the constraint's position, saved
     */
    record SavedDraft(
            Reading reading,
            Certified logProb,
            byte[] bytes,
            byte[] cursor,
            double logProposal,
            double logWeightBase,
            @Nullable Ending ending) {
        /** Of a text that is read over all tokenizations. */
        public SavedDraft(
                Beam beam,
                byte[] bytes,
                byte[] cursor,
                double logProposal,
                double logWeightBase,
                @Nullable Ending ending) {
            this(
                    new Reading.All(beam),
                    new Certified(beam.logZ(), beam.logZ()),
                    bytes,
                    cursor,
                    logProposal,
                    logWeightBase,
                    ending);
        }

        /** The same draft, its text on other contexts. */
        SavedDraft withContexts(List<TokenContext> contexts) {
            return new SavedDraft(
                    reading.withContexts(contexts), logProb, bytes, cursor, logProposal, logWeightBase, ending);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof SavedDraft that
                    && reading.equals(that.reading)
                    && logProb.equals(that.logProb)
                    && Arrays.equals(bytes, that.bytes)
                    && Arrays.equals(cursor, that.cursor)
                    && Double.compare(logProposal, that.logProposal) == 0
                    && Double.compare(logWeightBase, that.logWeightBase) == 0
                    && ending == that.ending;
        }

        @Override
        public int hashCode() {
            return Objects.hash(reading, Arrays.hashCode(bytes), Arrays.hashCode(cursor), logProposal, ending);
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
                    .flatMap(draft -> draft.reading().contexts().stream())
                    .toList();
        }

        @Override
        public int longestContext() {
            return drafts.stream()
                    .mapToInt(draft -> draft.reading().longestContext())
                    .max()
                    .orElse(0);
        }

        @Override
        public Driven withContexts(List<TokenContext> contexts) {
            List<SavedDraft> moved = new ArrayList<>();
            int from = 0;
            for (SavedDraft draft : drafts) {
                int to = from + draft.reading().contexts().size();
                moved.add(draft.withContexts(contexts.subList(from, to)));
                from = to;
            }
            return new Driven(terms, moved, rounds, logEvidence);
        }
    }

    /** The client sends bytes. */
    record Steered(Terms terms, SavedDraft draft) implements DecodingState {
        @Override
        public List<SavedDraft> drafts() {
            return List.of(draft);
        }

        @Override
        public List<TokenContext> contexts() {
            return draft.reading().contexts();
        }

        @Override
        public int longestContext() {
            return draft.reading().longestContext();
        }

        @Override
        public Steered withContexts(List<TokenContext> contexts) {
            return new Steered(terms, draft.withContexts(contexts));
        }
    }
}
