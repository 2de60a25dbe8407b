package io.bytelm.decode;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.dist.Symbols;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import java.util.Arrays;
import java.util.List;

/**
 * A model for which every byte is a token, and all are equally probable whatever came before, and EOS as probable as two of
 * them. It answers at once, so that many outputs can be drawn.
 */
final class SpreadingModel {
    private static final int BYTES = 256;
    private static final int BOS = BYTES;
    private static final int EOS = BYTES + 1;
    private static final double LOG_BYTE = Math.log(1.0 / (BYTES + 2));
    private static final double LOG_EOS = Math.log(2.0 / (BYTES + 2));
    private static final double NEVER = Double.NEGATIVE_INFINITY;

    Draft decode(DecodingRules rules) {
        int[] eos = rules.eosEnds() ? new int[] {EOS} : new int[0];
        Beam start = Beam.initial(BOS, new BeamParams(1, 0.01, eos, true, BeamParams.UNLIMITED, BeamParams.UNLIMITED));
        return Decoding.begin(BeamText.after(start), rules)
                .then(decoding -> decoding.finish(rules))
                .run(SpreadingModel::answers)
                .drafts()
                .get(0);
    }

    private static List<Expansion> answers(List<ExpandRequest> requests) {
        return requests.stream().map(SpreadingModel::answer).toList();
    }

    /** At depth 0 any byte or the end; at depth 1 the token of that byte; below it nothing. */
    private static Expansion answer(ExpandRequest request) {
        boolean withEos = request.eosTokens().length > 0;
        int nodes = Math.min(2, request.path().length + 1);
        double[] logMass = {withEos ? 0 : Math.log(BYTES / (BYTES + 2.0)), LOG_BYTE};
        double[][] rows = new double[nodes][];
        int[][] endTokens = new int[nodes][];
        double[][] endLogMass = new double[nodes][];
        for (int depth = 0; depth < nodes; depth++) {
            endTokens[depth] = depth == 0 ? new int[0] : new int[] {request.path()[0] & 0xFF};
            endLogMass[depth] = depth == 0 ? new double[0] : new double[] {LOG_BYTE};
            rows[depth] = depth >= request.rowsFrom() ? row(depth, withEos) : null;
        }
        return new Expansion(Arrays.copyOf(logMass, nodes), endTokens, endLogMass, withEos ? LOG_EOS : NEVER, rows);
    }

    private static double[] row(int depth, boolean withEos) {
        double[] row = new double[Symbols.COUNT];
        Arrays.fill(row, depth == 0 ? LOG_BYTE : NEVER);
        row[Symbols.EOT] = depth == 0 ? NEVER : LOG_BYTE;
        row[Symbols.EOS] = depth == 0 && withEos ? LOG_EOS : NEVER;
        return row;
    }
}
