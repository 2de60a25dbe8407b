package io.bytelm.record.binary;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.candidate.CandidateScores;
import io.bytelm.record.CandidatesRecord;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.TypeInformation;

class CandidatesRecordSerializerTest extends SerializerContract<Result> {
    @Override
    TypeInformation<Result> typeInfo() {
        return ImmutableTypeInfo.RESULT;
    }

    @Override
    CandidatesRecord randomValue(Random random) {
        int size = 1 + random.nextInt(4);
        List<byte[]> texts = new ArrayList<>();
        double[] logLikelihoods = new double[size];
        double[] ends = new double[size];
        for (int place = 0; place < size; place++) {
            texts.add(bytes(random));
            logLikelihoods[place] = random.nextInt(4) == 0 ? Double.NEGATIVE_INFINITY : -random.nextDouble();
            ends[place] = -random.nextDouble();
        }
        CandidateScores scores =
                new CandidateScores(texts, logLikelihoods, random.nextBoolean() ? ends : null, random.nextInt(9999));
        SourcePosition source = new SourcePosition("in", random.nextInt(9), random.nextLong(), random.nextLong());
        return new CandidatesRecord(
                bytes(random), random.nextInt(9999), -random.nextDouble(), scores, random.nextInt(3) == 0, source);
    }

    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        return bytes;
    }

    @Override
    String digest() {
        return "0688fb6e217502fed2afff6f11a335aaf57758a0064ab7a718901a447c0ccaf9";
    }

    @Override
    void assertSame(Result actual, Result expected) {
        assertThat(actual).isEqualTo(expected).hasSameHashCodeAs(expected);
    }
}
