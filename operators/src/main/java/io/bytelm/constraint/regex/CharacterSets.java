package io.bytelm.constraint.regex;

import io.bytelm.constraint.automaton.CodePointSet;

/** The sets behind {@code \d}, {@code \w}, {@code \s} and the dot, as ECMA-262 defines them. */
final class CharacterSets {
    static final CodePointSet DIGIT = CodePointSet.range('0', '9');
    static final CodePointSet WORD = CodePointSet.ofBounds('0', '9', 'A', 'Z', '_', '_', 'a', 'z');
    static final CodePointSet SPACE = CodePointSet.ofBounds(
            0x09, 0x0D, 0x20, 0x20, 0xA0, 0xA0, 0x1680, 0x1680, 0x2000, 0x200A, 0x2028, 0x2029, 0x202F, 0x202F, 0x205F,
            0x205F, 0x3000, 0x3000, 0xFEFF, 0xFEFF);
    static final CodePointSet ASCII_SPACE = CodePointSet.ofBounds(0x09, 0x0D, 0x20, 0x20);
    static final CodePointSet LINE_TERMINATOR = CodePointSet.of('\n', '\r', 0x2028, 0x2029);
    static final CodePointSet ASCII_LINE_TERMINATOR = CodePointSet.of('\n', '\r');

    private CharacterSets() {}
}
