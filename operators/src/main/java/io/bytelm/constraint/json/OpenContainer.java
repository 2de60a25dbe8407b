package io.bytelm.constraint.json;

import org.jspecify.annotations.Nullable;

/**
 * An array or object that is open, on top of those around it.
 *
 * @param depth how many are open, this one included
 */
record OpenContainer(boolean object, @Nullable OpenContainer parent, int depth) {
    OpenContainer(boolean object, @Nullable OpenContainer parent) {
        this(object, parent, depthOf(parent) + 1);
    }

    static int depthOf(@Nullable OpenContainer container) {
        return container == null ? 0 : container.depth;
    }
}
