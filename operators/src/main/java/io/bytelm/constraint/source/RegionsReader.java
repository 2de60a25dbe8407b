package io.bytelm.constraint.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.composed.Alphabet;
import io.bytelm.constraint.composed.Composer;
import io.bytelm.constraint.composed.Part;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Reads free text, and regions in it. Used by one thread. */
final class RegionsReader {
    private static final String TRIGGERS = "triggers";
    private static final Set<String> TRIGGER_FIELDS = Set.of("begin", "begin_hex", "item", "end", "end_hex");

    private final ComposedReader items;
    private final CompileBudget budget;

    RegionsReader(ComposedReader items, CompileBudget budget) {
        this.items = items;
        this.budget = budget;
    }

    Part text(ConstraintFields fields) {
        List<byte[]> until = fields.strings("until");
        List<byte[]> without = fields.strings("without");
        check(Stream.concat(until.stream(), without.stream()).toList(), fields.pointer());
        return new Part.FreeText(alphabet(fields), until, without);
    }

    private static Alphabet alphabet(ConstraintFields fields) {
        return fields.flag("utf8", false) ? Alphabet.UTF_8 : Alphabet.BYTES;
    }

    private void check(List<byte[]> strings, String pointer) {
        try {
            Composer.checkEachIsFound(strings, budget);
        } catch (ConstraintException e) {
            throw ConstraintFields.located(pointer, e);
        }
    }

    /** Triggers that begin alike are one, whose region is that of any of them. */
    Part regions(ConstraintFields fields, int depth) {
        Counts counts = Counts.of(fields);
        List<JsonNode> triggers = fields.list(TRIGGERS);
        Map<ByteBuffer, List<Part>> bodies = new LinkedHashMap<>();
        for (int i = 0; i < triggers.size(); i++) {
            String pointer = fields.pointer() + '/' + TRIGGERS + '/' + i;
            ConstraintFields trigger = ConstraintFields.of(triggers.get(i), pointer);
            trigger.allow(TRIGGER_FIELDS);
            byte[] begin = trigger.bytes("begin");
            if (begin == null || begin.length == 0) {
                throw ConstraintFields.refused(
                        pointer, "a trigger needs a \"begin\" of at least one byte, or \"begin_hex\"");
            }
            bodies.computeIfAbsent(ByteBuffer.wrap(begin), first -> new ArrayList<>())
                    .add(body(trigger, depth));
        }
        List<Part.Region> regions = new ArrayList<>();
        bodies.forEach((begin, alike) -> regions.add(
                new Part.Region(begin.array(), alike.size() == 1 ? alike.get(0) : new Part.Alternatives(alike))));
        check(regions.stream().map(Part.Region::begin).toList(), fields.pointer() + '/' + TRIGGERS);
        return new Part.Regions(alphabet(fields), regions, counts.min(), counts.max());
    }

    private Part body(ConstraintFields trigger, int depth) {
        Part item = items.item(trigger, depth);
        byte[] end = trigger.bytes("end");
        return end == null ? item : Part.sequence(item, new Part.Bytes(end));
    }
}
