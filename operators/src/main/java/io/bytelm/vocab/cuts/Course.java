package io.bytelm.vocab.cuts;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One way to cut the bytes so far.
 *
 * @param pieces how the pretokenizer cuts the text since the last added token, but for a character that has only begun
 * @param fresh whether that text is still empty: a piece begins with the next byte
 * @param cut whether this way has a cut before the character that has only begun; of no meaning between two characters
 * @param length how many bytes the last piece, or added token, has so far
 * @param addedNode the bytes of an added token that is being read; {@link AddedTokens#NO_NODE} if none is
 * @param addedToken the added token that the bytes end with; {@link AddedTokens#NO_TOKEN} if they do not
 * @param watch what the text since the last added token ends with of added tokens, which would be found there
 * @param rivals added tokens that would have been found instead of those that were read, if they end
 */
record Course(
        List<Splitter.Way> pieces,
        boolean fresh,
        boolean cut,
        int length,
        int addedNode,
        int addedToken,
        int watch,
        List<Rival> rivals) {
    /**
     * What the text ends with of added tokens, as far as they begin before, or where, the one began that was read.
     *
     * @param since how many bytes that is ago
     */
    record Rival(int node, int since) {}

    static Course start(Pretokenizer pretokenizer) {
        return new Course(
                pretokenizer.start(),
                true,
                false,
                0,
                AddedTokens.NO_NODE,
                AddedTokens.NO_TOKEN,
                AddedTokens.ROOT,
                List.of());
    }

    /** In the text between added tokens. */
    Course inText(List<Splitter.Way> newPieces, boolean newCut, int newLength, int newWatch, List<Rival> newRivals) {
        return new Course(
                newPieces, false, newCut, newLength, AddedTokens.NO_NODE, AddedTokens.NO_TOKEN, newWatch, newRivals);
    }

    Course inAdded(int node, int newLength, int newWatch, List<Rival> newRivals) {
        return new Course(pieces, fresh, cut, newLength, node, AddedTokens.NO_TOKEN, newWatch, newRivals);
    }

    Course afterAdded(int token, int newLength, List<Rival> newRivals) {
        return new Course(pieces, fresh, cut, newLength, AddedTokens.NO_NODE, token, AddedTokens.ROOT, newRivals);
    }

    Course withPieces(List<Splitter.Way> newPieces) {
        return inText(newPieces, false, length, watch, rivals);
    }

    /**
     * The same course where fewer tokens are found that have not ended yet; null if it is within one that is not.
     *
     * @param some those that were found up to here
     * @param fewer some of them
     */
    @Nullable
    Course findingOnly(AddedTokens some, AddedTokens fewer) {
        int node = isInAdded() ? fewer.endOf(some, addedNode) : addedNode;
        if (isInAdded() && fewer.depth(node) < some.depth(addedNode)) {
            return null;
        }
        List<Rival> possible = new ArrayList<>();
        for (Rival rival : rivals) {
            int other = fewer.endOf(some, rival.node());
            if (fewer.depth(other) >= rival.since()) {
                possible.add(new Rival(other, rival.since()));
            }
        }
        return new Course(
                pieces, fresh, cut, length, node, addedToken, fewer.endOf(some, watch), List.copyOf(possible));
    }

    boolean isInAdded() {
        return addedNode != AddedTokens.NO_NODE;
    }
}
