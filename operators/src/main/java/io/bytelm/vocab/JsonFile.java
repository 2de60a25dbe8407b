package io.bytelm.vocab;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.filter.FilteringParserDelegate;
import com.fasterxml.jackson.core.filter.TokenFilter;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Reads one JSON object from a file, plain or gzipped, or from what was one. */
final class JsonFile {
    private static final int BUFFER_BYTES = 1 << 16;

    // Without the table of known names: it is built for few names, a vocabulary has hundreds of thousands.
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();
    private static final ObjectReader READER = MAPPER.readerFor(JsonNode.class);

    private JsonFile() {}

    /**
     * @param filter says which properties to keep; what it drops is checked for syntax only
     * @throws VocabularyException if the file is missing, unreadable, truncated, or not one JSON object with content
     */
    static JsonNode read(Path file, TokenFilter filter) {
        try (InputStream bytes = open(file)) {
            return parse(bytes, file, filter);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /**
     * The same of a file that has been read.
     *
     * @param bytes not gzipped
     * @param name what messages call the file
     */
    static JsonNode read(byte[] bytes, Path name, TokenFilter filter) {
        try {
            return parse(new ByteArrayInputStream(bytes), name, filter);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    /**
     * The bytes of a file, as they are when they are not gzipped.
     *
     * @throws VocabularyException if it is missing or unreadable
     */
    static byte[] bytes(Path file) {
        try (InputStream bytes = open(file)) {
            return bytes.readAllBytes();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static JsonNode parse(InputStream bytes, Path file, TokenFilter filter) throws IOException {
        try (Reader text = new InputStreamReader(bytes, UTF_8.newDecoder()); // strict, unlike one by charset
                JsonParser whole = MAPPER.createParser(text)) {
            JsonParser parser =
                    new FilteringParserDelegate(whole, filter, TokenFilter.Inclusion.INCLUDE_ALL_AND_PATH, true);
            JsonNode root = READER.readTree(parser);
            if (root == null || !root.isObject()) {
                throw new VocabularyException(file + ": holds no JSON object, or an empty one");
            }
            if (whole.nextToken() != null) {
                throw new VocabularyException(file + ": goes on after the end of its JSON object; is it damaged?");
            }
            return root;
        }
    }

    private static InputStream open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
        try {
            in.mark(2);
            boolean gzipped = in.read() == 0x1F && in.read() == 0x8B;
            in.reset();
            return gzipped ? new GZIPInputStream(in, BUFFER_BYTES) : in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static VocabularyException unreadable(Path file, IOException e) {
        if (e instanceof NoSuchFileException) {
            return new VocabularyException(file + ": no such file", e);
        }
        if (Files.isDirectory(file)) {
            return new VocabularyException(file + ": is a directory, not a file", e);
        }
        if (e instanceof JsonEOFException) {
            return new VocabularyException(file + ": ends in the middle; fetch the whole file again", e);
        }
        if (e instanceof JsonProcessingException json) {
            String place = json.getLocation() == null
                    ? ""
                    : " at line " + json.getLocation().getLineNr();
            return new VocabularyException(
                    file + ": is not valid JSON" + place + ": " + firstLine(json.getOriginalMessage()), e);
        }
        if (e instanceof CharacterCodingException) {
            return new VocabularyException(file + ": is not UTF-8 text: " + firstLine(e.getMessage()), e);
        }
        return new VocabularyException(file + ": cannot be read (" + firstLine(e.toString()) + "); is it whole?", e);
    }

    private static String firstLine(@Nullable String message) {
        return message == null ? "no reason given" : message.lines().findFirst().orElse("no reason given");
    }
}
