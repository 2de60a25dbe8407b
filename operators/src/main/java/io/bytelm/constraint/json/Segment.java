package io.bytelm.constraint.json;

import static io.bytelm.constraint.automaton.Expression.anyOf;
import static io.bytelm.constraint.automaton.Expression.literal;
import static io.bytelm.constraint.automaton.Expression.sequence;

import io.bytelm.constraint.automaton.Expression;
import io.bytelm.constraint.whitespace.Place;
import io.bytelm.constraint.whitespace.Separators;

/**
 * What a JSON text is made of between two changes of context: each segment is a regular language that ends with the
 * structural character that decides what comes next.
 */
enum Segment {
    TOP_VALUE,
    AFTER_TOP_VALUE,
    FIRST_ELEMENT,
    ELEMENT,
    AFTER_ELEMENT,
    FIRST_MEMBER,
    MEMBER_NAME,
    MEMBER_VALUE,
    AFTER_MEMBER;

    Expression expression(JsonOptions options) {
        Expression space = options.whitespace().unlimited() ? JsonText.WHITESPACE : Expression.EMPTY;
        Expression string = string(options);
        Expression scalar = anyOf(string, JsonText.NUMBER, literal("true"), literal("false"), literal("null"));
        Expression open = anyOf(literal("["), literal("{"));
        Expression endOfElement = sequence(space, anyOf(literal(","), literal("]")));
        Expression endOfMember = sequence(space, anyOf(literal(","), literal("}")));
        Separators separators = options.separators();
        Expression afterComma = sequence(literal(separators.afterComma()), space);
        Expression afterColon = sequence(literal(separators.afterColon()), space);
        Expression colon = sequence(literal(separators.beforeColon()), space, literal(":"));
        return switch (this) {
            case TOP_VALUE -> sequence(space, anyOf(open, sequence(scalar, space)));
            case AFTER_TOP_VALUE -> space;
            case FIRST_ELEMENT -> sequence(space, anyOf(open, sequence(scalar, endOfElement), literal("]")));
            case ELEMENT -> sequence(afterComma, anyOf(open, sequence(scalar, endOfElement)));
            case AFTER_ELEMENT -> endOfElement;
            case FIRST_MEMBER -> sequence(space, anyOf(sequence(string, colon), literal("}")));
            case MEMBER_NAME -> sequence(afterComma, string, colon);
            case MEMBER_VALUE -> sequence(afterColon, anyOf(open, sequence(scalar, endOfMember)));
            case AFTER_MEMBER -> endOfMember;
        };
    }

    private static Expression string(JsonOptions options) {
        if (options.escapes() == Escapes.ANY) {
            return options.loneSurrogates() ? JsonText.STRING_WITH_LONE_SURROGATES : JsonText.STRING;
        }
        return JsonText.string(options.escapes());
    }

    /** The gap that it begins with. */
    Place place() {
        return switch (this) {
            case TOP_VALUE, AFTER_TOP_VALUE -> Place.OUTSIDE;
            case FIRST_ELEMENT, FIRST_MEMBER -> Place.AFTER_OPENING;
            case ELEMENT, MEMBER_NAME -> Place.AFTER_COMMA;
            case MEMBER_VALUE -> Place.AFTER_COLON;
            case AFTER_ELEMENT, AFTER_MEMBER -> Place.AFTER_VALUE;
        };
    }

    /** The segment after a comma in this one. */
    Segment afterComma() {
        return this == MEMBER_VALUE || this == AFTER_MEMBER ? MEMBER_NAME : ELEMENT;
    }
}
