package io.bytelm.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A place in a schema document.
 *
 * @param surrounding the place around it; null at the root
 * @param name under which it stands there
 * @param base URI that references are relative to; empty if there is none
 */
record Location(JsonNode node, @Nullable Location surrounding, String name, String base) {
    static Location root(JsonNode node, String base) {
        return new Location(node, null, "#", base);
    }

    Location child(String key, SchemaDocument document) {
        return child(node.path(key), key, document);
    }

    Location child(int index, SchemaDocument document) {
        return child(node.path(index), Integer.toString(index), document);
    }

    private Location child(JsonNode value, String key, SchemaDocument document) {
        return new Location(value, this, key, document.baseOf(value, base));
    }

    Location withBase(String other) {
        return new Location(node, surrounding, name, other);
    }

    /** From the root of the document, for messages; it is put together when it is asked for. */
    String pointer() {
        Deque<String> names = new ArrayDeque<>();
        for (Location at = this; at != null; at = at.surrounding) {
            names.push(at.surrounding == null ? at.name : escaped(at.name));
        }
        return String.join("/", names);
    }

    /** A name as it stands in a pointer; half of a surrogate pair in the form of its JSON escape, since no text holds it. */
    static String escaped(String name) {
        StringBuilder escaped = new StringBuilder(name.length());
        name.codePoints().forEach(c -> {
            switch (c) {
                case '~' -> escaped.append("~0");
                case '/' -> escaped.append("~1");
                default -> {
                    boolean alone = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
                    escaped.append(alone ? "\\u" + Integer.toHexString(c) : Character.toString(c));
                }
            }
        });
        return escaped.toString();
    }

    ConstraintException unsupported(String keyword, String why) {
        return refusal(Reason.UNSUPPORTED, keyword, why);
    }

    ConstraintException malformed(String keyword, String why) {
        return refusal(Reason.SYNTAX, keyword, why);
    }

    ConstraintException refusal(Reason reason, String keyword, String why) {
        return ConstraintException.at(reason, pointer() + (keyword.isEmpty() ? "" : "/" + keyword), why);
    }

    /** Does what a keyword asks for; a refusal that names no place yet is told with the keyword's. */
    <T> T within(String keyword, Supplier<T> work) {
        try {
            return work.get();
        } catch (ConstraintException e) {
            throw e.place() != null ? e : refusal(e.reason(), keyword, String.valueOf(e.getMessage()));
        }
    }
}
