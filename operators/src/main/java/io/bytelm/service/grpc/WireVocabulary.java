package io.bytelm.service.grpc;

import com.google.protobuf.ByteString;
import io.bytelm.service.grpc.proto.TokenKind;
import io.bytelm.service.grpc.proto.VocabularyPart;
import io.bytelm.vocab.SpecialTokens;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** {@link Vocabulary}s on the wire, in parts. */
final class WireVocabulary {
    /** Parts stay well below any limit on messages. */
    private static final int PART_BYTES = 256 << 10;

    private WireVocabulary() {}

    static List<VocabularyPart> of(Vocabulary vocabulary) {
        List<VocabularyPart> parts = new ArrayList<>();
        VocabularyPart.Builder part = VocabularyPart.newBuilder()
                .setBos(vocabulary.bosToken())
                .addAllEos(vocabulary.eosTokens())
                .setDummyPrefix(ByteString.copyFrom(vocabulary.dummyPrefix()));
        ByteString.Output bytes = ByteString.newOutput();
        for (int token = 0; token < vocabulary.size(); token++) {
            byte[] ofToken = vocabulary.bytes(token);
            bytes.write(ofToken, 0, ofToken.length);
            part.addLengths(ofToken.length).addKinds(kind(vocabulary.kind(token)));
            if (bytes.size() + part.getLengthsCount() * 2 > PART_BYTES) {
                parts.add(part.setBytes(bytes.toByteString()).build());
                part = VocabularyPart.newBuilder();
                bytes = ByteString.newOutput();
            }
        }
        return plus(parts, part.setBytes(bytes.toByteString()).build());
    }

    private static List<VocabularyPart> plus(List<VocabularyPart> parts, VocabularyPart last) {
        parts.add(last);
        return parts;
    }

    /** @throws MalformedMessageException if they are no vocabulary */
    static Vocabulary read(Iterator<VocabularyPart> parts) throws MalformedMessageException {
        List<byte[]> tokens = new ArrayList<>();
        List<io.bytelm.vocab.TokenKind> kinds = new ArrayList<>();
        VocabularyPart first = null;
        while (parts.hasNext()) {
            VocabularyPart part = parts.next();
            first = first == null ? part : first;
            readTokens(part, tokens, kinds);
        }
        if (first == null || !first.hasBos()) {
            throw new MalformedMessageException("a vocabulary without a BOS token");
        }
        try {
            return new Vocabulary(
                    tokens,
                    kinds,
                    new SpecialTokens(first.getBos(), first.getEosList()),
                    first.getDummyPrefix().toByteArray());
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException("a vocabulary in which " + e.getMessage());
        }
    }

    private static void readTokens(VocabularyPart part, List<byte[]> tokens, List<io.bytelm.vocab.TokenKind> kinds)
            throws MalformedMessageException {
        int at = 0;
        for (int i = 0; i < part.getLengthsCount(); i++) {
            int length = part.getLengths(i);
            if (length < 0 || length > part.getBytes().size() - at || i >= part.getKindsCount()) {
                throw new MalformedMessageException("a vocabulary whose token " + tokens.size() + " is not all there");
            }
            tokens.add(part.getBytes().substring(at, at + length).toByteArray());
            kinds.add(kind(part.getKinds(i)));
            at += length;
        }
    }

    private static TokenKind kind(io.bytelm.vocab.TokenKind kind) {
        return switch (kind) {
            case NORMAL -> TokenKind.TOKEN_KIND_NORMAL;
            case SPECIAL -> TokenKind.TOKEN_KIND_SPECIAL;
            case BYTE -> TokenKind.TOKEN_KIND_BYTE;
            case EMPTY -> TokenKind.TOKEN_KIND_EMPTY;
        };
    }

    private static io.bytelm.vocab.TokenKind kind(TokenKind kind) throws MalformedMessageException {
        return switch (kind) {
            case TOKEN_KIND_NORMAL -> io.bytelm.vocab.TokenKind.NORMAL;
            case TOKEN_KIND_SPECIAL -> io.bytelm.vocab.TokenKind.SPECIAL;
            case TOKEN_KIND_BYTE -> io.bytelm.vocab.TokenKind.BYTE;
            case TOKEN_KIND_EMPTY -> io.bytelm.vocab.TokenKind.EMPTY;
            case UNRECOGNIZED ->
                throw new MalformedMessageException("a vocabulary with a kind of tokens that is not known");
        };
    }
}
