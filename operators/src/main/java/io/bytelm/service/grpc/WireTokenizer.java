package io.bytelm.service.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.bytelm.service.NoCanonicalTokenizationsException;
import io.bytelm.service.grpc.proto.Sealed;
import io.bytelm.service.grpc.proto.TokenizerPart;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** A tokenizer's {@code tokenizer.json} on the wire, in sealed parts, or why it is not told. */
final class WireTokenizer {
    /** Parts stay well below any limit on messages. */
    private static final int PART_BYTES = 256 << 10;

    private static final int MOST_JSON_BYTES = 64 << 20;
    private static final int MOST_JSON_BYTES_WITHOUT_TOKENS = 1 << 20;

    /** Nearly twice as many as those have whose every merge is written on four lines. */
    private static final int MOST_JSON_BYTES_PER_TOKEN = 256;

    private static final int MOST_REFUSAL_CHARACTERS = 2000;

    /**
     * What a server tells.
     *
     * @param json the text of a {@code tokenizer.json}
     * @param rulesFingerprint of the rules that the server makes of it; null if it does not say
     */
    record Told(byte[] json, @Nullable Long rulesFingerprint) {}

    private WireTokenizer() {}

    /** What is read takes some times its length: that grows with the model, not with what a server sends. */
    private static int mostJsonBytes(int vocabularySize) {
        return (int) Math.min(
                MOST_JSON_BYTES, MOST_JSON_BYTES_WITHOUT_TOKENS + (long) vocabularySize * MOST_JSON_BYTES_PER_TOKEN);
    }

    /**
     * @param json the text of a {@code tokenizer.json}
     * @param vocabularySize how many token ids the model has
     * @throws NoCanonicalTokenizationsException if it is too long to be told
     */
    static List<Sealed> of(byte[] json, int vocabularySize, long rulesFingerprint) {
        int most = mostJsonBytes(vocabularySize);
        if (json.length > most) {
            throw new NoCanonicalTokenizationsException("tokenizer.json has " + json.length + " bytes; of a model with "
                    + vocabularySize + " token ids no more than " + most + " are sent to clients");
        }
        ByteString gzipped = gzipped(json);
        List<Sealed> parts = new ArrayList<>();
        TokenizerPart.Builder part = TokenizerPart.newBuilder().setRulesFingerprint(rulesFingerprint);
        for (int at = 0; at < gzipped.size(); at += PART_BYTES) {
            ByteString bytes = gzipped.substring(at, Math.min(gzipped.size(), at + PART_BYTES));
            parts.add(Seal.close(part.setGzippedJson(bytes).build()));
            part = TokenizerPart.newBuilder();
        }
        return List.copyOf(parts);
    }

    private static ByteString gzipped(byte[] json) {
        ByteString.Output out = ByteString.newOutput();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // into memory
        }
        return out.toByteString();
    }

    /** @param why one line */
    static List<Sealed> refusal(String why) {
        return List.of(
                Seal.close(TokenizerPart.newBuilder().setRefusal(oneLine(why)).build()));
    }

    private static String oneLine(String why) {
        String line = why.strip().replaceAll("\\s*\\R\\s*", "; ");
        return line.substring(0, Math.min(line.length(), MOST_REFUSAL_CHARACTERS));
    }

    /**
     * Holds no more than such a file may have, packed and unpacked, whatever comes.
     *
     * @param vocabularySize how many token ids the model has
     * @throws MalformedMessageException if the parts are no such file, or more than may be sent
     * @throws NoCanonicalTokenizationsException with the server's reason, if it does not tell
     */
    static Told read(Iterator<Sealed> parts, int vocabularySize) throws MalformedMessageException {
        int most = mostJsonBytes(vocabularySize);
        ByteString gzipped = ByteString.EMPTY;
        TokenizerPart first = null;
        while (parts.hasNext()) {
            TokenizerPart part = part(parts.next());
            if (part.hasRefusal()) {
                throw new NoCanonicalTokenizationsException(oneLine(part.getRefusal()));
            }
            if (part.getGzippedJson().isEmpty()) {
                throw new MalformedMessageException("a part of a tokenizer without bytes");
            }
            first = first == null ? part : first;
            gzipped = gzipped.concat(part.getGzippedJson());
            if (gzipped.size() - PART_BYTES > most) { // what cannot be packed becomes a little longer
                throw new MalformedMessageException("a tokenizer of more than " + most + " bytes");
            }
        }
        if (first == null) {
            throw new MalformedMessageException("no tokenizer");
        }
        return new Told(inflated(gzipped, most), first.hasRulesFingerprint() ? first.getRulesFingerprint() : null);
    }

    private static TokenizerPart part(Sealed message) throws MalformedMessageException {
        try {
            return TokenizerPart.parseFrom(Seal.open(message));
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedMessageException("a part of a tokenizer that is none");
        }
    }

    private static byte[] inflated(ByteString gzipped, int most) throws MalformedMessageException {
        try (InputStream json = new GZIPInputStream(gzipped.newInput())) {
            byte[] bytes = json.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new MalformedMessageException("a tokenizer of more than " + most + " bytes when it is unpacked");
            }
            return bytes;
        } catch (IOException e) {
            throw new MalformedMessageException("a tokenizer that cannot be unpacked: " + e.getMessage());
        }
    }
}
