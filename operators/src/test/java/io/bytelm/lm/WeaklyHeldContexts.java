package io.bytelm.lm;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/** Tokens of contexts that a test has made, each node held so that it shows whether anybody else holds it. */
public final class WeaklyHeldContexts {
    private static final int MOST_COLLECTIONS = 20;
    private static final long PAUSE_MILLIS = 20;

    private final List<WeakReference<TokenContext>> nodes = new ArrayList<>();

    /** Watches a context and all of its beginnings, each of which was made for it alone. */
    public TokenContext watch(TokenContext context) {
        for (TokenContext at = context; at != null; at = at.parent()) {
            nodes.add(new WeakReference<>(at));
        }
        return context;
    }

    public int watched() {
        return nodes.size();
    }

    /** How many are reachable yet, once there are no more than {@code enough}, or garbage was collected often enough. */
    public int reachable(int enough) throws InterruptedException {
        int reachable = Integer.MAX_VALUE;
        for (int collection = 0; collection < MOST_COLLECTIONS && reachable > enough; collection++) {
            System.gc();
            Thread.sleep(PAUSE_MILLIS);
            reachable = (int) nodes.stream().filter(node -> node.get() != null).count();
        }
        return reachable;
    }
}
