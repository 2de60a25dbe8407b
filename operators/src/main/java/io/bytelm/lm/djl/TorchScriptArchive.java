package io.bytelm.lm.djl;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript archive that holds code and no tensors: the zip file that {@code torch.jit.save} would write for a module
 * without parameters. Its object is a pickle of one instance of the class, whose lists are empty.
 */
final class TorchScriptArchive {
    /** The class that holds the methods. Every method's first parameter is {@code self: __torch__.Model}. */
    static final String SELF = "self: __torch__.Model";

    private TorchScriptArchive() {}

    /**
     * @param methods TorchScript source of the methods, indented by two spaces
     * @param attributes what the object holds
     */
    static byte[] write(String methods, List<ListAttribute> attributes) {
        StringBuilder code = new StringBuilder("""
                class Model(Module):
                  __parameters__ = []
                  __buffers__ = []
                  training : bool
                """);
        for (ListAttribute attribute : attributes) {
            code.append("  " + attribute.name() + " : List[" + attribute.elementType() + "]\n");
        }
        code.append(methods);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            store(zip, "data.pkl", pickledInstance(attributes));
            store(zip, "code/__torch__.py", code.toString().getBytes(StandardCharsets.UTF_8));
            store(zip, "constants.pkl", latin1("\u0080\2)."));
            store(zip, "version", latin1("10\n")); // of the operators, as of PyTorch 2.0
            store(zip, "byteorder", latin1("little"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Pickle, protocol 2: make an object of the class from an empty tuple and set {@code {training: False, list: [], ...}} on it. */
    private static byte[] pickledInstance(List<ListAttribute> attributes) {
        String makeObject = "\u0080\2c__torch__\nModel\nq\0)\u0081";
        StringBuilder state = new StringBuilder("}(" + pickled("training") + "\u0089");
        attributes.forEach(attribute -> state.append(pickled(attribute.name())).append(']'));
        return latin1(makeObject + state + "ub.");
    }

    /** A text of fewer than 128 ASCII characters. */
    private static String pickled(String text) {
        return "X" + (char) text.length() + "\0\0\0" + text;
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry("model/" + name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
