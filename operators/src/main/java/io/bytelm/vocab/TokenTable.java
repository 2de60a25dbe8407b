package io.bytelm.vocab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The pieces and added tokens of one tokenizer by id, numbered as the tokenizers library does: an added token that is no
 * piece yet takes the next id, whatever id a file says.
 *
 * @see <a href="https://github.com/huggingface/tokenizers/blob/main/tokenizers/src/tokenizer/added_vocabulary.rs">its
 *     added_vocabulary</a>
 */
final class TokenTable {
    /** Far above every vocabulary there is: a greater id is a damaged file, not a reason to run out of memory. */
    private static final int MAX_ID = 1 << 24;

    /** @param added what was said last of it as an added token; null of a piece that is none */
    private record Entry(
            String content, boolean piece, @Nullable AddedToken added) {}

    private final Path file;
    private final List<@Nullable Entry> entries = new ArrayList<>();
    private final Map<String, Integer> idOfName = new HashMap<>();
    private int pieces;
    private int greatestAdded = -1;

    TokenTable(Path file) {
        this.file = file;
    }

    /** Adds a piece of the model's vocabulary. */
    void addPiece(long id, String piece) {
        requirePossible(file, id, piece);
        place((int) id, new Entry(piece, true, null));
        idOfName.putIfAbsent(piece, (int) id);
        pieces++;
    }

    /**
     * Adds an added token; after all pieces. Of one that is there already, only whether it is special changes.
     *
     * @return its id; -1 where it has no name, and is none
     */
    int add(AddedToken token) {
        if (token.content().isEmpty()) {
            return -1;
        }
        Integer known = idOfName.get(token.content());
        int id = known == null ? nextId() : known;
        place(id, new Entry(token.content(), known != null && isPiece(id), token));
        idOfName.put(token.content(), id);
        greatestAdded = Math.max(greatestAdded, id);
        return id;
    }

    /** Behind all added tokens, and as many pieces as there are. */
    private int nextId() {
        return Math.max(greatestAdded + 1, pieces);
    }

    private boolean isPiece(int id) {
        return Objects.requireNonNull(entries.get(id)).piece();
    }

    private void place(int id, Entry entry) {
        while (entries.size() <= id) {
            entries.add(null);
        }
        Entry before = entries.set(id, entry);
        if (before != null && !before.content().equals(entry.content())) {
            throw twoTokens(file, id, before.content(), entry.content());
        }
    }

    static void requirePossible(Path file, long id, String content) {
        if (id < 0 || id > MAX_ID) {
            throw new VocabularyException(file + ": token " + Quoted.text(content) + " has the impossible id " + id);
        }
    }

    static VocabularyException twoTokens(Path file, long id, String one, String other) {
        return new VocabularyException(file + ": id " + id + " is both " + Quoted.text(one) + " and "
                + Quoted.text(other) + "; take tokenizer.json as its model's author published it");
    }

    /** The greatest id and one. */
    int size() {
        return entries.size();
    }

    /** How many ids from one on have a token. */
    int countFrom(int first) {
        return (int) entries.stream().skip(first).filter(Objects::nonNull).count();
    }

    /** How many ids have an added token. */
    int countAdded() {
        return (int) entries.stream()
                .filter(entry -> entry != null && entry.added() != null)
                .count();
    }

    /** The id of the piece or added token with this name; null if there is none. */
    @Nullable
    Integer idOf(String name) {
        return idOfName.get(name);
    }

    /** The name of an id; empty if it has none. */
    String nameOf(int id) {
        Entry entry = id < entries.size() ? entries.get(id) : null;
        return entry == null ? "" : entry.content();
    }

    /** What each id stands for; ids that are left out are empty. */
    List<Token> decode(PieceDecoder decoder) {
        List<Token> tokens = new ArrayList<>(entries.size());
        for (int id = 0; id < entries.size(); id++) {
            Entry entry = entries.get(id);
            tokens.add(entry == null ? Token.EMPTY : decode(id, entry, decoder));
        }
        return tokens;
    }

    private Token decode(int id, Entry entry, PieceDecoder decoder) {
        if (entry.added() != null && entry.added().special()) {
            return Token.named(entry.content(), TokenKind.SPECIAL);
        }
        // The model's own merges make a piece too, out of the bytes that it stands for: a run of spaces, say.
        Token piece = entry.piece() ? decoder.decode(entry.content()) : null;
        if (piece == null && entry.added() == null) {
            throw new VocabularyException(file + ": piece " + Quoted.text(entry.content()) + " (id " + id
                    + ") has a character outside the byte-level alphabet and is no added token;"
                    + " take tokenizer.json as its model's author published it");
        }
        return piece == null ? Token.named(entry.content(), TokenKind.NORMAL) : piece;
    }
}
