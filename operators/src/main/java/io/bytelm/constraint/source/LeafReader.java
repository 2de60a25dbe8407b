package io.bytelm.constraint.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compiles the constraints within one that are of one kind each; equal ones once. Used by one thread. */
final class LeafReader {
    private static final String SOURCE = "source";
    private static final Set<String> FIELDS = Stream.concat(
                    Stream.of(ComposedKind.KIND, SOURCE),
                    Arrays.stream(ConstraintOption.values()).map(ConstraintOption::label))
            .collect(Collectors.toUnmodifiableSet());

    private final CompileBudget budget;
    private final Map<ConstraintSource, Constraint> compiled = new HashMap<>();

    LeafReader(CompileBudget budget) {
        this.budget = budget;
    }

    Constraint read(ConstraintFields fields, ConstraintKind kind) {
        fields.allow(FIELDS);
        JsonNode source = fields.get(SOURCE);
        String text = source == null ? "" : source.isTextual() ? source.textValue() : source.toString();
        return compile(kind, text, options(fields), fields.pointer());
    }

    /** The options that are true. */
    static Set<ConstraintOption> options(ConstraintFields fields) {
        Set<ConstraintOption> options = EnumSet.noneOf(ConstraintOption.class);
        for (ConstraintOption option : ConstraintOption.values()) {
            if (fields.flag(option.label(), false)) {
                options.add(option);
            }
        }
        return options;
    }

    /** @throws ConstraintException with the pointer, if it is refused */
    Constraint compile(ConstraintKind kind, String text, Set<ConstraintOption> options, String pointer) {
        try {
            ConstraintSource source = new ConstraintSource(kind, text, options);
            Constraint known = compiled.get(source);
            if (known == null) {
                known = source.compile(budget);
                compiled.put(source, known);
            }
            return known;
        } catch (ConstraintException e) {
            throw ConstraintFields.located(pointer, e);
        }
    }
}
