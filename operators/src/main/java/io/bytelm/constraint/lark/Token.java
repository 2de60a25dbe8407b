package io.bytelm.constraint.lark;

/**
 * A word of a grammar's text.
 *
 * @param text what stands there; of {@link Kind#JSON} the object behind {@code %json}
 * @param at its place, in chars from 0
 */
record Token(Kind kind, String text, int at) {
    enum Kind {
        /** The name of a rule: {@code item}, {@code ?item}, {@code !item}, {@code _item}. */
        RULE,
        /** The name of a terminal: {@code WORD}, {@code _WORD}. */
        TERMINAL,
        /** In double quotes, with the flag {@code i} if it is there. */
        STRING,
        /** In slashes, with its flags. */
        REGEX,
        NUMBER,
        /** {@code %ignore}, {@code %import} and so on. */
        DIRECTIVE,
        /** {@code %json} and its schema. */
        JSON,
        /** {@code : | ( ) [ ] { } + * ? ~ .. . , -> & =}. */
        SIGN,
        /** One end of a line or more. */
        NEWLINE,
        END
    }

    boolean is(String sign) {
        return kind == Kind.SIGN && text.equals(sign);
    }
}
