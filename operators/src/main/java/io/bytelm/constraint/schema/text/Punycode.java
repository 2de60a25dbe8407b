package io.bytelm.constraint.schema.text;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Labels of host names in Punycode (RFC 3492), in the letters of ASCII that come after {@code xn--}. */
final class Punycode {
    private static final int BASE = 36;
    private static final int LEAST_THRESHOLD = 1;
    private static final int MOST_THRESHOLD = 26;
    private static final int SKEW = 38;
    private static final int DAMP = 700;
    private static final int INITIAL_BIAS = 72;
    private static final int FIRST_CODE_POINT = 0x80;

    private Punycode() {}

    /** The code points of a label in lower case; null if it is not one that {@link #encode} gives. */
    static int @Nullable [] decode(String label) {
        List<Integer> codePoints = new ArrayList<>();
        int basic = Math.max(0, label.lastIndexOf('-'));
        label.substring(0, basic).chars().forEach(codePoints::add);
        int at = basic > 0 ? basic + 1 : 0;
        int next = FIRST_CODE_POINT;
        int bias = INITIAL_BIAS;
        long position = 0;
        while (at < label.length()) {
            long before = position;
            long weight = 1;
            for (int k = BASE; ; k += BASE) {
                int digit = at < label.length() ? digit(label.charAt(at++)) : BASE;
                position += digit * weight;
                if (digit == BASE || position > Integer.MAX_VALUE) {
                    return null;
                }
                int threshold = threshold(k, bias);
                if (digit < threshold) {
                    break;
                }
                weight *= BASE - threshold;
            }
            int length = codePoints.size() + 1;
            bias = adapted(position - before, length, before == 0);
            next += (int) (position / length);
            if (!Character.isValidCodePoint(next)) {
                return null;
            }
            position %= length;
            codePoints.add((int) position++, next);
        }
        int[] decoded = codePoints.stream().mapToInt(Integer::intValue).toArray();
        return label.equals(encode(decoded)) ? decoded : null;
    }

    /** What stands for the code points. */
    static String encode(int[] codePoints) {
        StringBuilder label = new StringBuilder();
        for (int c : codePoints) {
            if (c < FIRST_CODE_POINT) {
                label.append((char) c);
            }
        }
        int handled = label.length();
        int basic = handled;
        if (basic > 0) {
            label.append('-');
        }
        int next = FIRST_CODE_POINT;
        int bias = INITIAL_BIAS;
        long delta = 0;
        while (handled < codePoints.length) {
            int least = Integer.MAX_VALUE;
            for (int c : codePoints) {
                least = c >= next ? Math.min(least, c) : least;
            }
            delta += (long) (least - next) * (handled + 1);
            next = least;
            for (int c : codePoints) {
                delta += c < next ? 1 : 0;
                if (c == next) {
                    append(delta, bias, label);
                    bias = adapted(delta, handled + 1, handled == basic);
                    delta = 0;
                    handled++;
                }
            }
            delta++;
            next++;
        }
        return label.toString();
    }

    private static void append(long delta, int bias, StringBuilder label) {
        long rest = delta;
        for (int k = BASE; ; k += BASE) {
            int threshold = threshold(k, bias);
            if (rest < threshold) {
                break;
            }
            int digits = BASE - threshold;
            label.append(letter((int) (threshold + (rest - threshold) % digits)));
            rest = (rest - threshold) / digits;
        }
        label.append(letter((int) rest));
    }

    private static int threshold(int k, int bias) {
        return Math.max(LEAST_THRESHOLD, Math.min(MOST_THRESHOLD, k - bias));
    }

    private static int adapted(long delta, int length, boolean first) {
        long rest = first ? delta / DAMP : delta / 2;
        rest += rest / length;
        int k = 0;
        for (; rest > (BASE - LEAST_THRESHOLD) * MOST_THRESHOLD / 2; k += BASE) {
            rest /= BASE - LEAST_THRESHOLD;
        }
        return (int) (k + (BASE - LEAST_THRESHOLD + 1) * rest / (rest + SKEW));
    }

    /** {@link #BASE} for what is none. */
    private static int digit(char letter) {
        if (letter >= 'a' && letter <= 'z') {
            return letter - 'a';
        }
        return letter >= '0' && letter <= '9' ? letter - '0' + 26 : BASE;
    }

    private static char letter(int digit) {
        return (char) (digit < 26 ? 'a' + digit : '0' + digit - 26);
    }
}
