package io.bytelm.vocab.cuts;

import io.bytelm.vocab.cuts.PatternProgram.Operation;
import java.util.ArrayList;
import java.util.List;

/** Instructions of a pattern, from its end to its beginning: each part is told where it goes on. */
final class ProgramBuilder {
    private static final CharacterClass NO_CLASS = CharacterClass.of(c -> false);

    /** Far above every tokenizer's pattern: repetitions in repetitions multiply, and a file may come from anywhere. */
    private static final int MOST_PARTS = 1 << 16;

    private final List<Operation> operations = new ArrayList<>();
    private final List<int[]> targets = new ArrayList<>();
    private final List<CharacterClass> classes = new ArrayList<>();
    private int written;

    /** A part of a pattern. */
    interface Part {
        /**
         * Writes the part.
         *
         * @param then the instruction that follows
         * @return the part's first instruction
         */
        int write(ProgramBuilder into, int then);
    }

    static PatternProgram build(Part pattern) {
        ProgramBuilder builder = new ProgramBuilder();
        builder.add(Operation.FORK, 0, 0, NO_CLASS); // the entry, known when all is written
        int match = builder.add(Operation.MATCH, 0, 0, NO_CLASS);
        int start = pattern.write(builder, match);
        builder.targets.set(0, new int[] {start, start});
        return new PatternProgram(
                builder.operations.toArray(Operation[]::new),
                builder.targets.stream().mapToInt(t -> t[0]).toArray(),
                builder.targets.stream().mapToInt(t -> t[1]).toArray(),
                builder.classes.toArray(CharacterClass[]::new));
    }

    /** Writes a part once more. */
    private int again(Part part, int then) {
        if (++written > MOST_PARTS) {
            throw new UnknownPatternException("repetitions of repetitions, " + MOST_PARTS + " parts or more");
        }
        return part.write(this, then);
    }

    private int add(Operation operation, int first, int second, CharacterClass characters) {
        operations.add(operation);
        targets.add(new int[] {first, second});
        classes.add(characters);
        return operations.size() - 1;
    }

    static Part reading(CharacterClass characters) {
        return (into, then) -> into.add(Operation.READ, then, then, characters);
    }

    static Part notBefore(CharacterClass characters) {
        return (into, then) -> into.add(Operation.LOOK, then, then, characters);
    }

    static Part sequence(List<Part> parts) {
        return (into, then) -> {
            int next = then;
            for (int i = parts.size() - 1; i >= 0; i--) {
                next = parts.get(i).write(into, next);
            }
            return next;
        };
    }

    /** The first one is preferred. */
    static Part either(List<Part> parts) {
        return (into, then) -> {
            int next = parts.get(parts.size() - 1).write(into, then);
            for (int i = parts.size() - 2; i >= 0; i--) {
                next = into.add(Operation.FORK, parts.get(i).write(into, then), next, NO_CLASS);
            }
            return next;
        };
    }

    /** As often as it goes, {@code least} to {@code most} times. */
    static Part repeated(Part part, int least, int most) {
        return (into, then) -> {
            int next = then;
            if (most == Integer.MAX_VALUE) {
                next = into.add(Operation.FORK, 0, then, NO_CLASS);
                into.targets.set(next, new int[] {part.write(into, next), then});
            }
            for (int i = least; most != Integer.MAX_VALUE && i < most; i++) {
                next = into.add(Operation.FORK, into.again(part, next), then, NO_CLASS);
            }
            for (int i = 0; i < least; i++) {
                next = into.again(part, next);
            }
            return next;
        };
    }
}
