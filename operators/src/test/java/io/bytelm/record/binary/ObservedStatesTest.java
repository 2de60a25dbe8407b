package io.bytelm.record.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.DeadEndKind;
import io.bytelm.record.Alert;
import io.bytelm.record.Anomaly;
import io.bytelm.record.Emission;
import io.bytelm.record.LeftOut;
import io.bytelm.record.Observations;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.Reading;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.Open;
import io.bytelm.record.SessionState.Partway;
import io.bytelm.record.SessionState.Totals;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.SpanScore;
import io.bytelm.record.Surprisals;
import io.bytelm.record.ToldPlaces;
import io.bytelm.record.ToldPlaces.Gap;
import io.bytelm.record.ToldTokens;
import io.bytelm.record.ToldTokens.Token;
import io.bytelm.span.Span;
import io.bytelm.span.SpanProgress;
import io.bytelm.span.SpanRule;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/** The formats of what sessions observe beside their scores. */
class ObservedStatesTest {
    private static final SessionStateSerializer STATES = new SessionStateSerializer();
    private static final OutputRecordSerializer OUTPUTS = new OutputRecordSerializer();
    private static final SourcePosition SOURCE = new SourcePosition("", 0, 1, 2);
    private static final String SPAN =
            "0173" + "02" + "0a" + "0c" + "026162" + "bff0000000000000" + "01bfe0000000000000";

    private static Open open() {
        SpanProgress progress = new SpanProgress(
                3, 300, 900, 2, new byte[] {'a', 'b'}, -0.5, new byte[] {'c'}, new double[] {-1}, -2.0);
        Observations observations =
                new Observations(new Observations.Spans(SpanRule.ofRegex("x+"), progress), null, false, 40);
        return new Open(
                new Reading.All(Beam.initial(0, BeamParams.of(5, 0.5))),
                new Emission(Emission.When.CHUNK, 5),
                -0.5,
                new Totals(903, -8, 2, -1),
                observations);
    }

    private static <T> byte[] bytesOf(TypeSerializer<T> serializer, T value) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(value, out);
        return out.getCopyOfBuffer();
    }

    @Test
    void formatFiveHasTheSpansBeforeTheSession() throws IOException {
        Open open = open();
        byte[] written = bytesOf(STATES, open);
        String session = HexFormat.of().formatHex(bytesOf(STATES, open.with(Observations.NONE)));
        assertThat(HexFormat.of().formatHex(written))
                .isEqualTo("0c" + "01" + "03" + "01" + "02782b" // regex, space after, its pattern
                        + "03" + "ac02" + "8407" + "02" + "026162" + "bfe0000000000000" // the span that has begun
                        + "0163" + "bff0000000000000" + "01c000000000000000" + "00" + "0128" + session);
    }

    @Test
    void formatSixHasWhatWasLeftOutAndThePlacesOfTokensBesideThem() throws IOException {
        ToldPlaces places = new ToldPlaces(-3, List.of(new Gap(1, 2), new Gap(9, 12)));
        Open open = open().with(open().observations().withTold(places))
                .leavingOut(new LeftOut(3, DeadEndKind.NO_TOKEN, DeadEndKind.BROKEN_TOKEN));
        byte[] written = bytesOf(STATES, open);
        String stopping = HexFormat.of().formatHex(bytesOf(STATES, open()));
        String session = HexFormat.of().formatHex(bytesOf(STATES, open().with(Observations.NONE)));
        String observed = stopping.substring(2, stopping.length() - session.length());
        assertThat(HexFormat.of().formatHex(written))
                .isEqualTo("10" + "03" + "01" + "04" + observed + "01" + "fffffffffffffffd" + "02" + "0000000000000001"
                        + "0000000000000002" + "0000000000000009" + "000000000000000c" + session);
        Open read = (Open) STATES.deserialize(new DataInputDeserializer(written));
        assertThat(read.observations()).isEqualTo(open.observations());
        assertThat(read.leftOut()).isEqualTo(open.leftOut());
        assertThat(read.totals()).isEqualTo(open.totals());
        assertThatThrownBy(() -> STATES.read(new DataInputDeserializer(written), 5))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theyComeBackAsTheyWere() throws IOException {
        for (SessionState state : List.of(open(), new Partway(open(), SOURCE, 4))) {
            byte[] written = bytesOf(STATES, state);
            SessionState read = STATES.deserialize(new DataInputDeserializer(written));
            assertThat(bytesOf(STATES, read)).isEqualTo(written);
            Open back = (Open) (read instanceof Partway partway ? partway.session() : read);
            assertThat(back.observations()).isEqualTo(open().observations());
            assertThatThrownBy(() -> STATES.read(new DataInputDeserializer(written), 4))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void surprisalsComeBackBeforeAndAfterTheFirstWindow() throws IOException {
        Surprisals surprisals = Surprisals.of(3);
        for (int bytes = 0; bytes < 40; bytes++) {
            Observations observations = new Observations(null, surprisals, bytes % 2 == 0, null);
            byte[] written = bytesOf(STATES, open().with(observations));
            Open read = (Open) STATES.deserialize(new DataInputDeserializer(written));
            assertThat(read.observations()).as("after " + bytes + " bytes").isEqualTo(observations);
            surprisals = surprisals.plus(bytes % 7);
        }
    }

    @Test
    void formatSixOfOutputsHasUnusualScoresAndTokens() throws IOException {
        Score plain = new Score(new byte[] {'s'}, Event.BYTE, 9, 1, -1, -2, null, null, null, false, SOURCE);
        for (Anomaly anomaly :
                List.of(new Anomaly(7, 2.0, -1.5), new Anomaly(256, null, null), new Anomaly(null, 2.0, null))) {
            byte[] written = bytesOf(OUTPUTS, (OutputRecord) plain.with(anomaly));
            assertThat(written[0]).isEqualTo((byte) 5);
            assertThat(OUTPUTS.deserialize(new DataInputDeserializer(written))).isEqualTo(plain.with(anomaly));
        }
        byte[] alert = bytesOf(OUTPUTS, (OutputRecord) new Alert(plain.with(new Anomaly(7, 2.0, 5.0))));
        assertThat(alert).startsWith(7, 5);
        assertThat(OUTPUTS.deserialize(new DataInputDeserializer(alert)))
                .isEqualTo(new Alert(plain.with(new Anomaly(7, 2.0, 5.0))));
        ToldTokens told =
                new ToldTokens(new byte[] {'s'}, List.of(new Token(300, -2, 3), new Token(0, 3, 4)), false, SOURCE);
        byte[] written = bytesOf(OUTPUTS, (OutputRecord) told);
        assertThat(HexFormat.of().formatHex(written))
                .isEqualTo("06" + "0173" + "02" + "ac02" + "03" + "06" + "00" + "06" + "08" + "00" + "00" + "00" + "02"
                        + "04");
        assertThat(OUTPUTS.deserialize(new DataInputDeserializer(written))).isEqualTo(told);
    }

    @Test
    void formatSixOfOutputsHasSpans() throws IOException {
        Span span = new Span(2, 10, 12, new byte[] {'a', 'b'}, -1, -0.5);
        SpanScore score = new SpanScore(new byte[] {'s'}, span, true, SOURCE);
        byte[] written = bytesOf(OUTPUTS, (OutputRecord) score);
        assertThat(HexFormat.of().formatHex(written)).isEqualTo("04" + SPAN + "01" + "00" + "00" + "02" + "04");
        assertThat(OUTPUTS.deserialize(new DataInputDeserializer(written))).isEqualTo(score);
        assertThatThrownBy(() -> OUTPUTS.read(new DataInputDeserializer(written), 5))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
