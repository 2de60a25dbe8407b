package io.bytelm.service;

import io.bytelm.lm.ModelException;
import io.bytelm.lm.canonical.CanonicalSelfTest;
import io.bytelm.lm.djl.HuggingFaceTokenizerFile;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.CanonicalRulesReader;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a model's tokenizer writes texts: found out when it is first asked for, for who does not ask need not wait, and then
 * remembered, or why it cannot be said. Safe for any thread.
 */
public final class TokenizerRules {
    private final Supplier<CanonicalRules> reading;
    private final Supplier<byte[]> text;
    private @Nullable CanonicalRules rules;
    private @Nullable String refusal;

    private TokenizerRules(Supplier<CanonicalRules> reading, Supplier<byte[]> text) {
        this.reading = reading;
        this.text = text;
    }

    /** Those of a service that was given none. */
    public static TokenizerRules unknown() {
        return new TokenizerRules(
                () -> {
                    throw new NoCanonicalTokenizationsException(
                            "this service does not know how its tokenizer writes a text");
                },
                TokenizerRules::noText);
    }

    /** Those that are known already. */
    public static TokenizerRules of(CanonicalRules known) {
        return new TokenizerRules(() -> known, TokenizerRules::noText);
    }

    private static byte[] noText() {
        throw new NoCanonicalTokenizationsException(
                "this service has no tokenizer.json at hand that says how its tokenizer writes a text");
    }

    /**
     * Those of the {@code tokenizer.json} of a model directory. The file is read again, which takes up to some seconds where
     * it has hundreds of thousands of merges, and compared with the library that it was written for.
     *
     * @param vocabulary that of the same model
     */
    public static TokenizerRules ofModelDirectory(Path directory, Vocabulary vocabulary) {
        return new TokenizerRules(() -> read(directory, vocabulary), () -> textIn(directory));
    }

    private static byte[] textIn(Path directory) {
        try {
            return CanonicalRulesReader.tokenizerJson(directory);
        } catch (VocabularyException e) {
            throw new NoCanonicalTokenizationsException(String.valueOf(e.getMessage()), e);
        }
    }

    private static CanonicalRules read(Path directory, Vocabulary vocabulary) {
        try {
            CanonicalRules rules = CanonicalRulesReader.fromModelDirectory(directory, vocabulary);
            try (HuggingFaceTokenizerFile library = HuggingFaceTokenizerFile.open(directory)) {
                requireSame(rules, library, directory);
            }
            return rules;
        } catch (VocabularyException | ModelException e) {
            throw new NoCanonicalTokenizationsException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void requireSame(CanonicalRules rules, HuggingFaceTokenizerFile library, Path directory) {
        String difference = CanonicalSelfTest.difference(rules, library);
        if (difference != null) {
            throw new NoCanonicalTokenizationsException(
                    directory + ": canonical tokenizations are not followed: " + difference);
        }
    }

    /** @throws NoCanonicalTokenizationsException if it cannot be said; always the same then if it is lasting */
    public synchronized CanonicalRules get() {
        if (refusal != null) {
            throw new NoCanonicalTokenizationsException(refusal);
        }
        if (rules == null) {
            try {
                rules = reading.get();
            } catch (NoCanonicalTokenizationsException e) {
                refusal = e.isLasting() ? String.valueOf(e.getMessage()) : null;
                throw e;
            }
        }
        return rules;
    }

    /**
     * The {@code tokenizer.json} that says it, not gzipped; read anew each time.
     *
     * @throws NoCanonicalTokenizationsException if there is none, or it is not readable now
     */
    public byte[] tokenizerJson() {
        return text.get();
    }
}
