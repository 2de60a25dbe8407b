package io.bytelm.canonical;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.bytelm.beam.EosMode;
import io.bytelm.lm.PortableModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.SpecialTokens;
import io.bytelm.vocab.TokenKind;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.bpe.CanonicalPairs;
import io.bytelm.vocab.bpe.RandomMerges;
import io.bytelm.vocab.cuts.CutsOfJava;
import io.bytelm.vocab.cuts.Pretokenizer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A random toy tokenizer under the portable model, and the probability of bytes by enumeration of all token sequences that
 * some text with that beginning is encoded as. It knows of no pairs, no courses and no heads.
 */
public final class ToyTokenizer {
    private static final String PATTERN = "'s| ?a+| ?1{1,3}| ?'+|\\s+(?!\\S)|\\s+";

    private static final List<String> ALPHABETS = List.of("as' 1", "as'", "a 1", "1s", "s' ");

    public final CanonicalRules rules;
    public final Vocabulary vocabulary;
    public final String letters;
    private final RandomMerges merges;
    private final CutsOfJava cuts;
    private final Map<String, Integer> added = new TreeMap<>();
    private final BitSet whole = new BitSet();
    private final List<String> continuations = new ArrayList<>(List.of(""));
    private final int eos;
    private final PortableModel model;
    private final Map<TokenContext, float[]> evaluated = new HashMap<>();

    private ToyTokenizer(Random random, boolean cutting) {
        this.letters = cutting ? ALPHABETS.get(random.nextInt(ALPHABETS.size())) : "ab";
        this.merges = RandomMerges.of(random, letters);
        List<String> names = new ArrayList<>(merges.pieces());
        int bos = names.size();
        this.eos = bos + 1;
        names.addAll(List.of("<s>", "<e>"));
        if (cutting && random.nextBoolean()) {
            for (String token : List.of("s'", " s ", "1s")) {
                boolean spelled = token.chars().allMatch(c -> letters.indexOf(c) >= 0);
                if (spelled && !names.contains(token) && random.nextBoolean()) {
                    added.put(token, names.size());
                    names.add(token);
                }
            }
        }
        if (random.nextBoolean()) {
            whole.set(0, merges.pieces().size());
        }
        this.vocabulary = new Vocabulary(
                names.stream().map(name -> name.getBytes(ISO_8859_1)).toList(),
                Collections.nCopies(names.size(), TokenKind.NORMAL),
                new SpecialTokens(bos, List.of(eos)),
                new byte[0]);
        int[][] symbols = new int[names.size()][];
        for (int token = 0; token < bos; token++) {
            symbols[token] = merges.symbols(names.get(token));
        }
        Map<Integer, byte[]> bytesOfAdded = new HashMap<>();
        added.forEach((token, id) -> bytesOfAdded.put(id, token.getBytes(ISO_8859_1)));
        this.rules = new CanonicalRules(
                vocabulary,
                CanonicalPairs.of(merges.table(), symbols),
                cutting ? Pretokenizer.NONE.then(PATTERN, true) : Pretokenizer.NONE,
                bytesOfAdded,
                whole,
                new BitSet());
        this.cuts = CutsOfJava.of(cutting ? List.of(PATTERN) : List.of(), added.keySet());
        this.model = new PortableModel(names.size());
        letters.chars().forEach(one -> {
            continuations.add("" + (char) one);
            letters.chars().forEach(two -> continuations.add("" + (char) one + (char) two));
        });
    }

    public static ToyTokenizer random(Random random, boolean cutting) {
        return new ToyTokenizer(random, cutting);
    }

    public BruteForceTrieLmService service() {
        return new BruteForceTrieLmService(vocabulary, model);
    }

    CanonicalTree tree(double defer) {
        return CanonicalTree.initial(rules, new CanonicalParams(defer, new int[] {eos}), EosMode.WITH_EOS);
    }

    int[] eosTokens() {
        return new int[] {eos};
    }

    public String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        random.ints(length, 0, letters.length()).forEach(i -> text.append(letters.charAt(i)));
        return text.toString();
    }

    private List<Integer> encodePiece(String piece) {
        if (added.containsKey(piece)) {
            return List.of(added.get(piece));
        }
        Integer id = merges.ids().get(piece);
        return id != null && whole.get(id) ? List.of(id) : merges.encode(piece);
    }

    List<Integer> encode(String text) {
        return cuts.pieces(text).stream()
                .flatMap(piece -> encodePiece(piece).stream())
                .toList();
    }

    private String name(int token) {
        return new String(vocabulary.bytes(token), ISO_8859_1);
    }

    private float[] next(TokenContext context) {
        return evaluated.computeIfAbsent(context, c -> model.nextTokenProbabilities(List.of(c))[0]);
    }

    /** The probability that the text ends as it is. */
    double probabilityOfEnd(String text) {
        TokenContext context = TokenContext.startingWith(vocabulary.bosToken());
        double probability = 1;
        for (int token : encode(text)) {
            probability *= next(context)[token];
            context = context.plus(token);
        }
        return probability * next(context)[eos];
    }

    /** The probability of the prefix: the sum over the ways to read all but the last bytes of it. */
    public double probability(String prefix) {
        return prefix.isEmpty()
                ? 1
                : probability(prefix, TokenContext.startingWith(vocabulary.bosToken()), List.of(), 0, 1);
    }

    private double probability(
            String prefix, TokenContext context, List<Integer> closed, int length, double probability) {
        double sum = 0;
        if (mayBeRead(prefix, closed, length)) {
            sum += probability * massOf(context, prefix.substring(length));
        }
        for (int token = 0; token < vocabulary.size(); token++) {
            String name = name(token);
            if (prefix.startsWith(name, length) && length + name.length() < prefix.length()) {
                List<Integer> longer = new ArrayList<>(closed);
                longer.add(token);
                sum += probability(
                        prefix,
                        context.plus(token),
                        longer,
                        length + name.length(),
                        probability * next(context)[token]);
            }
        }
        return sum;
    }

    private double massOf(TokenContext context, String rest) {
        double mass = 0;
        boolean some = false;
        for (int token = 0; token < vocabulary.size(); token++) {
            if (name(token).startsWith(rest)) {
                mass += token == eos ? 0 : next(context)[token];
                some |= added.containsValue(token) || whole.get(token) || rules.reachable(token);
            }
        }
        return some ? mass : 0;
    }

    /** Whether a text that begins so may have these tokens first, and one token or more that the rest begins. */
    private boolean mayBeRead(String prefix, List<Integer> closed, int length) {
        return continuations.stream()
                .anyMatch(more -> fits(cuts.pieces(prefix + more), closed, length, prefix.length()));
    }

    private boolean fits(List<String> pieces, List<Integer> closed, int length, int prefixLength) {
        int at = 0;
        int tokens = 0;
        for (String piece : pieces) {
            int end = at + piece.length();
            List<Integer> within = new ArrayList<>();
            int covered = at;
            while (tokens < closed.size() && covered < end) {
                within.add(closed.get(tokens));
                covered += name(closed.get(tokens++)).length();
            }
            boolean isWhole = covered == end;
            boolean fits = isWhole
                    ? within.equals(encodePiece(piece))
                    : covered < end && (within.isEmpty() || begins(piece, within)) && prefixLength <= end;
            if (!fits) {
                return false;
            }
            if (!isWhole) {
                return covered == length;
            }
            at = end;
        }
        return at == length;
    }

    private boolean begins(String piece, List<Integer> tokens) {
        StringBuilder text = new StringBuilder();
        tokens.forEach(token -> text.append(name(token)));
        return !added.containsKey(piece) && merges.encode(text.toString()).equals(tokens);
    }
}
