package io.bytelm.constraint.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compiles the constraints within one that are of one kind each; equal ones once. Used by one thread. */
final class LeafReader {
    private static final String SOURCE = "source";
    private static final Set<String> FIELDS = Stream.concat(
                    Stream.of(ComposedKind.KIND, SOURCE), LeafOptions.NAMES.stream())
            .collect(Collectors.toUnmodifiableSet());

    private final CompileBudget budget;
    private final Map<ConstraintSource, Constraint> compiled = new HashMap<>();

    LeafReader(CompileBudget budget) {
        this.budget = budget;
    }

    Constraint read(ConstraintFields fields, ConstraintKind kind) {
        fields.allow(FIELDS);
        return compile(kind, source(fields, kind), LeafOptions.read(fields), fields.pointer());
    }

    private static String source(ConstraintFields fields, ConstraintKind kind) {
        JsonNode source = kind == ConstraintKind.JSON ? fields.get(SOURCE) : fields.required(SOURCE);
        if (source == null || source.isTextual() || kind.isText()) {
            return fields.text(SOURCE, "");
        }
        return source.toString();
    }

    /** @throws ConstraintException with the pointer, if it is refused */
    Constraint compile(ConstraintKind kind, String text, LeafOptions options, String pointer) {
        try {
            ConstraintSource source =
                    new ConstraintSource(kind, text, options.flags(), options.whitespace(), options.spelling());
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
