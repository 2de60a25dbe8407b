package io.bytelm.service;

import io.bytelm.lm.TokenContext;
import io.bytelm.trie.TokenByteTrie;
import java.util.HashMap;
import java.util.Map;

/**
 * What a beam will probably ask for next where the bytes to come are not known, by the rows that are: while a hypothesis asks
 * for a context, others are on their way through tokens whose ends the beam will ask for as soon as they are read.
 */
final class LikelyContexts {
    /** What has less of a text's probability, a beam mostly prunes. */
    private static final double LEAST_SHARE = 0.05;

    /** What a context gives to the byte that comes, where its row is not known. */
    private static final double TYPICAL_SHARE_OF_BYTE = 0.3;

    private final TokenByteTrie trie;
    private final ReadingsOfText readings;
    private final double leastChance;
    private final double total;
    private final Map<TokenContext, Double> chances = new HashMap<>();

    private LikelyContexts(TokenByteTrie trie, ReadingsOfText readings, double leastChance) {
        this.trie = trie;
        this.readings = readings;
        this.leastChance = leastChance;
        this.total = readings.all().stream().mapToDouble(this::massOfText).sum() + TYPICAL_SHARE_OF_BYTE;
    }

    /**
     * How probable it is that contexts are asked for.
     *
     * @param leastChance of those that are of interest
     */
    static Map<TokenContext, Double> of(TokenByteTrie trie, ReadingsOfText readings, double leastChance) {
        LikelyContexts likely = new LikelyContexts(trie, readings, leastChance);
        readings.all().forEach(likely::addAfter);
        return likely.chances;
    }

    /** The mass of the text that a reading goes on with, given the asked context; 0 where it is at its end, and so part of what it grew from. */
    private double massOfText(ReadingsOfText.Reading reading) {
        int[] nodes = nodes(reading);
        if (nodes.length == 1 || nodes[nodes.length - 1] == TokenByteTrie.NONE) {
            return 0;
        }
        double sum = 0;
        float[] columns = reading.row().columns();
        int last = nodes[nodes.length - 1];
        for (int position = trie.first(last); position < trie.end(last); position++) {
            sum += columns[position];
        }
        return Math.exp(reading.logWeight()) * sum;
    }

    /** From the root on along what the reading has not read of the text. */
    private int[] nodes(ReadingsOfText.Reading reading) {
        byte[] text = readings.text();
        int[] nodes = new int[Math.max(0, text.length - reading.at()) + 1];
        nodes[0] = trie.root();
        for (int depth = 1; depth < nodes.length; depth++) {
            int before = nodes[depth - 1];
            nodes[depth] = before == TokenByteTrie.NONE
                    ? TokenByteTrie.NONE
                    : trie.child(before, text[reading.at() + depth - 1] & 0xFF);
        }
        return nodes;
    }

    private void addAfter(ReadingsOfText.Reading reading) {
        int[] nodes = nodes(reading);
        double share = Math.exp(reading.logWeight()) / total;
        if (nodes.length == 1) {
            share = Math.min(1, share); // of a part of the text's mass
        }
        if (!(share >= Math.min(leastChance, LEAST_SHARE)) || share == Double.POSITIVE_INFINITY) {
            return; // nothing after it is likely, or its weight is no number
        }
        for (int depth = 1; depth < nodes.length && nodes[depth] != TokenByteTrie.NONE; depth++) {
            if (reading.at() + depth > readings.askedAt()) {
                addEnding(reading, share, nodes[depth]);
            }
        }
        int last = nodes[nodes.length - 1];
        if (last != TokenByteTrie.NONE) {
            addBelow(reading, share, last);
        }
    }

    /** Tokens that end in bytes that are known: these will be asked for, if they have a share that counts. */
    private void addEnding(ReadingsOfText.Reading reading, double share, int node) {
        for (int position = trie.first(node); position < trie.endsEnd(node); position++) {
            if (share * reading.row().columns()[position] > LEAST_SHARE) {
                add(reading, position, 1);
            }
        }
    }

    /** Tokens that go on beyond the text, by their share. */
    private void addBelow(ReadingsOfText.Reading reading, double share, int node) {
        if (share < leastChance) {
            return;
        }
        float[] columns = reading.row().columns();
        float least = (float) (leastChance / share);
        for (int position = trie.endsEnd(node); position < trie.end(node); position++) {
            if (columns[position] >= least) {
                add(reading, position, Math.min(1, share * columns[position]));
            }
        }
    }

    private void add(ReadingsOfText.Reading reading, int position, double chance) {
        chances.merge(reading.context().plus(trie.token(position)), chance, Math::max);
    }
}
