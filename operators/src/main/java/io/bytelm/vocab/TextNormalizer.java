package io.bytelm.vocab;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.filter.TokenFilter;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a tokenizer does to a text before it cuts it, by the {@code normalizer} of its {@code tokenizer.json}. Spaces that it
 * puts before a text are the dummy prefix of a {@link Vocabulary}, and how it writes spaces shows in no text: both are not
 * done here. Added tokens that it finds before are left as they are; so are bytes that are no UTF-8. Immutable, safe for any
 * thread.
 *
 * @see <a href="https://github.com/huggingface/tokenizers/tree/main/tokenizers/src/normalizers">its normalizers</a>
 */
public final class TextNormalizer {
    private final List<UnaryOperator<String>> steps;
    private final @Nullable Pattern untouched;

    private TextNormalizer(List<UnaryOperator<String>> steps, @Nullable Pattern untouched) {
        this.steps = steps;
        this.untouched = untouched;
    }

    /**
     * That of a model in a Hugging Face directory.
     *
     * @throws VocabularyException if its {@code tokenizer.json} is missing or damaged, or has a step that is not done here;
     *     the message names it
     */
    public static TextNormalizer ofModelDirectory(Path directory) {
        Path file = VocabularyReader.tokenizerFile(directory);
        return of(JsonFile.read(file, new Steps()), file);
    }

    /**
     * That of the text of a {@code tokenizer.json}.
     *
     * @param json not gzipped
     * @param name what messages call the file
     * @throws VocabularyException as {@link #ofModelDirectory}
     */
    public static TextNormalizer ofTokenizerJson(byte[] json, Path name) {
        return of(JsonFile.read(json, name, new Steps()), name);
    }

    private static TextNormalizer of(JsonNode tokenizer, Path file) {
        List<UnaryOperator<String>> steps = new ArrayList<>();
        for (JsonNode step : TokenizerPipeline.of(tokenizer).normalizers()) {
            UnaryOperator<String> done = NormalizingSteps.of(step);
            if (done == null) {
                throw new VocabularyException(file + ": its normalizer "
                        + NormalizerDescription.of(List.of(step)).phrase()
                        + ", which is not done here; give it texts as that leaves them");
            }
            steps.add(done);
        }
        return new TextNormalizer(List.copyOf(steps), untouched(tokenizer.path("added_tokens")));
    }

    /** The longest first, as the leftmost and longest one is found. */
    private static @Nullable Pattern untouched(JsonNode addedTokens) {
        List<String> contents = new ArrayList<>();
        addedTokens.forEach(token -> {
            if (!token.path("normalized").asBoolean()
                    && !token.path("content").asText().isEmpty()) {
                contents.add(token.path("content").asText());
            }
        });
        contents.sort(Comparator.comparingInt(String::length).reversed());
        return contents.isEmpty()
                ? null
                : Pattern.compile(
                        String.join("|", contents.stream().map(Pattern::quote).toList()));
    }

    /** The text as the tokenizer would have it; another array, or the same one. */
    public byte[] normalized(byte[] text) {
        if (steps.isEmpty()) {
            return text;
        }
        ByteBuffer in = ByteBuffer.wrap(text);
        CharBuffer out = CharBuffer.allocate(text.length);
        CharsetDecoder decoder = UTF_8.newDecoder();
        ByteArrayOutputStream normalized = new ByteArrayOutputStream(text.length + 16);
        while (in.hasRemaining()) {
            CoderResult result = decoder.reset().decode(in, out.clear(), true);
            normalized.writeBytes(ofText(out.flip().toString()).getBytes(UTF_8));
            if (result.isError()) {
                normalized.write(text, in.position(), result.length());
                in.position(in.position() + result.length());
            }
        }
        return normalized.toByteArray();
    }

    private String ofText(String text) {
        if (untouched == null) {
            return between(text);
        }
        StringBuilder normalized = new StringBuilder(text.length());
        Matcher token = untouched.matcher(text);
        int from = 0;
        while (token.find()) {
            normalized.append(between(text.substring(from, token.start()))).append(token.group());
            from = token.end();
        }
        return normalized.append(between(text.substring(from))).toString();
    }

    private String between(String text) {
        String changed = text;
        for (UnaryOperator<String> step : steps) {
            changed = step.apply(changed);
        }
        return changed;
    }

    /** Leaves out the model: nearly all of the file. */
    private static final class Steps extends TokenFilter {
        @Override
        public @Nullable TokenFilter includeProperty(String name) {
            return name.equals("model") ? null : TokenFilter.INCLUDE_ALL;
        }
    }
}
