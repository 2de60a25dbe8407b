package io.bytelm.lm.djl;

/** Models whose trunks are longer or shorter than usual, for benchmarks. */
public final class OpenedWithTrunks {
    private OpenedWithTrunks() {}

    /** @param reads whether there are trunks at all */
    public static DjlLanguageModel open(DjlModelSettings settings, boolean reads) {
        return DjlLanguageModel.open(settings, reads ? TrunkGrowth.LEAST_TOKENS : Integer.MAX_VALUE);
    }
}
