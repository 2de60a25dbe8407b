package io.bytelm.record.binary;

import io.bytelm.record.SettledTokens;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Format 2: the number of the token that the run follows; if that is 0, how many older tokens are not kept and, if there
 * are any, their hash as 4 bytes; a count, then the tokens. All but the hash are varints: 1 byte below 128, 2 below
 * 16,384, 3 below 2,097,152. Format 1 says nothing of older tokens: there were none that were not kept.
 */
public final class SettledTokensSerializer extends VersionedSerializer<SettledTokens> {
    private static final long serialVersionUID = 1;
    private static final String NAME = "settled tokens";
    private static final int NEWEST_VERSION = 2;

    /** Of the newest format. */
    public SettledTokensSerializer() {
        this(NEWEST_VERSION);
    }

    private SettledTokensSerializer(int version) {
        super(NAME, version, NEWEST_VERSION);
    }

    @Override
    void write(SettledTokens settled, DataOutputView out) throws IOException {
        Fields.writeVarint(settled.follows(), out);
        if (settled.follows() == 0) {
            Fields.writeVarint(settled.olderTokens(), out);
            if (settled.olderTokens() > 0) {
                out.writeInt(settled.olderHash());
            }
        }
        Fields.writeTokens(settled.tokens(), out);
    }

    @Override
    SettledTokens read(DataInputView in, int formatVersion) throws IOException {
        int follows = Fields.readSize(in, Integer.MAX_VALUE);
        boolean saysOlder = formatVersion > 1 && follows == 0;
        int olderTokens = saysOlder ? Fields.readSize(in, Integer.MAX_VALUE - 1) : 0;
        int olderHash = olderTokens > 0 ? in.readInt() : 0;
        return new SettledTokens(follows, olderTokens, olderHash, Fields.readTokens(in));
    }

    /** No tokens. */
    @Override
    public SettledTokens createInstance() {
        return new SettledTokens(0, new int[0]);
    }

    @Override
    public TypeSerializerSnapshot<SettledTokens> snapshotConfiguration() {
        return new Snapshot(version());
    }

    /** Flink makes one by reflection and fills it from a checkpoint. */
    public static final class Snapshot extends VersionedSnapshot<SettledTokens> {
        public Snapshot() {
            this(NEWEST_VERSION);
        }

        private Snapshot(int version) {
            super(NAME, version, NEWEST_VERSION, SettledTokensSerializer::new);
        }
    }
}
