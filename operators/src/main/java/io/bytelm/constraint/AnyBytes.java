package io.bytelm.constraint;

/** No constraint: every byte may come, and the output may end anywhere. */
public final class AnyBytes implements Constraint, Cursor {
    /** There is one position. */
    public static final AnyBytes INSTANCE = new AnyBytes();

    private static final byte[] NOTHING = {};

    private AnyBytes() {}

    @Override
    public Cursor start() {
        return this;
    }

    @Override
    public Cursor restore(byte[] saved) {
        if (saved.length > 0) {
            throw new IllegalArgumentException("the saved bytes are not a position of this constraint");
        }
        return this;
    }

    @Override
    public long fingerprint() {
        return 0;
    }

    @Override
    public Cursor step(int nextByte) {
        return this;
    }

    @Override
    public ByteSet live() {
        return ByteSet.ALL;
    }

    @Override
    public ByteSet live(int bytesLeft) {
        return bytesLeft > 0 ? ByteSet.ALL : ByteSet.NONE;
    }

    @Override
    public boolean accepting() {
        return true;
    }

    @Override
    public int fewestBytesToAccept() {
        return 0;
    }

    @Override
    public byte[] save() {
        return NOTHING;
    }
}
