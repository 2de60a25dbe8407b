/** The trie/LM service: how much probability mass lies under each byte that could follow. */
@NullMarked
package io.bytelm.service;

import org.jspecify.annotations.NullMarked;
