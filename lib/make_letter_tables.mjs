// Writes letter_case_tables.c: what JavaScript's toLowerCase() does with each
// code point, and the properties that decide which sigma is a final one.
//
//     node lib/make_letter_tables.mjs > lib/letter_case_tables.c
const hex = n => `0x${n.toString(16).padStart(4, '0')}`;
const rows = list => {
  const texts = list.map(row => `{${row.join(', ')}},`);
  for (let i = 0; i < texts.length; i += 3) {
    console.log(`\t${texts.slice(i, i + 3).join(' ')}`);
  }
};

// Runs of code points at an even distance whose lower case is as far away.
const runs = [];
for (let c = 0x80; c < 0x110000; c += 1) {
  const lower = String.fromCodePoint(c).toLowerCase();
  // U+0130 becomes two code points: email.c does that.
  if ([...lower].length > 1 || lower.codePointAt(0) === c) continue;
  const run = runs[runs.length - 1];
  const offset = lower.codePointAt(0) - c;
  const step = run && c - run.last;
  if (run?.offset === offset && step <= 2
    && (run.first === run.last || step === run.step)) {
    run.step = step;
    run.last = c;
  } else {
    runs.push({ first: c, last: c, step: 1, offset });
  }
}

function ranges(property) {
  const found = [];
  for (let c = 0; c < 0x110000; c += 1) {
    if (!property.test(String.fromCodePoint(c))) continue;
    const last = found[found.length - 1];
    if (last?.[1] === c - 1) last[1] = c;
    else found.push([c, c]);
  }
  return found;
}

const { unicode } = process.versions;
console.log(`/* Written by make_letter_tables.mjs: Unicode ${unicode}. */`);
console.log('#include "letter_case_tables.h"\n');
console.log('const struct letter_run lower_runs[] = {');
rows(runs.map(run => [hex(run.first), hex(run.last), run.step, run.offset]));
console.log(`};\nconst size_t lower_run_count = ${runs.length};`);
const properties = [
  ['cased', /\p{Cased}/u], ['ignorable', /\p{Case_Ignorable}/u],
];
for (const [name, property] of properties) {
  const found = ranges(property);
  console.log(`\nconst struct letter_range ${name}_ranges[] = {`);
  rows(found.map(range => range.map(hex)));
  console.log(`};\nconst size_t ${name}_range_count = ${found.length};`);
}
