package io.bytelm.lm.checkpoint;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The sizes that transformers 5.24 gives a model whose {@code config.json} leaves them out: those of the configuration class
 * that goes with a {@code model_type}, which published files, such as Gemma 3's, count on.
 */
final class DefaultSizes {
    private static final String ABSENT = "-";

    /** Of families that share the names of keys; what the class has no number for is absent. */
    private static final String USUAL = """
            model_type  vocab_size hidden_size intermediate_size num_hidden_layers num_attention_heads num_key_value_heads head_dim max_position_embeddings
            llama            32000        4096             11008                32                  32                   -        -                    2048
            mistral          32000        4096             14336                32                  32                   8        -                  131072
            ministral        32000        4096             14336                32                  32                   8        -                  131072
            mixtral          32000        4096             14336                32                  32                   8        -                  131072
            qwen2           151936        4096             22016                32                  32                  32        -                   32768
            qwen2_moe       151936        2048              5632                24                  16                  16        -                   32768
            qwen3           151936        4096             22016                32                  32                  32      128                   32768
            qwen3_moe       151936        2048              6144                24                  32                   4        -                   32768
            qwen3_5_text    248320        4096             12288                32                  16                   4      256                   32768
            qwen3_5_moe_text 248320        2048                 -                40                  16                   2      256                   32768
            qwen3_next      151936        2048              5632                48                  16                   2      256                   32768
            arcee            32000        2560             18432                32                  32                   -        -                    4096
            olmo             50304        4096             11008                32                  32                   -        -                    2048
            cwm             128256        6144             21504                64                  48                   8      128                  131072
            gemma           256000        3072             24576                28                  16                  16      256                    8192
            gemma2          256000        2304              9216                26                   8                   4      256                    8192
            gemma3_text     262208        2304              9216                26                   8                   4      256                  131072
            phi              51200        2048              8192                24                  32                   -        -                    2048
            phi3             32064        3072              8192                32                  32                   -        -                    4096
            olmo2            50304        4096             11008                32                  32                   -        -                    2048
            olmo3            50304        4096             11008                32                  32                   -        -                    2048
            olmoe            50304        2048              2048                16                  16                   -        -                    4096
            smollm3         128256        2048             11008                36                  16                   4        -                   32768
            granite          32000        4096             11008                32                  32                   -        -                    2048
            gpt_neox         50432        6144             24576                44                  64                   -        -                    2048
            stablelm         50304        2560              6912                32                  32                  32        -                    4096
            starcoder2       49152        3072             12288                30                  24                   2        -                    4096
            cohere          256000        8192             22528                40                  64                   -        -                    8192
            cohere2         256000        8192             22528                40                  64                   -        -                    8192
            seed_oss        155136        4096             27648                64                  80                   8      128                  524288
            ernie4_5        103424        1024              3072                18                  16                   2      128                  131072
            helium           48000        2560              7040                24                  20                  20      128                    4096
            glm             151552        4096             13696                40                  32                   2      128                  131072
            glm4            151552        4096             13696                40                  32                   2      128                  131072
            nemotron        256000        6144             24576                32                  48                   -        -                    4096
            exaone4         102400        4096             16384                32                  32                  32        -                    2048
            falcon           65024        4544                 -                32                  71                   -        -                    2048
            granitemoe       32000        4096             11008                32                  32                   -        -                    2048
            granitemoehybrid 32000        4096             11008                32                  32                   -        -                    2048
            glm4_moe        151552        4096             10944                46                  96                   8        -                  131072
            dots1           152064        4608             10944                62                  32                  32        -                    2048
            phimoe           32064        4096              6400                32                  32                   8        -                  131072
            ernie4_5_moe    103424        2560             12288                28                  20                   4        -                  131072
            apertus         131072        4096             14336                32                  32                   -        -                   65536
            hunyuan_v1_dense 290943       4096             11008                32                  32                   -        -                    2048
            vaultgemma      256000        2304              9216                26                   8                   4      256                    8192
            gpt_oss         201088        2880              2880                36                  64                   8       64                  131072
            """;

    private static final String OPT = """
            model_type  vocab_size hidden_size ffn_dim num_hidden_layers num_attention_heads max_position_embeddings
            opt              50272         768    3072                12                  12                    2048
            """;
    private static final String GPT_NEO = """
            model_type  vocab_size hidden_size num_layers num_heads max_position_embeddings
            gpt_neo          50257        2048         24        16                    2048
            """;
    private static final String GPT_2_AND_J = """
            model_type  vocab_size n_embd n_layer n_head n_positions rotary_dim
            gpt2             50257    768      12     12           -          -
            gptj             50400   4096      28     16        2048         64
            codegen          50400   4096      28     16        2048         64
            gpt_bigcode      50257    768      12     12        1024          -
            """;
    private static final String BLOOM = """
            model_type  vocab_size hidden_size n_layer n_head
            bloom           250880          64       2      8
            """;
    private static final String MPT = """
            model_type  vocab_size d_model n_layers n_heads
            mpt              50368    2048       24      16
            """;

    private static final Map<String, Map<String, Integer>> BY_MODEL_TYPE = Stream.of(
                    USUAL, OPT, GPT_NEO, GPT_2_AND_J, BLOOM, MPT)
            .flatMap(DefaultSizes::rows)
            .collect(toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    private DefaultSizes() {}

    /** By key: nothing for a model type without sizes of its own, such as one that only wraps another. */
    static Map<String, Integer> of(String modelType) {
        return BY_MODEL_TYPE.getOrDefault(modelType, Map.of());
    }

    private static Stream<Map.Entry<String, Map<String, Integer>>> rows(String table) {
        String[] keys = table.lines().findFirst().orElseThrow().split(" +");
        return table.lines().skip(1).map(line -> {
            String[] cells = line.split(" +");
            Map<String, Integer> sizes = IntStream.range(1, keys.length)
                    .filter(i -> !cells[i].equals(ABSENT))
                    .boxed()
                    .collect(toUnmodifiableMap(i -> keys[i], i -> Integer.valueOf(cells[i])));
            return Map.entry(cells[0], sizes);
        });
    }
}
