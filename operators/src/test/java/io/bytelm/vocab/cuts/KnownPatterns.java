package io.bytelm.vocab.cuts;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The pretokenizers of published models: their patterns, one a step. */
final class KnownPatterns {
    private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private static final String REST = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String O200K_UPPER = "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String O200K_LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String O200K_REST = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    static final String GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

    static final Map<String, List<String>> ALL = Map.of(
            "GPT-2",
            List.of(GPT2),
            "SmolLM2",
            List.of("\\p{N}", GPT2),
            "Llama 3",
            List.of(CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}" + REST),
            "Qwen2",
            List.of(CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}" + REST),
            "DeepSeek-V3",
            List.of(
                    "\\p{N}{1,3}",
                    "[一-龥぀-ゟ゠-ヿ]+",
                    "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
                            + "| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+"),
            "o200k",
            List.of(O200K_UPPER + "*" + O200K_LOWER + "+" + CONTRACTIONS + "?|" + O200K_UPPER + "+" + O200K_LOWER + "*"
                    + CONTRACTIONS + "?|\\p{N}{1,3}" + O200K_REST),
            "Mistral Nemo",
            List.of(O200K_UPPER + "*" + O200K_LOWER + "+|" + O200K_UPPER + "+" + O200K_LOWER + "*|\\p{N}" + O200K_REST),
            "Metaspace",
            List.of(" ?[^ ]+| "));

    private KnownPatterns() {}

    /** The steps of a pretokenizer. */
    static List<String> steps(String name) {
        return Objects.requireNonNull(ALL.get(name));
    }

    static Pretokenizer pretokenizer(String name) {
        Pretokenizer pretokenizer = Pretokenizer.NONE;
        for (String step : steps(name)) {
            pretokenizer = pretokenizer.then(step, true);
        }
        return pretokenizer;
    }
}
