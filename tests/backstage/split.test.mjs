// A catalog of several parts, and a Location as their index: catalog-emit --split.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Backstage, eventually, fromReadme } from './backstage.mjs';
import { Org, assertShows, groupAndMember } from './org.mjs';

const work = mkdtempSync(join(process.env.WORK, 'split-'));
const org = new Org(work, '--users', '150', '--groups', '16', '--seed', '4');
const publish = 'okta-fetch --ca-file "$ORG/ca.pem" | okta-map | catalog-emit --split 4 -o catalog.yaml';
let backstage;

/** Everything in the folder of the parts, and the index. */
const published = () => ['catalog.yaml', ...readdirSync(join(work, 'catalog')).map(name => `catalog/${name}`)].sort()
	.map(name => [name, readFileSync(join(work, name), 'utf8')]);

after(async () => {
	await backstage?.stop();
	org.stop();
	rmSync(work, { recursive: true });
});

test('split: Backstage shows every user and group of all parts, with their relations', async () => {
	org.run(publish);
	assert.deepEqual(published().map(([name]) => name), ['catalog.yaml', ...[0, 1, 2, 3].map(n => `catalog/00${n}.yaml`)]);
	const printed = fromReadme('locations', { '/var/lib/okta-catalog/default.yaml': join(work, 'catalog.yaml') });
	backstage = await Backstage.start(work, printed);
	await eventually(() => assertShows(backstage, org.truth()));
});

test('split: a group is renamed, a person leaves, and one comes: the catalog follows', async () => {
	const [group, leaver] = groupAndMember(org.truth());
	const comes = [...org.deprovisioned()][0];
	org.tell('change', { id: group.id, profile: { name: 'Renamed by Test' } });
	org.tell('change', { id: leaver, status: 'DEPROVISIONED' });
	org.tell('change', { id: comes, status: 'ACTIVE' });
	assert.match(org.run(publish), /1 renamed/);
	const truth = org.truth();
	assert.ok(truth.users.has(comes) && !truth.users.has(leaver));
	await eventually(async () => {
		await backstage.readAgain();
		await assertShows(backstage, truth);
	});
	// And it stays so: nothing was taken for an entity that moved from one file to another.
	await backstage.readAgain();
	await assertShows(backstage, truth);
});

for (const [stage, line] of [
	['okta-fetch', publish.replace('|', '| sh -c "head -c 20000; kill -KILL \\$\\$" |')],
	['okta-map', publish.replace('okta-map', 'sh -c "okta-map | head -c 20000; kill -KILL \\$\\$"')],
	['catalog-emit', publish.replace('catalog-emit', 'timeout --preserve-status -s KILL 0.02 catalog-emit')],
]) {
	test(`split: ${stage} is killed: the catalog stays`, async () => {
		const before = await backstage.entities('user', 'group');
		const files = published();
		assert.notEqual(org.sh(line).status, 0);
		assert.deepEqual(published(), files);
		await backstage.readAgain();
		assert.deepEqual(await backstage.entities('user', 'group'), before);
	});
}
