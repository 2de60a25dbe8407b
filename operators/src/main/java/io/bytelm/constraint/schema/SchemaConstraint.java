package io.bytelm.constraint.schema;

import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.schema.network.Network;
import io.bytelm.constraint.schema.network.PositionReader;

/** A compiled JSON Schema. */
public final class SchemaConstraint implements Constraint {
    private final Network network;
    private final long fingerprint;

    SchemaConstraint(Network network) {
        this.network = network;
        this.fingerprint = network.fingerprint();
    }

    @Override
    public Cursor start() {
        return network.start();
    }

    @Override
    public Cursor restore(byte[] saved) {
        return PositionReader.read(saved, network);
    }

    @Override
    public long fingerprint() {
        return fingerprint;
    }
}
