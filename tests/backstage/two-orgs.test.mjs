// Two orgs that pipeline.sh publishes into one namespace of a real Backstage:
// a name that a person of one has or had is not given to a person of the other.
import assert from 'node:assert/strict';
import {
	mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Backstage, eventually } from './backstage.mjs';
import { Org } from './org.mjs';

const work = mkdtempSync(join(process.env.WORK, 'two-orgs-'));
const configuration = join(work, 'pipeline.yaml');
const [a, b] = ['a', 'b'].map((id, n) => {
	mkdirSync(join(work, id));
	return new Org(join(work, id),
		'--users', '20', '--groups', '2', '--seed', `${n + 1}`);
});
let backstage;

// One user of org A, and two of org B, each of whom an e-mail makes "bob".
const bob = [...a.truth().users.keys()].at(-1);
const [contractor, newcomer] = [...b.truth().users.keys()].slice(-2);

/** The provider that an org prints, with this id. */
function provider(id, { org }) {
	return readFileSync(join(org, 'app-config.yaml'), 'utf8')
		.replace(/^[^]*default:\n/, `      ${id}:\n`)
		.replace('key.pem', join(org, 'key.pem'))
		.replace('ca.pem', join(org, 'ca.pem'));
}

/** Runs one provider, or both at the same time, with one state for both. */
function run(options = '') {
	a.run(`"$ROOT/pipeline.sh" --once --config "${configuration}"`
		+ ` --output "${work}/catalog" ${options}`);
}

function becomesBob(org, id, domain) {
	const login = `bob@${domain}`;
	org.tell('change', {
		id, status: 'ACTIVE', profile: { login, email: login },
	});
}

/** The names in Backstage, by Okta id. */
async function names() {
	const users = await backstage.entities('user');
	return new Map(users.map(({ metadata: { annotations, name } }) =>
		[annotations['okta.com/user-id'], name]));
}

after(async () => {
	await backstage?.stop();
	a.stop();
	b.stop();
	rmSync(work, { recursive: true });
});

test('two orgs: while Bob of org A is there, a contractor of org B whose e-mail'
	+ ' gives "bob" gets a suffix', async () => {
	writeFileSync(configuration, 'catalog:\n  providers:\n    okta:\n'
		+ `${provider('a', a)}${provider('b', b)}`);
	becomesBob(a, bob, 'a.example');
	run('--provider a');
	becomesBob(b, contractor, 'b.example');
	b.tell('change', { id: newcomer, status: 'DEPROVISIONED' });
	run('--provider b');
	const locations = ['a', 'b'].map(id => ({
		type: 'file', target: join(work, `catalog/${id}.yaml`),
		rules: [{ allow: ['User', 'Group'] }],
	}));
	backstage = await Backstage.start(work,
		`catalog: ${JSON.stringify({ locations })}`);
	await eventually(async () => {
		const found = await names();
		assert.equal(found.get(bob), 'bob');
		assert.match(found.get(contractor) ?? '', /^bob-[a-z2-7]{8}$/);
	});
});

test('two orgs: Bob of org A leaves: nobody of org B becomes user:default/bob,'
	+ ' not even a newcomer in the same minute', async () => {
	a.tell('change', { id: bob, status: 'DEPROVISIONED' });
	becomesBob(b, newcomer, 'c.example');
	run();
	run('--provider b');
	await backstage.readAgain();
	await eventually(async () => {
		const found = await names();
		assert.ok(!found.has(bob));
		assert.ok(![...found.values()].includes('bob'));
		for (const id of [contractor, newcomer]) {
			assert.match(found.get(id) ?? '', /^bob-[a-z2-7]{8}$/);
		}
	});
});
