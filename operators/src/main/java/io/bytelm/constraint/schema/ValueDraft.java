package io.bytelm.constraint.schema;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.schema.algebra.Algebra;
import io.bytelm.constraint.schema.algebra.ArrayShape;
import io.bytelm.constraint.schema.algebra.ObjectShape;
import io.bytelm.constraint.schema.algebra.StringShape;
import io.bytelm.constraint.schema.algebra.ValueSet;
import io.bytelm.constraint.schema.network.ArrayProgram;
import io.bytelm.constraint.schema.network.ObjectProgram;
import io.bytelm.constraint.schema.network.StringProgram;
import io.bytelm.constraint.schema.network.ValueProgram;
import io.bytelm.constraint.schema.text.LiteralTexts;
import java.util.ArrayList;
import java.util.List;

/** The program of one node before it is known which nodes have values. Immutable. */
record ValueDraft(
        List<ByteDfa> scalars, List<StringProgram> strings, List<ArrayDraft> arrays, List<ObjectDraft> objects) {
    static ValueDraft of(ValueSet set, NetworkBuilder builder) {
        Algebra algebra = builder.algebra();
        List<ByteDfa> scalars = new ArrayList<>();
        if (set.literals() != 0) {
            scalars.add(LiteralTexts.of(set.literals()));
        }
        if (!set.numbers().isEmpty()) {
            scalars.add(builder.shared().written(set.numbers()));
        }
        List<StringProgram> strings = new ArrayList<>();
        for (StringShape shape : set.strings()) {
            addString(shape, builder.shared(), strings);
        }
        List<ArrayDraft> arrays = new ArrayList<>();
        for (ArrayShape shape : set.arrays()) {
            arrays.add(ArrayDraft.of(shape, builder));
        }
        List<ObjectDraft> objects = new ArrayList<>();
        for (ObjectShape shape : set.objects()) {
            for (ObjectShape withoutWitness : Witnesses.resolve(shape, algebra)) {
                objects.add(ObjectDraft.of(withoutWitness, builder));
            }
        }
        return new ValueDraft(scalars, strings, arrays, objects);
    }

    private static void addString(StringShape shape, SharedPrograms shared, List<StringProgram> strings) {
        StringProgram program = shared.string(shape, strings.size());
        if (program.fewestBytes() < Cursor.VERY_MANY_BYTES) {
            strings.add(program);
        }
    }

    /** About what {@link #fewestBytes} takes. */
    long weight() {
        return 1L
                + scalars.size()
                + strings.size()
                + arrays.stream().mapToLong(ArrayDraft::weight).sum()
                + objects.stream().mapToLong(ObjectDraft::weight).sum();
    }

    /** The fewest bytes of a value as far as is known: {@link Cursor#VERY_MANY_BYTES} if none is known. */
    int fewestBytes(int[] fewest, CompileBudget budget) {
        int least = Cursor.VERY_MANY_BYTES;
        for (ByteDfa scalar : scalars) {
            least = Math.min(least, scalar.fewestBytesToAccept(0));
        }
        for (StringProgram string : strings) {
            least = Math.min(least, string.fewestBytes());
        }
        for (ArrayDraft array : arrays) {
            least = Math.min(least, array.fewestBytes(fewest, budget));
        }
        for (ObjectDraft object : objects) {
            least = Math.min(least, object.fewestBytes(fewest, budget));
        }
        return least;
    }

    /** @param numbers the number of each node's program, -1 where it has no value */
    ValueProgram program(int[] numbers, int[] fewest, boolean ordered, CompileBudget budget) {
        List<ArrayProgram> arrayPrograms = new ArrayList<>();
        for (ArrayDraft array : arrays) {
            if (array.fewestBytes(fewest, budget) < Cursor.VERY_MANY_BYTES) {
                arrayPrograms.add(array.program(numbers, fewest, budget));
            }
        }
        List<ObjectProgram> objectPrograms = new ArrayList<>();
        for (ObjectDraft object : objects) {
            if (object.fewestBytes(fewest, budget) < Cursor.VERY_MANY_BYTES) {
                objectPrograms.add(object.program(numbers, fewest, ordered, budget));
            }
        }
        return new ValueProgram(scalars, strings, arrayPrograms, objectPrograms, fewestBytes(fewest, budget));
    }
}
