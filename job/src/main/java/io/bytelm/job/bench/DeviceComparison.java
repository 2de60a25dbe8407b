package io.bytelm.job.bench;

import io.bytelm.lm.TokenContext;
import io.bytelm.lm.djl.DjlLanguageModel;
import io.bytelm.lm.djl.DjlModelSettings;
import io.bytelm.lm.djl.HuggingFaceTokenizerFile;
import io.bytelm.lm.djl.Precision;
import io.bytelm.lm.djl.RowPlacement;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.ServiceSettings;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One model on two devices, or in two ways on one, asked the same. */
final class DeviceComparison {
    /** Of one float32 implementation beside another; single tokens of small probability differ most. */
    private static final double OTHER_DEVICE_NATS = 1e-3;
    /** Of the same rows, summed in two ways. */
    private static final double SAME_DEVICE_NATS = 1e-4;
    /** Mean Kullback-Leibler divergence that rounding may cost. */
    private static final double ROUNDING_NATS = 1e-3;
    /** What is rarer is not compared (nats): its difference says nothing of the rest. */
    private static final double RAREST = -20;

    private static final int TOKENS = 96;
    private static final int PATH_BYTES = 24;

    private final DjlModelSettings cpu;
    private final DjlModelSettings device;
    private final Vocabulary vocabulary;
    private final List<TokenContext> contexts;
    private final List<ExpandRequest> requests;

    /**
     * The largest difference found.
     *
     * @param numbers how many were compared
     */
    record Difference(String what, long numbers, double nats, double allowedNats) {
        /** Whether it is allowed; nothing compared holds nothing. */
        boolean holds() {
            return numbers > 0 && nats <= allowedNats;
        }
    }

    /**
     * @param model where it lies
     * @param text what is read, UTF-8; its beginning suffices
     */
    DeviceComparison(DjlModelSettings model, String deviceName, byte[] text) {
        this.cpu = model.withDevice("cpu").withRows(RowPlacement.HOST);
        this.device = model.withDevice(deviceName).withRows(RowPlacement.DEVICE);
        this.vocabulary = VocabularyReader.fromModelDirectory(model.modelDirectory());
        this.contexts = new ArrayList<>();
        this.requests = new ArrayList<>();
        gather(text);
    }

    private void gather(byte[] text) {
        int[] tokens;
        try (HuggingFaceTokenizerFile tokenizer = HuggingFaceTokenizerFile.open(cpu.modelDirectory())) {
            tokens = tokenizer.tokens(Arrays.copyOf(text, Math.min(text.length, 16 * TOKENS)));
        }
        TokenContext context = TokenContext.startingWith(vocabulary.bosToken());
        int at = 0;
        for (int i = 0; i < Math.min(TOKENS, tokens.length) && tokens[i] < vocabulary.size(); i++) {
            byte[] path = Arrays.copyOfRange(text, at, Math.min(text.length, at + PATH_BYTES));
            int rowsFrom = i % 3 == 0 ? ExpandRequest.NO_ROWS : i % 3 - 1;
            contexts.add(context);
            requests.add(new ExpandRequest(context, path, new int[] {vocabulary.bosToken()}, rowsFrom, i % 2 == 0));
            context = context.plus(tokens[i]);
            at = Math.min(text.length, at + vocabulary.bytes(tokens[i]).length);
        }
    }

    /** All comparisons in float32, and what another precision costs, if it is another. */
    List<Difference> all(Precision precision) {
        List<Difference> all = new ArrayList<>();
        float[][] expected = rows(cpu);
        all.add(largest("logits, float32: CPU and " + device.device(), expected, rows(device)));
        List<Expansion> onDevice = expansions(device);
        all.add(largest(
                "expansions, float32: CPU and " + device.device(), expansions(cpu), onDevice, OTHER_DEVICE_NATS));
        all.add(largest(
                "expansions, float32: rows on the host and on " + device.device(),
                expansions(device.withRows(RowPlacement.HOST)),
                onDevice,
                SAME_DEVICE_NATS));
        if (precision != Precision.FLOAT32) {
            all.add(divergence(precision, expected, rows(device.withPrecision(precision))));
        }
        return all;
    }

    private float[][] rows(DjlModelSettings settings) {
        try (DjlLanguageModel model = DjlLanguageModel.open(settings)) {
            return model.nextTokenProbabilities(contexts);
        }
    }

    /** All at once, as many callers would ask, and then once more, when they are known. */
    private List<Expansion> expansions(DjlModelSettings settings) {
        ServiceSettings service = ServiceSettings.defaults().withoutSpeculation();
        List<Expansion> answers = new ArrayList<>();
        try (EmbeddedTrieLmService open =
                EmbeddedTrieLmService.open(vocabulary, order -> DjlLanguageModel.open(settings, order), service)) {
            for (int round = 0; round < 2; round++) {
                List<CompletableFuture<Expansion>> asked =
                        requests.stream().map(open::expand).toList();
                asked.forEach(answer -> answers.add(answer.join()));
            }
        }
        return answers;
    }

    private static Difference largest(String what, float[][] expected, float[][] actual) {
        LargestDifference largest = new LargestDifference(RAREST);
        for (int i = 0; i < expected.length; i++) {
            for (int token = 0; token < expected[i].length; token++) {
                largest.add(Math.log(expected[i][token]), Math.log(actual[i][token]));
            }
        }
        return new Difference(what, largest.compared(), largest.nats(), OTHER_DEVICE_NATS);
    }

    private static Difference largest(
            String what, List<Expansion> expected, List<Expansion> actual, double allowedNats) {
        LargestDifference largest = new LargestDifference(RAREST);
        for (int i = 0; i < expected.size(); i++) {
            Expansion one = expected.get(i);
            Expansion other = actual.get(i);
            largest.add(one.logMass(), other.logMass());
            largest.add(new double[] {one.eosLogMass()}, new double[] {other.eosLogMass()});
            for (int d = 0; d <= one.depth(); d++) {
                if (Arrays.equals(one.endTokens()[d], other.endTokens()[d])) { // equal masses may change places
                    largest.add(one.endLogMass()[d], other.endLogMass()[d]);
                }
                if (one.rows()[d] != null) {
                    largest.add(one.rows()[d], other.rows()[d]);
                }
            }
        }
        return new Difference(what, largest.compared(), largest.nats(), allowedNats);
    }

    private Difference divergence(Precision precision, float[][] expected, float[][] actual) {
        double sum = 0;
        for (int i = 0; i < expected.length; i++) {
            for (int token = 0; token < expected[i].length; token++) {
                if (expected[i][token] > 0) {
                    sum += expected[i][token] * (Math.log(expected[i][token]) - Math.log(actual[i][token]));
                }
            }
        }
        String what = precision + " on " + device.device() + ": mean divergence from float32 on the CPU";
        return new Difference(what, expected.length, sum / expected.length, ROUNDING_NATS);
    }
}
