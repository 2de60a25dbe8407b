package io.bytelm.vocab;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;

/** What transformers' classes call the tokens with a role, by role, where no file names them. */
final class DefaultNames {
    private static final String TEXT_END = "<|endoftext|>";

    static final Map<String, String> NONE = Map.of();

    static final Map<String, String> LLAMA = Map.of("bos_token", "<s>", "eos_token", "</s>", "unk_token", "<unk>");

    /** Those that only some models have, in the order in which they are numbered where they are new. */
    static final List<Map.Entry<String, String>> CODE_LLAMA_FURTHER = List.of(
            entry("prefix_token", "\u2581<PRE>"),
            entry("middle_token", "\u2581<MID>"),
            entry("suffix_token", "\u2581<SUF>"),
            entry("eot_token", "\u2581<EOT>"),
            entry("fill_token", "<FILL_ME>"));

    static final Map<String, String> GEMMA = Map.ofEntries(
            entry("bos_token", "<bos>"),
            entry("eos_token", "<eos>"),
            entry("unk_token", "<unk>"),
            entry("pad_token", "<pad>"),
            entry("mask_token", "<mask>"));

    static final Map<String, String> GPT2 = Map.of("bos_token", TEXT_END, "eos_token", TEXT_END, "unk_token", TEXT_END);

    static final Map<String, String> GPT_NEOX =
            Map.of("bos_token", TEXT_END, "eos_token", TEXT_END, "unk_token", TEXT_END, "pad_token", "<|padding|>");

    static final Map<String, String> QWEN2 =
            Map.of("eos_token", TEXT_END, "unk_token", TEXT_END, "pad_token", TEXT_END);

    static final Map<String, String> COHERE = Map.ofEntries(
            entry("bos_token", "<BOS_TOKEN>"),
            entry("eos_token", "<|END_OF_TURN_TOKEN|>"),
            entry("unk_token", "<UNK>"),
            entry("sep_token", "<SEP>"),
            entry("pad_token", "<PAD>"),
            entry("cls_token", "<CLS>"),
            entry("mask_token", "<MASK_TOKEN>"));

    private DefaultNames() {}
}
