"""Records which texts Lark's Earley parser derives from small grammars, for LarkRecordingsTest.

    pip install lark==1.3.1
    python lark_recordings.py > ../resources/lark/recordings.jsonl

Terminals match in every way (lexer="dynamic_complete"). Half of the grammars are written by hand, half are drawn.
"""
import itertools
import json
import random

import lark

WRITTEN = [
    ('start: "a" start "b" |', "ab"),
    ('start: start start | "a"', "ab"),
    ('start: A "b"\nA: "a"+', "ab"),
    ('start: A A\nA: /a+b?/', "ab"),
    ('%ignore " "\nstart: "a" ("b" "a")*', "ab "),
    ('%ignore " "+\nstart: WORD WORD\nWORD: /[ab]+/', "ab "),
    ('%ignore "c"\n%ignore /b/\nstart: "a"~2', "abc"),
    ('start: "a"~2..3 | [B] "a"\nB: "b"', "ab"),
    ('start: "A"i "b"', "aAbB"),
    ('start: /a.b/s', "ab\n"),
    ('start: /a.b/', "ab\n\r"),
    ('start: /ab/i+', "aAb"),
    ('start: "a".."c" D\nD: "a".."b"', "abcd"),
    ('?start: item ("," item)*\n!item: "a" -> one | "b" -> two', "ab,"),
    ('start: _x+\n_x: "a" | "(" start ")"', "a()"),
    ('start: x.2 | y\nx.2: "a"\ny.1: "ab"'.replace("x.2 |", "x |"), "ab"),
    ('start: expression\nexpression: expression "+" term | term\nterm: term "*" atom | atom\n'
     'atom: DIGIT | "(" expression ")"\n%import common.DIGIT', "1+*()"),
    ('%import common.INT\n%import common.WS_INLINE\n%ignore WS_INLINE\nstart: INT ("," INT)*', "12, "),
    ('%import common.SIGNED_INT -> N\nstart: N', "1+-"),
    ('%import common (INT, WORD)\nstart: INT WORD | WORD', "1aB"),
    ('%import common.FLOAT\nstart: FLOAT', "1.e-"),
    ('%import common.NUMBER\nstart: NUMBER', "1.E+"),
    ('%import common.DECIMAL\nstart: DECIMAL', "12."),
    ('%import common.HEXDIGIT\nstart: HEXDIGIT+', "aFg0"),
    ('%import common.CNAME\nstart: CNAME', "_a1-"),
    ('%import common.NEWLINE\nstart: "a" NEWLINE', "a\r\n"),
    ('%import common.WS\nstart: "a" WS "a"', "a \n\t"),
    ('%import common.LETTER\n%import common.UCASE_LETTER\nstart: UCASE_LETTER LETTER*', "aB1"),
    ('%import common.SH_COMMENT\nstart: "a" SH_COMMENT', "a#\n"),
    ('%import common.CPP_COMMENT\nstart: CPP_COMMENT "\\n"', "/a\n"),
    ('%import common.SQL_COMMENT\nstart: SQL_COMMENT', "-a\n"),
    ('// a comment\nstart: "a"  // another one\n     | "b"\n\n     | "c" "d"\n', "abcd"),
    ('start: ("a" | "b" "c")+ "d"?', "abcd"),
    ('start: "\\"" /[^"]/ "\\""', '"a'),
    ('start: "\\\\" "/"', "\\/"),
    ('start: /\\//', "/\\"),
    ('start: "\\x61" "\\u0062"', "ab"),
    ('start: (A | B)~2\nA: B "b"\nB: "a"', "ab"),
]

TERMINALS = ['"a"', '"b"', '"ab"', "/[ab]/", "/a+/", "/b?a/", "A", "B"]
RULES = ["x", "y"]
REPEATS = ["", "", "", "", "?", "*", "+", "~2", "~1..2"]


def sequence(rng, atoms, most):
    return " ".join(rng.choice(atoms) + rng.choice(REPEATS) for _ in range(rng.randint(1, most)))


def drawn(seed):
    rng = random.Random(seed)
    lines = []
    if rng.random() < 0.5:
        lines.append("%ignore " + rng.choice(['" "', '" "+', '"c"', '/[ c]/']))
    for name in ["start"] + RULES:
        branches = [sequence(rng, TERMINALS + RULES, 3) for _ in range(rng.randint(1, 3))]
        lines.append(name + ": " + " | ".join(branches))
    lines.append("A: " + sequence(rng, ['"a"', '"b"', "/ab?/"], 2).replace("?", "").replace("*", "+"))
    lines.append("B: " + rng.choice(['"b"+', '/b|aa/', '"a" "b"', '"b"i']))
    return "\n".join(lines), "abc " if "%ignore" in lines[0] else "abB"


def record(grammar, alphabet, longest):
    parser = lark.Lark(grammar, parser="earley", lexer="dynamic_complete", keep_all_tokens=True)
    derived = []
    for length in range(longest + 1):
        for characters in itertools.product(alphabet, repeat=length):
            text = "".join(characters)
            try:
                parser.parse(text)
                derived.append(text)
            except lark.exceptions.LarkError:
                pass
    return {"grammar": grammar, "alphabet": alphabet, "longest": longest, "derived": derived}


def main():
    grammars = WRITTEN + [drawn(seed) for seed in range(60)]
    for grammar, alphabet in grammars:
        longest = {2: 7, 3: 6, 4: 5, 5: 4}[len(alphabet)]
        try:
            print(json.dumps(record(grammar, alphabet, longest)))
        except lark.exceptions.GrammarError:
            pass  # an endless rule, or a terminal that can be empty


main()
