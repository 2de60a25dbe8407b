package io.bytelm.constraint.schema.network;

/** Objects whose names come in the schema's order, and other keys after them. */
final class KeyOrder {
    private KeyOrder() {}

    /**
     * Whether a name may come next: none that must come is left behind, and enough keys can still come after it.
     *
     * @param stillRequired the names that must come and have not, with those that this one brings
     */
    static boolean admits(ObjectRun run, int name, long[] stillRequired) {
        ObjectProgram program = run.program();
        int place = program.order()[name];
        long later = program.availableOthers(run.used());
        for (int i = 0; i < program.names().size(); i++) {
            if (program.order()[i] < place && Bits.contains(stillRequired, i)) {
                return false;
            }
            boolean comesLater = program.order()[i] > place && program.valueOf()[i] != ObjectProgram.FORBIDDEN;
            later += comesLater && later < KeyClassProgram.UNLIMITED ? 1 : 0;
        }
        return place > run.last().place() && later >= program.min() - run.count() - 1L;
    }
}
