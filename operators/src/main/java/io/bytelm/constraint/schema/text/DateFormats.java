package io.bytelm.constraint.schema.text;

/** Dates and times of RFC 3339, durations of ISO 8601 as RFC 3339 has them in its appendix A. */
final class DateFormats {
    private static final String LEAP_YEAR = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)";

    static final String DATE = "([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
            + "|02-(0[1-9]|1[0-9]|2[0-8]))|" + LEAP_YEAR + "-02-29)";

    private static final String FRACTION = "(\\.[0-9]+)?";

    /** Leap seconds stand where it is 23:59 in UTC, with offsets of whole or half hours. */
    static final String TIME = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]" + FRACTION
            + "([Zz]|[-+]([01][0-9]|2[0-3]):[0-5][0-9])|" + leapSeconds();

    private static final String TIME_PART = "T([0-9]+H([0-9]+M([0-9]+S)?)?|[0-9]+M([0-9]+S)?|[0-9]+S)";

    static final String DURATION =
            "P([0-9]+W|" + TIME_PART + "|([0-9]+Y([0-9]+M([0-9]+D)?)?|[0-9]+M([0-9]+D)?|[0-9]+D)(" + TIME_PART + ")?)";

    private DateFormats() {}

    private static String leapSeconds() {
        StringBuilder regex = new StringBuilder("23:59:60" + FRACTION + "[Zz]");
        for (int offset = 0; offset < 24 * 60; offset += 30) {
            regex.append('|').append(leapSecond(23 * 60 + 59 + offset, "\\+", offset));
            regex.append('|').append(leapSecond(47 * 60 + 59 - offset, "-", offset));
        }
        return regex.toString();
    }

    private static String leapSecond(int localMinutes, String sign, int offset) {
        return clock(localMinutes) + ":60" + FRACTION + sign + clock(offset);
    }

    private static String clock(int minutes) {
        return twoDigits(minutes / 60 % 24) + ":" + twoDigits(minutes % 60);
    }

    private static String twoDigits(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }
}
