package io.bytelm.lm.checkpoint;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** How a checkpoint stores its numbers. All are widened to float32 without loss. */
public enum StoredType {
    F32(4) {
        @Override
        void widen(ByteBuffer source, FloatBuffer target) {
            target.put(source.asFloatBuffer());
        }
    },
    F16(2) {
        @Override
        void widen(ByteBuffer source, FloatBuffer target) {
            while (source.hasRemaining()) {
                target.put(float16ToFloat(source.getShort()));
            }
        }
    },
    BF16(2) {
        @Override
        void widen(ByteBuffer source, FloatBuffer target) {
            while (source.hasRemaining()) {
                target.put(Float.intBitsToFloat(source.getShort() << 16));
            }
        }
    };

    private final int bytes;

    StoredType(int bytes) {
        this.bytes = bytes;
    }

    /** The size of one number. */
    public int bytes() {
        return bytes;
    }

    /** Reads all that remains in {@code source}, which is little endian. */
    abstract void widen(ByteBuffer source, FloatBuffer target);

    /** IEEE 754 binary16 to binary32. */
    private static float float16ToFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = (half >>> 10) & 0x1F;
        int fraction = half & 0x3FF;
        if (exponent == 0) {
            float subnormal = fraction * 0x1p-24f;
            return sign == 0 ? subnormal : -subnormal;
        }
        int widened = exponent == 0x1F ? 0xFF : exponent - 15 + 127;
        return Float.intBitsToFloat(sign | widened << 23 | fraction << 13);
    }
}
