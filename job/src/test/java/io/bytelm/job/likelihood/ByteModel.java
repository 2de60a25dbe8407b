package io.bytelm.job.likelihood;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.lm.checkpoint.StoredType;
import io.bytelm.lm.djl.RandomCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A small GPT-2 with weights from a formula whose tokens are the 256 bytes: nothing in common with the bundled model. */
public final class ByteModel {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String END_OF_TEXT = "<|endoftext|>";
    private static final String CONFIG = """
            {"architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "vocab_size": 257, "n_embd": 24, "n_layer": 2,
             "n_head": 4, "n_positions": 128, "n_ctx": 128, "layer_norm_epsilon": 1e-05, "activation_function": "gelu_new",
             "bos_token_id": 0, "eos_token_id": 0}
            """;

    /** How many tokens of a context it reads, the one before the text included. */
    public static final int POSITIONS = 128;

    private ByteModel() {}

    /** Writes a LoRA adapter of it, in peft's format. */
    public static Path writeAdapter(Path directory) throws IOException {
        Files.createDirectories(directory);
        ObjectNode config = JSON.createObjectNode()
                .put("peft_type", "LORA")
                .put("base_model_name_or_path", "org/bytes")
                .put("r", 2)
                .put("lora_alpha", 20);
        String module = "base_model.model.transformer.h.1.attn.c_attn.";
        Map<String, long[]> shapes =
                Map.of(module + "lora_A.weight", new long[] {2, 24}, module + "lora_B.weight", new long[] {72, 2});
        new RandomCheckpoint(config, shapes).writeAdapter(directory);
        return directory;
    }

    /** Writes it as a Hugging Face directory. */
    public static Path write(Path directory) throws IOException {
        Files.createDirectories(directory);
        new RandomCheckpoint((ObjectNode) JSON.readTree(CONFIG)).write(directory, StoredType.F32);
        ObjectNode tokenizer = JSON.createObjectNode().put("version", "1.0");
        tokenizer
                .putArray("added_tokens")
                .addObject()
                .put("id", 0)
                .put("content", END_OF_TEXT)
                .put("special", true);
        tokenizer.putObject("pre_tokenizer").put("type", "ByteLevel").put("add_prefix_space", false);
        tokenizer.putObject("decoder").put("type", "ByteLevel");
        ObjectNode model = tokenizer.putObject("model").put("type", "BPE");
        ObjectNode vocabulary = model.putObject("vocab").put(END_OF_TEXT, 0);
        char substitute = 0x100;
        for (int b = 0; b < 256; b++) {
            boolean standsForItself = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            vocabulary.put(String.valueOf(standsForItself ? (char) b : substitute++), b + 1);
        }
        model.putArray("merges");
        Files.writeString(directory.resolve("tokenizer.json"), tokenizer.toString());
        return directory;
    }
}
