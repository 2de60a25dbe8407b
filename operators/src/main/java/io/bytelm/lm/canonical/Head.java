package io.bytelm.lm.canonical;

import io.bytelm.lm.TokenContext;
import io.bytelm.vocab.BeginningIndex.Beginning;

/**
 * One way to read the bytes so far as tokens that can still become canonical: closed tokens, and the bytes since then that
 * begin another one. Sets of courses are bits by the course's number in the cuts at this byte.
 *
 * @param context the closed tokens, BOS first
 * @param open how many bytes there are since the last closed token
 * @param beginning the tokens that begin with those bytes
 * @param courses the courses of cuts in which the closed tokens, and an open one, are right so far; not empty
 * @param alone of an open token: the courses in which it begins a piece. Of one just closed: those in which it does.
 */
public record Head(TokenContext context, int open, Beginning beginning, long courses, long alone) {
    /** Whether a token has just ended. */
    public boolean isClosed() {
        return open == 0;
    }

    /** This head one byte later. */
    Head longer(Beginning longerBeginning, long newCourses, long newAlone) {
        return new Head(context, open + 1, longerBeginning, newCourses, newAlone);
    }
}
