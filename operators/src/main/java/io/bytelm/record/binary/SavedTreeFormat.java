package io.bytelm.record.binary;

import io.bytelm.beam.EosMode;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.canonical.EosReading;
import io.bytelm.canonical.SavedTree;
import io.bytelm.canonical.SavedTree.SavedHead;
import io.bytelm.canonical.SavedTree.SavedOpening;
import io.bytelm.lm.TokenContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A tree over canonical tokenizations: the fingerprint of its rules, its settings, how EOS tokens are read, how many bytes
 * there were, the last ones of them twice, the cuts as a count and signed numbers; how many openings, their contexts ({@link
 * ContextsFormat}), then for each opening a byte of flags, how many bytes ago it was, and its weight as a raw double (nats,
 * bit-exact) unless that is not known; how many heads, then for each its opening, its open bytes and its courses.
 */
final class SavedTreeFormat {
    private static final EosMode[] MODES = EosMode.values();
    private static final int EVALUATED = 1;
    private static final int WEIGHED = 2;

    private SavedTreeFormat() {}

    static void write(SavedTree tree, DataOutputView out) throws IOException {
        out.writeLong(tree.rules());
        out.writeDouble(tree.params().defer());
        Fields.writeTokens(tree.params().eosTokens(), out);
        Fields.writeVarint(tree.eos().before().ordinal(), out);
        Fields.writeVarint(tree.eos().from(), out);
        Fields.writeVarint(tree.eos().after().ordinal(), out);
        Fields.writeVarint(tree.length(), out);
        Fields.writeBytes(tree.text(), out);
        Fields.writeBytes(tree.recent(), out);
        Fields.writeVarint(tree.cuts().length, out);
        for (int number : tree.cuts()) {
            Fields.writeSigned(number, out);
        }
        writeOpenings(tree, out);
        Fields.writeVarint(tree.heads().size(), out);
        for (SavedHead head : tree.heads()) {
            Fields.writeVarint(head.opening(), out);
            Fields.writeVarint(head.open(), out);
            Fields.writeVarint(head.courses(), out);
            Fields.writeVarint(head.alone(), out);
        }
    }

    private static void writeOpenings(SavedTree tree, DataOutputView out) throws IOException {
        Fields.writeVarint(tree.openings().size(), out);
        ContextsFormat.write(tree.contexts(), out);
        for (SavedOpening opening : tree.openings()) {
            boolean isWeighed = !Double.isNaN(opening.logWeight());
            out.writeByte((opening.evaluated() ? EVALUATED : 0) + (isWeighed ? WEIGHED : 0));
            Fields.writeVarint(opening.bytesBack(), out);
            if (isWeighed) {
                out.writeDouble(opening.logWeight());
            }
        }
    }

    static SavedTree read(DataInputView in) throws IOException {
        return new SavedTree(
                in.readLong(),
                new CanonicalParams(in.readDouble(), Fields.readTokens(in)),
                new EosReading(Fields.readEnum(MODES, in), Fields.readVarint(in), Fields.readEnum(MODES, in)),
                Fields.readVarint(in),
                Fields.readBytes(in),
                Fields.readBytes(in),
                readCuts(in),
                readOpenings(in),
                readHeads(in));
    }

    private static int[] readCuts(DataInputView in) throws IOException {
        int count = Fields.readSize(in, Integer.MAX_VALUE);
        List<Integer> cuts = new ArrayList<>(); // grows with what is there, whatever a damaged count says
        for (int i = 0; i < count; i++) {
            cuts.add((int) Fields.readSigned(in));
        }
        return cuts.stream().mapToInt(number -> number).toArray();
    }

    private static List<SavedOpening> readOpenings(DataInputView in) throws IOException {
        int count = Fields.readSize(in, Integer.MAX_VALUE);
        List<SavedOpening> openings = new ArrayList<>();
        for (TokenContext context : ContextsFormat.read(count, in)) {
            int flags = Fields.readSize(in, EVALUATED + WEIGHED);
            int bytesBack = Fields.readSize(in, Integer.MAX_VALUE);
            double logWeight = (flags & WEIGHED) == 0 ? Double.NaN : in.readDouble();
            openings.add(new SavedOpening(context, bytesBack, logWeight, (flags & EVALUATED) != 0));
        }
        return openings;
    }

    private static List<SavedHead> readHeads(DataInputView in) throws IOException {
        int count = Fields.readSize(in, Integer.MAX_VALUE);
        List<SavedHead> heads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            heads.add(new SavedHead(
                    Fields.readSize(in, Integer.MAX_VALUE),
                    Fields.readSize(in, Integer.MAX_VALUE),
                    Fields.readVarint(in),
                    Fields.readVarint(in)));
        }
        return heads;
    }
}
