//! Makes pure JavaScript expressions and functions from seeds.
//!
//! The engine runs them in its own interpreter, `tests/oracle.rs` in Node; both make the same
//! texts from this file.

/// Expressions and functions that are compared.
pub(super) const EXPRESSIONS: u64 = 10_000;
pub(super) const FUNCTIONS: u64 = 1_000;

/// What stands before the programs: writes a value so that equal texts mean equal values.
pub(super) const PRELUDE: &str = r"
function show(make) {
  var value;
  try { value = make(); } catch (error) { return 'throws ' + error.name; }
  return tell(value, 0).split('\n').join('\\n');
}
function tell(value, depth) {
  if (value === null) return 'null';
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return value + 'n';
  if (typeof value === 'function') return 'function';
  if (typeof value === 'symbol') return 'symbol';
  if (typeof value !== 'object' || depth > 4) return typeof value === 'object' ? '...' : String(value);
  if (Array.isArray(value)) {
    var items = [];
    for (var at = 0; at < value.length; at++) items.push(at in value ? tell(value[at], depth + 1) : 'gap');
    return '[' + items.join(',') + ']';
  }
  if (value instanceof Map || value instanceof Set) return tell([...value], depth + 1);
  if (value instanceof RegExp) return String(value);
  if (ArrayBuffer.isView(value)) return 'bytes ' + Array.from(value).join(' ');
  return '{' + Object.keys(value).map(function (key) { return key + ':' + tell(value[key], depth + 1); }).join(',') + '}';
}
";

/// A sequence of numbers that a seed decides.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d)
    }

    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 16) % sides as u64).unwrap_or(0)
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.roll(from.len())]
    }
}

const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "7",
    "-1",
    "10",
    "16",
    "31",
    "255",
    "256",
    "65535",
    "0.5",
    "1.5",
    "-2.5",
    "0.1",
    "1e21",
    "1e-7",
    "4294967296",
    "2147483648",
    "-0",
    "NaN",
    "Infinity",
    "0x1f",
    "123.456",
];
const STRINGS: &[&str] = &[
    "''",
    "'a'",
    "'abc'",
    "'hello world'",
    "'0'",
    "'12'",
    "'1e3'",
    "' 7 '",
    "'0x1F'",
    "'é'",
    "'\\u{1F600}'",
    "'\\uD83D'",
    "'a,b,,c'",
    "'AbC'",
    "'%41%zz'",
    "'aGVsbG8='",
    "'68656c6c6f'",
    "'line\\nbreak'",
    "'ｗ'",
    "'undefined'",
    "'x1y22z333'",
    "'null'",
    "'[1,2]'",
];
const BINARY: &[&str] = &[
    "+", "-", "*", "/", "%", "**", "&", "|", "^", "<<", ">>", ">>>", "==", "!=", "===", "!==", "<",
    "<=", ">", ">=",
];
const UNARY: &[&str] = &["-", "+", "!", "~", "typeof ", "void "];

/// A pure expression.
pub(super) fn expression(seed: u64) -> String {
    let mut dice = Dice::new(seed + 1);
    any(&mut dice, 4)
}

fn any(dice: &mut Dice, depth: u32) -> String {
    if depth == 0 {
        return leaf(dice);
    }
    match dice.roll(14) {
        0 => leaf(dice),
        1 | 2 => number(dice, depth - 1),
        3..=5 => string(dice, depth - 1),
        6 | 7 => array(dice, depth - 1),
        8 => {
            let (left, right) = (any(dice, depth - 1), any(dice, depth - 1));
            format!("({left}) {} ({right})", dice.pick(BINARY))
        }
        9 => format!("{}({})", dice.pick(UNARY), any(dice, depth - 1)),
        10 => {
            let (test, then, other) = (
                any(dice, depth - 1),
                any(dice, depth - 1),
                any(dice, depth - 1),
            );
            format!("(({test}) ? ({then}) : ({other}))")
        }
        11 => {
            let (left, right) = (any(dice, depth - 1), any(dice, depth - 1));
            format!("(({left}) {} ({right}))", dice.pick(&["&&", "||", "??"]))
        }
        12 => object(dice, depth - 1),
        _ => bytes(dice, depth - 1),
    }
}

fn leaf(dice: &mut Dice) -> String {
    match dice.roll(8) {
        0..=2 => format!("({})", dice.pick(NUMBERS)),
        3..=5 => dice.pick(STRINGS).to_owned(),
        6 => dice
            .pick(&["true", "false", "null", "undefined", "[]", "({})"])
            .to_owned(),
        _ => dice
            .pick(&["[1,2,3]", "['a','b']", "12n", "-5n", "[[]]", "/a/g"])
            .to_owned(),
    }
}

fn number(dice: &mut Dice, depth: u32) -> String {
    let whole = |dice: &mut Dice| {
        dice.pick(&["0", "1", "2", "3", "5", "8", "-1", "-2"])
            .to_owned()
    };
    match dice.roll(10) {
        0 => format!("Number({})", leaf(dice)),
        1 => format!(
            "parseInt({}, {})",
            string(dice, depth.min(1)),
            dice.pick(&["10", "16", "36", "2", "undefined"])
        ),
        2 => format!("parseFloat({})", leaf_text(dice)),
        3 => format!("({}).length", string(dice, depth.min(1))),
        4 => format!("({}).charCodeAt({})", leaf_text(dice), whole(dice)),
        5 => format!("({}).codePointAt({})", leaf_text(dice), whole(dice)),
        6 => format!("({}).indexOf({})", leaf_text(dice), leaf_text(dice)),
        7 => format!(
            "Math.{}({})",
            dice.pick(&[
                "abs", "floor", "ceil", "round", "trunc", "sign", "clz32", "fround"
            ]),
            leaf(dice)
        ),
        8 => format!(
            "Math.{}({}, {})",
            dice.pick(&["max", "min", "imul", "max"]),
            dice.pick(NUMBERS),
            dice.pick(NUMBERS)
        ),
        _ => {
            let (left, right) = (number_or_leaf(dice, depth), number_or_leaf(dice, depth));
            format!("(({left}) {} ({right}))", dice.pick(&BINARY[..12]))
        }
    }
}

fn number_or_leaf(dice: &mut Dice, depth: u32) -> String {
    if depth == 0 {
        dice.pick(NUMBERS).to_owned()
    } else {
        number(dice, depth - 1)
    }
}

fn leaf_text(dice: &mut Dice) -> String {
    dice.pick(STRINGS).to_owned()
}

fn string(dice: &mut Dice, depth: u32) -> String {
    let inner = if depth == 0 {
        leaf_text(dice)
    } else {
        string(dice, depth - 1)
    };
    let at = dice
        .pick(&["0", "1", "2", "4", "-1", "-3", "NaN", "99"])
        .to_owned();
    match dice.roll(20) {
        0 => inner,
        1 => format!("String({})", any(dice, depth.min(1))),
        2 => format!("(({inner}) + ({}))", any(dice, depth.min(1))),
        3 => format!("`${{{inner}}}-${{{}}}`", leaf(dice)),
        4 => format!(
            "({inner}).{}({at}, {})",
            dice.pick(&["slice", "substring", "substr"]),
            dice.pick(&["1", "3", "-1", "undefined"])
        ),
        5 => format!(
            "({inner}).{}()",
            dice.pick(&[
                "toUpperCase",
                "toLowerCase",
                "trim",
                "trimStart",
                "trimEnd",
                "toString"
            ])
        ),
        6 => format!("({inner}).split('').reverse().join('')"),
        7 => format!(
            "({inner}).replace(/{}/{}, {})",
            dice.pick(&["a", "[a-c]", "\\\\d+", "(.)(.)", "^.", "\\\\s", "l+"])
                .replace("\\\\", "\\"),
            dice.pick(&["", "g", "gi"]),
            dice.pick(&[
                "'x'",
                "'[$&]'",
                "'$1-$2'",
                "''",
                "'$$'",
                "function (m) { return m + m; }"
            ])
        ),
        8 => format!("({inner}).repeat({})", dice.pick(&["0", "1", "2", "3"])),
        9 => format!(
            "({inner}).{}({}, {})",
            dice.pick(&["padStart", "padEnd"]),
            dice.pick(&["0", "3", "9"]),
            dice.pick(&["'*'", "'ab'", "undefined"])
        ),
        10 => format!(
            "String.fromCharCode({}, {})",
            dice.pick(&["65", "97", "0x263a", "65601", "'66'"]),
            dice.pick(&["66", "98", "55357"])
        ),
        11 => format!("({inner}).{}({at})", dice.pick(&["charAt", "at"])),
        12 => format!(
            "(({}) + 0).toString({})",
            dice.pick(NUMBERS),
            dice.pick(&["10", "16", "2", "36", "8"])
        ),
        13 => format!(
            "{}({inner})",
            dice.pick(&[
                "encodeURIComponent",
                "escape",
                "unescape",
                "encodeURI",
                "btoa"
            ])
        ),
        14 => format!(
            "atob({})",
            dice.pick(&["'aGVsbG8='", "'YQ=='", "'_'", "''"])
        ),
        15 => format!(
            "decodeURIComponent({})",
            dice.pick(&["'%41b'", "'%E2%82%AC'", "'%'", "'a+b'"])
        ),
        16 => format!("JSON.stringify({})", any(dice, depth.min(2))),
        17 => format!("({inner}).concat({}, {})", leaf(dice), leaf(dice)),
        18 => format!(
            "({}).toFixed({})",
            dice.pick(&["1.005", "123.456", "0", "-1.5", "1e21"]),
            dice.pick(&["0", "1", "2", "5"])
        ),
        _ => format!("({})[{at}]", inner),
    }
}

fn array(dice: &mut Dice, depth: u32) -> String {
    let base = match dice.roll(6) {
        0 => format!("[{}, {}]", any(dice, depth.min(1)), leaf(dice)),
        1 => format!(
            "({}).split({})",
            leaf_text(dice),
            dice.pick(&["''", "','", "/[, ]/", "'l'", "/(b)/"])
        ),
        2 => "[5,1,10,2]".to_owned(),
        3 => format!("Array.from({})", leaf_text(dice)),
        4 => format!("[...{}]", leaf_text(dice)),
        _ => format!("[{}, , {}]", leaf(dice), leaf(dice)),
    };
    match dice.roll(16) {
        0 => base,
        1 => format!(
            "{base}.map(function (x, i) {{ return {}; }})",
            dice.pick(&["x", "i", "x + i", "[x]", "typeof x", "x == i"])
        ),
        2 => format!(
            "{base}.filter(function (x, i) {{ return {}; }})",
            dice.pick(&["x", "i % 2", "x > 1", "true"])
        ),
        3 => format!("{base}.join({})", dice.pick(&["''", "'-'", "undefined"])),
        4 => format!(
            "{base}.slice({}, {})",
            dice.pick(&["0", "1", "-2"]),
            dice.pick(&["2", "-1", "undefined"])
        ),
        5 => format!("{base}.concat({})", leaf(dice)),
        6 => format!("{base}.reverse()"),
        7 => format!("{base}.sort()"),
        8 => "[5,1,10,2].sort(function (a, b) { return a - b; })".to_owned(),
        9 => format!(
            "{base}.reduce(function (a, x) {{ return a + x; }}, {})",
            dice.pick(&["''", "0", "[]"])
        ),
        10 => format!("{base}.indexOf({})", leaf(dice)),
        11 => format!("{base}.includes({})", leaf(dice)),
        12 => format!("{base}.flat()"),
        13 => format!(
            "(function (a) {{ a.splice({}, {}, 'n'); return a; }})({base})",
            dice.pick(&["0", "1", "-1"]),
            dice.pick(&["0", "1", "2"])
        ),
        14 => format!(
            "Object.{}({base})",
            dice.pick(&["keys", "values", "entries"])
        ),
        _ => format!(
            "{base}.some(function (x) {{ return x === {}; }})",
            leaf(dice)
        ),
    }
}

fn object(dice: &mut Dice, depth: u32) -> String {
    let base = format!(
        "{{b: {}, a: {}, 2: {}, [{}]: 1}}",
        any(dice, depth.min(1)),
        leaf(dice),
        leaf(dice),
        leaf_text(dice)
    );
    match dice.roll(9) {
        0 => format!("({base})"),
        1 => format!(
            "Object.{}({base})",
            dice.pick(&["keys", "values", "entries"])
        ),
        2 => format!("Object.assign({base}, {{a: {}}})", leaf(dice)),
        3 => format!("({base})[{}]", leaf(dice)),
        4 => format!("({} in ({base}))", leaf_text(dice)),
        5 => format!("JSON.parse(JSON.stringify({base}))"),
        6 => format!("({{...({base}), c: {}}})", leaf(dice)),
        7 => format!(
            "({{valueOf() {{ return {}; }}, toString() {{ return {}; }}}}) {} ({})",
            dice.pick(NUMBERS),
            leaf_text(dice),
            dice.pick(&["+", "*", "==", "<"]),
            leaf(dice)
        ),
        _ => format!(
            "(function ({{a, b = {}, ...rest}}) {{ return [a, b, rest]; }})({base})",
            leaf(dice)
        ),
    }
}

fn bytes(dice: &mut Dice, depth: u32) -> String {
    let encoding = dice
        .pick(&[
            "'utf8'",
            "'hex'",
            "'base64'",
            "'latin1'",
            "'utf16le'",
            "'base64url'",
            "'ascii'",
        ])
        .to_owned();
    match dice.roll(7) {
        0 => format!("Buffer.from({}, {encoding})", leaf_text(dice)),
        1 => format!("Buffer.from({}).toString({encoding})", leaf_text(dice)),
        2 => format!("Buffer.from({}, {encoding}).toString()", leaf_text(dice)),
        3 => format!(
            "new {}([{}, {}, 300])",
            dice.pick(&[
                "Uint8Array",
                "Int16Array",
                "Uint32Array",
                "Uint8ClampedArray",
                "Float64Array"
            ]),
            dice.pick(NUMBERS),
            dice.pick(NUMBERS)
        ),
        4 => format!(
            "Buffer.concat([Buffer.from({}), Buffer.from([1, 2])])",
            leaf_text(dice)
        ),
        5 => format!(
            "new TextDecoder().decode(new TextEncoder().encode({}))",
            string(dice, depth.min(1))
        ),
        _ => format!(
            "Uint8Array.from({}, function (c) {{ return c.charCodeAt(0); }}).map(function (x) {{ return x ^ {}; }})",
            leaf_text(dice),
            dice.pick(&["1", "42", "255"])
        ),
    }
}

/// A pure function, as an expression that calls it.
pub(super) fn function(seed: u64) -> String {
    let mut dice = Dice::new(seed.wrapping_add(1_000_003));
    let dice = &mut dice;
    let mut body = String::from("var s = '', n = 0, list = [];\n");
    for _ in 0..2 + dice.roll(4) {
        body.push_str(&statement(dice, 2));
        body.push('\n');
    }
    let args = format!("{}, {}", leaf(dice), leaf(dice));
    format!("(function (a, b) {{\n{body}return [s, n, list];\n}})({args})")
}

fn statement(dice: &mut Dice, depth: u32) -> String {
    let small = |dice: &mut Dice| dice.pick(&["2", "3", "5"]).to_owned();
    let effect = match dice.roll(5) {
        0 => format!("s += ({}) + ';';", string(dice, 1)),
        1 => "n = (n * 31 + 7) % 1009;".to_owned(),
        2 => format!("list.push({});", leaf(dice)),
        3 => "s += typeof a + n;".to_owned(),
        _ => format!("n += {};", number(dice, 0)),
    };
    if depth == 0 {
        return effect;
    }
    let inner = statement(dice, depth - 1);
    match dice.roll(12) {
        0 => effect,
        1 => format!(
            "for (var i{depth} = 0; i{depth} < {}; i{depth}++) {{ {inner} if (i{depth} === 1) continue; {effect} }}",
            small(dice)
        ),
        2 => format!("if ({}) {{ {inner} }} else {{ {effect} }}", any(dice, 1)),
        3 => format!(
            "try {{ {inner} {} }} catch (e) {{ s += e.name; }} finally {{ n++; }}",
            dice.pick(&[
                "null.x;",
                "throw new RangeError('r');",
                "undefined();",
                "''.repeat(-1);"
            ])
        ),
        4 => format!(
            "switch (n % 3) {{ case 0: {inner} case 1: {effect} break; default: s += 'd'; }}"
        ),
        5 => format!(
            "for (const c of {}) {{ s += c; {effect} }}",
            dice.pick(&[
                "'añ😀'",
                "[1, 2]",
                "new Set([1, 1, 2])",
                "new Map([[1, 2]])"
            ])
        ),
        6 => "for (var k in {x: 1, y: 2, 1: 3}) { s += k; }".to_owned(),
        7 => format!(
            "outer: for (let i = 0; i < 3; i++) {{ for (let j = 0; j < 3; j++) {{ if (j === 1) {} outer; list.push(function () {{ return i * 10 + j; }}()); }} }}",
            dice.pick(&["continue", "break"])
        ),
        8 => format!(
            "var w{depth} = {}; while (w{depth}-- > 0) {{ {inner} }}",
            small(dice)
        ),
        9 => format!(
            "var d{depth} = 0; do {{ {effect} n++; }} while (n % 4 !== 0 && ++d{depth} < 6);"
        ),
        10 => "(function f(d) { if (d > 0) { n += d; f(d - 1); } })(4);".to_owned(),
        _ => format!(
            "{{ class C {{ #v = 1; static k = 'k'; get v() {{ return this.#v + {}; }} m(...r) {{ return r.length; }} }} s += new C().v + C.k + new C().m(1, 2); }}",
            small(dice)
        ),
    }
}
