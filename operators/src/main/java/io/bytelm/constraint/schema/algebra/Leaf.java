package io.bytelm.constraint.schema.algebra;

/** A set of JSON values that is written down somewhere. Equal leaves are the same set. */
public interface Leaf {
    /** Called at most once for equal leaves of one algebra. */
    ValueSet evaluate(Algebra algebra);
}
