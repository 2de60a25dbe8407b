package io.bytelm.decode;

/** A recursive descent parser of sums and products of whole numbers: the judge of a grammar. */
final class Sums {
    private final String text;
    private int at;

    private Sums(String text) {
        this.text = text;
    }

    static boolean isSum(String text) {
        Sums sums = new Sums(text);
        return sums.sum() && sums.at == text.length();
    }

    private boolean sum() {
        do {
            if (!product()) {
                return false;
            }
        } while (take('+'));
        return true;
    }

    private boolean product() {
        do {
            if (!value()) {
                return false;
            }
        } while (take('*'));
        return true;
    }

    private boolean value() {
        if (take('(')) {
            return sum() && take(')');
        }
        int start = at;
        while (at < text.length() && at < start + 2 && Character.isDigit(text.charAt(at))) {
            at++;
        }
        return at == start + 1 || (at == start + 2 && text.charAt(start) != '0');
    }

    private boolean take(char wanted) {
        boolean isThere = at < text.length() && text.charAt(at) == wanted;
        at += isThere ? 1 : 0;
        return isThere;
    }
}
