package io.bytelm.constraint.composed;

import io.bytelm.constraint.Cursor;

/** A position in a composed constraint: states of the frame, and positions in leaves. Immutable. */
sealed interface ComposedCursor extends Cursor permits InFrame, InLeaf, Several {}
