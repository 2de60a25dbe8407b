package io.bytelm.vocab;

/** An added token under the id that a file gives it, which need not be the one that it gets. */
record NumberedToken(int id, AddedToken token) {}
