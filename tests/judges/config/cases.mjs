// Configurations whose reading is judged: {name, files: {NAME: TEXT}, configs: [NAME], env: {NAME: TEXT}}.

const okta = (...lines) => ['catalog:', '  providers:', '    okta:', ...lines.map(l => '      ' + l), ''].join('\n');
const one = (name, lines, env = {}, files = {}) => ({ name, files: { 'a.yaml': okta(...lines), ...files }, configs: ['a.yaml'], env });
const two = (name, first, second, env = {}) => ({ name, files: { 'a.yaml': okta(...first), 'b.yaml': okta(...second) }, configs: ['a.yaml', 'b.yaml'], env });

export const cases = [
  one('${NAME}', ['k: ${A}', 'l: x${A}y${B}z', 'm: ${ A }'], { A: 'one', B: 'two' }),
  one('values are trimmed', ['k: "${A}"', 'l: "<${A}>"'], { A: '  one \n' }),
  one('a variable that is not set takes the key away', ['k: ${A}', 'l: 1', 'm: x${A}', 'n: [a, "${A}", b]', 'o: { p: "${A}" }']),
  one('an empty variable', ['k: ${A}', 'l: "<${A}>"'], { A: '' }),
  one('defaults', ['k: ${A:-d}', 'l: ${B:-d}', 'm: ${C:-d}', 'n: "${A:-}"', 'o: "${ A :- d e }"', 'p: "${A:-x:-y}"', 'q: "${A:-$B}"', 'r: ${B:-}'], { B: 'set', C: '' }),
  one('escapes', ['k: $${A}', 'l: "$$${A}"', 'm: $A', 'n: "$ {A}"', 'o: "${A"', 'p: "$${A:-x}"', 'q: "a$$b"', 'r: "}${A}{"'], { A: 'one' }),
  one('nested braces', ['k: "${A${B}}"', 'l: "{${A}}"', 'm: "${A}${B}"'], { A: 'one', B: 'two' }),
  one('several bytes a character', ['k: "é😀${A}😀ü${B}研"', 'l: "😀$${A}"'], { A: 'ñ😀', B: 'β' }),
  one('a value that looks like a reference is left alone', ['k: ${A}', 'l: { $env: A }'], { A: '${B}', B: 'no' }),
  one('$env', ['k: { $env: A }', 'l: { $env: NOT_SET }', 'm: [{ $env: A }, { $env: NOT_SET }, z]'], { A: ' one ' }),
  one('$env whose name is made', ['k: { $env: "${N}" }'], { N: 'A', A: 'one' }),
  one('$file', ['k: { $file: text.txt }', 'l: { $file: ./sub/deep.txt }', 'm: { $file: "${D}/deep.txt" }'], { D: 'sub' },
    { 'text.txt': '  one\ntwo ${A}\n\n', 'sub/deep.txt': 'deep' }),
  one('$include of both kinds', ['k: { $include: part.yaml }', 'l: { $include: part.json }', 'm: { $include: part.yml }'], {},
    { 'part.yaml': 'a: 1\nb: [x, y]\n', 'part.json': '{"a": {"b": "c"}}', 'part.yml': 'just text\n' }),
  one('$include of a part', ['k: { $include: "part.yaml#a.b" }', 'l: { $include: "part.yaml#a.b.c" }', 'm: { $include: "part.yaml#a.nothing" }', 'n: { $include: "part.yaml#" }'], {},
    { 'part.yaml': 'a: { b: { c: text } }\n' }),
  one('in an included file names are relative to it', ['k: { $include: sub/part.yaml }', 'l: { $include: "sub/part.yaml#f" }'], { A: 'one' },
    { 'sub/part.yaml': 'f: { $file: here.txt }\ng: ${A}\nh: { $include: other.yaml }\ni: { $env: A }\n', 'sub/here.txt': 'here', 'sub/other.yaml': 'x: { $file: here.txt }\ny: ${A}\n' }),
  one('an included text is substituted', ['k: { $include: "part.yaml#t" }', 'l: { $include: "part.yaml#u" }'], { A: 'one' }, { 'part.yaml': 't: "<${A}>"\nu: ${NOT_SET}\n' }),
  one('what an include gives is no include of its own', ['k: { $include: part.yaml }'], { A: 'one' }, { 'part.yaml': '$env: A\n' }),
  { name: 'an include on the way', configs: ['a.yaml'], env: {},
    files: { 'a.yaml': 'catalog:\n  providers: { $include: "p/x.yaml#y" }\n', 'p/x.yaml': 'y: { okta: { default: { k: { $file: f } } } }\n', 'p/f': 'text' } },
  { name: 'an include at the root', configs: ['a.yaml'], env: {}, files: { 'a.yaml': '$include: x.yaml\n', 'x.yaml': 'catalog: { providers: { okta: { k: 1 } } }\n' } },
  { name: 'the rest of an app-config is none of ours', configs: ['a.yaml'], env: {},
    files: { 'a.yaml': 'app: { baseUrl: "${NOT_SET}", x: "${Y:-z}" }\nbackend: { auth: { keys: [{ secret: { $env: NOT_SET } }] } }\n' + okta('k: v') } },
  { name: 'JSON', configs: ['a.json'], env: { A: 'one' }, files: { 'a.json': JSON.stringify({ catalog: { providers: { okta: { k: '${A}', l: [1, 2.5, null, true], m: { n: null } } } } }) } },
  two('objects are merged deep', ['default:', '  a: 1', '  b: { c: 1, d: 2 }'], ['default:', '  b: { d: 3, e: 4 }', 'other: { a: 9 }']),
  two('arrays are replaced', ['default: { groups: [a, b, c] }'], ['default: { groups: [d] }']),
  two('null takes a key away', ['default: { a: 1, b: { c: 2 } }'], ['default: { a: null, b: null, z: null }']),
  two('an object over a text, and the other way', ['a: text', 'b: { c: 1 }', 'd: [1]', 'e: { f: 1 }'], ['a: { b: 1, n: null }', 'b: text', 'd: { e: 1 }', 'e: [2]']),
  two('a variable that is not set overrides nothing', ['a: 1', 'b: { c: 1 }'], ['a: ${NOT_SET}', 'b: ${NOT_SET}']),
  two('nulls in arrays stay', ['a: [1, null, { b: null }]'], ['c: [null]']),
  two('a list of providers', ['- { id: a, k: 1 }', '- { id: b }'], ['- { id: c }']),
  two('null for all of it', ['default: { a: 1 }'], ['']),
  { name: 'three files, the one in the middle takes away', configs: ['a.yaml', 'b.yaml', 'c.yaml'], env: {},
    files: { 'a.yaml': okta('default: { a: 1, b: 2 }'), 'b.yaml': okta('default: null'), 'c.yaml': okta('default: { b: 3 }') } },
  { name: 'a later file without it', configs: ['a.yaml', 'b.yaml'], env: {}, files: { 'a.yaml': okta('k: v'), 'b.yaml': 'app: { title: x }\ncatalog: { locations: [] }\n' } },
  { name: 'files of several folders', configs: ['a.yaml', 'local/b.yaml'], env: {},
    files: { 'a.yaml': okta('k: { $file: f }'), 'local/b.yaml': okta('l: { $file: f }'), f: 'outer', 'local/f': 'inner' } },
  { name: 'catalog: null in a later file', configs: ['a.yaml', 'b.yaml'], env: {}, files: { 'a.yaml': okta('k: v'), 'b.yaml': 'catalog: null\n' } },
];

export const refused = [
  one('two keys', ['k: { $env: A, other: 1 }'], { A: 'x' }),
  one('$env that is no text', ['k: { $env: 5 }']),
  one('$file of nothing', ['k: { $file: nowhere }']),
  one('$include of nothing', ['k: { $include: nowhere.yaml }']),
  one('$include of another kind', ['k: { $include: x.txt }'], {}, { 'x.txt': 'a' }),
  one('$include through a text', ['k: { $include: "x.yaml#a.b" }'], {}, { 'x.yaml': 'a: text\n' }),
  one('$include of what is no YAML', ['k: { $include: x.yaml }'], {}, { 'x.yaml': 'a: [\n' }),
  one('no YAML', ['k: [']),
  one('a key twice', ['k: 1', 'k: 2']),
];

// Made ones: a few files with the same keys, of every form, over each other.
export function* made(count) {
  let seed = 7;
  const random = n => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return (seed >>> 8) % n; };
  const pick = list => list[random(list.length)];
  const env = { A: 'one', B: ' two ', C: '', D: '${A}' };
  const texts = ['plain', '${A}', '${B}', '${C}', '${E}', 'x${A}y', '$${A}', '${C:-d}', '${E:- d }', '${E:-}', '${A}${D}', '😀${A}', '$A', '${E}x'];
  const value = depth => {
    switch (random(depth > 2 ? 5 : 9)) {
      case 0: return null;
      case 1: return random(1000);
      case 2: return pick([true, false]);
      case 3: case 4: return pick(texts);
      case 5: return { $env: pick(['A', 'B', 'E']) };
      case 6: return Array.from({ length: random(4) }, () => value(depth + 1));
      case 7: return { $include: pick(['part.yaml', 'part.yaml#a', 'part.yaml#list', 'sub/part.json', 'sub/part.json#f']) };
      default: return Object.fromEntries(Array.from({ length: random(4) }, () => [pick(['k', 'l', 'm']), value(depth + 1)]));
    }
  };
  const files = { 'part.yaml': 'a: { k: "${A}", l: ~ }\nlist: [1, "${E}", { m: "${B}" }]\n', 'sub/part.json': '{"f": {"k": {"$file": "text"}, "m": 5}}', 'sub/text': 'text \n' };
  for (let i = 0; i < count; i++) {
    const trees = Array.from({ length: 1 + random(3) }, () => Object.fromEntries(Array.from({ length: 60 }, (_, k) => ['k' + k, value(0)])));
    const names = trees.map((_, k) => `c${k}.yaml`);
    yield { name: `made ${i}`, env, configs: names,
      files: { ...files, ...Object.fromEntries(trees.map((tree, k) => [names[k], JSON.stringify({ catalog: { providers: { okta: tree } } }, null, 1)])) } };
  }
}
