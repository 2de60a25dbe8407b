package io.bytelm.job.likelihood.report;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes as what can be seen of them: characters of UTF-8, marks being joined to what they stand on; all that is invisible, that
 * turns the direction of a line, or is no UTF-8, as a sign or its number. Safe inside HTML elements.
 */
final class Cells {
    private static final int LONGEST_CHARACTER = 4;
    private static final int CONTROL_PICTURES = 0x2400;
    private static final int DELETE = 0x7F;
    private static final int PICTURE_OF_DELETE = 0x2421;

    private Cells() {}

    /**
     * Something that is seen.
     *
     * @param from its first byte
     * @param to one past its last byte
     * @param html how it is written
     */
    record Cell(int from, int to, String html) {}

    static List<Cell> of(byte[] bytes) {
        List<Cell> cells = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            int length = 1;
            int character = -1;
            for (; length <= LONGEST_CHARACTER && at + length <= bytes.length; length++) {
                character = decoded(bytes, at, length);
                if (character >= 0) {
                    break;
                }
            }
            if (character < 0) {
                cells.add(new Cell(at, at + 1, "<b>\\x%02x</b>".formatted(bytes[at] & 0xFF)));
                at++;
            } else {
                add(character, at, at + length, cells);
                at += length;
            }
        }
        return cells;
    }

    private static void add(int character, int from, int to, List<Cell> cells) {
        int last = cells.size() - 1;
        if (isMark(character) && last >= 0 && cells.get(last).html().indexOf("<b>") < 0) {
            Cell base = cells.get(last);
            cells.set(last, new Cell(base.from(), to, base.html() + Character.toString(character)));
        } else {
            cells.add(new Cell(from, to, isMark(character) ? number(character) : html(character)));
        }
    }

    private static boolean isMark(int character) {
        int type = Character.getType(character);
        return type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.COMBINING_SPACING_MARK;
    }

    private static String html(int character) {
        return switch (character) {
            case '\n' -> "<b>\u21B5</b>\n";
            case '\t' -> "<b>\u21E5</b>\t";
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '"' -> "&quot;";
            case '\'' -> "&#39;";
            case DELETE -> sign(PICTURE_OF_DELETE);
            default -> character < ' ' ? sign(CONTROL_PICTURES + character) : visible(character);
        };
    }

    private static String sign(int picture) {
        return "<b>" + Character.toString(picture) + "</b>";
    }

    private static String number(int character) {
        return "<b>U+%04X</b>".formatted(character);
    }

    private static String visible(int character) {
        boolean isSeen =
                switch (Character.getType(character)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR -> false;
                    default -> true;
                };
        return isSeen ? Character.toString(character) : number(character);
    }

    /** The one character of these bytes, -1 if they are not just one. */
    private static int decoded(byte[] bytes, int at, int length) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, at, length))
                    .toString();
            return text.codePointCount(0, text.length()) == 1 ? text.codePointAt(0) : -1;
        } catch (CharacterCodingException e) {
            return -1;
        }
    }
}
