// The backend module of examples/backstage applies the mutation file of catalog-emit.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Backstage, eventually, fromReadme } from './backstage.mjs';
import { Org, assertShows, groupAndMember } from './org.mjs';

const work = mkdtempSync(join(process.env.WORK, 'module-'));
const org = new Org(work, '--users', '150', '--groups', '16', '--seed', '2');
const publish = 'okta-fetch --ca-file "$ORG/ca.pem" | okta-map | catalog-emit --format mutation -o catalog.json';
const file = join(work, 'catalog.json');
const LOOK = 'okta-catalog:default:look';
let backstage;

/** How often the module has complained since it was started. */
const complaints = () => backstage.log().split('\n').filter(line => line.includes('the catalog stays as it is')).length;

after(async () => {
	await backstage?.stop();
	org.stop();
	rmSync(work, { recursive: true });
});

test('module: the JSDoc types of both modules agree with those of Backstage', () => {
	execFileSync('node_modules/.bin/tsc', ['--noEmit', '--allowJs', '--checkJs', '--strict', '--skipLibCheck', '--target', 'es2022',
		'--module', 'node16', '--moduleResolution', 'node16', '--types', 'node',
		process.env.MODULE, process.env.MODULE.replace('index.js', 'config.d.ts'),
		process.env.MODULE.replace('index.js', 'sign-in/index.js'),
	], { stdio: 'inherit' });
});

test('module: an unchanged file is applied again after ten minutes, one that could not be applied the next time', async t => {
	const { MutationFileProvider } = createRequire(process.env.MODULE)('./mutationFileProvider.js');
	const said = [];
	const logger = { info: text => said.push(text), warn: text => said.push(text) };
	const small = join(work, 'small.json');
	writeFileSync(small, '{"type":"full","entities":[]}');
	const provider = new MutationFileProvider({ id: 'small', file: small, logger });
	let now = 1e12, applied = 0, broken = false;
	t.mock.method(Date, 'now', () => now);
	const applyMutation = async () => {
		if (broken) throw new Error('the database is away');
		applied += 1;
	};
	const look = async minutes => {
		now += minutes * 60_000;
		await provider.look({ applyMutation });
		return applied;
	};
	assert.equal(await look(0), 1);
	assert.equal(await look(9), 1);
	assert.equal(await look(2), 2);
	assert.equal(await look(9), 2);
	broken = true;
	await look(2);
	await look(1);
	broken = false;
	assert.equal(await look(1), 3);
	assert.equal(await look(1), 3);
	// Told: taken, in trouble (once), taken again.
	assert.equal(said.length, 3, said.join('\n'));
	assert.match(said[1], /the database is away/);
});

test('module: a file that is not there yet is told once', async () => {
	const printed = fromReadme('oktaCatalog', { '/var/lib/okta-catalog/default.json': file });
	const schedule = `${' '.repeat(8)}schedule: { frequency: { seconds: 1 }, timeout: PT1M }\n`;
	backstage = await Backstage.start(work, printed + schedule, [process.env.MODULE]);
	await backstage.runTask(LOOK);
	await backstage.runTask(LOOK);
	assert.match(backstage.log(), /catalog\.json.* ENOENT.*; the catalog stays as it is/);
	assert.equal(complaints(), 1);
});

test('module: Backstage shows every user and group of the file, with their relations', async () => {
	org.run(publish);
	await eventually(() => assertShows(backstage, org.truth()));
});

test('module: a group is renamed and a person leaves: the catalog follows without a clean-up of orphans', async () => {
	const [group, leaver] = groupAndMember(org.truth());
	org.tell('change', { id: group.id, profile: { name: 'Renamed by Test' } });
	org.tell('change', { id: leaver, status: 'DEPROVISIONED' });
	org.run(publish);
	await backstage.runTask(LOOK);
	// What was removed is gone at once; what was added shows when the catalog has processed it.
	const refs = (await backstage.entities('user', 'group')).map(({ metadata }) => Object.values(metadata.annotations));
	assert.ok(!refs.flat().includes(leaver));
	await eventually(() => assertShows(backstage, org.truth()));
});

test('module: a stage is killed, a file is half there, no mutation, a delta: the catalog stays, each told once', async () => {
	const before = await backstage.entities('user', 'group');
	const good = readFileSync(file, 'utf8');
	const { status } = org.sh(
		publish.replace('|', '| sh -c "head -c 20000; kill -KILL \\$\\$" |'));
	assert.notEqual(status, 0);
	assert.equal(readFileSync(file, 'utf8'), good);
	const start = complaints();
	const delta = '{"type":"delta","added":[],"removed":[]}';
	const wrong = [good.slice(0, good.length / 2), '', '[]', delta, '{"type":"full","entities":[{"entity":{}}]}'];
	for (const [n, text] of wrong.entries()) {
		writeFileSync(file, text);
		await backstage.runTask(LOOK);
		await backstage.runTask(LOOK);
		assert.equal(complaints(), start + n + 1, `after ${JSON.stringify(text.slice(0, 60))}`);
	}
	assert.deepEqual(await backstage.entities('user', 'group'), before);
	writeFileSync(`${file}.new`, good.replaceAll('Renamed by Test', 'Whole again'));
	renameSync(`${file}.new`, file);
	const isWhole = ({ metadata }) => metadata.title === 'Whole again';
	await eventually(async () => assert.ok((await backstage.entities('group')).some(isWhole)));
	assert.equal((await backstage.entities('user', 'group')).length, before.length);
});
