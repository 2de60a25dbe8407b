package io.bytelm.vocab;

import com.fasterxml.jackson.core.filter.TokenFilter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.bytelm.vocab.ConfiguredTokens.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the {@link Vocabulary} of a model. A special token has the bytes of its name. Another added token counts as text
 * and has the bytes of its content; one that is also a piece of the model has those of the piece.
 */
public final class VocabularyReader {
    private VocabularyReader() {}

    /**
     * The vocabulary of a model in a Hugging Face directory: {@code tokenizer.json} (or {@code tokenizer.json.gz}),
     * {@code config.json}, and {@code generation_config.json} and {@code tokenizer_config.json} if there are such. It has
     * as many ids as the model's output, {@code vocab_size}; those that the tokenizer does not know are
     * {@link TokenKind#EMPTY}. BOS is that of {@code tokenizer_config.json}, or else of {@code config.json}; EOS are those
     * of {@code generation_config.json}, as in transformers, or else of {@code config.json}, or else of
     * {@code tokenizer_config.json}. For want of a BOS token, contexts begin with EOS, as is the custom with GPT-2. A false {@code add_prefix_space} in
     * {@code tokenizer_config.json} takes the dummy prefix away.
     *
     * @throws VocabularyException if a file is missing, damaged or not supported, or the files contradict each other
     */
    public static Vocabulary fromModelDirectory(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new VocabularyException(directory + ": no such model directory");
        }
        Path configFile = directory.resolve("config.json");
        JsonNode config = JsonFile.read(configFile, TokenFilter.INCLUDE_ALL);
        Path tokenizerConfigFile = directory.resolve("tokenizer_config.json");
        JsonNode tokenizerConfig = readIfThere(tokenizerConfigFile);
        Path generationConfigFile = directory.resolve("generation_config.json");
        JsonNode generationConfig = readIfThere(generationConfigFile);
        TokenizerFile tokenizer = TokenizerFile.read(tokenizerFile(directory));

        int size = modelVocabularySize(configFile, config, tokenizer);
        SpecialTokens specialTokens = new ConfiguredTokens(
                        new Config(configFile, config),
                        new Config(generationConfigFile, generationConfig),
                        new Config(tokenizerConfigFile, tokenizerConfig),
                        tokenizer,
                        size)
                .read();
        Vocabulary vocabulary = vocabulary(tokenizer, size, specialTokens);
        boolean prefixOff = !tokenizerConfig.path("add_prefix_space").asBoolean(true);
        return prefixOff ? vocabulary.withoutDummyPrefix() : vocabulary;
    }

    /**
     * The vocabulary of a {@code tokenizer.json} alone, plain or gzipped; no file beside it is read. The BOS token is the
     * one that the post-processor's template puts first, else the first of the usual names ({@code <s>},
     * {@code <|begin_of_text|>}, {@code <bos>}, {@code <|endoftext|>}, {@code <|im_start|>}), else token 0.
     *
     * @throws VocabularyException if the file is missing, damaged, contradicts itself, or is of a kind not supported
     */
    public static Vocabulary fromTokenizerFile(Path file) {
        TokenizerFile tokenizer = TokenizerFile.read(file);
        return vocabulary(tokenizer, tokenizer.size(), new SpecialTokens(tokenizer.likelyBosToken(), List.of()));
    }

    private static JsonNode readIfThere(Path file) {
        return Files.exists(file) ? JsonFile.read(file, TokenFilter.INCLUDE_ALL) : MissingNode.getInstance();
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

    private static int modelVocabularySize(Path configFile, JsonNode config, TokenizerFile tokenizer) {
        JsonNode size = config.path("vocab_size");
        if (!size.canConvertToInt() || !size.isIntegralNumber() || size.asInt() < 1) {
            throw new VocabularyException(configFile + ": vocab_size must be a whole number above 0"
                    + (size.isMissingNode() ? ", but it is absent" : ", not " + size));
        }
        if (tokenizer.size() > size.asInt()) {
            throw new VocabularyException(
                    tokenizer.file() + ": has " + tokenizer.size() + " token ids, but the model of " + configFile
                            + " only " + size.asInt() + " (vocab_size); take both files from the same model");
        }
        return size.asInt();
    }

    private static Vocabulary vocabulary(TokenizerFile tokenizer, int size, SpecialTokens specialTokens) {
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
