package io.bytelm.job.likelihood.document;

import com.github.luben.zstd.ZstdInputStream;
import io.airlift.compress.lz4.Lz4Decompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/**
 * Unpacks the pages of Parquet files. Parquet's own factory asks Hadoop for some of the codecs, and there is no Hadoop here.
 * Used by one thread.
 */
final class ParquetCodecs implements CompressionCodecFactory {
    private static final Set<CompressionCodecName> READ = EnumSet.of(
            CompressionCodecName.UNCOMPRESSED,
            CompressionCodecName.SNAPPY,
            CompressionCodecName.GZIP,
            CompressionCodecName.ZSTD,
            CompressionCodecName.LZ4_RAW);

    /** Whether there is an unpacker for it. */
    static boolean read(CompressionCodecName codec) {
        return READ.contains(codec);
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return new Pages(codec);
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        throw new UnsupportedOperationException("nothing is written with " + codec);
    }

    @Override
    public void release() {}

    private record Pages(CompressionCodecName codec) implements BytesInputDecompressor {
        @Override
        public BytesInput decompress(BytesInput packed, int size) throws IOException {
            return codec == CompressionCodecName.UNCOMPRESSED
                    ? packed
                    : BytesInput.from(unpacked(packed.toByteArray(), size));
        }

        @Override
        public void decompress(ByteBuffer packed, int packedSize, ByteBuffer out, int size) throws IOException {
            byte[] bytes = new byte[packedSize];
            packed.get(bytes);
            out.put(codec == CompressionCodecName.UNCOMPRESSED ? bytes : unpacked(bytes, size));
        }

        private byte[] unpacked(byte[] packed, int size) throws IOException {
            byte[] page = page(size);
            try {
                if (unpack(packed, page) != size) {
                    throw damaged(null);
                }
                return page;
            } catch (DamagedException e) {
                throw e;
            } catch (IOException | RuntimeException e) {
                throw damaged(e);
            }
        }

        /** The size is what the file says, so that memory for it is the file's fault too. */
        private static byte[] page(int size) throws DamagedException {
            try {
                return new byte[size];
            } catch (NegativeArraySizeException | OutOfMemoryError e) {
                throw new DamagedException("a page of " + size + " bytes does not fit into memory", e);
            }
        }

        private int unpack(byte[] packed, byte[] page) throws IOException {
            if (page.length == 0) {
                return 0;
            }
            return switch (codec) {
                case SNAPPY ->
                    Snappy.uncompressedLength(packed) == page.length
                            ? Snappy.uncompress(packed, 0, packed.length, page, 0)
                            : -1;
                case LZ4_RAW -> new Lz4Decompressor().decompress(packed, 0, packed.length, page, 0, page.length);
                case GZIP -> fill(new GzipInput(new ByteArrayInputStream(packed)), page);
                case ZSTD -> fill(new ZstdInputStream(new ByteArrayInputStream(packed)), page);
                default -> throw damaged(null);
            };
        }

        /** Returns how many bytes there are, one more than the page takes if there are more. */
        private static int fill(InputStream content, byte[] page) throws IOException {
            try (content) {
                int filled = content.readNBytes(page, 0, page.length);
                return content.read() < 0 ? filled : filled + 1;
            }
        }

        private DamagedException damaged(@org.jspecify.annotations.Nullable Throwable cause) {
            return new DamagedException("a page packed with " + codec + " is damaged", cause);
        }

        @Override
        public void release() {}
    }
}
