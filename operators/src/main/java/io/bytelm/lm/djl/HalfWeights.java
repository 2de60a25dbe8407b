package io.bytelm.lm.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Weights of linear layers that are held as float16 and multiplied in float32, by FBGEMM. Most models are published in 16
 * bits, and what those say fits into float16: then a product has the same factors as one of float32 weights, and reads half
 * of the memory, which is all that a pass of few rows waits for. With SmolLM2-135M, 2 threads and AVX-512, all products of a pass take half
 * of the time of prepacked float32 ones for up to 8 rows, 0.8 for 32, as long for 128 in two lanes, and 1.1 to 1.15 times as long for 512
 * and more.
 *
 * <p>Packing takes some 13 ns a weight on one thread, so matrices are packed side by side while the next ones are read.
 */
final class HalfWeights implements AutoCloseable {
    private static final String HALF = "__torch__.torch.classes.quantized.LinearPackedParamsBase";

    /** What a module with {@link #METHODS} holds. */
    static final List<ListAttribute> ATTRIBUTES = List.of(
            new ListAttribute("halves", HALF),
            new ListAttribute("half_of", "int"));

    /** {@code half_of} has a number for each weight: where among {@code halves} it is, or -1. */
    static final String METHODS = """

              def hold(self, halves: List[HALF], half_of: List[int]) -> int:
                self.halves = halves
                self.half_of = half_of
                return torch.len(halves)

              def float32_linear(self, x: Tensor, w: List[Tensor], at: int, bias: int) -> Tensor:
                half = self.half_of[at]
                if torch.ge(half, 0):
                  y = ops.quantized.linear_dynamic_fp16(x, self.halves[half])
                else:
                  y = PRODUCT
                return y
            """.replace("HALF", HALF);

    /**
     * Shapes: x {@code [out, in]}. It fits if what float16 loses of it is, in the square mean, at most float32's epsilon of it (2^-23): a sum
     * of products in float32 loses as much. Numbers of 16 bits lose only where they are below 2^-17. That is seen in pieces
     * that stay in a core's cache; where the first ones lose far more, the rest is not looked at.
     */
    static final String LOADING_METHODS = """

              def fits(self, x: Tensor) -> bool:
                flat = torch.view(x, [-1])
                size = torch.size(flat, 0)
                lost = 0.
                all = 0.
                fits = True
                for i in range(torch.floordiv(size + PIECE - 1, PIECE)):
                  if fits:
                    piece = torch.narrow(flat, 0, i * PIECE, ops.prim.min(PIECE, size - i * PIECE))
                    rest = torch.to(torch.to(piece, 5), 6) - piece
                    lost = lost + float(torch.dot(rest, rest))
                    all = all + float(torch.dot(piece, piece))
                    fits = torch.le(lost, all * FAR_TOO_MUCH)
                return torch.le(lost, all * NEGLIGIBLE)

              def half(self, x: Tensor) -> HALF:
                return ops.quantized.linear_prepack_fp16(x, None)

              def half_with_bias(self, x: Tensor, bias: Tensor) -> HALF:
                return ops.quantized.linear_prepack_fp16(x, bias)

              def half_product(self, x: Tensor, half: HALF) -> Tensor:
                return ops.quantized.linear_dynamic_fp16(x, half)
            """
            .replace("HALF", HALF)
            .replace("PIECE", "65536")
            .replace("NEGLIGIBLE", "1.42e-14")
            .replace("FAR_TOO_MUCH", "1.0e-12");

    private static final int NONE = -1;

    private final NDManager manager;
    private final TorchModule module;
    private final int packers;
    private final ExecutorService threads;
    private final List<CompletableFuture<IValue>> halves = new ArrayList<>();
    private final Map<NDArray, Integer> placeOf = new IdentityHashMap<>();

    /**
     * @param manager of what stands for weights
     * @param module with {@link #LOADING_METHODS}
     * @param packers how many matrices are packed at the same time
     */
    HalfWeights(NDManager manager, TorchModule module, int packers) {
        this.manager = manager;
        this.module = module;
        this.packers = packers;
        this.threads = Executors.newFixedThreadPool(packers, work -> {
            Thread thread = new Thread(work, "bytelm-weight-packer");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Whether float16 holds a matrix {@code [out, in]} as well as float32 needs it. */
    boolean fits(NDArray plain) {
        try (IValue argument = TorchModule.value(plain);
                IValue result = module.run("fits", argument)) {
            return result.toBoolean();
        }
    }

    /**
     * Packs a matrix aside. Its memory has to stay as it is until as many as there are packers have been added after it, or
     * {@link #settle} has returned.
     *
     * @param plain {@code [out, in]}; may be closed
     * @param bias {@code [out]}, added to products; null for none
     * @return what stands for the weight among all weights
     */
    NDArray add(NDArray plain, @Nullable NDArray bias) {
        if (halves.size() >= packers) {
            var unused = halves.get(halves.size() - packers).join();
        }
        IValue matrix = TorchModule.value(plain);
        IValue added = bias == null ? null : TorchModule.value(bias);
        halves.add(CompletableFuture.supplyAsync(() -> pack(matrix, added), threads));
        NDArray standIn = manager.zeros(new Shape(0), DataType.FLOAT32);
        placeOf.put(standIn, halves.size() - 1);
        return standIn;
    }

    /** Waits until everything is packed. */
    void settle() {
        halves.forEach(CompletableFuture::join);
    }

    /** How many matrices are packed at the same time. */
    int packers() {
        return packers;
    }

    boolean isEmpty() {
        return halves.isEmpty();
    }

    /**
     * Gives all that was added to a module with {@link #METHODS}.
     *
     * @param weights all weights, in the order of the script's list
     */
    void giveTo(TorchModule script, List<NDArray> weights) {
        long[] places = weights.stream()
                .mapToLong(weight -> placeOf.getOrDefault(weight, NONE))
                .toArray();
        try (IValue all = IValue.listFrom(halves.stream().map(CompletableFuture::join).toArray(IValue[]::new));
                IValue halfOf = IValue.listFrom(places)) {
            script.run("hold", all, halfOf).close();
        }
    }

    /**
     * One product.
     *
     * @param x {@code [n, in]}
     * @return {@code [n, out]}; null if the weight is none of these
     */
    @Nullable
    NDArray product(NDArray x, NDArray weight) {
        Integer place = placeOf.get(weight);
        if (place == null) {
            return null;
        }
        try (IValue input = TorchModule.value(x)) {
            return module.call(manager, "half_product", input, halves.get(place).join());
        }
    }

    private IValue pack(IValue matrix, @Nullable IValue bias) {
        try (matrix) {
            return bias == null ? module.run("half", matrix) : module.run("half_with_bias", matrix, bias);
        } finally {
            if (bias != null) {
                bias.close();
            }
        }
    }

    /** Waits for what is being packed, and frees what a script does not hold. */
    @Override
    public void close() {
        threads.shutdown();
        halves.forEach(half -> half.handle((packed, failure) -> {
                    if (packed != null) {
                        packed.close();
                    }
                    return half;
                })
                .join());
    }
}
