package io.bytelm.record.binary;

import io.bytelm.record.SourcePosition;
import io.bytelm.record.ToldTokens;
import io.bytelm.record.ToldTokens.Token;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Settled tokens: the session, their number, each one's id and places (signed), whether contexts were shortened, the source. */
final class ToldTokensFormat {
    private ToldTokensFormat() {}

    static void write(ToldTokens told, DataOutputView out) throws IOException {
        Fields.writeBytes(told.session(), out);
        Fields.writeVarint(told.tokens().size(), out);
        for (Token token : told.tokens()) {
            Fields.writeVarint(token.id(), out);
            Fields.writeSigned(token.from(), out);
            Fields.writeSigned(token.to(), out);
        }
        out.writeBoolean(told.truncated());
        InputRecordSerializer.writeSource(told.source(), out);
    }

    static ToldTokens read(DataInputView in) throws IOException {
        byte[] session = Fields.readBytes(in);
        int count = Fields.readSize(in, Integer.MAX_VALUE);
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tokens.add(new Token(Fields.readSize(in, Integer.MAX_VALUE), Fields.readSigned(in), Fields.readSigned(in)));
        }
        boolean truncated = Fields.readFlag(in);
        SourcePosition source = InputRecordSerializer.readSource(in);
        return new ToldTokens(session, tokens, truncated, source);
    }
}
