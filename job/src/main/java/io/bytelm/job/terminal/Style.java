package io.bytelm.job.terminal;

/** How text looks on a terminal that can show it; the codes are those of ECMA-48 and the usual 256 colours. */
public enum Style {
    BOLD("1"),
    DIM("2"),
    RED("31"),
    GREEN("32"),
    YELLOW("33"),
    CYAN("36"),
    /** A closed token, and its neighbour. */
    TOKEN("38;5;16;48;5;152"),
    OTHER_TOKEN("38;5;16;48;5;188"),
    /** A token still open. */
    OPEN_TOKEN("4");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    String on(String text) {
        return "\u001B[" + code + "m" + text + "\u001B[0m";
    }
}
