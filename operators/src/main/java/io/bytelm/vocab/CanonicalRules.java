package io.bytelm.vocab;

import io.bytelm.vocab.bpe.CanonicalPairs;
import io.bytelm.vocab.cuts.AddedTokens;
import io.bytelm.vocab.cuts.OpenCuts;
import io.bytelm.vocab.cuts.Pretokenizer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * How a tokenizer writes each text: the one sequence of tokens, of all that spell it, that a model learned from. A text is
 * cut into pieces, and each piece is encoded by itself; added tokens are found before. Immutable, safe for any thread.
 *
 * <p>Bytes that are no UTF-8 are in no tokenizer's text. They are cut as U+FFFD is, and encoded as the bytes that they are.
 * With SentencePiece, a character that is no piece is written byte by byte; the marker for spaces, which a text may have
 * too, counts as such a one.
 */
public final class CanonicalRules {
    private final Vocabulary vocabulary;
    private final CanonicalPairs pairs;
    private final Pretokenizer pretokenizer;
    private final Map<Integer, byte[]> added;
    private final BitSet wholePieces;
    private final BitSet characters;
    private final boolean composes;
    private final BeginningIndex index;
    private final ByteCoverage coverage;
    private final OpenCuts start;
    private final long fingerprint;

    /** Of a tokenizer that changes no text before it cuts it. */
    public CanonicalRules(
            Vocabulary vocabulary,
            CanonicalPairs pairs,
            Pretokenizer pretokenizer,
            Map<Integer, byte[]> added,
            BitSet wholePieces,
            BitSet characters) {
        this(vocabulary, pairs, pretokenizer, added, wholePieces, characters, false);
    }

    /**
     * @param vocabulary what the ids stand for
     * @param pairs which of them can be neighbours in a piece
     * @param pretokenizer cuts a text into pieces
     * @param added the bytes of tokens that are found in a text before it is cut, by id
     * @param wholePieces the tokens that a piece of just their bytes is encoded as, whatever the merges make of it; not to
     *     be changed
     * @param characters the characters that are never written byte by byte; not to be changed
     * @param composes whether a text is composed (NFC) before it is cut
     */
    public CanonicalRules(
            Vocabulary vocabulary,
            CanonicalPairs pairs,
            Pretokenizer pretokenizer,
            Map<Integer, byte[]> added,
            BitSet wholePieces,
            BitSet characters,
            boolean composes) {
        this(
                vocabulary,
                pairs,
                pretokenizer,
                added,
                wholePieces,
                characters,
                composes,
                new BeginningIndex(vocabulary, possible(pairs, added, wholePieces)));
    }

    private CanonicalRules(
            Vocabulary vocabulary,
            CanonicalPairs pairs,
            Pretokenizer pretokenizer,
            Map<Integer, byte[]> added,
            BitSet wholePieces,
            BitSet characters,
            boolean composes,
            BeginningIndex index) {
        this.vocabulary = vocabulary;
        this.pairs = pairs;
        this.pretokenizer = pretokenizer;
        this.added = Map.copyOf(added);
        this.wholePieces = wholePieces;
        this.characters = characters;
        this.composes = composes;
        this.index = index;
        this.coverage = ByteCoverage.of(vocabulary, possible(pairs, this.added, wholePieces)::get);
        this.start = OpenCuts.before(pretokenizer, new AddedTokens(added));
        int ofCuts = Objects.hash(
                vocabulary.fingerprint(), pretokenizer.fingerprint(), hashOf(added), wholePieces, characters);
        this.fingerprint = (long) pairs.fingerprint() << Integer.SIZE | Integer.toUnsignedLong(ofCuts);
    }

    private static BitSet possible(CanonicalPairs pairs, Map<Integer, byte[]> added, BitSet wholePieces) {
        BitSet possible = (BitSet) wholePieces.clone();
        added.keySet().forEach(possible::set);
        for (int token = 0; token < pairs.size(); token++) {
            possible.set(token, possible.get(token) || pairs.reachable(token));
        }
        return possible;
    }

    private static int hashOf(Map<Integer, byte[]> added) {
        int hash = 0;
        for (Map.Entry<Integer, byte[]> token : new TreeMap<>(added).entrySet()) {
            hash = 31 * (31 * hash + token.getKey()) + Arrays.hashCode(token.getValue());
        }
        return hash;
    }

    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /**
     * Where the tokenizer would change a text before it cuts it, so that no tokens of its own spell the text: the first such
     * byte, negative if there is none.
     */
    public int firstChange(byte[] text) {
        return composes ? Composition.firstChange(text) : -1;
    }

    /** The cuts before the first byte of a text. */
    public OpenCuts start() {
        return start;
    }

    /**
     * The same rules for texts in which some added tokens are not found: their bytes are text. So it is with the tokens
     * that end a sequence, which nothing can follow. Cheap: beginnings of those tokens stay in the {@link #index}.
     */
    public CanonicalRules withoutAdded(int... tokens) {
        Map<Integer, byte[]> fewer = new HashMap<>(added);
        for (int token : tokens) {
            fewer.remove(token);
        }
        return fewer.size() == added.size()
                ? this
                : new CanonicalRules(vocabulary, pairs, pretokenizer, fewer, wholePieces, characters, composes, index);
    }

    /**
     * The tokens whose names are text in what a model writes: special tokens, which it never writes there, and those that
     * end a sequence, which nothing can follow; as far as these rules find them. Ascending.
     */
    public int[] unwritten(int... eosTokens) {
        return added.keySet().stream()
                .mapToInt(token -> token)
                .filter(token -> vocabulary.kind(token) == TokenKind.SPECIAL
                        || Arrays.stream(eosTokens).anyMatch(eos -> eos == token))
                .sorted()
                .toArray();
    }

    /** Those of some tokens that are found in a text before it is cut. */
    public List<Integer> addedAmong(int... tokens) {
        return Arrays.stream(tokens).filter(added::containsKey).boxed().toList();
    }

    /**
     * Tells these rules from others: of another tokenizer, or of a build that numbers the states of its cuts otherwise. The
     * same in every JVM.
     */
    public long fingerprint() {
        return fingerprint;
    }

    /** Which bytes those tokens can spell that some text is written with. */
    public ByteCoverage coverage() {
        return coverage;
    }

    /** Beginnings of the tokens that some text is written with. */
    public BeginningIndex index() {
        return index;
    }

    /** Whether a token can be part of a piece: alone, or with neighbours. */
    public boolean reachable(int token) {
        return pairs.reachable(token);
    }

    /** Whether two tokens can be neighbours in a piece. */
    public boolean valid(int left, int right) {
        return pairs.valid(left, right);
    }

    /** Whether a piece of just this token's bytes is written as it, whatever else would be made of them. */
    public boolean takenWhole(int token) {
        return wholePieces.get(token);
    }

    /** Whether any piece is taken whole. */
    public boolean takesPiecesWhole() {
        return !wholePieces.isEmpty();
    }

    /** Whether a piece of just these bytes is taken whole. */
    public boolean takenWhole(byte[] piece) {
        if (wholePieces.isEmpty()) {
            return false;
        }
        for (int token : vocabulary.idsOf(piece)) {
            if (wholePieces.get(token)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a character's last byte may be written as itself; not if the character is a piece. */
    public boolean writtenByByte(int character) {
        return character < 0 || !characters.get(character);
    }
}
