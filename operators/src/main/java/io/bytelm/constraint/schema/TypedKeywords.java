package io.bytelm.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.DfaProduct;
import io.bytelm.constraint.schema.algebra.Algebra;
import io.bytelm.constraint.schema.algebra.StringShape;
import io.bytelm.constraint.schema.algebra.ValueSet;
import io.bytelm.constraint.schema.text.CheckedFormat;
import io.bytelm.constraint.schema.text.CountedPattern;
import io.bytelm.constraint.schema.text.FormatTexts;
import io.bytelm.constraint.schema.text.NumberTexts;
import io.bytelm.constraint.schema.text.TextCheck;
import io.bytelm.constraint.schema.text.Texts;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keyword {@code type}, and those that speak of values of one type. */
final class TypedKeywords {
    private static final int STEPS_PER_TYPE = 4;
    private static final int MOST_REQUIRED_CHARS = 1 << 20;

    private final Keywords keywords;
    private final SchemaReader reader;
    private final SchemaDocument document;
    private final Algebra algebra;
    private final SchemaOptions options;
    private final CompileBudget budget;

    TypedKeywords(
            Keywords keywords, SchemaReader reader, SchemaDocument document, Algebra algebra, SchemaOptions options) {
        this.keywords = keywords;
        this.reader = reader;
        this.document = document;
        this.algebra = algebra;
        this.options = options;
        this.budget = algebra.budget();
    }

    ValueSet evaluate() {
        ValueSet set = types();
        if (!set.numbers().isEmpty()) {
            set = set.withNumbers(numbers(set.numbers()));
        }
        if (!set.strings().isEmpty()) {
            set = set.withStrings(List.of(strings()));
        }
        if (!set.arrays().isEmpty()) {
            set = set.withArrays(List.of(new ArrayKeywords(keywords, reader, document, algebra).shape()));
        }
        return set.objects().isEmpty()
                ? set
                : set.withObjects(new ObjectKeywords(keywords, reader, document, algebra).shapes());
    }

    private ValueSet types() {
        JsonNode type = keywords.value("type");
        ValueSet all = ValueSet.anything(algebra);
        if (type == null) {
            return all;
        }
        ValueSet set = ValueSet.NOTHING;
        budget.tick(STEPS_PER_TYPE * (1L + type.size()));
        for (JsonNode name : type.isArray() ? type : List.of(type)) {
            set = switch (name.asText()) {
                case "null" -> withLiterals(set, ValueSet.NULL);
                case "boolean" -> withLiterals(set, ValueSet.TRUE | ValueSet.FALSE);
                case "number" -> set.withNumbers(all.numbers());
                case "integer" -> set.numbers() == all.numbers() ? set : set.withNumbers(integers());
                case "string" -> set.withStrings(all.strings());
                case "array" -> set.withArrays(all.arrays());
                case "object" -> set.withObjects(all.objects());
                default -> throw keywords.at().malformed("type", "there is no type " + name);
            };
        }
        return set;
    }

    private static ValueSet withLiterals(ValueSet set, int more) {
        return new ValueSet(set.literals() | more, set.numbers(), set.strings(), set.arrays(), set.objects());
    }

    private ByteDfa integers() {
        return document.draft() == Draft.DRAFT_4 ? Texts.INTEGER_FORMS : Texts.INTEGER_VALUES;
    }

    private ByteDfa numbers(ByteDfa all) {
        ByteDfa numbers = limited(all, "minimum", "exclusiveMinimum", true);
        numbers = limited(numbers, "maximum", "exclusiveMaximum", false);
        BigDecimal divisor = keywords.number("multipleOf");
        if (divisor == null) {
            return numbers;
        }
        if (divisor.signum() <= 0) {
            throw keywords.at().malformed("multipleOf", "must be above 0");
        }
        ByteDfa multiples = keywords.at().within("multipleOf", () -> NumberTexts.multiplesOf(divisor, budget));
        return DfaProduct.intersection(numbers, multiples, budget);
    }

    private ByteDfa limited(ByteDfa numbers, String keyword, String exclusiveKeyword, boolean isMinimum) {
        JsonNode exclusive = keywords.value(exclusiveKeyword);
        boolean isFlag = exclusive != null && exclusive.isBoolean();
        ByteDfa limited = numbers;
        BigDecimal bound = keywords.number(keyword);
        if (bound != null) {
            boolean strict = isFlag && keywords.isTrue(exclusiveKeyword);
            ByteDfa within = keywords.at().within(keyword, () -> beyond(bound, strict, isMinimum));
            limited = DfaProduct.intersection(limited, within, budget);
        }
        BigDecimal strictBound = isFlag ? null : keywords.number(exclusiveKeyword);
        return strictBound == null
                ? limited
                : DfaProduct.intersection(
                        limited,
                        keywords.at().within(exclusiveKeyword, () -> beyond(strictBound, true, isMinimum)),
                        budget);
    }

    private ByteDfa beyond(BigDecimal bound, boolean exclusive, boolean isMinimum) {
        return isMinimum ? NumberTexts.above(bound, exclusive, budget) : NumberTexts.below(bound, exclusive, budget);
    }

    private StringShape strings() {
        String pattern = keywords.text("pattern");
        StringShape matching = pattern == null ? StringShape.ANY : matching(pattern);
        ByteDfa texts = matching.texts();
        int min = Math.max(matching.min(), keywords.demand("minLength", MOST_REQUIRED_CHARS));
        int max = Math.min(matching.max(), keywords.limit("maxLength", StringShape.UNBOUNDED));
        List<TextCheck> checks = List.of();
        JsonNode format = keywords.value("format");
        if (format != null && format.isTextual() && assertsFormats()) {
            ByteDfa formatted = format(format.textValue());
            CheckedFormat checked = checked(format.textValue());
            checks = checked == null ? List.of() : List.of(new TextCheck(checked, true));
            max = Math.min(max, FormatTexts.maxLength(format.textValue()));
            texts = texts == Texts.ANY_STRING ? formatted : DfaProduct.intersection(texts, formatted, budget);
        }
        return new StringShape(texts, min, max, checks);
    }

    private StringShape matching(String pattern) {
        CountedPattern counted = keywords.at().within("pattern", () -> CountedPattern.of(pattern, budget));
        return new StringShape(counted.texts(), counted.min(), counted.max());
    }

    private boolean assertsFormats() {
        return switch (options.formats()) {
            case ASSERT -> true;
            case ANNOTATE -> false;
            case BY_DRAFT -> document.draft().assertsFormat();
        };
    }

    private ByteDfa format(String name) {
        if (FormatTexts.REFUSED.contains(name)) {
            throw keywords.at().unsupported("format", name + " is not enforced; ask for formats as annotations");
        }
        CheckedFormat checked = checked(name);
        return checked == null ? FormatTexts.find(name) : checked.possibly();
    }

    private @Nullable CheckedFormat checked(String name) {
        return switch (name) {
            case "hostname" -> document.draft().checksPunycode() ? CheckedFormat.HOSTNAME : null;
            case "regex" -> CheckedFormat.REGEX;
            default -> null;
        };
    }
}
