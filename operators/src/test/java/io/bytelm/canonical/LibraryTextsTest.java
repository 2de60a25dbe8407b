package io.bytelm.canonical;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.BundledModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.canonical.Heads;
import io.bytelm.lm.djl.HuggingFaceTokenizerFile;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.CanonicalRulesReader;
import io.bytelm.vocab.TokenKind;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Real tokenizers against their library, on random texts that are cut at every byte: the bundled one, and those of the
 * directory {@code -Dtokenizers.dir} ({@code NAME.tokenizer.json}, gzipped or not). {@code -Dcanonical.texts} says how many
 * texts for each, {@code -Dcanonical.seed} with which one they begin.
 */
class LibraryTextsTest {
    private static final int TEXTS = Integer.getInteger("canonical.texts", 300);
    private static final long FIRST_SEED = Long.getLong("canonical.seed", 0);
    private static final int MOST_PARTS = 14;
    private static final List<String> PARTS = List.of(
            " ",
            "  ",
            "\n",
            "\r\n\n",
            "\t",
            "\u00a0",
            "\u3000",
            "'s",
            "'LL",
            "'x",
            "\u2019",
            "1",
            "234",
            "\u00b2",
            "\u2167",
            "the",
            " of",
            "Ing",
            "S",
            "\u00e9",
            "\u01c5",
            "\u02b0",
            "\u4e2d\u6587",
            "\u3072\u3089",
            "\uac00",
            "\u0436",
            "\u05d0",
            "\u0301",
            "\u0e33",
            "\u0915\u094d",
            ".",
            ",",
            "-",
            "_",
            "/",
            "(",
            "\"",
            "\\",
            "==",
            "$",
            "\u20ac",
            "\u200b",
            "\u0001",
            "\ud83d\ude00",
            "\ud83d\udc69\u200d\ud83d\udcbb",
            "\ud835\udc9c",
            "<|",
            "|>",
            "</s>",
            "<s",
            "https://",
            "${x}",
            "    return",
            "();");

    @TempDir
    Path directory;

    static Stream<Path> tokenizers() throws IOException {
        String more = System.getProperty("tokenizers.dir", "");
        Stream<Path> bundled = Stream.of(BundledModel.directory().resolve("tokenizer.json"));
        if (more.isEmpty()) {
            return bundled;
        }
        try (Stream<Path> files = Files.list(Path.of(more))) {
            return Stream.concat(
                    bundled,
                    files
                            .filter(file -> file.getFileName().toString().matches(".*tokenizer\\.json(\\.gz)?"))
                            .sorted()
                            .toList()
                            .stream());
        }
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void canonicalTokensAreTheLibrarysAndNoPrefixIsADeadEnd(Path file) throws IOException {
        Path plain = directory.resolve("tokenizer.json");
        Files.write(plain, unpacked(file));
        Vocabulary vocabulary = VocabularyReader.fromTokenizerFile(plain);
        CanonicalRules rules = CanonicalRulesReader.fromTokenizerFile(plain, vocabulary);
        byte[] prefix = vocabulary.dummyPrefix();
        int readable = 0;
        try (HuggingFaceTokenizerFile library = HuggingFaceTokenizerFile.open(directory)) {
            for (long seed = FIRST_SEED; seed < FIRST_SEED + TEXTS; seed++) {
                byte[] text = text(new Random(seed), vocabulary);
                byte[] read = Arrays.copyOf(prefix, prefix.length + text.length);
                System.arraycopy(text, 0, read, prefix.length, text.length);
                if (rules.firstChange(text) < 0 && hasTokens(read, rules) && !isPrefixedAgain(text, vocabulary)) {
                    readable++;
                    String place = file.getFileName() + ", seed " + seed + ", " + escaped(text);
                    assertThat(tokens(rules, read, place)).as(place).isEqualTo(library.tokens(text));
                }
            }
        }
        assertThat(readable).isGreaterThan(TEXTS * 9 / 10);
    }

    /** With a look at each prefix. */
    private static int[] tokens(CanonicalRules rules, byte[] text, String place) {
        Heads heads = Heads.before(rules, TokenContext.startingWith(0));
        for (int at = 0; at < text.length; at++) {
            heads = heads.read(text[at] & 0xFF);
            assertThat(heads.heads()).as("%s, byte %d", place, at).isNotEmpty();
        }
        assertThat(heads.ends()).as(place).hasSize(1);
        TokenContext end = heads.ends().get(0);
        return end.lastTokens(end.length() - 1);
    }

    /** A library leaves out bytes for which it has no token. */
    private static boolean hasTokens(byte[] text, CanonicalRules rules) {
        for (byte b : text) {
            if (!rules.coverage().has(b & 0xFF)) {
                return false;
            }
        }
        return true;
    }

    /** What a library puts before a text it also puts behind the name of a token: then no tokens spell the text. */
    private static boolean isPrefixedAgain(byte[] text, Vocabulary vocabulary) {
        String characters = new String(text, UTF_8);
        return vocabulary.dummyPrefix().length > 0
                && IntStream.range(0, vocabulary.size())
                        .filter(token -> vocabulary.kind(token) == TokenKind.SPECIAL)
                        .anyMatch(token -> characters.contains(new String(vocabulary.bytes(token), UTF_8)));
    }

    /** Words, signs of all kinds, pieces of the vocabulary and any characters, after a letter, composed. */
    private static byte[] text(Random random, Vocabulary vocabulary) {
        StringBuilder text = new StringBuilder("a"); // what is put before a text depends on its first character
        for (int i = 1 + random.nextInt(MOST_PARTS); i > 0; i--) {
            switch (random.nextInt(5)) {
                case 0 -> text.append(piece(random, vocabulary));
                case 1 -> text.appendCodePoint(character(random));
                default -> text.append(part(random, vocabulary));
            }
        }
        return Normalizer.normalize(text, Normalizer.Form.NFC).getBytes(UTF_8);
    }

    private static String part(Random random, Vocabulary vocabulary) {
        String part = PARTS.get(random.nextInt(PARTS.size()));
        return part.equals("</s>") && vocabulary.dummyPrefix().length > 0 ? "</" : part;
    }

    private static String piece(Random random, Vocabulary vocabulary) {
        int token = random.nextInt(vocabulary.size());
        String piece = new String(vocabulary.bytes(token), UTF_8);
        return piece.indexOf('\ufffd') >= 0 || piece.indexOf('\u2581') >= 0 ? "" : piece;
    }

    private static int character(Random random) {
        int[] ends = {0x80, 0x800, 0x3000, 0xD800, 0x1F700, 0x32400, 0x110000};
        int character = random.nextInt(ends[random.nextInt(ends.length)]);
        return Character.isSurrogate((char) character) || character == 0x2581 ? 'x' : character;
    }

    private static byte[] unpacked(Path file) throws IOException {
        byte[] stored = Files.readAllBytes(file);
        if (!file.getFileName().toString().endsWith(".gz")) {
            return stored;
        }
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return in.readAllBytes();
        }
    }

    private static String escaped(byte[] text) {
        StringBuilder escaped = new StringBuilder();
        new String(text, UTF_8)
                .chars()
                .forEach(c -> escaped.append(c >= ' ' && c < 0x7F ? "" + (char) c : String.format("\\u%04x", c)));
        return escaped.toString();
    }
}
