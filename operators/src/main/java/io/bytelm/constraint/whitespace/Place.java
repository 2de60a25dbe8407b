package io.bytelm.constraint.whitespace;

/** Where in a document a gap between two tokens is. */
public enum Place {
    /** Before or after the document. */
    OUTSIDE,
    /** After the bracket that opens an array or object. */
    AFTER_OPENING,
    BEFORE_COLON,
    AFTER_COLON,
    AFTER_COMMA,
    /** After a value in an array or object, before what separates or ends it. */
    AFTER_VALUE
}
