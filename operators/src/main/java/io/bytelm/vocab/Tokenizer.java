package io.bytelm.vocab;

import io.bytelm.vocab.NamedTokens.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A tokenizer as transformers 5.24 makes it of {@code tokenizer.json} and the files beside it: what each id stands for, and
 * what comes before a text. Immutable.
 */
final class Tokenizer {
    /** Where the file has no template that tells: the usual names of the token that texts begin with. */
    private static final List<String> USUAL_BOS_NAMES =
            List.of("<s>", "<|begin_of_text|>", "<bos>", "<|endoftext|>", "<|im_start|>");

    private final TokenizerFile file;
    private final TokenTable table;
    private final List<Token> tokens;
    private final byte[] dummyPrefix;
    private final Map<String, Role> roles;
    private final List<String> notices;

    private Tokenizer(
            TokenizerFile file,
            TokenTable table,
            PieceDecoder decoder,
            byte[] dummyPrefix,
            Map<String, Role> roles,
            List<String> notices) {
        this.file = file;
        this.table = table;
        this.tokens = table.decode(decoder);
        this.dummyPrefix = dummyPrefix;
        this.roles = roles;
        this.notices = notices;
        if (table.size() == 0) {
            throw new VocabularyException(file.file() + ": has no tokens");
        }
    }

    /** The file alone, as the tokenizers library reads it. */
    static Tokenizer of(TokenizerFile file) {
        TokenTable table = file.pieces();
        file.addedTokens().forEach(token -> table.add(token.token()));
        byte[] dummyPrefix = file.pipeline().dummyPrefix();
        return new Tokenizer(file, table, file.decoder(), dummyPrefix, Map.of(), otherIds(file.addedTokens(), table));
    }

    /**
     * The file and those beside it.
     *
     * @throws VocabularyException if the files contradict each other
     */
    static Tokenizer of(TokenizerFile file, TokenizerSettings settings) {
        var tokenizerConfig = settings.tokenizerConfig().content();
        TokenizerClass reader = TokenizerClassChoice.of(
                settings.config().content(), tokenizerConfig, file.pipeline().hasByteLevel());
        requireSamePieces(file, reader, settings.tokenizerConfig().file());
        NamedTokens named = NamedTokens.of(settings, reader, file.addedTokens());
        List<AddedToken> ofFile = reader == TokenizerClass.AS_WRITTEN
                ? file.addedTokens().stream().map(NumberedToken::token).toList()
                : List.of();
        TokenTable table = file.pieces();
        ofFile.forEach(table::add);
        Map<String, Role> known = addNamed(table, named, names(ofFile), reader);
        return new Tokenizer(
                file,
                table,
                reader.pieceDecoder() == null ? file.decoder() : reader.pieceDecoder(),
                reader.dummyPrefix(
                        tokenizerConfig.path("add_prefix_space"),
                        file.pipeline().dummyPrefix()),
                known,
                otherIds(numbered(named, file), table));
    }

    private static void requireSamePieces(TokenizerFile file, TokenizerClass reader, Path tokenizerConfig) {
        PieceDecoder byClass = reader.pieceDecoder();
        if (byClass != null && byClass.getClass() != file.decoder().getClass()) {
            boolean byteLevel = byClass instanceof PieceDecoder.ByteLevel;
            throw new VocabularyException(file.file() + ": its pieces are "
                    + (byteLevel ? "SentencePiece's, but the tokenizer_class of " : "byte-level, but the class of ")
                    + tokenizerConfig + " (or, without one, of the model_type) reads "
                    + (byteLevel ? "byte-level ones" : "SentencePiece's")
                    + "; take both files from the same model, or name PreTrainedTokenizerFast there");
        }
    }

    /**
     * Adds what the files name, in the order in which it is numbered.
     *
     * @param before the names of those that are added already
     * @return the roles, without those that only the class names and that were no tokens before
     */
    private static Map<String, Role> addNamed(
            TokenTable table, NamedTokens named, Set<String> before, TokenizerClass reader) {
        Set<String> withRole =
                names(named.roles().values().stream().map(Role::token).toList());
        Set<String> added = new HashSet<>(before);
        for (AddedToken token : named.numbered().values()) {
            table.add(withRole.contains(token.content()) ? token.asSpecial() : token);
            added.add(token.content());
        }
        Map<String, Role> known = new HashMap<>(named.roles());
        known.values()
                .removeIf(
                        role -> role.source() == null && table.idOf(role.token().content()) == null);
        List<AddedToken> further = Stream.concat(
                        named.roles().values().stream().map(Role::token), named.extra().stream())
                .toList();
        further.stream().filter(token -> !added.contains(token.content())).forEach(table::add);
        if (reader.namedAreSpecial()) {
            further.forEach(token -> table.add(token.asSpecial()));
        }
        return known;
    }

    private static Set<String> names(List<AddedToken> tokens) {
        return tokens.stream().map(AddedToken::content).collect(Collectors.toSet());
    }

    private static List<NumberedToken> numbered(NamedTokens named, TokenizerFile file) {
        List<NumberedToken> all = new ArrayList<>(file.addedTokens());
        named.numbered().forEach((id, token) -> all.add(new NumberedToken(id, token)));
        return all;
    }

    /** Says which tokens have another id than a file says. */
    private static List<String> otherIds(List<NumberedToken> numbered, TokenTable table) {
        List<String> differences = numbered.stream()
                .filter(token -> {
                    Integer id = table.idOf(token.token().content());
                    return id != null && id != token.id();
                })
                .map(token -> Quoted.text(token.token().content()) + " is "
                        + table.idOf(token.token().content()) + ", not " + token.id())
                .distinct()
                .toList();
        return differences.isEmpty()
                ? List.of()
                : List.of("added tokens have the ids that transformers gives them, not those of the files: "
                        + Shortened.list(differences));
    }

    Path file() {
        return file.file();
    }

    /** @param rows how many ids the model's output has */
    TokenizerSummary summary(int rows) {
        return new TokenizerSummary(file.kind(), table.countFrom(0), table.countFrom(rows), table.countAdded());
    }

    /** The greatest token id and one. */
    int size() {
        return tokens.size();
    }

    /** What each id stands for, {@code [size]}; ids that the files leave out are empty. */
    List<Token> tokens() {
        return tokens;
    }

    /** The bytes that it puts before the first word of a text. */
    byte[] dummyPrefix() {
        return dummyPrefix;
    }

    /** The id of the piece or added token with this name; null if there is none. */
    @Nullable
    Integer idOf(String name) {
        return table.idOf(name);
    }

    /** The name of an id; empty if it has none. */
    String nameOf(int id) {
        return table.nameOf(id);
    }

    /** The token with a role, such as {@code bos_token}; null if there is none. */
    @Nullable
    Role role(String role) {
        return roles.get(role);
    }

    /** What there is to say about it, a line each. */
    List<String> notices() {
        return notices;
    }

    /**
     * The token that texts most likely begin with, for want of a model's configuration: the one that the post-processor's
     * template puts first, else the first of {@code <s>}, {@code <|begin_of_text|>}, {@code <bos>},
     * {@code <|endoftext|>}, {@code <|im_start|>} that is a token, else token 0.
     */
    int likelyBosToken() {
        Integer templateBos = file.pipeline().templateBosToken();
        if (templateBos != null && templateBos >= 0 && templateBos < size()) {
            return templateBos;
        }
        return USUAL_BOS_NAMES.stream()
                .flatMap(name -> Stream.ofNullable(idOf(name)))
                .findFirst()
                .orElse(0);
    }
}
