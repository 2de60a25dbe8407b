package io.bytelm.constraint.schema.algebra;

import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.DfaProduct;
import io.bytelm.constraint.schema.text.Texts;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/**
 * A set of JSON values, type by type: each part is a union of its elements. Immutable.
 *
 * @param literals a sum of {@link #NULL}, {@link #TRUE} and {@link #FALSE}
 * @param numbers texts without exponents, whole values (see {@link Texts#PLAIN_NUMBERS})
 */
public record ValueSet(
        int literals, ByteDfa numbers, List<StringShape> strings, List<ArrayShape> arrays, List<ObjectShape> objects) {
    private static final int STEPS_PER_PART = 4;
    /** Alternatives are followed side by side in every document. */
    private static final int MAX_SHAPES = 8_192;

    private static final int BYTES_PER_ELEMENT = 16;
    private static final int STEPS_PER_PRODUCT = 20;
    private static final int PRODUCT_BYTES = 64;

    public static final int NULL = 1;
    public static final int TRUE = 2;
    public static final int FALSE = 4;
    public static final int ALL_LITERALS = NULL | TRUE | FALSE;

    public static final ValueSet NOTHING = new ValueSet(0, Texts.NOTHING, List.of(), List.of(), List.of());

    public ValueSet {
        strings = List.copyOf(strings);
        arrays = List.copyOf(arrays);
        objects = List.copyOf(objects);
    }

    /** Every JSON value. */
    public static ValueSet anything(Algebra algebra) {
        return new ValueSet(
                ALL_LITERALS,
                Texts.PLAIN_NUMBERS,
                List.of(StringShape.ANY),
                List.of(ArrayShape.any(algebra)),
                List.of(ObjectShape.any(algebra)));
    }

    public static ValueSet ofLiterals(int literals) {
        return new ValueSet(literals, Texts.NOTHING, List.of(), List.of(), List.of());
    }

    public ValueSet withNumbers(ByteDfa other) {
        return new ValueSet(literals, other, strings, arrays, objects);
    }

    public ValueSet withStrings(List<StringShape> other) {
        return new ValueSet(literals, numbers, other, arrays, objects);
    }

    public ValueSet withArrays(List<ArrayShape> other) {
        return new ValueSet(literals, numbers, strings, other, objects);
    }

    public ValueSet withObjects(List<ObjectShape> other) {
        return new ValueSet(literals, numbers, strings, arrays, other);
    }

    ValueSet and(ValueSet that, Algebra algebra) {
        return new ValueSet(
                literals & that.literals,
                andNumbers(numbers, that.numbers, algebra),
                products(strings, that.strings, (a, b) -> a.and(b, algebra), StringShape::isEmpty, algebra),
                products(arrays, that.arrays, (a, b) -> a.and(b, algebra), ArrayShape::isEmpty, algebra),
                products(objects, that.objects, (a, b) -> a.and(b, algebra), s -> s.isEmpty(algebra), algebra));
    }

    static ValueSet anyOf(List<ValueSet> sets, Algebra algebra) {
        int literals = 0;
        ByteDfa numbers = Texts.NOTHING;
        for (ValueSet set : sets) {
            literals |= set.literals;
            numbers = orNumbers(numbers, set.numbers, algebra);
        }
        return new ValueSet(
                literals,
                numbers,
                union(sets.stream().map(ValueSet::strings).toList(), StringShape.ANY, algebra),
                union(sets.stream().map(ValueSet::arrays).toList(), ArrayShape.any(algebra), algebra),
                union(sets.stream().map(ValueSet::objects).toList(), ObjectShape.any(algebra), algebra));
    }

    ValueSet complement(Algebra algebra) {
        ValueSet all = anything(algebra);
        return new ValueSet(
                ALL_LITERALS & ~literals,
                DfaProduct.difference(Texts.PLAIN_NUMBERS, numbers, algebra.budget()),
                minus(
                        all.strings,
                        strings,
                        s -> s.complement(algebra),
                        (a, b) -> a.and(b, algebra),
                        StringShape::isEmpty,
                        algebra),
                minus(
                        all.arrays,
                        arrays,
                        s -> s.complement(algebra),
                        (a, b) -> a.and(b, algebra),
                        ArrayShape::isEmpty,
                        algebra),
                minus(
                        all.objects,
                        objects,
                        s -> s.complement(algebra),
                        (a, b) -> a.and(b, algebra),
                        s -> s.isEmpty(algebra),
                        algebra));
    }

    private static ByteDfa andNumbers(ByteDfa a, ByteDfa b, Algebra algebra) {
        if (a == Texts.PLAIN_NUMBERS || a == b) {
            return b;
        }
        return b == Texts.PLAIN_NUMBERS ? a : DfaProduct.intersection(a, b, algebra.budget());
    }

    private static ByteDfa orNumbers(ByteDfa a, ByteDfa b, Algebra algebra) {
        if (a == Texts.PLAIN_NUMBERS || b == Texts.PLAIN_NUMBERS) {
            return Texts.PLAIN_NUMBERS;
        }
        return a.isEmpty() || a == b ? b : b.isEmpty() ? a : DfaProduct.union(a, b, algebra.budget());
    }

    private static <T> List<T> union(List<List<T>> parts, T any, Algebra algebra) {
        Set<T> union = new LinkedHashSet<>();
        for (List<T> part : parts) {
            algebra.budget().tick(1 + STEPS_PER_PART * weight(part));
            algebra.budget().chargeMemory(BYTES_PER_ELEMENT * (long) part.size());
            if (part.contains(any)) {
                return List.of(any);
            }
            union.addAll(part);
        }
        return List.copyOf(union);
    }

    private static long weight(List<?> shapes) {
        long weight = 0;
        for (Object shape : shapes) {
            weight += shape instanceof ObjectShape object
                    ? object.weight()
                    : shape instanceof ArrayShape array ? array.weight() : 1;
        }
        return weight;
    }

    private static <T> List<T> products(
            List<T> a, List<T> b, BinaryOperator<T> and, Function<T, Boolean> isEmpty, Algebra algebra) {
        algebra.budget().tick(STEPS_PER_PART * (weight(a) * b.size() + weight(b) * a.size()));
        Set<T> products = new LinkedHashSet<>();
        for (T left : a) {
            for (T right : b) {
                algebra.budget().tick(STEPS_PER_PRODUCT);
                algebra.budget().chargeMemory(PRODUCT_BYTES);
                T product = left.equals(right) ? left : and.apply(left, right);
                if (!isEmpty.apply(product)) {
                    products.add(product);
                }
                if (products.size() > MAX_SHAPES) {
                    throw new ConstraintException(
                            Reason.TOO_LARGE,
                            "its keywords combine in more than " + MAX_SHAPES + " ways: use fewer alternatives");
                }
            }
        }
        return List.copyOf(products);
    }

    private static <T> List<T> minus(
            List<T> all,
            List<T> shapes,
            Function<T, List<T>> complement,
            BinaryOperator<T> and,
            Function<T, Boolean> isEmpty,
            Algebra algebra) {
        List<T> rest = new ArrayList<>(all);
        for (T shape : shapes) {
            if (rest.isEmpty()) {
                break;
            }
            rest = new ArrayList<>(products(rest, complement.apply(shape), and, isEmpty, algebra));
        }
        return rest;
    }
}
