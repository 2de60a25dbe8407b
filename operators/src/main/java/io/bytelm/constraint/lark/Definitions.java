package io.bytelm.constraint.lark;

import java.util.List;
import java.util.Map;

/**
 * What a grammar's text defines.
 *
 * @param rules by name, in their order
 * @param terminals by name, those imported too
 * @param ignored what may stand between terminals
 */
record Definitions(Map<String, Item> rules, Map<String, Item> terminals, List<Item> ignored) {}
