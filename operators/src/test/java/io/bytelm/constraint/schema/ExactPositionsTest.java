package io.bytelm.constraint.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.RandomWalks;
import io.bytelm.constraint.json.Escapes;
import io.bytelm.constraint.source.ConstraintKind;
import io.bytelm.constraint.source.ConstraintSource;
import io.bytelm.constraint.whitespace.Separators;
import io.bytelm.constraint.whitespace.Whitespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * The fewest bytes of a position are one more than the fewest of the positions one byte on, and none exactly where the text
 * may end. What satisfies that at every position is the length of the shortest way; here it is asked at each position of
 * random documents of random schemas.
 */
class ExactPositionsTest {
    private static final int SCHEMAS = Integer.getInteger("constraint.schemas", 60);
    private static final int WALKS = 6;
    private static final int MOST_BYTES = 120;

    private static final List<SchemaOptions> OPTIONS = List.of(
            SchemaOptions.GENERATION,
            SchemaOptions.GENERATION.withSchemaOrder(),
            SchemaOptions.GENERATION.withWhitespace(Whitespace.INDENTED),
            SchemaOptions.GENERATION.written(Escapes.ANY, Separators.of(", ", " : ")),
            SchemaOptions.GENERATION.withSchemaOrder().written(Escapes.ASCII, Separators.of(",\n", ":")));

    private final List<String> faults = new ArrayList<>();
    private int compiled;

    @Test
    void everyPositionOfRandomSchemasKnowsItsShortestWayAndItsLiveBytes() {
        long first = Long.getLong("constraint.seed", 0L);
        for (long seed = first; seed < first + SCHEMAS; seed++) {
            Random random = new Random(seed);
            String schema = schema(new RandomSchema(random), random);
            String name = "seed " + seed + ", " + schema;
            for (SchemaOptions options : OPTIONS) {
                check(name + ", " + options, random, () -> JsonSchema.compile(schema, options, CompileLimits.DEFAULT));
            }
            String sequence = "{\"kind\":\"sequence\",\"items\":[{\"kind\":\"json-schema\",\"source\":" + schema
                    + "},{\"kind\":\"optional\",\"item\":\", \"}]}";
            check(
                    name + " in a sequence",
                    random,
                    () -> ConstraintSource.of(ConstraintKind.COMPOSED, sequence)
                            .compile(CompileBudget.start(CompileLimits.DEFAULT)));
        }
        assertThat(faults).as(() -> String.join("\n", faults)).isEmpty();
        assertThat(compiled).isGreaterThan(SCHEMAS);
    }

    private static String schema(RandomSchema schemas, Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> schemas.array(0);
            case 1 -> schemas.object(0);
            default -> schemas.objectOrArray(0);
        };
    }

    private void check(String name, Random random, Supplier<Constraint> compiler) {
        Constraint constraint;
        try {
            constraint = compiler.get();
        } catch (ConstraintException refused) {
            return;
        }
        compiled++;
        String fault = fault(constraint, random);
        if (!fault.isEmpty()) {
            faults.add(name + ": " + fault);
        }
    }

    /** What is wrong at a position of some random documents; empty if nothing is. */
    private static String fault(Constraint constraint, Random random) {
        for (int walk = 0; walk < WALKS; walk++) {
            Cursor cursor = constraint.start();
            StringBuilder text = new StringBuilder();
            while (text.length() < MOST_BYTES) {
                String wrong = wrong(cursor);
                if (!wrong.isEmpty()) {
                    return "after " + text + " " + wrong;
                }
                ByteSet live = cursor.live();
                if (live.isEmpty()) {
                    break;
                }
                int next = RandomWalks.choose(live, random);
                text.append((char) next);
                cursor = RandomWalks.step(cursor, next);
            }
        }
        return "";
    }

    private static String wrong(Cursor cursor) {
        int fewest = cursor.fewestBytesToAccept();
        int[] after = new int[256];
        int best = cursor.accepting() ? -1 : Cursor.VERY_MANY_BYTES;
        for (int b : cursor.live().toArray()) {
            after[b] = RandomWalks.step(cursor, b).fewestBytesToAccept();
            best = Math.min(best, after[b]);
        }
        if (fewest != best + 1) {
            return fewest + " bytes complete it at least, by its next bytes " + (best + 1);
        }
        if (!cursor.live(Cursor.VERY_MANY_BYTES - 1).equals(cursor.live())) {
            return "live is " + cursor.live() + ", within very many bytes " + cursor.live(Cursor.VERY_MANY_BYTES - 1);
        }
        for (int left = Math.max(0, fewest - 1); left < fewest + 12; left++) {
            int within = left;
            ByteSet live = cursor.live().retain(b -> after[b] < within);
            if (!cursor.live(left).equals(live)) {
                return "live within " + left + " is " + cursor.live(left) + ", not " + live;
            }
        }
        return "";
    }
}
