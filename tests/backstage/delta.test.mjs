// What catalog-emit writes with --format delta, applied by an entity provider after the mutation that it is based on.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Backstage, eventually } from './backstage.mjs';
import { Org, assertShows, groupAndMember } from './org.mjs';

const work = mkdtempSync(join(process.env.WORK, 'delta-'));
const org = new Org(work, '--users', '100', '--groups', '12', '--seed', '2');
let backstage;

after(async () => {
	await backstage?.stop();
	org.stop();
	rmSync(work, { recursive: true });
});

test('delta: a mutation and the delta to a renamed group, without somebody who left, are the org of today', async () => {
	org.run('okta-fetch --ca-file "$ORG/ca.pem" | okta-map | catalog-emit --format mutation -o full.json');
	const [group, leaver] = groupAndMember(org.truth());
	org.tell('change', { id: group.id, profile: { name: 'Renamed by Test' } });
	org.tell('change', { id: leaver, status: 'DEPROVISIONED' });
	org.tell('change', { id: org.deprovisioned().find(id => id !== leaver), status: 'ACTIVE' });
	org.run('okta-fetch --ca-file "$ORG/ca.pem" | okta-map | catalog-emit --format delta --base full.json -o delta.json');
	const delta = JSON.parse(readFileSync(join(work, 'delta.json')));
	assert.ok(delta.added.length < 15, `${delta.added.length} added`);
	assert.equal(delta.removed.length, 2);
	process.env.MUTATIONS = `${join(work, 'full.json')} ${join(work, 'delta.json')}`;
	backstage = await Backstage.start(work, '{}', [fileURLToPath(new URL('backend/apply-mutations.js', import.meta.url))]);
	await eventually(() => assertShows(backstage, org.truth()));
});
