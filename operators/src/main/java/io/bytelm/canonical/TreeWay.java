package io.bytelm.canonical;

import io.bytelm.lm.TokenContext;
import io.bytelm.lm.canonical.Head;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * One way to read the text of a tree, for people.
 *
 * @param context the closed tokens
 * @param open the bytes since then; not to be changed
 * @param logWeight the log probability (nats) of these tokens, and of all that begin with the open bytes after them; where
 *     the context is deferred what that is not above
 * @param isDeferred whether it has not been evaluated
 */
public record TreeWay(TokenContext context, byte[] open, double logWeight, boolean isDeferred) {
    /** The heaviest first. A token that has just ended is still open here; the way that it has closed is the same text. */
    static List<TreeWay> of(CanonicalTree tree) {
        List<TreeWay> ways = new ArrayList<>();
        byte[] text = tree.text();
        for (Head head : tree.heads().heads()) {
            if (!head.isClosed() || tree.length() == 0) {
                Opening opening = tree.openings().of(head);
                Masses masses = opening.masses();
                double logWeight = masses == null
                        ? tree.openings().firstDue(opening).logWeight()
                        : opening.logWeight() + masses.logMass(head.open());
                byte[] open = Arrays.copyOfRange(text, text.length - head.open(), text.length);
                ways.add(new TreeWay(head.context(), open, logWeight, masses == null && tree.length() > 0));
            }
        }
        ways.sort(Comparator.comparingDouble(TreeWay::logWeight).reversed());
        return ways;
    }
}
