package io.bytelm.job.likelihood.document;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Unpacks Zstandard frames (RFC 8878). What is wrong with them is said in our words. */
final class ZstdInput extends FilterInputStream {
    private static final int HEADER_BYTES = 6;
    private static final int MAGIC = 0xFD2FB528;
    private static final int SINGLE_SEGMENT = 0x20;
    private static final int LEAST_WINDOW_LOG = 10;

    private final int windowLog;
    /** Of the first frame; 0 if it does not say. */
    private final int neededWindowLog;

    private ZstdInput(InputStream in, int windowLog, int neededWindowLog) {
        super(in);
        this.windowLog = windowLog;
        this.neededWindowLog = neededWindowLog;
    }

    /**
     * @param packed at its beginning
     * @param windowLog the largest window that is read, as the power of two of its bytes: memory that each open file takes
     */
    static ZstdInput open(SourceInput packed, int windowLog) throws IOException {
        int needed = windowLog(packed.readNBytes(HEADER_BYTES));
        packed.seek(0);
        return new ZstdInput(new ZstdInputStream(packed).setLongMax(windowLog), windowLog, needed);
    }

    /** Out of a frame's first bytes: magic number, descriptor, window. */
    private static int windowLog(byte[] head) {
        if (head.length < HEADER_BYTES) {
            return 0;
        }
        int magic = (head[0] & 0xFF) | (head[1] & 0xFF) << 8 | (head[2] & 0xFF) << 16 | (head[3] & 0xFF) << 24;
        if (magic != MAGIC || (head[4] & SINGLE_SEGMENT) != 0) {
            return 0;
        }
        int exponent = (head[5] & 0xFF) >> 3;
        int mantissa = head[5] & 7;
        return LEAST_WINDOW_LOG + exponent + (mantissa == 0 ? 0 : 1);
    }

    @Override
    public int read() throws IOException {
        try {
            return super.read();
        } catch (ZstdIOException e) {
            throw inOurWords(e);
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            return super.read(bytes, offset, length);
        } catch (ZstdIOException e) {
            throw inOurWords(e);
        }
    }

    private DamagedException inOurWords(ZstdIOException e) {
        long code = e.getErrorCode();
        if (code == Zstd.errFrameParameterWindowTooLarge() || code == Zstd.errMemoryAllocation()) {
            String needed = neededWindowLog > windowLog ? Integer.toString(neededWindowLog) : "31";
            return new DamagedException(
                    "its zstd window is larger than 2^" + windowLog + " bytes; --zstd-long " + needed
                            + " reads it, and takes as much memory for each such file that is being read",
                    e);
        }
        if (code == Zstd.errPrefixUnknown()) {
            return new DamagedException("it is no zstd data", e);
        }
        boolean truncated = String.valueOf(e.getMessage()).startsWith("Truncated source");
        return new DamagedException("the zstd data " + (truncated ? "ends too early" : "is damaged"), e);
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
