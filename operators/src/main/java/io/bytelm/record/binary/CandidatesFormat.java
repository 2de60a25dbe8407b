package io.bytelm.record.binary;

import io.bytelm.candidate.CandidateList;
import io.bytelm.candidate.CandidateScores;
import io.bytelm.record.CandidatesRecord;
import io.bytelm.record.SourcePosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * What candidates weigh: session, bytes, total, source and whether contexts were shortened; the longest context, the number of
 * candidates, and whether their ends are known; then each one's bytes, log-likelihood and, if so, end.
 */
final class CandidatesFormat {
    private CandidatesFormat() {}

    static void write(CandidatesRecord record, DataOutputView out) throws IOException {
        Fields.writeBytes(record.session(), out);
        Fields.writeVarint(record.bytesConsumed(), out);
        out.writeDouble(record.totalLogLikelihood());
        InputRecordSerializer.writeSource(record.source(), out);
        out.writeBoolean(record.truncated());
        CandidateScores scores = record.scores();
        double[] ends = scores.endLogProbs();
        Fields.writeVarint(scores.longestContext(), out);
        Fields.writeVarint(scores.size(), out);
        out.writeBoolean(ends != null);
        for (int place = 0; place < scores.size(); place++) {
            Fields.writeBytes(scores.texts().get(place), out);
            out.writeDouble(scores.logLikelihoods()[place]);
            if (ends != null) {
                out.writeDouble(ends[place]);
            }
        }
    }

    static CandidatesRecord read(DataInputView in) throws IOException {
        byte[] session = Fields.readBytes(in);
        long bytes = Fields.readVarint(in);
        double total = in.readDouble();
        SourcePosition source = InputRecordSerializer.readSource(in);
        boolean truncated = Fields.readFlag(in);
        int longestContext = Fields.readSize(in, Integer.MAX_VALUE);
        int size = Fields.readSize(in, CandidateList.MOST);
        boolean hasEnds = Fields.readFlag(in);
        List<byte[]> texts = new ArrayList<>();
        double[] logLikelihoods = new double[size];
        double @Nullable [] ends = hasEnds ? new double[size] : null;
        for (int place = 0; place < size; place++) {
            texts.add(Fields.readBytes(in));
            logLikelihoods[place] = in.readDouble();
            if (ends != null) {
                ends[place] = in.readDouble();
            }
        }
        CandidateScores scores = new CandidateScores(texts, logLikelihoods, ends, longestContext);
        return new CandidatesRecord(session, bytes, total, scores, truncated, source);
    }
}
