package io.bytelm.record.binary;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.canonical.Certified;
import io.bytelm.combine.Combination;
import io.bytelm.constraint.source.ConstraintKind;
import io.bytelm.constraint.source.ConstraintOption;
import io.bytelm.constraint.source.ConstraintSource;
import io.bytelm.constraint.source.WhitespaceRule;
import io.bytelm.decode.Ending;
import io.bytelm.decode.Sampler;
import io.bytelm.decode.StopStrings;
import io.bytelm.record.DecodingState;
import io.bytelm.record.DecodingState.Driven;
import io.bytelm.record.DecodingState.SavedDraft;
import io.bytelm.record.DecodingState.Steered;
import io.bytelm.record.DecodingState.Terms;
import io.bytelm.record.Emission;
import io.bytelm.record.Reading;
import io.bytelm.record.SessionState;
import io.bytelm.record.SourcePosition;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class DecodingStateSerializerTest extends SerializerContract<SessionState> {
    private static final Set<ConstraintOption> BOTH =
            Set.of(ConstraintOption.WHITESPACE, ConstraintOption.SCHEMA_ORDER);

    private static final SessionStateSerializer SERIALIZER = new SessionStateSerializer();

    @Override
    TypeInformation<SessionState> typeInfo() {
        return ImmutableTypeInfo.SESSION_STATE;
    }

    @Override
    SessionState randomValue(Random random) {
        Terms terms = new Terms(
                constraint(random),
                random.nextLong(),
                new Sampler(random.nextDouble(), random.nextInt(50), 1 - random.nextDouble(), 0.1, random.nextLong()),
                new StopStrings(random.nextBoolean() ? List.of() : List.of(new byte[] {10}, new byte[] {1, -1})),
                1 + random.nextInt(60_000),
                1 + random.nextInt(900),
                new Emission(Emission.When.values()[random.nextInt(3)], random.nextInt(259)),
                new SourcePosition("in", random.nextInt(9), random.nextInt(99), random.nextLong()));
        return random.nextBoolean()
                ? new Steered(terms, draft(random))
                : new Driven(terms, List.of(draft(random), draft(random)), random.nextInt(999), -random.nextDouble());
    }

    private static ConstraintSource constraint(Random random) {
        return switch (random.nextInt(5)) {
            case 3 -> new ConstraintSource(ConstraintKind.JSON, "", Set.of(), WhitespaceRule.INDENTED);
            case 4 -> new ConstraintSource(ConstraintKind.JSON_SCHEMA, "{}", BOTH, new WhitespaceRule("\\n? *", 9));
            case 0 -> ConstraintSource.of(ConstraintKind.JSON, "");
            case 1 -> ConstraintSource.of(ConstraintKind.REGEX, "[é-ü]+");
            default -> new ConstraintSource(ConstraintKind.JSON_SCHEMA, "{\"type\":\"null\"}", BOTH);
        };
    }

    private static SavedDraft draft(Random random) {
        byte[] bytes = new byte[random.nextInt(30)];
        random.nextBytes(bytes);
        int ending = random.nextInt(Ending.values().length + 1);
        Beam begun = Beam.initial(random.nextInt(50_000), BeamParams.of(1 + random.nextInt(9), 0.01));
        Beam beam = new Beam(begun.hypotheses(), begun.params(), begun.mode(), random.nextInt(999));
        return new SavedDraft(
                beam,
                bytes,
                new byte[] {1, 2, (byte) random.nextInt()},
                -random.nextDouble(),
                -random.nextDouble(),
                ending == 0 ? null : Ending.values()[ending - 1]);
    }

    @Override
    String digest() {
        return "75fff0b3e867597ee6b104c59ea0fd334782d22a4079f364ae78fb4827da1aa3";
    }

    @Test
    void draftsOfSeveralModelsHavePhasesOfTheirOwn() throws IOException {
        Random random = new Random(3);
        for (int i = 0; i < 50; i++) {
            SessionState of = randomValue(random);
            Terms terms = ((DecodingState) of).terms();
            SessionState driven = new Driven(terms, List.of(ofModels(random), ofModels(random)), 7, -2);
            SessionState steered = new Steered(terms, ofModels(random));
            assertThat(written(driven)).startsWith(17);
            assertThat(written(steered)).startsWith(18);
            for (SessionState state : List.of(driven, steered)) {
                SessionState back = SERIALIZER.deserialize(new DataInputDeserializer(written(state)));
                assertThat(back).isEqualTo(state);
                assertThat(back.contextsByModel()).hasSize(2).isEqualTo(state.contextsByModel());
                assertThat(back.withContexts(back.contexts())).isEqualTo(state);
            }
        }
    }

    private static SavedDraft ofModels(Random random) {
        SavedDraft first = draft(random);
        List<Reading> parts = List.of(first.reading(), draft(random).reading());
        Combination how = random.nextBoolean() ? Combination.evenMixture(2) : Combination.contrast(0.5);
        Reading reading = new Reading.Combined(parts, how, -3, 7);
        return new SavedDraft(reading, new Certified(-3, -3), first.bytes(), first.cursor(), -1, 0, first.ending());
    }

    private static byte[] written(SessionState state) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        SERIALIZER.serialize(state, out);
        return out.getCopyOfBuffer();
    }

    @Override
    void assertSame(SessionState actual, SessionState expected) {
        assertThat(actual).isEqualTo(expected);
    }
}
