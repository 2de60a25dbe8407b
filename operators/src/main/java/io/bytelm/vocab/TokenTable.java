package io.bytelm.vocab;

import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers the pieces and added tokens of one tokenizer file by id, and refuses contradictions. */
final class TokenTable {
    /** Far above every vocabulary there is: a greater id is a damaged file, not a reason to run out of memory. */
    private static final int MAX_ID = 1 << 24;

    private enum Origin {
        PIECE,
        ADDED,
        ADDED_PIECE,
        SPECIAL
    }

    private record Entry(String content, Origin origin) {}

    private final Path file;
    private final List<@Nullable Entry> entries = new ArrayList<>();
    private final Map<String, Integer> idOfName = new HashMap<>();

    TokenTable(Path file) {
        this.file = file;
    }

    /** Adds a piece of the model's vocabulary. */
    void addPiece(long id, String piece) {
        int row = row(id, piece);
        requireSame(row, piece);
        entries.set(row, new Entry(piece, Origin.PIECE));
        idOfName.putIfAbsent(piece, row);
    }

    /** Adds an added token; after all pieces. */
    void addAddedToken(long id, String content, boolean special) {
        int row = row(id, content);
        Entry before = entries.get(row);
        requireSame(row, content);
        Origin origin = special ? Origin.SPECIAL : before == null ? Origin.ADDED : before.origin();
        entries.set(row, new Entry(content, origin == Origin.PIECE ? Origin.ADDED_PIECE : origin));
        idOfName.put(content, row);
    }

    private int row(long id, String content) {
        if (id < 0 || id > MAX_ID) {
            throw new VocabularyException(file + ": token " + quoted(content) + " has the impossible id " + id);
        }
        while (entries.size() <= id) {
            entries.add(null);
        }
        return (int) id;
    }

    private void requireSame(int id, String content) {
        Entry before = entries.get(id);
        if (before != null && !before.content().equals(content)) {
            throw new VocabularyException(file + ": id " + id + " is both " + quoted(before.content()) + " and "
                    + quoted(content) + "; take tokenizer.json as its model's author published it");
        }
    }

    /** The greatest id and one. */
    int size() {
        return entries.size();
    }

    /** The id of the piece or added token with this name; null if there is none. */
    @Nullable
    Integer idOf(String name) {
        return idOfName.get(name);
    }

    /** What each id stands for; ids that the file leaves out are empty. */
    List<Token> decode(PieceDecoder decoder) {
        List<Token> tokens = new ArrayList<>(entries.size());
        for (int id = 0; id < entries.size(); id++) {
            Entry entry = entries.get(id);
            tokens.add(entry == null ? Token.EMPTY : decode(id, entry, decoder));
        }
        return tokens;
    }

    private Token decode(int id, Entry entry, PieceDecoder decoder) {
        return switch (entry.origin()) {
            case SPECIAL -> Token.named(entry.content(), TokenKind.SPECIAL);
            case ADDED -> Token.named(entry.content(), TokenKind.NORMAL);
            case ADDED_PIECE -> {
                // The model's own merges make it too, out of the bytes that the piece stands for: a run of spaces, say.
                Token piece = decoder.decode(entry.content());
                yield piece == null ? Token.named(entry.content(), TokenKind.NORMAL) : piece;
            }
            case PIECE -> {
                Token piece = decoder.decode(entry.content());
                if (piece == null) {
                    throw new VocabularyException(file + ": piece " + quoted(entry.content()) + " (id " + id
                            + ") has a character outside the byte-level alphabet and is no added token;"
                            + " take tokenizer.json as its model's author published it");
                }
                yield piece;
            }
        };
    }

    /** In quotation marks, on one line whatever it holds. */
    private static String quoted(String content) {
        return TextNode.valueOf(content).toString();
    }
}
