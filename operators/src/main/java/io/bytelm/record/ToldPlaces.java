package io.bytelm.record;

import java.util.ArrayList;
import java.util.List;

/**
 * How far the tokens of a session have been told that reads on after dead ends: by places in its text, since a dead end may
 * leave other tokens to it than were counted before. Immutable.
 *
 * @param from how many bytes lie before the first byte with which a token may begin that is told from now on
 * @param gaps bytes behind that which are in no token, in order
 */
public record ToldPlaces(long from, List<Gap> gaps) {
    /** Before the first byte; the first token may have begun in the prompt. */
    public static final ToldPlaces NONE = new ToldPlaces(Long.MIN_VALUE, List.of());

    /**
     * More are kept of no text: each is copied with the next dead end. Where so many come before the tokens around them have
     * settled, as is hardly ever so, these are not told.
     */
    public static final int MOST_GAPS = 256;

    /**
     * Some bytes.
     *
     * @param from how many bytes lie before them
     * @param to how many lie before their end
     */
    public record Gap(long from, long to) {}

    /** @throws IllegalArgumentException if gaps are not in order, or there are too many */
    public ToldPlaces {
        gaps = List.copyOf(gaps);
        long end = from;
        for (Gap gap : gaps) {
            if (gap.from < end || gap.to <= gap.from) {
                throw new IllegalArgumentException("gaps between tokens come in order, but behind " + end + ", " + gap);
            }
            end = gap.to;
        }
        if (gaps.size() > MOST_GAPS) {
            throw new IllegalArgumentException(
                    gaps.size() + " gaps between tokens, and at most " + MOST_GAPS + " are kept");
        }
    }

    /** The same where the byte at this place, the newest one, is left out. */
    public ToldPlaces leavingOut(long place) {
        return withGap(place, place + 1);
    }

    /** The same where so many bytes before this place, the last ones that were read, are in no token. */
    public ToldPlaces losing(int bytes, long place) {
        return bytes == 0 ? this : withGap(back(place, bytes), place);
    }

    private ToldPlaces withGap(long begin, long end) {
        List<Gap> all = new ArrayList<>();
        long newest = Math.max(from, begin);
        for (Gap gap : gaps) {
            if (gap.to < newest) {
                all.add(gap);
            } else {
                newest = Math.min(newest, gap.from);
            }
        }
        all.add(new Gap(newest, end));
        return all.size() > MOST_GAPS ? new ToldPlaces(end, List.of()) : new ToldPlaces(from, all);
    }

    /** How many bytes lie before the first of so many that are in no gap, the last such ones before this place. */
    public long back(long place, long bytes) {
        long at = place;
        long left = bytes;
        for (int i = gaps.size() - 1; i >= 0 && left > 0; i--) {
            Gap gap = gaps.get(i);
            if (gap.from < at) {
                long step = Math.min(left, at - gap.to);
                left -= step;
                at = left > 0 ? gap.from : at - step;
            }
        }
        return at - left;
    }

    /** The end of the last byte before this place that is in no gap. */
    public long endBefore(long place) {
        long end = place;
        for (int i = gaps.size() - 1; i >= 0; i--) {
            end = gaps.get(i).to == end ? gaps.get(i).from : end;
        }
        return end;
    }

    /** Once all tokens are told that begin before this place. */
    public ToldPlaces told(long place) {
        return place <= from
                ? this
                : new ToldPlaces(
                        place, gaps.stream().filter(gap -> gap.from >= place).toList());
    }
}
