package io.bytelm.vocab;

import com.fasterxml.jackson.databind.node.TextNode;

/** Texts in messages. */
final class Quoted {
    private Quoted() {}

    /** In quotation marks, on one line whatever it holds. */
    static String text(String content) {
        return TextNode.valueOf(content).toString();
    }
}
