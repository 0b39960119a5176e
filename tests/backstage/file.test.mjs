// What pipeline.sh publishes, as a file of catalog.locations.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Backstage, eventually } from './backstage.mjs';
import { Org, assertShows, groupAndMember } from './org.mjs';

const work = mkdtempSync(join(process.env.WORK, 'file-'));
const org = new Org(work, '--users', '150', '--groups', '16');
const pipeline = '"$ROOT/pipeline.sh" --config "$ORG/app-config.yaml" --once';
let backstage;

after(async () => {
	await backstage?.stop();
	org.stop();
	rmSync(work, { recursive: true });
});

test('file: Backstage shows every user and group of the file that pipeline.sh publishes, with their relations', async () => {
	const said = org.run(pipeline);
	// The configuration is what the first publication prints.
	const printed = said.split('\n').filter(line => /^\s/.test(line)).join('\n');
	backstage = await Backstage.start(work, printed);
	await eventually(() => assertShows(backstage, org.truth()));
});

test('file: a group is renamed and a person leaves: the catalog follows', async () => {
	const [group, leaver] = groupAndMember(org.truth());
	org.tell('change', { id: group.id, profile: { name: 'Renamed by Test' } });
	org.tell('change', { id: leaver, status: 'DEPROVISIONED' });
	org.run(pipeline);
	const truth = org.truth();
	assert.ok(!truth.users.has(leaver));
	await eventually(async () => {
		await backstage.readAgain();
		await assertShows(backstage, truth);
	});
});

for (const stage of ['okta-fetch', 'okta-map', 'catalog-emit']) {
	test(`file: ${stage} is killed: the catalog stays`, async () => {
		const before = await backstage.entities('user', 'group');
		const file = readFileSync(join(work, 'catalog/default.yaml'));
		const [, leaver] = groupAndMember(org.truth());
		org.tell('change', { id: leaver, status: 'DEPROVISIONED' });
		// The real stage, killed when a part of what it writes is out.
		const bin = join(work, `bin-${stage}`);
		mkdirSync(bin);
		for (const name of ['okta-fetch', 'okta-map', 'catalog-emit', 'yaml2json']) {
			if (name !== stage) symlinkSync(join(org.bin, name), join(bin, name));
		}
		writeFileSync(join(bin, stage), `#!/bin/sh
			"${org.bin}/${stage}" "$@" | head -c 2000
			kill -KILL $$\n`, { mode: 0o755 });
		const { status, stderr } = org.sh(pipeline, { BIN: bin });
		org.tell('change', { id: leaver, status: 'ACTIVE' });
		assert.equal(status, 70, stderr);
		assert.match(stderr, new RegExp(`${stage} was killed by signal 9; the catalog stays`));
		assert.deepEqual(readFileSync(join(work, 'catalog/default.yaml')), file);
		await backstage.readAgain();
		assert.deepEqual(await backstage.entities('user', 'group'), before);
	});
}
