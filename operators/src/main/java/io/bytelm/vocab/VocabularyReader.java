package io.bytelm.vocab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Makes the {@link Vocabulary} of a model. A special token has the bytes of its name. Another added token counts as text
 * and has the bytes of its content; one that is also a piece of the model has those of the piece.
 */
public final class VocabularyReader {
    /** A process reads a vocabulary several times: what there is to say of it is said once. */
    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

    private VocabularyReader() {}

    /** As {@link #fromModelDirectory(Path, String)}, with the BOS token that the model's files name. */
    public static Vocabulary fromModelDirectory(Path directory) {
        return fromModelDirectory(directory, null);
    }

    /** As {@link #read}; what there is to say goes to the log, once a process. Any thread. */
    public static Vocabulary fromModelDirectory(Path directory, @Nullable String bos) {
        return readAloud(directory, bos).vocabulary();
    }

    /** As {@link #read}; what there is to say goes to the log, once a process. Any thread. */
    public static ModelVocabulary readAloud(Path directory, @Nullable String bos) {
        ModelVocabulary read = read(directory, bos);
        List<String> news = read.notices().stream()
                .map(notice -> directory + ": " + notice)
                .filter(SAID::add)
                .toList();
        if (!news.isEmpty()) { // to set up logging takes longer than to read a small vocabulary
            news.forEach(LoggerFactory.getLogger(VocabularyReader.class)::warn);
        }
        return read;
    }

    /**
     * The vocabulary of a model in a Hugging Face directory: {@code tokenizer.json} (or {@code tokenizer.json.gz}),
     * {@code config.json}, and {@code generation_config.json}, {@code tokenizer_config.json}, {@code added_tokens.json} and
     * {@code special_tokens_map.json} if there are such, with the ids and the dummy prefix that transformers 5.24 makes of
     * them. It has as many ids as the model's output, {@code vocab_size}: those that the tokenizer does not know are
     * {@link TokenKind#EMPTY}, and tokens beyond have no mass and stand in no context.
     *
     * <p>BOS is that of the tokenizer, or else of {@code config.json}, or else of {@code generation_config.json}; EOS are
     * those of {@code generation_config.json}, as in transformers, or else of {@code config.json}, or else of the tokenizer.
     * For want of a BOS token, contexts begin with EOS, as is the custom with GPT-2.
     *
     * @param bos the BOS token instead, by name or id; null for that of the files
     * @throws VocabularyException if a file is missing, damaged or not supported, the files contradict each other, or BOS is
     *     no token that the model has
     */
    public static ModelVocabulary read(Path directory, @Nullable String bos) {
        if (!Files.isDirectory(directory)) {
            throw new VocabularyException(directory + ": no such model directory");
        }
        if (!Files.exists(directory.resolve("config.json"))) {
            throw new VocabularyException(directory.resolve("config.json") + ": no such file");
        }
        TokenizerSettings settings = TokenizerSettings.in(directory);
        Tokenizer tokenizer = Tokenizer.of(TokenizerFile.read(tokenizerFile(directory)), settings);
        int rows = settings.vocabularySize();
        List<String> notices = new ArrayList<>(tokenizer.notices());
        if (tokenizer.size() > rows) {
            notices.add(tokensWithoutRow(tokenizer, rows));
        }
        SpecialTokens specialTokens =
                new ConfiguredTokens(settings, tokenizer, rows).read(bos == null ? null : new BosChoice(bos), notices);
        return new ModelVocabulary(
                vocabulary(tokenizer, rows, specialTokens), tokenizer.summary(rows), List.copyOf(notices));
    }

    private static String tokensWithoutRow(Tokenizer tokenizer, int rows) {
        List<String> names = IntStream.range(rows, tokenizer.size())
                .mapToObj(id -> id + " " + Quoted.text(tokenizer.nameOf(id)))
                .toList();
        return "the tokenizer has " + tokenizer.size() + " ids, the model rows for " + rows + " (vocab_size): "
                + names.size() + (names.size() == 1 ? " id has" : " ids have")
                + " no mass and can stand in no context: "
                + Shortened.list(names);
    }

    /**
     * The vocabulary of a {@code tokenizer.json} alone, plain or gzipped; no file beside it is read. The BOS token is the
     * one that the post-processor's template puts first, else the first of the usual names ({@code <s>},
     * {@code <|begin_of_text|>}, {@code <bos>}, {@code <|endoftext|>}, {@code <|im_start|>}), else token 0.
     *
     * @throws VocabularyException if the file is missing, damaged, contradicts itself, or is of a kind not supported
     */
    public static Vocabulary fromTokenizerFile(Path file) {
        Tokenizer tokenizer = Tokenizer.of(TokenizerFile.read(file));
        return vocabulary(tokenizer, tokenizer.size(), new SpecialTokens(tokenizer.likelyBosToken(), List.of()));
    }

    static Path tokenizerFile(Path directory) {
        Path plain = directory.resolve("tokenizer.json");
        Path gzipped = directory.resolve("tokenizer.json.gz");
        if (!Files.exists(plain) && !Files.exists(gzipped)) {
            throw new VocabularyException(
                    plain + ": no such file; if the model has only a tokenizer.model or vocab.json,"
                            + " save its fast tokenizer there with Hugging Face's save_pretrained");
        }
        return Files.exists(plain) ? plain : gzipped;
    }

    private static Vocabulary vocabulary(Tokenizer tokenizer, int size, SpecialTokens specialTokens) {
        List<byte[]> bytes = new ArrayList<>(size);
        List<TokenKind> kinds = new ArrayList<>(size);
        for (int id = 0; id < size; id++) {
            Token token = id < tokenizer.size() ? tokenizer.tokens().get(id) : Token.EMPTY;
            bytes.add(token.bytes());
            kinds.add(token.kind());
        }
        return new Vocabulary(bytes, kinds, specialTokens, tokenizer.dummyPrefix());
    }
}
