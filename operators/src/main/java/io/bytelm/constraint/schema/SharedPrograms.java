package io.bytelm.constraint.schema;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.DfaProduct;
import io.bytelm.constraint.json.Escapes;
import io.bytelm.constraint.schema.algebra.StringShape;
import io.bytelm.constraint.schema.network.KeyClassProgram;
import io.bytelm.constraint.schema.network.StringProgram;
import io.bytelm.constraint.schema.text.JsonStringEncoding;
import io.bytelm.constraint.schema.text.TextCheck;
import io.bytelm.constraint.schema.text.Texts;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * What many values of one schema have in common: thousands of keys have a string or an integer as their value. Automata are
 * known by identity: those of {@link Texts} and of the formats are. Used by one thread.
 */
final class SharedPrograms {
    /** @param index among the strings of the value: positions are written down by it */
    private record Limits(int min, int max, List<TextCheck> checks, int index) {}

    private final CompileBudget budget;
    private final boolean existingDocuments;
    private final Escapes escapes;
    private final Map<ByteDfa, Map<Limits, StringProgram>> strings = new IdentityHashMap<>();
    private final Map<ByteDfa, ByteDfa> texts = new IdentityHashMap<>();
    private final Map<ByteDfa, ByteDfa> numbers = new IdentityHashMap<>();
    private final Map<ByteDfa, KeyClassProgram> keys = new IdentityHashMap<>();

    SharedPrograms(CompileBudget budget, SchemaOptions options) {
        this.budget = budget;
        this.existingDocuments = options.existingDocuments();
        this.escapes = options.escapes();
    }

    StringProgram string(StringShape shape, int index) {
        Limits key = new Limits(shape.min(), shape.max(), shape.checks(), index);
        return strings.computeIfAbsent(shape.texts(), t -> new HashMap<>())
                .computeIfAbsent(key, limits -> program(existingDocuments ? shape : shape.surely(budget)));
    }

    private StringProgram program(StringShape shape) {
        return new StringProgram(texts(shape.texts()), shape.min(), shape.max(), shape.checks(), budget);
    }

    /**
     * The texts of strings that no two items or keys may have alike.
     *
     * @throws ConstraintException if they have a format that no automaton decides, and come from elsewhere
     */
    ByteDfa distinctTexts(StringShape shape) {
        if (existingDocuments && !shape.checks().isEmpty()) {
            throw new ConstraintException(
                    Reason.UNSUPPORTED,
                    shape.checks().get(0).format() + " is not enforced where no two strings may be alike");
        }
        return keyTexts(shape.surely(budget).limitedTexts(budget));
    }

    /** What stands between the quotes of strings, with the escapes that they use. */
    ByteDfa texts(ByteDfa minimal) {
        return texts.computeIfAbsent(minimal, t -> escapes.written(t, budget));
    }

    /** Keys whose values are still to be set. */
    KeyClassProgram keys(ByteDfa minimal) {
        return keys.computeIfAbsent(minimal, t -> new KeyClassProgram(keyTexts(t), 0, budget));
    }

    /** The texts of strings that are told apart by them. */
    ByteDfa keyTexts(ByteDfa minimal) {
        return escapes.holdsForKeys() ? texts(minimal) : minimal;
    }

    /** A key as it stands between the quotes. */
    byte[] key(String name) {
        return escapes.key(JsonStringEncoding.encode(name));
    }

    /** How the numbers of a set are written: in new documents integers and the numbers of a list in their shortest form. */
    ByteDfa written(ByteDfa values) {
        return numbers.computeIfAbsent(values, this::inTheirForms);
    }

    private ByteDfa inTheirForms(ByteDfa values) {
        boolean all = values.equals(Texts.PLAIN_NUMBERS);
        if (existingDocuments) {
            return all ? Texts.ANY_NUMBER : values;
        } else if (all) {
            return Texts.SMALL_EXPONENTS;
        }
        ByteDfa shortest = DfaProduct.intersection(values, Texts.SHORTEST_FORMS, budget);
        boolean integers =
                DfaProduct.difference(values, Texts.INTEGER_VALUES, budget).isEmpty();
        return integers || KeyClassProgram.isFinite(shortest, budget) ? shortest : values;
    }
}
