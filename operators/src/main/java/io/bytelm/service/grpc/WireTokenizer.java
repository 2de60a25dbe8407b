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

    private static final int MOST_GZIPPED_BYTES = 32 << 20;

    /** Nearly twice Gemma's, which is among the longest. */
    private static final int MOST_JSON_BYTES = 64 << 20;

    private static final int MOST_REFUSAL_CHARACTERS = 2000;

    /**
     * What a server tells.
     *
     * @param json the text of a {@code tokenizer.json}
     * @param rulesFingerprint of the rules that the server makes of it; null if it does not say
     */
    record Told(byte[] json, @Nullable Long rulesFingerprint) {}

    private WireTokenizer() {}

    /**
     * @param json the text of a {@code tokenizer.json}
     * @throws NoCanonicalTokenizationsException if it is too long to be told
     */
    static List<Sealed> of(byte[] json, long rulesFingerprint) {
        ByteString gzipped = gzipped(json);
        if (json.length > MOST_JSON_BYTES || gzipped.size() > MOST_GZIPPED_BYTES) {
            throw new NoCanonicalTokenizationsException("tokenizer.json has " + json.length + " bytes, "
                    + gzipped.size() + " of them when gzipped; no more than " + MOST_JSON_BYTES + " and "
                    + MOST_GZIPPED_BYTES + " are sent to clients");
        }
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
     * Holds no more than {@link #MOST_GZIPPED_BYTES} and {@link #MOST_JSON_BYTES}, whatever comes.
     *
     * @throws MalformedMessageException if the parts are no such file, or more than may be sent
     * @throws NoCanonicalTokenizationsException with the server's reason, if it does not tell
     */
    static Told read(Iterator<Sealed> parts) throws MalformedMessageException {
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
            if (gzipped.size() > MOST_GZIPPED_BYTES) {
                throw new MalformedMessageException("a tokenizer of more than " + MOST_GZIPPED_BYTES + " bytes");
            }
        }
        if (first == null) {
            throw new MalformedMessageException("no tokenizer");
        }
        return new Told(inflated(gzipped), first.hasRulesFingerprint() ? first.getRulesFingerprint() : null);
    }

    private static TokenizerPart part(Sealed message) throws MalformedMessageException {
        try {
            return TokenizerPart.parseFrom(Seal.open(message));
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedMessageException("a part of a tokenizer that is none");
        }
    }

    private static byte[] inflated(ByteString gzipped) throws MalformedMessageException {
        try (InputStream json = new GZIPInputStream(gzipped.newInput())) {
            byte[] bytes = json.readNBytes(MOST_JSON_BYTES + 1);
            if (bytes.length > MOST_JSON_BYTES) {
                throw new MalformedMessageException(
                        "a tokenizer that is more than " + MOST_JSON_BYTES + " bytes when it is unpacked");
            }
            return bytes;
        } catch (IOException e) {
            throw new MalformedMessageException("a tokenizer that cannot be unpacked: " + e.getMessage());
        }
    }
}
