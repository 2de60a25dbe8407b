package io.bytelm.vocab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small tokenizer files of the two kinds, for tests to write and to spoil. */
final class TokenizerFiles {
    /** Byte-level BPE, ids 0 to 6: special 0 (also a piece), text 1 to 4, added text 5, special 6. */
    static final String BYTE_LEVEL = """
            {"version": "1.0",
             "added_tokens": [
               {"id": 0, "content": "<|endoftext|>", "special": true},
               {"id": 5, "content": "  日", "special": false},
               {"id": 6, "content": "<|im_start|>", "special": true}],
             "normalizer": null,
             "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
               {"type": "Split", "pattern": {"Regex": "x"}, "behavior": "Isolated", "invert": false},
               {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}]},
             "post_processor": null,
             "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
             "model": {"type": "BPE", "byte_fallback": false,
               "vocab": {"<|endoftext|>": 0, "a": 1, "Ġ": 2, "Ġa": 3, "Ã": 4},
               "merges": ["Ġ a", ["Ġ", "a"]]}}
            """;

    /** SentencePiece BPE as Llama 2's, ids 0 to 8: {@code A} is 4 and, as a raw byte, 3; 8 is a listed run of spaces. */
    static final String SENTENCE_PIECE = """
            {"version": "1.0",
             "added_tokens": [
               {"id": 0, "content": "<unk>", "special": true},
               {"id": 1, "content": "<s>", "special": true},
               {"id": 2, "content": "</s>", "special": true},
               {"id": 8, "content": "▁▁", "special": false}],
             "normalizer": {"type": "Sequence", "normalizers": [
               {"type": "Prepend", "prepend": "▁"},
               {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
             "pre_tokenizer": null,
             "post_processor": {"type": "TemplateProcessing",
               "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
               "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
             "decoder": {"type": "Sequence", "decoders": [
               {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
               {"type": "ByteFallback"}, {"type": "Fuse"}]},
             "model": {"type": "BPE", "byte_fallback": true,
               "vocab": {"<unk>": 0, "<s>": 1, "</s>": 2, "<0x41>": 3, "A": 4, "▁日": 5, "": 6, "<0xfF>": 7, "▁▁": 8},
               "merges": []}}
            """;

    private TokenizerFiles() {}

    static Path directory(Path parent, String name) {
        try {
            return Files.createDirectories(parent.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path write(Path directory, String name, String content) {
        try {
            return Files.writeString(directory.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
