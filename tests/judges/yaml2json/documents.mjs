// Documents that npm's yaml and yaml2json read.

const scalars = ['no', 'yes', 'on', 'off', 'y', 'n', 'true', 'True', 'TRUE', 'tRUE', 'false', 'null', '~', 'Null', 'NULL', 'nULL', '', '1', '-1', '+1', '0', '-0', '012', '0o17', '0o8', '0x1F', '0X1F', '0xG', '0b1', '1_000',
  '1.5', '.5', '5.', '-.5', '1e3', '1E-3', '1e', '1.0', '1.', '.', '+', '..', '12:30', '1:2:3', '2024-01-01', '2024-01-01T00:00:00Z', '00e5', '1.2.3', '-a', 'a#b', 'a #b', '=', '<<', 'a: b'.replace(': ', ':'), 'http://x:1/y?z=1&a',
  "'1'", '"1"', "'it''s'", '"a\\n\\u00e9\\x41\\t\\0\\e\\_\\/\\\\\\""', '"\\U0001F600"', '"a\\\n  b"', '"a\n  b\n\n  c"', "'a\n  b'", '!!str 5', '!!str', '!!int 5', '!!float 1.5', '!!bool true', '!!null ~', '! 5',
  'é研😀', '\u00a0x', '"\\u2028"', '[]', '{}', '[a, 1, no]', '[a, [b, {c: d}], ]', '{a: 1, "b": {c: ~}}', '{a, b: , "c":1}', '[a: b, c]', '{ a: "}" }', '[{}, [], ""]', '|\n  x\n  y', '>-\n  x\n  y', '|+\n  x\n\n', '>\n  x\n\n  y\n    z\n  w', '|2\n    x\n   y', '|-\n  x\n\n\n', '|\n  # no comment\n  x', '>+\n  x\n\n',
  '&a x', '&a [1]', '9007199254740991', '0.1', '123456789012345', '-----BEGIN X-----', '|\n  -----BEGIN X-----\n  abc=\n  -----END X-----', '@x'.slice(1), '"@x"', '$x', '${X}', '"${X:-y}"', '%x'.slice(1), '"%x"', 'x y z', 'x  y', 'a\n  b\n  c', 'a, b', 'a]b', 'a{b', '? x'.slice(2)];

export const documents = [...scalars.map(s => `k: ${s}\nafter: 1\n`), ...scalars.filter(s => !s.includes('\n')).map(s => `- ${s}\n- after\n`),
  'a: &x [1, 2]\nb: *x\n', 'a: &x {p: 1}\nb:\n  <<: *x\n  q: 2\n', 'a: &x 1\nb: &x 2\nc: *x\n', 'a: &x {b: &y [1], c: *y}\nd: *x\ne: *y\n', '- &a b\n- *a\n- {k: *a }\n- [*a, *a]\n',
  '- a\n-\n  - b\n  - c: d\n    e: f\n', '- - - a\n', '- - a\n  - b\n- c\n', 'a:\n- b\n- c\nd:\n  - e\n', 'a:\n    b:\n          c: d\n    e: f\n', '# nothing\n', '', '\n\n', '---\n', '---\na: 1\n...\n', '---\n# x\na: 1\n', '%YAML 1.2\n---\na: b\n',
  '5: x\ntrue: y\n"a b": z\na c: z\n\'c\': d\n', '\ufeffa: 1\n', 'a: 1\r\nb: |\r\n  x\r\n  y\r\n', 'a: 1', 'a: |\n  x', 'a: >\n  x', 'a: |\n  x\n\n\n\nb: 1\n', 'a:\n  # c\n  b: 1 # d\n\n  # e\n  c: 2\n', '{\n  "a": 1,\n\t"b": [\n1,\n2],\n  "c": {}\n}\n', '{"a":1,"b":[true,null,"x"]}', '[\n]\n', '"a": b\n', '"a":\n  b\n', '? a\n: b\n', '? a\n? b\n',
  'catalog:\n  providers:\n    okta:\n      default:\n        schedule: { frequency: { minutes: 30 }, timeout: { minutes: 30 } }\n        groups: [Engineering, Platform Team]\n'];

export const wrong = ['a: 1\na: 2\n', 'a: 1\n"a": 2\n', '{a: 1, a: 2}\n', 'b:\n  a: 1\n  c: 2\n  a: 3\n', 'a: [1\n', 'a: {b: 1\n', 'a: b: c\n', '\ta: 1\n', 'a:\n\tb: 1\n', 'a: *nope\n', 'a: &x [*x]\n', 'a: "x\n', "a: 'x\n", 'a: 1\n b: 2\n', 'a: @x\n', 'a: `x\n', 'a: %x\n', 'a: ]\n', '- a\nb: c\n',
  'a: b\n- c\n', 'a: 1\n---\nb: 2\n', 'a: "\\q"\n', 'k: -\n', 'a: [1]]\n', 'a: {b: 1}}\n', 'k: - a\n', 'a: "x" y\n', 'a: |x\n  y\n', '"a\nb": 1\n', 'a: &x &y 1\n', '{a: 1, [b: 2}\n', 'a\nb: 1\n'];

// What Backstage's reader takes and yaml2json does not, because the two would make different things of it, or nobody means it.
export const oursRefuses = ['a: !t x\n', 'a: !!int x\n', '{?a: 1}\n', 'a: |-\n  \t\n', 'a: !t [1]\n', '0x10: a\n', '~: a\n', 'null: a\n', '1.0: a\n', 'True: a\n', '1: a\n"1": b\n', '[a]: b\n', '{a: b}: c\n', 'a: .inf\n', 'a: .nan\n', 'a: x\u2028y\n', 'a: "x\u0085y"\n', 'a: 1 # x\u2029y\n', 'a: x\ufeff\n', '|\n text\n', ': a\n', 'a: "\\ud83d\\ude00"\n'];

// A generator of its own, the same everywhere.
function numbers(seed) {
  return n => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return (seed >>> 8) % n; };
}

// Documents that say a made value, in every style that can.
export function* made(count) {
  const random = numbers(11);
  const pick = list => list[random(list.length)];
  const words = ['a', 'b c', 'no', '1_000', '0o7', "it's", 'x: y', '# z', '-', '- a', '', ' lead', 'trail ', 'é😀', 'a\nb', 'a\n\nb\n', '  x\ny', 'true', '~', '5', '[a]', '{b', 'a,b', '"q"', '\\n', 'x'.repeat(90) + ' y', '%a', '@b', '? a', '!x', '&y', '*z', '|', '>', "'", 'k:', '${A}'];
  const value = depth => {
    switch (random(depth > 3 ? 6 : 9)) {
      case 0: return pick([null, true, false]);
      case 1: return pick([0, 1, -5, 1.5, 1e21, 12345678]);
      case 2: case 3: case 4: case 5: return pick(words);
      case 6: return Array.from({ length: random(4) }, () => value(depth + 1));
      default: return Object.fromEntries(Array.from({ length: random(4) }, () => [pick(words.filter(w => w && w.length < 20)), value(depth + 1)]));
    }
  };
  const options = () => ({ indent: 1 + random(6), indentSeq: random(2) === 1, lineWidth: pick([0, 20, 80]), defaultStringType: pick(['PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED']),
    defaultKeyType: pick(['PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE']), collectionStyle: pick(['any', 'any', 'flow', 'block']), flowCollectionPadding: random(2) === 1, aliasDuplicateObjects: true, nullStr: pick(['null', '~']), directives: random(8) === 0 });
  for (let i = 0; i < count; i++) {
    const shared = value(2);
    yield { value: { a: value(0), b: value(0), c: shared, d: [shared, value(1)] }, options: options() };
  }
}

// Documents with a few characters changed.
export function* changed(count) {
  const random = numbers(5);
  const pick = list => list[random(list.length)];
  const bits = ['a', 'b: 1', '- ', '? ', ': ', ':', '{', '}', '[', ']', ',', ' ', '  ', '\n', '\n  ', '#', ' #c', '"', "'", '|', '>', '&x ', '*x', '!!str ', '---\n', '~', 'null', '0x1', '.5', '😀', '\u00a0', '\\', '\r\n', '<<: ', 'k: v\n', '=', '12e3', "'s'", '\t'];
  const seeds = ['a: 1\nb:\n  - x\n  - y: z\n    w: [1, "2", {q: r}]\nc: |\n  line\n   more\nd: >-\n  fold\n  ed\ne: &x {k: v}\nf: *x\n',
    'catalog:\n  providers:\n    okta:\n      default:\n        oktaUrl: https://a.okta.com\n        clientId: "0oa"\n        groups: [A, \'B c\']\n        schedule: { frequency: { minutes: 30 } }\n',
    '- a\n- - b\n  - c\n-\n  d: e\n- "x\\ty"\n- \'it\'\'s\'\n', '{a: [1, 2, {b: c}], "d": e, f: }\n'];
  for (let i = 0; i < count; i++) {
    let text = [...pick(seeds)];
    for (let n = 1 + random(3); n > 0; n--) {
      const at = random(text.length + 1);
      text = [...text.slice(0, at), ...(random(3) ? pick(bits) : ''), ...text.slice(at + random(3))];
    }
    yield text.join('');
  }
}
