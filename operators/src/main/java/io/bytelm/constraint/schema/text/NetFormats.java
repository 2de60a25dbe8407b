package io.bytelm.constraint.schema.text;

/** Addresses, host names, mail addresses and URIs as regular expressions. */
final class NetFormats {
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    static final String IPV4 = BYTE + "(\\." + BYTE + "){3}";

    private static final String H16 = "[0-9a-fA-F]{1,4}";
    private static final String LAST_32_BITS = "(" + H16 + ":" + H16 + "|" + IPV4 + ")";
    /** RFC 4291, in the grammar of RFC 3986. */
    static final String IPV6 = ipv6();

    /** Of RFC 3986, to be put between brackets. */
    private static final String UNRESERVED_AND_SUB = "-a-zA-Z0-9._~!$&'()*+,;=";

    private static final String LABEL = "[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?";
    /** RFC 1123; a dot does not follow the last label. */
    static final String HOSTNAME = LABEL + "(\\." + LABEL + ")*";

    private static final String NO_PUNYCODE = "(?![xX][nN]--)";
    /** The same without labels in Punycode. */
    static final String ASCII_HOSTNAME = NO_PUNYCODE + LABEL + "(\\." + NO_PUNYCODE + LABEL + ")*";

    /** The {@code ucschar} of RFC 3987, to be put between brackets. */
    static final String IRI_CHARACTERS = iriCharacters();

    /** RFC 6570. */
    static final String URI_TEMPLATE = uriTemplate();

    /** Of RFC 5321: at most 64 bytes before the last at sign. */
    static final String SHORT_LOCAL_PART = ".{1,64}@[^@]*";

    private NetFormats() {}

    private static String ipv6() {
        StringBuilder regex = new StringBuilder("(" + H16 + ":){6}" + LAST_32_BITS);
        for (int before = 0; before <= 5; before++) {
            String head = before == 0 ? "" : "((" + H16 + ":){0," + (before - 1) + "}" + H16 + ")?";
            String middle = before == 5 ? "" : "(" + H16 + ":){" + (5 - before) + "}";
            regex.append('|').append(head).append("::").append(middle).append(LAST_32_BITS);
        }
        regex.append("|((")
                .append(H16)
                .append(":){0,5}")
                .append(H16)
                .append(")?::")
                .append(H16);
        return regex.append("|((")
                .append(H16)
                .append(":){0,6}")
                .append(H16)
                .append(")?::")
                .toString();
    }

    /**
     * RFC 5321, with quoted local parts and address literals, labels of any length; the limit on the local part is apart. RFC 6531 has
     * none, since there the bytes of a local part are not its characters.
     *
     * @param more characters beyond ASCII
     */
    static String email(String more) {
        String atom = "[-a-zA-Z0-9!#$%&'*+/=?^_`{|}~" + more + "]+";
        String quoted = "\"([ !#-\\[\\]-~" + more + "]|\\\\[ -~])*\"";
        String label = "[a-zA-Z0-9" + more + "]([-a-zA-Z0-9" + more + "]*[a-zA-Z0-9" + more + "])?";
        String literal = "\\[(" + IPV4 + "|IPv6:(" + IPV6 + "))\\]";
        return "(" + atom + "(\\." + atom + ")*|" + quoted + ")@(" + label + "(\\." + label + ")*|" + literal + ")";
    }

    private static String percentOr(String characters) {
        return "([" + characters + "]|%[0-9a-fA-F]{2})";
    }

    private static String authority(String more) {
        String userInfo = percentOr(UNRESERVED_AND_SUB + ":" + more) + "*@";
        String name = percentOr(UNRESERVED_AND_SUB + more) + "*";
        String literal = "\\[(" + IPV6 + "|[vV][0-9a-fA-F]+\\.[" + UNRESERVED_AND_SUB + ":]+)\\]";
        return "(" + userInfo + ")?(" + literal + "|" + name + ")(:[0-9]*)?";
    }

    private static String tail(String more) {
        String rest = percentOr(UNRESERVED_AND_SUB + ":@/?" + more) + "*";
        String privateUse = more.isEmpty() ? "" : "\\uE000-\\uF8FF\\u{F0000}-\\u{FFFFD}\\u{100000}-\\u{10FFFD}";
        String query = percentOr(UNRESERVED_AND_SUB + ":@/?" + more + privateUse) + "*";
        return "(\\?" + query + ")?(#" + rest + ")?";
    }

    /** RFC 3986; with {@link #IRI_CHARACTERS}, RFC 3987. */
    static String uri(String more) {
        String pchar = percentOr(UNRESERVED_AND_SUB + ":@" + more);
        String path = "//" + authority(more) + "(/" + pchar + "*)*|/(" + pchar + "+(/" + pchar + "*)*)?|" + pchar
                + "+(/" + pchar + "*)*|";
        return "[a-zA-Z][-a-zA-Z0-9+.]*:(" + path + ")" + tail(more);
    }

    static String uriReference(String more) {
        String pchar = percentOr(UNRESERVED_AND_SUB + ":@" + more);
        String first = percentOr(UNRESERVED_AND_SUB + "@" + more);
        String path = "//" + authority(more) + "(/" + pchar + "*)*|/(" + pchar + "+(/" + pchar + "*)*)?|" + first
                + "+(/" + pchar + "*)*|";
        return uri(more) + "|(" + path + ")" + tail(more);
    }

    private static String iriCharacters() {
        StringBuilder ranges = new StringBuilder("\\u00A0-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFEF");
        for (int plane = 1; plane <= 0xE; plane++) {
            String hex = Integer.toHexString(plane);
            ranges.append("\\u{").append(hex).append(plane == 0xE ? "1000" : "0000");
            ranges.append("}-\\u{").append(hex).append("FFFD}");
        }
        return ranges.toString();
    }

    private static String uriTemplate() {
        String literal = "[!#$&-;=?-\\[\\]_a-z~" + IRI_CHARACTERS + "\\uE000-\\uF8FF]|%[0-9a-fA-F]{2}";
        String character = "([a-zA-Z0-9_]|%[0-9a-fA-F]{2})";
        String name = character + "(\\.?" + character + ")*";
        String variable = name + "(:[1-9][0-9]{0,3}|\\*)?";
        return "(" + literal + "|\\{[+#./;?&=,!@|]?" + variable + "(," + variable + ")*\\})*";
    }
}
