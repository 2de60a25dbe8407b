package io.bytelm.constraint.schema.algebra;

import io.bytelm.constraint.Fingerprint;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.schema.text.JsonStringEncoding;
import io.bytelm.constraint.schema.text.Texts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Objects by their keys.
 *
 * @param named what the values of these keys are, in the schema's order
 * @param others what the values of all other keys are: the classes are disjoint and hold every string
 * @param max {@link StringShape#UNBOUNDED} for no limit
 * @param dependent keys that must be there if a key is
 * @param witnesses conditions that some key exists
 */
public record ObjectShape(
        Map<String, Node> named,
        List<KeyClass> others,
        Set<String> required,
        int min,
        int max,
        Map<String, Set<String>> dependent,
        List<Witness> witnesses) {
    /** What a key takes in the maps of a shape. */
    public static final int BYTES_PER_KEY = 64;

    private static final int SHAPE_BYTES = 200;
    private static final int STEPS_PER_KEY = 8;

    /** Keys with the same set of values. */
    public record KeyClass(ByteDfa keys, Node value) {}

    /** There is a key among these with a value of the set. */
    public record Witness(ByteDfa keys, Node value) {}

    static ObjectShape any(Algebra algebra) {
        return new ObjectShape(
                Map.of(),
                List.of(new KeyClass(Texts.ANY_STRING, algebra.anything())),
                Set.of(),
                0,
                StringShape.UNBOUNDED,
                Map.of(),
                List.of());
    }

    /** All keys that it speaks of by name: beside those with values of their own, those that others or it itself require. */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>(named.keySet());
        names.addAll(required);
        dependent.forEach((key, keys) -> {
            names.add(key);
            names.addAll(keys);
        });
        return names;
    }

    /** What the value of a key is. */
    public Node valueOf(String name) {
        Node value = named.get(name);
        return value != null ? value : valueAmong(others, name);
    }

    private static Node valueAmong(List<KeyClass> classes, String name) {
        if (classes.size() == 1) {
            return classes.get(0).value;
        }
        byte[] text = JsonStringEncoding.encode(name);
        for (KeyClass keyClass : classes) {
            if (keyClass.keys.accepts(text)) {
                return keyClass.value;
            }
        }
        throw new IllegalStateException("the classes of keys hold every string");
    }

    /** How many parts it has: what comparing, copying or combining it takes. */
    public long weight() {
        return 8L + keys() + 4L * others.size() + 4L * witnesses.size();
    }

    private long keys() {
        long dependents =
                dependent.values().stream().mapToLong(keys -> 4L + keys.size()).sum();
        return named.size() + required.size() + dependents;
    }

    /**
     * Names are hashed by more than {@link String#hashCode}: the sum of those, which a set of them has, is the same for very many
     * choices of names that schemas and strangers make.
     */
    @Override
    public int hashCode() {
        long sum = 0;
        for (String name : required) {
            sum += new Fingerprint().add(name).value();
        }
        for (Map.Entry<String, Node> entry : named.entrySet()) {
            sum += new Fingerprint()
                    .add(entry.getKey())
                    .add(entry.getValue().hashCode())
                    .value();
        }
        return Objects.hash(Long.hashCode(sum), others, min, max, dependent.size(), witnesses);
    }

    boolean isEmpty(Algebra algebra) {
        return min > max
                || required.size() > max
                || required.stream().anyMatch(name -> isNothing(valueOf(name), algebra));
    }

    /** Whether a value is nothing as far as that is soon known: constants are told apart, and schemas are not looked into. */
    private static boolean isNothing(Node value, Algebra algebra) {
        return value.isNothing() || (value.isWrittenOut() && algebra.isSurelyNothing(value));
    }

    private static Node and(Node a, Node b, Algebra algebra) {
        Node both = algebra.and(a, b);
        return isNothing(both, algebra) ? algebra.nothing() : both;
    }

    ObjectShape and(ObjectShape that, Algebra algebra) {
        long weights = weight() + that.weight();
        algebra.budget().tick(STEPS_PER_KEY * weights * Math.max(others.size(), that.others.size()));
        algebra.budget().chargeMemory(SHAPE_BYTES + BYTES_PER_KEY * (keys() + that.keys()));
        Map<String, Node> names = new LinkedHashMap<>();
        for (String name : named.keySet()) {
            names.put(name, and(valueOf(name), that.valueOf(name), algebra));
        }
        for (String name : that.named.keySet()) {
            names.putIfAbsent(name, and(valueOf(name), that.valueOf(name), algebra));
        }
        Set<String> allRequired = new LinkedHashSet<>(required);
        allRequired.addAll(that.required);
        Map<String, Set<String>> allDependent = new LinkedHashMap<>(dependent);
        that.dependent.forEach((key, keys) -> allDependent.merge(key, keys, ObjectShape::union));
        List<Witness> allWitnesses = new ArrayList<>(witnesses);
        that.witnesses.stream().filter(w -> !allWitnesses.contains(w)).forEach(allWitnesses::add);
        return new ObjectShape(
                names,
                andClasses(others, that.others, algebra),
                allRequired,
                Math.max(min, that.min),
                Math.min(max, that.max),
                allDependent,
                allWitnesses);
    }

    private static Set<String> union(Set<String> a, Set<String> b) {
        Set<String> union = new LinkedHashSet<>(a);
        union.addAll(b);
        return union;
    }

    /** Splits two families of classes by each other. */
    public static List<KeyClass> andClasses(List<KeyClass> left, List<KeyClass> right, Algebra algebra) {
        List<KeyClass> classes = new ArrayList<>();
        for (KeyClass l : left) {
            for (KeyClass r : right) {
                ByteDfa keys = StringShape.and(l.keys, r.keys, algebra);
                if (!keys.isEmpty()) {
                    classes.add(new KeyClass(keys, algebra.and(l.value, r.value)));
                }
            }
        }
        return classes;
    }

    List<ObjectShape> complement(Algebra algebra) {
        algebra.budget().tick(STEPS_PER_KEY * weight());
        algebra.budget().chargeMemory(SHAPE_BYTES * (1L + keys() + others.size() + witnesses.size()));
        return new ObjectComplement(this, algebra).shapes();
    }

    /** The same, and one key has these values alone. */
    public ObjectShape withValue(String name, Node value) {
        Map<String, Node> names = new LinkedHashMap<>(named);
        names.put(name, value);
        return new ObjectShape(names, others, required, min, max, dependent, witnesses);
    }

    /** The same, and this key must come too. */
    ObjectShape with(String name) {
        Set<String> more = new LinkedHashSet<>(required);
        more.add(name);
        return withRequired(more);
    }

    /** The same with other values for its names. */
    public ObjectShape withNamed(Map<String, Node> names) {
        return new ObjectShape(names, others, required, min, max, dependent, witnesses);
    }

    /** The same, and these keys alone are required. */
    public ObjectShape withRequired(Set<String> names) {
        return new ObjectShape(named, others, names, min, max, dependent, witnesses);
    }

    /** The same, and these are the values of all other keys. */
    public ObjectShape withOthers(List<KeyClass> classes) {
        return new ObjectShape(named, classes, required, min, max, dependent, witnesses);
    }

    ObjectShape withCount(int least, int most) {
        return new ObjectShape(named, others, required, least, most, dependent, witnesses);
    }

    /** The same, and these are the conditions that some key exists. */
    public ObjectShape withWitnesses(List<Witness> conditions) {
        return new ObjectShape(named, others, required, min, max, dependent, conditions);
    }
}
