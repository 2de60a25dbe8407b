package io.bytelm.job.likelihood.document;

import com.github.luben.zstd.Zstd;
import io.airlift.compress.lz4.Lz4Compressor;
import java.io.IOException;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/** Packs pages without Hadoop; a codec for which there is no packer marks its pages and leaves them as they are. */
final class PackingCodecs implements CompressionCodecFactory {
    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        return new BytesInputCompressor() {
            @Override
            public BytesInput compress(BytesInput page) throws IOException {
                return BytesInput.from(packed(codec, page.toByteArray()));
            }

            @Override
            public CompressionCodecName getCodecName() {
                return codec;
            }

            @Override
            public void release() {}
        };
    }

    private static byte[] packed(CompressionCodecName codec, byte[] page) throws IOException {
        return switch (codec) {
            case SNAPPY -> Snappy.compress(page);
            case GZIP -> CorpusFiles.gzip(page);
            case ZSTD -> Zstd.compress(page);
            case LZ4_RAW -> {
                Lz4Compressor compressor = new Lz4Compressor();
                byte[] out = new byte[compressor.maxCompressedLength(page.length)];
                yield Arrays.copyOf(out, compressor.compress(page, 0, page.length, out, 0, out.length));
            }
            default -> page;
        };
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return new ParquetCodecs().getDecompressor(codec);
    }

    @Override
    public void release() {}
}
