/** The vocabulary as an immutable byte trie; sums and maxima of token weights over its subtrees. */
@NullMarked
package io.bytelm.trie;

import org.jspecify.annotations.NullMarked;
