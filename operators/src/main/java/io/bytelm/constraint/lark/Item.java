package io.bytelm.constraint.lark;

import java.util.List;

/** The right side of a definition, as it is written. Each part knows its place, in chars from 0. Immutable. */
sealed interface Item {
    int at();

    /** A rule or a terminal, by its name. */
    record Name(String name, boolean terminal, int at) implements Item {}

    /** A string in quotes, or a regular expression in slashes, with its flags. */
    record Text(Token token) implements Item {
        @Override
        public int at() {
            return token.at();
        }
    }

    /** A character of {@code first .. last}. */
    record Range(Token first, Token last) implements Item {
        @Override
        public int at() {
            return first.at();
        }
    }

    /** What satisfies a JSON Schema. */
    record Schema(String schema, int at) implements Item {}

    /** One part after the other. */
    record Sequence(List<Item> parts, int at) implements Item {}

    /** Any of the branches. */
    record Alternatives(List<Item> branches, int at) implements Item {}

    /** What all of the parts are. */
    record Both(List<Item> parts, int at) implements Item {}

    /** Any text but this. */
    record Not(Item item, int at) implements Item {}

    /** The item, {@code min} to {@code max} times. */
    record Repeat(Item item, int min, int max, int at) implements Item {}
}
