package io.bytelm.job.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** A jar with some of the tests' classes, for other JVMs to load. */
final class ClassesJar {
    private ClassesJar() {}

    /** @param services the implementation of each interface that a service loader is to find */
    static Path write(Path jar, List<Class<?>> classes, Map<Class<?>, Class<?>> services) throws IOException {
        Files.createDirectories(Objects.requireNonNull(jar.getParent()));
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Class<?> type : classes) {
                String name = type.getName().replace('.', '/') + ".class";
                out.putNextEntry(new JarEntry(name));
                try (InputStream in = type.getResourceAsStream("/" + name)) {
                    Objects.requireNonNull(in, name).transferTo(out);
                }
            }
            for (Map.Entry<Class<?>, Class<?>> service : services.entrySet()) {
                out.putNextEntry(
                        new JarEntry("META-INF/services/" + service.getKey().getName()));
                out.write(service.getValue().getName().getBytes(StandardCharsets.UTF_8));
            }
        }
        return jar;
    }
}
