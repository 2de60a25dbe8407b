package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.whitespace.Place;

/** What an {@link ObjectPosition} is after. Saved positions keep their ordinals: new ones come last. */
enum ObjectPhase {
    OPENED(Place.AFTER_OPENING),
    AFTER_KEY(Place.BEFORE_COLON),
    AFTER_COLON(Place.AFTER_COLON),
    AFTER_VALUE(Place.AFTER_VALUE),
    AFTER_COMMA(Place.AFTER_COMMA);

    private final Place place;

    ObjectPhase(Place place) {
        this.place = place;
    }

    /** Where white space comes before the next token. */
    Place place() {
        return place;
    }
}
