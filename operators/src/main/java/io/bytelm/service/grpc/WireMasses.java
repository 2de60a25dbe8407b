package io.bytelm.service.grpc;

import io.bytelm.dist.Symbols;
import io.bytelm.service.Expansion;
import io.bytelm.service.MassesAhead;
import io.bytelm.service.grpc.proto.EndTokens;
import io.bytelm.service.grpc.proto.Masses;
import io.bytelm.service.grpc.proto.Row;
import java.util.Arrays;
import java.util.List;

/**
 * {@link Expansion}s on the wire. Masses along the path are sent as they are, rows in float32: half of their size, at 1e-6
 * of their value.
 */
final class WireMasses {
    private static final int[] NO_TOKENS = new int[0];
    private static final double[] NO_MASSES = new double[0];

    private WireMasses() {}

    static Masses of(Expansion expansion) {
        Masses.Builder masses = Masses.newBuilder();
        for (int depth = 0; depth <= expansion.depth(); depth++) {
            masses.addLogMass(expansion.logMass()[depth]);
            if (expansion.endTokens()[depth].length > 0) {
                masses.addEnds(
                        endTokens(depth, expansion.endTokens()[depth], expansion.endLogMass()[depth]));
            }
            if (expansion.rows()[depth] != null) {
                masses.addRows(row(depth, expansion.rows()[depth]));
            }
        }
        if (expansion.eosLogMass() > Double.NEGATIVE_INFINITY) {
            masses.setEosLogMass(expansion.eosLogMass());
        }
        MassesAhead ahead = expansion.ahead();
        if (ahead != null && ahead.count() > 0) {
            masses.setAhead(WireMassesAhead.of(ahead));
        }
        return masses.build();
    }

    static EndTokens endTokens(int depth, int[] tokens, double[] logMass) {
        EndTokens.Builder ends = EndTokens.newBuilder().setDepth(depth);
        for (int i = 0; i < tokens.length; i++) {
            ends.addTokens(tokens[i]).addLogMass(logMass[i]);
        }
        return ends.build();
    }

    private static Row row(int depth, double[] logMass) {
        Row.Builder row = Row.newBuilder().setDepth(depth);
        for (double mass : logMass) {
            row.addLogMass((float) mass);
        }
        return row.build();
    }

    /**
     * @param pathBytes the length of the path that was asked along
     * @throws MalformedMessageException if they are no answer to such a request
     */
    static Expansion read(Masses masses, int pathBytes) throws MalformedMessageException {
        int nodes = masses.getLogMassCount();
        if (nodes < 1 || nodes > pathBytes + 1) {
            throw new MalformedMessageException(nodes + " masses along a path of " + pathBytes + " bytes");
        }
        double[] logMass = new double[nodes];
        int[][] endTokens = new int[nodes][];
        double[][] endLogMass = new double[nodes][];
        for (int depth = 0; depth < nodes; depth++) {
            logMass[depth] = masses.getLogMass(depth);
        }
        readEndTokens(masses.getEndsList(), endTokens, endLogMass);
        double eosLogMass = masses.hasEosLogMass() ? masses.getEosLogMass() : Double.NEGATIVE_INFINITY;
        MassesAhead ahead =
                masses.hasAhead() && nodes == pathBytes + 1 ? WireMassesAhead.read(masses.getAhead()) : null;
        return new Expansion(logMass, endTokens, endLogMass, eosLogMass, rows(masses, nodes), ahead);
    }

    /** By depth, or by whatever else {@code depth} counts. */
    static void readEndTokens(List<EndTokens> all, int[][] endTokens, double[][] endLogMass)
            throws MalformedMessageException {
        Arrays.fill(endTokens, NO_TOKENS);
        Arrays.fill(endLogMass, NO_MASSES);
        for (EndTokens ends : all) {
            int depth = requireDepth(ends.getDepth(), endTokens.length);
            if (ends.getTokensCount() != ends.getLogMassCount()) {
                throw new MalformedMessageException(
                        ends.getTokensCount() + " tokens with " + ends.getLogMassCount() + " masses");
            }
            endTokens[depth] =
                    ends.getTokensList().stream().mapToInt(Integer::intValue).toArray();
            endLogMass[depth] = ends.getLogMassList().stream()
                    .mapToDouble(Double::doubleValue)
                    .toArray();
        }
    }

    private static double[][] rows(Masses masses, int nodes) throws MalformedMessageException {
        double[][] rows = new double[nodes][];
        for (Row row : masses.getRowsList()) {
            if (row.getLogMassCount() != Symbols.COUNT) {
                throw new MalformedMessageException("a row of " + row.getLogMassCount() + " masses");
            }
            double[] logMass = new double[Symbols.COUNT];
            for (int symbol = 0; symbol < logMass.length; symbol++) {
                logMass[symbol] = row.getLogMass(symbol);
            }
            rows[requireDepth(row.getDepth(), nodes)] = logMass;
        }
        return rows;
    }

    private static int requireDepth(int depth, int nodes) throws MalformedMessageException {
        if (depth < 0 || depth >= nodes) {
            throw new MalformedMessageException("depth " + Integer.toUnsignedString(depth) + " of " + (nodes - 1));
        }
        return depth;
    }
}
