package io.bytelm.constraint.automaton;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {
    private static final int[] BOUNDARIES = {
        0, 1, 0x7F, 0x80, 0x7FF, 0x800, 0xFFF, 0x1000, 0xCFFF, 0xD000, 0xD7FF, 0xE000, 0xFFFD, 0xFFFF, 0x10000, 0x3FFFF,
        0x40000, 0xFFFFF, 0x100000, 0x10FFFF
    };

    private static ByteDfa one(CodePointSet set) {
        return ExpressionCompiler.compile(
                new Expression.Chars(set), Utf8.INSTANCE, CompileBudget.start(CompileLimits.DEFAULT));
    }

    private static byte[] utf8(int codePoint) {
        return Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void everyStringOfOneOrTwoBytesIsJudgedAsTheJavaDecoderDoes() {
        ByteDfa any = one(CodePointSet.ALL);
        for (int b = 0; b < 1 << 8; b++) {
            assertJudged(any, new byte[] {(byte) b});
        }
        for (int b = 0; b < 1 << 16; b++) {
            assertJudged(any, new byte[] {(byte) (b >> 8), (byte) b});
        }
    }

    @Test
    void threeByteStringsAreThoseOfTheirCodePointsAndNoOthers() {
        ByteDfa any = one(CodePointSet.ALL);
        boolean[] expected = new boolean[1 << 24];
        for (int c = 0x800; c <= 0xFFFF; c++) {
            if (c < 0xD800 || c > 0xDFFF) {
                byte[] bytes = utf8(c);
                expected[(bytes[0] & 0xFF) << 16 | (bytes[1] & 0xFF) << 8 | bytes[2] & 0xFF] = true;
            }
        }
        for (int b = 0; b < 1 << 24; b++) {
            boolean actual = any.accepts(new byte[] {(byte) (b >> 16), (byte) (b >> 8), (byte) b});
            if (actual != expected[b]) {
                throw new AssertionError("bytes " + Integer.toHexString(b));
            }
        }
    }

    private static void assertJudged(ByteDfa any, byte[] bytes) {
        if (any.accepts(bytes) != isOneCodePoint(bytes)) {
            throw new AssertionError("bytes " + Arrays.toString(bytes));
        }
    }

    @Test
    void fourByteStringsAtEveryBoundaryAreJudgedAsTheJavaDecoderDoes() {
        ByteDfa any = one(CodePointSet.ALL);
        int[] edges = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF};
        int accepted = 0;
        for (int lead = 0xE0; lead <= 0xFF; lead++) {
            for (int i = 0; i < 1000; i++) {
                byte[] bytes = {(byte) lead, (byte) edges[i % 10], (byte) edges[i / 10 % 10], (byte) edges[i / 100]};
                assertJudged(any, bytes);
                accepted += any.accepts(bytes) ? 1 : 0;
            }
        }
        assertThat(accepted).isPositive();
    }

    private static boolean isOneCodePoint(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.codePointCount(0, text.length()) == 1;
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }

    @Test
    void everyRangeBetweenTwoBoundariesHoldsExactlyItsCodePoints() {
        for (int first : BOUNDARIES) {
            for (int last : BOUNDARIES) {
                if (first <= last) {
                    CodePointSet set = CodePointSet.range(first, last);
                    ByteDfa in = one(set);
                    ByteDfa out = one(set.complement());
                    for (int c : BOUNDARIES) {
                        assertNeighbours(in, out, set, c);
                    }
                }
            }
        }
    }

    private static void assertNeighbours(ByteDfa in, ByteDfa out, CodePointSet set, int c) {
        for (int near = Math.max(0, c - 1); near <= Math.min(0x10FFFF, c + 1); near++) {
            boolean scalar = near < 0xD800 || near > 0xDFFF;
            if (scalar) {
                assertThat(in.accepts(utf8(near))).isEqualTo(set.contains(near));
                assertThat(out.accepts(utf8(near))).isEqualTo(!set.contains(near));
            }
        }
    }

    @Test
    void randomSetsHoldExactlyTheirCodePoints() {
        for (long seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            int[] bounds = new int[2 * (1 + random.nextInt(40))];
            for (int i = 0; i < bounds.length; i += 2) {
                bounds[i] = random.nextInt(1 << 1 + random.nextInt(20));
                bounds[i + 1] = Math.min(0x10FFFF, bounds[i] + random.nextInt(1 << random.nextInt(16)));
            }
            CodePointSet set = CodePointSet.ofBounds(bounds);
            ByteDfa dfa = one(set);
            for (int c = 0; c <= 0x10FFFF; c += 1 + random.nextInt(37)) {
                if (c < 0xD800 || c > 0xDFFF) {
                    assertThat(dfa.accepts(utf8(c)))
                            .as("seed %d, U+%X", seed, c)
                            .isEqualTo(set.contains(c));
                }
            }
        }
    }
}
