package io.bytelm.lm.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.lm.checkpoint.ModelConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The forward pass once more, one NDArray operation after the other, over the whole context and without any cache: what
 * the engine's script is compared with. Weights come by name, not through the engine's reader.
 */
final class NdArrayOracle implements AutoCloseable {
    private final ModelConfig config;
    private final JsonNode json;
    private final Function<String, float[]> values;
    private final UnaryOperator<float[]> kept;
    private final NDManager manager = TorchRuntime.newManager(TorchRuntime.device("cpu"));

    NdArrayOracle(ModelConfig config, JsonNode json, Function<String, float[]> values) {
        this(config, json, values, UnaryOperator.identity());
    }

    /** @param kept what attention sees of a head's key, after its rotation, or value */
    NdArrayOracle(ModelConfig config, JsonNode json, Function<String, float[]> values, UnaryOperator<float[]> kept) {
        this.config = config;
        this.json = json;
        this.values = values;
        this.kept = kept;
    }

    /** Log-probabilities (nats) of all tokens after these. */
    double[] logProbs(int... tokens) {
        NDArray x = isGpt2() ? gpt2(tokens) : llama(tokens);
        NDArray last = x.get(tokens.length - 1 + ":" + tokens.length);
        String embedding = isGpt2() ? "transformer.wte.weight" : "model.embed_tokens.weight";
        String head = config.tiedEmbeddings() ? embedding : "lm_head.weight";
        NDArray weight = matrix(head, config.vocabularySize(), config.hiddenSize());
        return logSoftmax(last.matMul(weight.transpose()).toFloatArray());
    }

    @Override
    public void close() {
        manager.close();
    }

    private boolean isGpt2() {
        return json.has("n_embd");
    }

    private NDArray llama(int[] tokens) {
        NDArray x = embed("model.embed_tokens.weight", config.vocabularySize(), ids(tokens));
        for (int i = 0; i < config.layers(); i++) {
            String layer = "model.layers." + i + ".";
            NDArray h = rmsNorm(x, layer + "input_layernorm.weight");
            int inner = config.heads() * config.headDim();
            int shared = config.keyValueHeads() * config.headDim();
            NDArray q = rotate(heads(linear(h, layer + "self_attn.q_proj", inner), config.heads()));
            NDArray k = rotate(heads(linear(h, layer + "self_attn.k_proj", shared), config.keyValueHeads()));
            NDArray v = heads(linear(h, layer + "self_attn.v_proj", shared), config.keyValueHeads());
            x = x.add(linear(attend(q, k, v), layer + "self_attn.o_proj", config.hiddenSize()));
            h = rmsNorm(x, layer + "post_attention_layernorm.weight");
            NDArray gate = linear(h, layer + "mlp.gate_proj", config.feedForwardSize());
            NDArray up = linear(h, layer + "mlp.up_proj", config.feedForwardSize());
            NDArray silu = gate.div(gate.neg().exp().add(1));
            x = x.add(linear(silu.mul(up), layer + "mlp.down_proj", config.hiddenSize()));
        }
        return rmsNorm(x, "model.norm.weight");
    }

    private NDArray gpt2(int[] tokens) {
        int hidden = config.hiddenSize();
        NDArray positions = manager.arange(tokens.length).toType(DataType.INT64, false);
        NDArray x = embed("transformer.wte.weight", config.vocabularySize(), ids(tokens))
                .add(embed("transformer.wpe.weight", config.maxPositions(), positions));
        for (int i = 0; i < config.layers(); i++) {
            String layer = "transformer.h." + i + ".";
            NDArray h = convolution(layerNorm(x, layer + "ln_1"), layer + "attn.c_attn", 3 * hidden);
            NDList parts = h.split(3, 1);
            NDArray attended = attend(
                    heads(parts.get(0), config.heads()),
                    heads(parts.get(1), config.heads()),
                    heads(parts.get(2), config.heads()));
            x = x.add(convolution(attended, layer + "attn.c_proj", hidden));
            h = convolution(layerNorm(x, layer + "ln_2"), layer + "mlp.c_fc", 4 * hidden);
            x = x.add(convolution(gelu(h), layer + "mlp.c_proj", hidden));
        }
        return layerNorm(x, "transformer.ln_f");
    }

    /** {@code [n, heads * d]} to {@code [heads, n, d]}. */
    private NDArray heads(NDArray x, int heads) {
        return x.reshape(x.getShape().get(0), heads, config.headDim()).transpose(1, 0, 2);
    }

    private NDArray attend(NDArray q, NDArray k, NDArray v) {
        long n = q.getShape().get(1);
        NDArray positions = manager.arange((int) n);
        NDArray future = positions.reshape(1, n).gt(positions.reshape(n, 1)).toType(DataType.FLOAT32, false);
        List<NDArray> heads = new ArrayList<>();
        int sharers = config.heads() / config.keyValueHeads();
        for (int head = 0; head < config.heads(); head++) {
            NDArray scores = q.get(head).matMul(kept(k.get(head / sharers)).transpose());
            NDArray masked = scores.div(Math.sqrt(config.headDim())).sub(future.mul(1e30));
            heads.add(masked.softmax(-1).matMul(kept(v.get(head / sharers))));
        }
        return NDArrays.concat(new NDList(heads), 1);
    }

    private NDArray kept(NDArray x) {
        int width = config.headDim();
        float[] all = x.toFloatArray();
        for (int from = 0; from < all.length; from += width) {
            System.arraycopy(kept.apply(Arrays.copyOfRange(all, from, from + width)), 0, all, from, width);
        }
        return manager.create(all, x.getShape());
    }

    private NDArray rotate(NDArray x) {
        int half = config.headDim() / 2;
        long n = x.getShape().get(1);
        float[] frequencies = config.attention().rotaries().get(0).inverseFrequencies(config.headDim());
        NDArray angles = manager.arange((int) n)
                .toType(DataType.FLOAT32, false)
                .reshape(n, 1)
                .mul(manager.create(frequencies).reshape(1, half));
        NDArray first = x.get(":, :, 0:" + half);
        NDArray second = x.get(":, :, " + half + ":");
        NDArray turnedFirst = first.mul(angles.cos()).sub(second.mul(angles.sin()));
        NDArray turnedSecond = second.mul(angles.cos()).add(first.mul(angles.sin()));
        return turnedFirst.concat(turnedSecond, 2);
    }

    private NDArray rmsNorm(NDArray x, String weight) {
        NDArray square = x.square().mean(new int[] {-1}, true);
        return x.div(square.add(config.normEpsilon()).sqrt()).mul(vector(weight, config.hiddenSize()));
    }

    private NDArray layerNorm(NDArray x, String name) {
        NDArray centered = x.sub(x.mean(new int[] {-1}, true));
        NDArray variance = centered.square().mean(new int[] {-1}, true);
        return centered.div(variance.add(config.normEpsilon()).sqrt())
                .mul(vector(name + ".weight", config.hiddenSize()))
                .add(vector(name + ".bias", config.hiddenSize()));
    }

    private static NDArray gelu(NDArray x) {
        NDArray inside = x.add(x.pow(3).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
        return x.mul(0.5).mul(inside.tanh().add(1));
    }

    private NDArray linear(NDArray x, String name, int outputs) {
        NDArray product = x.matMul(
                matrix(name + ".weight", outputs, (int) x.getShape().get(1)).transpose());
        boolean biased = name.endsWith("q_proj") || name.endsWith("k_proj") || name.endsWith("v_proj")
                ? json.path("attention_bias").asBoolean()
                        || json.path("model_type").asText().equals("qwen2")
                : json.path(name.endsWith("o_proj") ? "attention_bias" : "mlp_bias")
                        .asBoolean();
        return biased ? product.add(vector(name + ".bias", outputs)) : product;
    }

    private NDArray convolution(NDArray x, String name, int outputs) {
        return x.matMul(matrix(name + ".weight", (int) x.getShape().get(1), outputs))
                .add(vector(name + ".bias", outputs));
    }

    private NDArray embed(String name, int rows, NDArray ids) {
        return matrix(name, rows, config.hiddenSize()).get(ids);
    }

    private NDArray ids(int[] tokens) {
        return manager.create(tokens).toType(DataType.INT64, false);
    }

    private NDArray vector(String name, int size) {
        return manager.create(values.apply(name), new Shape(size));
    }

    private NDArray matrix(String name, int rows, int columns) {
        return manager.create(values.apply(name), new Shape(rows, columns));
    }

    private static double[] logSoftmax(float[] logits) {
        double max = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - max);
        }
        double[] logProbs = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            logProbs[i] = logits[i] - max - Math.log(sum);
        }
        return logProbs;
    }
}
