package io.bytelm.constraint.schema.text;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.DfaProduct;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.stream.Collectors;

/** Sets of plain decimal texts chosen by value: {@code 1}, {@code 1.0} and {@code 1.00} are all in a set or none is. */
public final class NumberTexts {
    /** Why a number is refused that cannot be written out. */
    public static final String TOO_LONG = "a number of more than 400 digits";

    private static final int MAX_DIGITS = 400;
    private static final int MAX_REMAINDERS = 20_000;
    private static final String ANY_MAGNITUDE = "(0|[1-9][0-9]*)(\\.[0-9]+)?";
    private static final String ZERO = "0(\\.0+)?";

    private NumberTexts() {}

    /** Whether a number has few enough digits without its exponent; asked before anything is made of it. */
    public static boolean canWriteOut(BigDecimal value) {
        return Math.abs((long) value.scale()) + value.precision() <= MAX_DIGITS;
    }

    /** All numbers of these values. */
    public static ByteDfa equalTo(Collection<BigDecimal> values, CompileBudget budget) {
        if (values.isEmpty()) {
            return Texts.NOTHING;
        }
        return Texts.numbers(values.stream().map(NumberTexts::equalTo).collect(Collectors.joining("|")), budget);
    }

    private static String equalTo(BigDecimal value) {
        String sign = value.signum() < 0 ? "-" : value.signum() == 0 ? "-?" : "";
        return sign + equal(digits(value));
    }

    /** All numbers of at least this value, or above it. */
    public static ByteDfa above(BigDecimal bound, boolean exclusive, CompileBudget budget) {
        String[] digits = digits(bound);
        if (bound.signum() > 0) {
            return Texts.numbers(greater(digits) + (exclusive ? "" : "|" + equal(digits)), budget);
        }
        if (bound.signum() == 0) {
            return exclusive
                    ? Texts.numbers(greater(digits), budget)
                    : Texts.numbers(ANY_MAGNITUDE + "|-" + ZERO, budget);
        }
        String notAbove = "-(" + greater(digits) + (exclusive ? "|" + equal(digits) : "") + ")";
        return DfaProduct.difference(Texts.PLAIN_NUMBERS, Texts.numbers(notAbove, budget), budget);
    }

    /** All numbers of at most this value, or below it. */
    public static ByteDfa below(BigDecimal bound, boolean exclusive, CompileBudget budget) {
        return DfaProduct.difference(Texts.PLAIN_NUMBERS, above(bound, !exclusive, budget), budget);
    }

    /** The digits of the magnitude: before the point, and after it without trailing zeros. */
    private static String[] digits(BigDecimal value) {
        BigDecimal magnitude = value.abs().stripTrailingZeros();
        checkDigits(magnitude);
        String[] parts = magnitude.toPlainString().split("\\.");
        return new String[] {parts[0], parts.length > 1 ? parts[1] : ""};
    }

    private static void checkDigits(BigDecimal value) {
        if (!canWriteOut(value)) {
            throw new ConstraintException(Reason.TOO_LARGE, TOO_LONG);
        }
    }

    private static String equal(String[] digits) {
        return digits[1].isEmpty() ? digits[0] + "(\\.0+)?" : digits[0] + "\\." + digits[1] + "0*";
    }

    private static String greater(String[] digits) {
        String whole = digits[0];
        String fraction = digits[1];
        StringBuilder regex = new StringBuilder("(");
        regex.append("([1-9][0-9]{").append(whole.length()).append(",}");
        for (int i = 0; i < whole.length(); i++) {
            if (whole.charAt(i) < '9') {
                regex.append('|').append(whole, 0, i).append(atLeastNext(whole.charAt(i)));
                regex.append("[0-9]{").append(whole.length() - i - 1).append('}');
            }
        }
        regex.append(")(\\.[0-9]+)?|").append(whole).append("\\.(");
        for (int i = 0; i < fraction.length(); i++) {
            if (fraction.charAt(i) < '9') {
                regex.append(fraction, 0, i)
                        .append(atLeastNext(fraction.charAt(i)))
                        .append("[0-9]*|");
            }
        }
        return regex.append(fraction).append("0*[1-9][0-9]*))").toString();
    }

    private static String atLeastNext(char digit) {
        return "[" + (char) (digit + 1) + "-9]";
    }

    /** All multiples of a positive number. */
    public static ByteDfa multiplesOf(BigDecimal divisor, CompileBudget budget) {
        BigDecimal stripped = divisor.stripTrailingZeros();
        checkDigits(stripped);
        int decimals = Math.max(0, stripped.scale());
        BigInteger whole = stripped.movePointRight(decimals).toBigIntegerExact();
        if (decimals > 30 || whole.bitLength() > 31 || whole.longValue() * (decimals + 2) > MAX_REMAINDERS) {
            throw new ConstraintException(Reason.TOO_LARGE, "multiples of " + stripped + " need too many states");
        }
        return DfaProduct.intersection(
                Texts.PLAIN_NUMBERS, new Remainders(whole.intValue(), decimals).automaton(budget), budget);
    }
}
