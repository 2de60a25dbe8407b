package io.bytelm.record.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.DeadEndKind;
import io.bytelm.beam.EosMode;
import io.bytelm.beam.Hypothesis;
import io.bytelm.combine.Combination;
import io.bytelm.lm.TokenContext;
import io.bytelm.record.Emission;
import io.bytelm.record.LeftOut;
import io.bytelm.record.Reading;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.DeadEnd;
import io.bytelm.record.SessionState.Ended;
import io.bytelm.record.SessionState.Open;
import io.bytelm.record.SessionState.Opening;
import io.bytelm.record.SessionState.Partway;
import io.bytelm.record.SessionState.Totals;
import io.bytelm.record.SourcePosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.junit.jupiter.api.Test;

class SessionStateSerializerTest extends SerializerContract<SessionState> {
    private static final SessionStateSerializer SERIALIZER = new SessionStateSerializer();

    @Override
    TypeInformation<SessionState> typeInfo() {
        return ImmutableTypeInfo.SESSION_STATE;
    }

    @Override
    SessionState randomValue(Random random) {
        Totals totals =
                new Totals(random.nextInt(1 << 30), -random.nextDouble() * 1e5, random.nextInt(), -random.nextDouble());
        SourcePosition record = new SourcePosition("in", random.nextInt(9), random.nextLong(), random.nextLong());
        int bytesRead = 1 + random.nextInt(1 << random.nextInt(20));
        return switch (random.nextInt(8)) {
            case 0 -> new Ended();
            case 1 -> new DeadEnd(totals, random.nextInt(1 << random.nextInt(20)));
            case 2 -> new Opening(new Reading.All(randomBeam(random)), record, bytesRead, random.nextBoolean());
            case 3 -> new Partway(randomOpen(random, totals), record, bytesRead);
            default -> randomOpen(random, totals);
        };
    }

    private static Open randomOpen(Random random, Totals totals) {
        return new Open(new Reading.All(randomBeam(random)), randomEmission(random), -random.nextDouble() * 50, totals);
    }

    private static Emission randomEmission(Random random) {
        return new Emission(Emission.When.values()[random.nextInt(3)], random.nextInt(259));
    }

    private static Beam randomBeam(Random random) {
        BeamParams params = new BeamParams(
                1 + random.nextInt(20),
                random.nextInt(2) * random.nextDouble(),
                random.ints(random.nextInt(4), 0, 60_000).toArray(),
                random.nextBoolean(),
                random.nextBoolean() ? BeamParams.UNLIMITED : random.nextInt(200),
                random.nextBoolean() ? BeamParams.UNLIMITED : random.nextInt(200));
        List<Hypothesis> hypotheses = new ArrayList<>();
        for (TokenContext context : randomContexts(random)) {
            byte[] partial = new byte[random.nextInt(12)];
            random.nextBytes(partial);
            double weight = random.nextInt(9) == 0 ? Double.NEGATIVE_INFINITY : -1e4 * random.nextDouble();
            EosMode massMode = random.nextBoolean() ? EosMode.WITH_EOS : EosMode.WITHOUT_EOS;
            hypotheses.add(new Hypothesis(context, partial, weight, random.nextInt(9) == 0, massMode, null));
        }
        EosMode mode = random.nextBoolean() ? EosMode.WITH_EOS : EosMode.WITHOUT_EOS;
        return new Beam(hypotheses, params, mode, random.nextInt(1 << random.nextInt(20)));
    }

    /** Contexts that fork from each other, are beginnings of each other, are equal, or share nothing. */
    private static List<TokenContext> randomContexts(Random random) {
        List<TokenContext> contexts = new ArrayList<>();
        for (int left = random.nextInt(8); left > 0; left--) {
            TokenContext context = contexts.isEmpty() || random.nextInt(8) == 0
                    ? TokenContext.startingWith(random.nextInt(3))
                    : contexts.get(random.nextInt(contexts.size()));
            for (int back = random.nextInt(4); back > 0 && context.parent() != null; back--) {
                context = context.parent();
            }
            for (int more = random.nextInt(30); more > 0; more--) {
                context = context.plus(random.nextInt(1 << random.nextInt(18)));
            }
            contexts.add(random.nextInt(8) == 0 ? TokenContext.of(context.tokens()) : context);
        }
        return contexts;
    }

    @Override
    String digest() {
        return "7b61095416a2548a0ba9eac9afc47a711a5a551f4e433cab8be41201b297929f";
    }

    @Override
    void assertSame(SessionState actual, SessionState expected) {
        assertThat(actual)
                .usingRecursiveComparison()
                .withEqualsForType(TokenContext::equals, TokenContext.class)
                .ignoringFieldsMatchingRegexes(".*masses")
                .isEqualTo(expected);
    }

    @Test
    void formatThreeEndsABeamWithHowLongItsContextsHaveBeen() throws IOException {
        TokenContext stem = TokenContext.of(0, 300);
        List<Hypothesis> hypotheses = List.of(
                new Hypothesis(stem.plus(5), new byte[] {'a'}, -1, false, EosMode.WITH_EOS, null),
                new Hypothesis(stem, new byte[] {'b', 'a'}, -2, true, EosMode.WITHOUT_EOS, null),
                new Hypothesis(stem.plus(5).plus(6), new byte[0], -4, false, EosMode.WITH_EOS, null));
        BeamParams params = new BeamParams(5, 0.5, new int[] {7, 200}, true, BeamParams.UNLIMITED, 0);
        Beam beam = new Beam(hypotheses, params, EosMode.WITH_EOS, 300);
        Open open =
                new Open(new Reading.All(beam), new Emission(Emission.When.CHUNK, 5), -0.5, new Totals(300, -8, 2, -1));
        assertThat(HexFormat.of().formatHex(bytesOf(SERIALIZER, open)))
                .isEqualTo("00" + "ac02" + "c020000000000000" + "02" + "bff0000000000000" // totals
                        + "01" + "05" + "bfe0000000000000" // emission, baseline
                        + "05" + "3fe0000000000000" + "02" + "07" + "c801" + "01" + "00" + "01" // settings
                        + "00" + "03" // mode, hypotheses
                        + "02" + "00ac02" // the stem
                        + "00" + "00" + "0105" // stem and 5
                        + "00" + "00" + "00" // the stem itself
                        + "01" + "00" + "0106" // the first one and 6
                        + "00" + "0161" + "bff0000000000000"
                        + "03" + "026261" + "c000000000000000"
                        + "00" + "00" + "c010000000000000" + "ac02");
        assertThat(HexFormat.of().formatHex(bytesOf(SERIALIZER, new DeadEnd(Totals.NONE, 300))))
                .isEqualTo("01" + "00" + "0000000000000000" + "00" + "0000000000000000" + "ac02");
        assertThat(bytesOf(SERIALIZER, new Ended())).containsExactly(2);
    }

    @Test
    void formatTwoTellsWhereInARecordASessionStands() throws IOException {
        Beam beam = new Beam(
                List.of(new Hypothesis(TokenContext.of(7), new byte[0], -1, false, EosMode.WITHOUT_EOS, null)),
                BeamParams.of(5, 0.5),
                EosMode.WITHOUT_EOS);
        String writtenBeam = "05" + "3fe0000000000000" + "00" + "01" + "00" + "00" + "01" + "01" + "0107" + "000000"
                + "0200" + "bff0000000000000" + "00";
        SourcePosition record = new SourcePosition("in", 1, 2, 3);
        Open open =
                new Open(new Reading.All(beam), new Emission(Emission.When.CHUNK, 5), -0.5, new Totals(300, -8, 2, -1));
        assertThat(HexFormat.of().formatHex(bytesOf(SERIALIZER, new Partway(open, record, 298))))
                .isEqualTo("05" + "02696e" + "02" + "04" + "06" + "aa02" + "00" + "ac02" + "c020000000000000" + "02"
                        + "bff0000000000000" + "01" + "05" + "bfe0000000000000" + writtenBeam);
        assertThat(HexFormat.of().formatHex(bytesOf(SERIALIZER, new Opening(new Reading.All(beam), record, 64, true))))
                .isEqualTo("06" + "02696e" + "02" + "04" + "06" + "40" + "01" + writtenBeam);
    }

    @Test
    void formatFiveTellsWhatWasLeftOut() throws IOException {
        Open open = stateOf(List.of(TokenContext.of(1, 2)));
        SourcePosition record = new SourcePosition("in", 1, 2, 3);
        LeftOut leftOut = new LeftOut(300, DeadEndKind.PRUNED, DeadEndKind.NO_TOKEN);
        String written = "0f" + "ac02" + "03" + "01";
        for (SessionState state : List.of(
                open.leavingOut(leftOut),
                new Opening(open.reading(), record, 5, true, leftOut),
                open.leavingOut(LeftOut.NOTHING))) {
            byte[] bytes = bytesOf(SERIALIZER, state);
            assertThat(readAs(5, bytes)).isEqualTo(state);
            assertThatThrownBy(() -> readAs(4, bytes)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(HexFormat.of().formatHex(bytesOf(SERIALIZER, open.leavingOut(leftOut))))
                .isEqualTo(written + HexFormat.of().formatHex(bytesOf(SERIALIZER, open)));
        String damaged = written + "02";
        assertThatThrownBy(() -> readAs(5, HexFormat.of().parseHex(damaged)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("phase ENDED");
        SessionState partway = new Partway(open.leavingOut(leftOut), record, 4);
        assertThat(readAs(5, bytesOf(SERIALIZER, partway))).isEqualTo(partway);
        assertThat(readAs(4, bytesOf(SERIALIZER, open))).isEqualTo(open);
    }

    @Test
    void formatOneHasNoSuchStatesAndIsReadAsBefore() throws IOException {
        SessionState open = stateOf(List.of(TokenContext.of(1, 2)));
        assertThat(readAs(1, withoutLongest(open))).isEqualTo(open);
        SourcePosition record = new SourcePosition("in", 1, 2, 3);
        byte[] partway = bytesOf(SERIALIZER, new Partway(open, record, 4));
        assertThatThrownBy(() -> readAs(1, partway)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void formatTwoDoesNotSayHowLongContextsHaveBeenAndIsReadAsBefore() throws IOException {
        Open open = stateOf(List.of(TokenContext.of(1, 2)));
        SourcePosition record = new SourcePosition("in", 1, 2, 3);
        List<SessionState> states = List.of(
                open,
                new DeadEnd(Totals.NONE, 0),
                new Partway(open, record, 4),
                new Opening(open.reading(), record, 5, true));
        for (SessionState state : states) {
            assertThat(readAs(2, withoutLongest(state))).isEqualTo(state);
        }
    }

    private static byte[] withoutLongest(SessionState state) throws IOException {
        byte[] written = bytesOf(SERIALIZER, state);
        return Arrays.copyOf(written, written.length - 1); // a 0, the last byte of these states
    }

    private static SessionState readAs(int version, byte[] written) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(written);
        SessionState state = SERIALIZER.read(in, version);
        assertThat(in.available()).isZero();
        return state;
    }

    @Test
    void whatWasSharedIsSharedAgain() throws IOException {
        TokenContext stem = TokenContext.of(1, 2, 3);
        Open back = roundTrip(
                stateOf(List.of(stem.plus(4), stem.plus(5), stem.plus(4).plus(6))));
        List<Hypothesis> hypotheses = ((Reading.All) back.reading()).beam().hypotheses();
        TokenContext first = hypotheses.get(0).context();
        assertThat(hypotheses.get(1).context().parent()).isSameAs(first.parent());
        assertThat(hypotheses.get(2).context().parent()).isSameAs(first);
    }

    @Test
    void equalTokensAreWrittenOnceEvenIfTheyWereNotShared() throws IOException {
        int[] tokens = new Random(1).ints(1000, 128, 16_384).toArray();
        Open twice = stateOf(List.of(TokenContext.of(tokens), TokenContext.of(tokens)));
        Open once = stateOf(List.of(TokenContext.of(tokens)));
        assertThat(bytesOf(SERIALIZER, twice).length - bytesOf(SERIALIZER, once).length)
                .isLessThan(20);
    }

    @Test
    void aTokenOfALongSessionCostsItsVarintOnly() throws IOException {
        Random random = new Random(2);
        TokenContext common = TokenContext.of(random.ints(50_000, 0, 49_152).toArray());
        List<TokenContext> contexts = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            contexts.add(common.plus(i).plus(49_000));
        }
        double bytesPerToken = bytesOf(SERIALIZER, stateOf(contexts)).length / 50_000.0;
        // Of ids spread evenly below 49,152 two thirds take 3 bytes, one third takes 2.
        assertThat(bytesPerToken).isBetween(2.6, 2.7);
        int small = bytesOf(SERIALIZER, stateOf(List.of(TokenContext.startingWith(0)))).length;
        assertThat(small).as("bytes of a session just opened").isLessThan(100);
    }

    @Test
    void aLongContextNeedsNoDeepStack() throws IOException {
        TokenContext context =
                TokenContext.of(new Random(3).ints(1_000_000, 0, 100).toArray());
        Open back = roundTrip(stateOf(List.of(context, context.plus(1))));
        assertThat(((Reading.All) back.reading()).beam().hypotheses().get(0).context())
                .isEqualTo(context);
    }

    private static Open stateOf(List<TokenContext> contexts) {
        List<Hypothesis> hypotheses = contexts.stream()
                .map(context -> new Hypothesis(context, new byte[] {'x'}, -1, false, EosMode.WITH_EOS, null))
                .toList();
        Beam beam = new Beam(hypotheses, BeamParams.of(5, 0.001), EosMode.WITH_EOS);
        return new Open(new Reading.All(beam), new Emission(Emission.When.CHUNK, 5), 0, Totals.NONE);
    }

    private static Open roundTrip(Open state) throws IOException {
        return (Open) SERIALIZER.deserialize(new DataInputDeserializer(bytesOf(SERIALIZER, state)));
    }

    @Test
    void formatFiveHasWhatEachOfSeveralModelsHasRead() throws IOException {
        TokenContext bos = TokenContext.startingWith(7);
        BeamParams params = new BeamParams(5, 0.5, new int[0], true, BeamParams.UNLIMITED, 0);
        Hypothesis hypothesis = new Hypothesis(bos, new byte[] {'a'}, -1, false, EosMode.WITH_EOS, null);
        Reading alive = new Reading.All(new Beam(List.of(hypothesis), params, EosMode.WITH_EOS));
        Reading dead = new Reading.All(new Beam(List.of(), params, EosMode.WITH_EOS, 3));
        Combination mixture = Combination.mixture(List.of(0.75, 0.25));
        Open open = new Open(
                new Reading.Combined(List.of(alive, dead), mixture, -2, 9),
                new Emission(Emission.When.CHUNK, 5),
                0,
                new Totals(1, -2, 1, -2));
        String settings = "05" + "3fe0000000000000" + "00" + "01" + "00" + "01";
        assertThat(HexFormat.of().formatHex(bytesOf(SERIALIZER, open)))
                .isEqualTo("0d" + "01" + "c000000000000000" + "01" + "c000000000000000" // totals
                        + "01" + "05" + "0000000000000000" // emission, baseline
                        + "00" + "0000000000000000" + "02" + "3fe8000000000000" + "3fd0000000000000" // combination
                        + "c000000000000000" + "09" + "02" // log-probability, longest context, models
                        + "00" + settings + "00" + "01" + "0107" + "000000" + "00" + "0161" + "bff0000000000000" + "00"
                        + "00" + settings + "00" + "00" + "00" + "03");
    }

    @Test
    void sessionsOfSeveralModelsComeBackAsTheyWere() throws IOException {
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            List<Reading> parts = new ArrayList<>();
            for (int model = 2 + random.nextInt(2); model > 0; model--) {
                parts.add(new Reading.All(randomBeam(random)));
            }
            Combination how = switch (random.nextInt(3)) {
                case 0 -> Combination.evenMixture(parts.size());
                case 1 -> Combination.contrast(random.nextDouble());
                default -> Combination.product(Collections.nCopies(parts.size(), 100 * random.nextDouble()));
            };
            Reading reading = new Reading.Combined(parts, how, -random.nextDouble(), random.nextInt(1 << 20));
            SourcePosition record = new SourcePosition("in", 0, i, i);
            Open open = new Open(reading, randomEmission(random), -1, Totals.NONE);
            for (SessionState state :
                    List.of(open, new Opening(reading, record, 3, true), new Partway(open, record, 1 + i))) {
                SessionState back = SERIALIZER.deserialize(new DataInputDeserializer(bytesOf(SERIALIZER, state)));
                assertSame(back, state);
                assertThat(back.contextsByModel()).isEqualTo(state.contextsByModel());
                assertSame(back.withContexts(back.contexts()), state);
            }
        }
    }
}
