package io.bytelm.lm.canonical;

import io.bytelm.lm.TokenContext;
import io.bytelm.lm.canonical.CutMoves.Moved;
import io.bytelm.vocab.BeginningIndex.Beginning;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.TokenKind;
import io.bytelm.vocab.cuts.OpenCuts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All canonical ways to read the bytes so far, whatever the model thinks of them. Immutable.
 *
 * @param rules of the tokenizer
 * @param cuts where the text may be cut
 * @param recent the last bytes, as many as the longest token has, or all if there are fewer; not to be changed
 * @param heads those that end a token here among them; each context at most once
 */
public record Heads(CanonicalRules rules, OpenCuts cuts, byte[] recent, List<Head> heads) {
    private static final byte[] NO_BYTES = {};

    /** Before the first byte of a text. */
    public static Heads before(CanonicalRules rules, TokenContext context) {
        Head root = new Head(context, 0, rules.index().all(), 1, 1);
        return new Heads(rules, rules.start(), NO_BYTES, List.of(root));
    }

    /** After one more byte, 0 to 255; without any head if no canonical text goes on so. */
    public Heads read(int b) {
        OpenCuts after = cuts.read(b);
        List<Head> next = new ArrayList<>(heads.size() + 2);
        for (Head head : heads) {
            Beginning beginning = rules.index().then(head.beginning(), b);
            if (!beginning.isEmpty()) {
                Moved moved = new CutMoves(this, after).of(head);
                if (moved.courses() != 0) {
                    Head longer = head.longer(beginning, moved.courses(), moved.alone());
                    next.add(longer);
                    addClosed(longer, after, next);
                }
            }
        }
        return new Heads(rules, after, withByte(b), List.copyOf(next));
    }

    private byte[] withByte(int b) {
        int kept = Math.min(recent.length, Math.max(0, rules.vocabulary().maxTokenBytes() - 1));
        byte[] longer = new byte[kept + 1];
        System.arraycopy(recent, recent.length - kept, longer, 0, kept);
        longer[kept] = (byte) b;
        return longer;
    }

    private void addClosed(Head head, OpenCuts after, List<Head> into) {
        for (int token : rules.index().whole(head.beginning())) {
            long courses = 0;
            for (int course = 0; course < after.count(); course++) {
                boolean closes = (head.courses() >>> course & 1) != 0 && mayClose(head, token, after, course);
                courses |= closes ? 1L << course : 0;
            }
            if (courses != 0) {
                into.add(new Head(head.context().plus(token), 0, rules.index().all(), courses, head.alone() & courses));
            }
        }
    }

    /** Whether a token of just the open bytes can be the next one in a course. */
    private boolean mayClose(Head head, int token, OpenCuts after, int course) {
        int added = after.added(course);
        if (added != OpenCuts.TEXT) {
            return token == added;
        }
        boolean alone = (head.alone() >>> course & 1) != 0;
        if (alone && rules.takenWhole(token) && after.pieceBytes(course) == head.open()) {
            return true;
        }
        boolean spelled = rules.vocabulary().kind(token) != TokenKind.BYTE || rules.writtenByByte(after.character());
        return spelled
                && rules.reachable(token)
                && (alone || rules.valid(head.context().lastToken(), token));
    }

    /** Whether a piece may end with this closed head in a course. */
    boolean mayEndPiece(Head head, int course) {
        if ((head.alone() >>> course & 1) != 0) {
            return true;
        }
        int length = cuts.pieceBytes(course);
        return length > recent.length
                || !rules.takenWhole(Arrays.copyOfRange(recent, recent.length - length, recent.length));
    }

    /** Those of the last bytes that it still matters to know. */
    public byte[] recentPiece() {
        int needed = 0;
        for (int course = 0; course < cuts.count() && rules.takesPiecesWhole(); course++) {
            int length = cuts.pieceBytes(course);
            needed = length > recent.length ? needed : Math.max(needed, length);
        }
        return Arrays.copyOfRange(recent, recent.length - needed, recent.length);
    }

    /** Whether the text may end with this head. */
    public boolean mayEnd(Head head) {
        for (int course = 0; course < cuts.count() && head.isClosed(); course++) {
            boolean ends = (head.courses() >>> course & 1) != 0 && cuts.mayEnd(course) && mayEndPiece(head, course);
            if (ends) {
                return true;
            }
        }
        return false;
    }

    /** The contexts of the heads with which the text may end: just one, or none if it has no canonical tokenization. */
    public List<TokenContext> ends() {
        return heads.stream().filter(this::mayEnd).map(Head::context).toList();
    }

    /**
     * The same ways, which from here on are read by rules that find fewer added tokens, and are else the same; without those
     * in the middle of a token that is found no more.
     */
    public Heads goingOnBy(CanonicalRules fewer) {
        OpenCuts after = fewer.start().goingOnAfter(cuts);
        List<Head> left = new ArrayList<>(heads.size());
        for (Head head : heads) {
            long courses = 0;
            long alone = 0;
            for (int course = 0; course < after.count(); course++) {
                courses |= (head.courses() >>> after.origin(course) & 1) << course;
                alone |= (head.alone() >>> after.origin(course) & 1) << course;
            }
            if (courses != 0) {
                left.add(new Head(head.context(), head.open(), head.beginning(), courses, alone));
            }
        }
        return new Heads(fewer, after, recent, List.copyOf(left));
    }

    /** The same ways, but for some heads. */
    public Heads withHeads(List<Head> others) {
        return new Heads(rules, cuts, recent, List.copyOf(others));
    }
}
