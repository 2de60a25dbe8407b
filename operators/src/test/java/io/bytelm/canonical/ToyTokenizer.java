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
import io.bytelm.vocab.cuts.CutsOfJava.Piece;
import io.bytelm.vocab.cuts.Pretokenizer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

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
    private final Set<String> specials = new TreeSet<>();
    private final BitSet whole = new BitSet();
    private final List<String> continuations = new ArrayList<>(List.of(""));
    private final int eos;
    private final PortableModel model;
    private final Map<TokenContext, float[]> evaluated = new HashMap<>();

    private ToyTokenizer(Random random, boolean cutting, boolean withSpecials) {
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
        added.keySet().stream()
                .filter(token -> withSpecials && random.nextBoolean())
                .forEach(specials::add);
        this.vocabulary = new Vocabulary(
                names.stream().map(name -> name.getBytes(ISO_8859_1)).toList(),
                names.stream()
                        .map(name -> specials.contains(name) ? TokenKind.SPECIAL : TokenKind.NORMAL)
                        .toList(),
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
        Set<String> ordinary = new TreeSet<>(added.keySet());
        ordinary.removeAll(specials);
        this.cuts = CutsOfJava.of(cutting ? List.of(PATTERN) : List.of(), ordinary);
        this.model = new PortableModel(names.size());
        letters.chars().forEach(one -> {
            continuations.add("" + (char) one);
            letters.chars().forEach(two -> continuations.add("" + (char) one + (char) two));
        });
    }

    public static ToyTokenizer random(Random random, boolean cutting) {
        return new ToyTokenizer(random, cutting, false);
    }

    /** Some of whose added tokens are special ones. */
    public static ToyTokenizer withSpecials(Random random) {
        return new ToyTokenizer(random, true, true);
    }

    public boolean hasSpecials() {
        return !specials.isEmpty();
    }

    public BruteForceTrieLmService service() {
        return new BruteForceTrieLmService(vocabulary, model);
    }

    CanonicalTree tree(double defer) {
        return CanonicalTree.initial(rules, new CanonicalParams(defer, new int[] {eos}), EosMode.WITH_EOS);
    }

    public int[] eosTokens() {
        return new int[] {eos};
    }

    public String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        random.ints(length, 0, letters.length()).forEach(i -> text.append(letters.charAt(i)));
        return text.toString();
    }

    private List<Integer> encodePiece(Piece piece) {
        if (piece.isAdded()) {
            return List.of(added.getOrDefault(piece.text(), -1));
        }
        Integer id = merges.ids().get(piece.text());
        return id != null && whole.get(id) ? List.of(id) : merges.encode(piece.text());
    }

    List<Integer> encode(String text) {
        return encode(text, text.length());
    }

    private List<Integer> encode(String text, int promptLength) {
        return cuts.pieces(text, specials, promptLength).stream()
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
        return probabilityOfEnd("", text, text.length());
    }

    /** The probability that what is written after a prompt is this text, and then the end. */
    public double probabilityOfWritten(String prompt, String text) {
        return probabilityOfEnd(prompt, text, prompt.length()) / probability(prompt);
    }

    private double probabilityOfEnd(String prompt, String text, int promptLength) {
        TokenContext context = TokenContext.startingWith(vocabulary.bosToken());
        double probability = 1;
        for (int token : encode(prompt + text, promptLength)) {
            probability *= next(context)[token];
            context = context.plus(token);
        }
        return probability * next(context)[eos];
    }

    /** The probability of the prefix: the sum over the ways to read all but the last bytes of it. */
    public double probability(String prefix) {
        return prefix.isEmpty() ? 1 : probability(new Prefix(prefix, prefix.length(), false));
    }

    /**
     * The probability that what is written after a prompt begins with this text: special tokens are found in the prompt, and
     * have no probability after it.
     */
    public double probabilityOfWrittenPrefix(String prompt, String text) {
        return text.isEmpty() ? 1 : probability(new Prefix(prompt + text, prompt.length(), true)) / probability(prompt);
    }

    /**
     * A text, and how it is read.
     *
     * @param promptLength special tokens are found where they end within so many characters
     * @param isWritten whether an open token is no special one
     */
    private record Prefix(String text, int promptLength, boolean isWritten) {}

    private double probability(Prefix read) {
        return probability(read, TokenContext.startingWith(vocabulary.bosToken()), List.of(), 0, 1);
    }

    private double probability(
            Prefix read, TokenContext context, List<Integer> closed, int length, double probability) {
        String prefix = read.text;
        double sum = 0;
        if (mayBeRead(read, closed, length)) {
            sum += probability * massOf(read, context, prefix.substring(length));
        }
        for (int token = 0; token < vocabulary.size(); token++) {
            String name = name(token);
            if (prefix.startsWith(name, length) && length + name.length() < prefix.length()) {
                List<Integer> longer = new ArrayList<>(closed);
                longer.add(token);
                sum += probability(
                        read, context.plus(token), longer, length + name.length(), probability * next(context)[token]);
            }
        }
        return sum;
    }

    private double massOf(Prefix read, TokenContext context, String rest) {
        double mass = 0;
        boolean some = false;
        for (int token = 0; token < vocabulary.size(); token++) {
            if (name(token).startsWith(rest)) {
                boolean isSilent = token == eos || (read.isWritten && specials.contains(name(token)));
                mass += isSilent ? 0 : next(context)[token];
                some |= added.containsValue(token) || whole.get(token) || rules.reachable(token);
            }
        }
        return some ? mass : 0;
    }

    /** Whether a text that begins so may have these tokens first, and one token or more that the rest begins. */
    private boolean mayBeRead(Prefix read, List<Integer> closed, int length) {
        return continuations.stream()
                .anyMatch(more -> fits(
                        cuts.pieces(read.text + more, specials, specialsUpTo(read, more)),
                        closed,
                        length,
                        read.text.length()));
    }

    /** In a text that is no prompt of something written special tokens are found everywhere. */
    private static int specialsUpTo(Prefix read, String more) {
        return read.isWritten ? read.promptLength : read.text.length() + more.length();
    }

    private boolean fits(List<Piece> pieces, List<Integer> closed, int length, int prefixLength) {
        int at = 0;
        int tokens = 0;
        for (Piece piece : pieces) {
            int end = at + piece.text().length();
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

    private boolean begins(Piece piece, List<Integer> tokens) {
        StringBuilder text = new StringBuilder();
        tokens.forEach(token -> text.append(name(token)));
        return !piece.isAdded() && merges.encode(text.toString()).equals(tokens);
    }
}
