package io.bytelm.service.grpc;

import com.google.protobuf.ByteString;
import io.bytelm.service.MassesAhead;

/** {@link MassesAhead} on the wire. */
final class WireMassesAhead {
    private WireMassesAhead() {}

    static io.bytelm.service.grpc.proto.MassesAhead of(MassesAhead ahead) {
        io.bytelm.service.grpc.proto.MassesAhead.Builder message =
                io.bytelm.service.grpc.proto.MassesAhead.newBuilder().setNext(ByteString.copyFrom(ahead.bytes()));
        for (int way = 0; way < ahead.count(); way++) {
            message.addParents(ahead.parents()[way] + 1).addLogMass(ahead.logMass()[way]);
            int[] tokens = ahead.endTokens()[way];
            if (tokens.length > 0) {
                message.addEnds(WireMasses.endTokens(way, tokens, ahead.endLogMass()[way]));
            }
        }
        return message.build();
    }

    /** @throws MalformedMessageException if it is no tree */
    static MassesAhead read(io.bytelm.service.grpc.proto.MassesAhead message) throws MalformedMessageException {
        int count = message.getLogMassCount();
        if (message.getParentsCount() != count || message.getNext().size() != count) {
            throw new MalformedMessageException(count + " masses ahead with " + message.getParentsCount()
                    + " parents and " + message.getNext().size() + " bytes");
        }
        int[] parents = new int[count];
        double[] logMass = new double[count];
        for (int way = 0; way < count; way++) {
            parents[way] = message.getParents(way) - 1;
            logMass[way] = message.getLogMass(way);
            if (parents[way] < MassesAhead.PATH_END || parents[way] >= way) {
                throw new MalformedMessageException("mass " + way + " ahead goes on from " + parents[way]);
            }
        }
        int[][] endTokens = new int[count][];
        double[][] endLogMass = new double[count][];
        WireMasses.readEndTokens(message.getEndsList(), endTokens, endLogMass);
        return new MassesAhead(parents, message.getNext().toByteArray(), logMass, endTokens, endLogMass);
    }
}
