package io.bytelm.vocab.cuts;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.djl.TokenizersLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of categories, which {@code -Dcategories.write=FILE} writes anew after another version of the library came. */
class GeneralCategoriesTest {
    private static final int BLOCK = 0x4000;
    private static final int LINE = 118;

    static Stream<String> names() {
        return Stream.concat(GeneralCategories.NAMES.stream(), Stream.of("L"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void eachCategoryHasTheLibrarysCharacters(String name) {
        CharacterClass read = GeneralCategories.named(name);
        BitSet members = new BitSet();
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            members.set(c, read.contains(c) && !isSurrogate(c));
        }

        assertThat(ranges(members)).isEqualTo(ranges(ofLibrary("\\P{" + name + "}")));
    }

    @Test
    void whiteSpaceIsTheLibrarys() {
        CharacterClass read = CharacterClass.whiteSpace();
        BitSet members = new BitSet();
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            members.set(c, read.contains(c));
        }

        assertThat(ranges(members)).isEqualTo(ranges(ofLibrary("\\S")));
    }

    @Test
    @EnabledIfSystemProperty(named = "categories.write", matches = ".+")
    void theTableIsWrittenAsTheLibraryHasIt() throws IOException {
        StringBuilder table =
                new StringBuilder("# Unicode's general categories as the tokenizers library knows them, written by"
                        + " GeneralCategoriesTest.\n");
        for (String name : GeneralCategories.NAMES) {
            StringBuilder line = new StringBuilder(name);
            for (String range : ranges(ofLibrary("\\P{" + name + "}"))) {
                if (line.length() + range.length() >= LINE) {
                    table.append(line).append('\n');
                    line = new StringBuilder(name);
                }
                line.append(' ').append(range);
            }
            table.append(line).append('\n');
        }
        Files.writeString(Path.of(System.getProperty("categories.write")), table, US_ASCII);
    }

    private static BitSet ofLibrary(String others) {
        BitSet members = new BitSet();
        try (TokenizersLibrary library = TokenizersLibrary.with(TokenizersLibrary.without(others), List.of())) {
            for (int from = 0; from <= Character.MAX_CODE_POINT; from += BLOCK) {
                StringBuilder text = new StringBuilder();
                for (int c = from; c < from + BLOCK; c++) {
                    if (!isSurrogate(c)) {
                        text.appendCodePoint(c);
                    }
                }
                library.normalized(text.toString()).codePoints().forEach(members::set);
            }
        }
        return members;
    }

    private static boolean isSurrogate(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }

    private static List<String> ranges(BitSet members) {
        return Stream.iterate(
                        members.nextSetBit(0),
                        from -> from >= 0,
                        from -> members.nextSetBit(members.nextClearBit(from)))
                .map(from -> {
                    int to = members.nextClearBit(from) - 1;
                    return from == to ? String.format("%X", from) : String.format("%X-%X", from, to);
                })
                .toList();
    }
}
