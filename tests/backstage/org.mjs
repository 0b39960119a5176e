// A simulated Okta org, our programs as a user runs them in a shell, and what the catalog must show of the org.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BIN = resolve(process.env.BIN ?? join(ROOT, 'bin'));
const SIM = join(ROOT, 'tests/okta-sim/okta-sim');

const lines = file => readFileSync(file, 'utf8').split('\n').filter(Boolean).map(line => JSON.parse(line));

export class Org {
	bin = BIN;

	/** Starts an org that lives in `folder`, where the shell lines run as well. */
	constructor(folder, ...options) {
		this.folder = folder;
		this.org = join(folder, 'org');
		this.process = spawn(SIM, ['--dir', this.org, ...options], { stdio: ['ignore', 'ignore', 'inherit'] });
		execFileSync(SIM, ['--wait', this.org], { stdio: 'inherit' });
	}

	stop() {
		this.process.kill();
	}

	/** Runs a line of shell, with our programs on PATH and okta-fetch's environment set; its status and what it said. */
	sh(line, env = {}) {
		const { status, stdout, stderr } = spawnSync('sh', ['-c', `. "$ORG/env.sh"; ${line}`], {
			cwd: this.folder, encoding: 'utf8', maxBuffer: 1 << 28, timeout: 120_000,
			env: {
				...process.env, PATH: `${BIN}:${process.env.PATH}`, BIN, ROOT, ORG: this.org,
				XDG_STATE_HOME: join(this.folder, 'state'), ...env,
			},
		});
		return { status, stdout, stderr };
	}

	/** Runs a line of shell that must succeed. */
	run(line, env) {
		const { status, stdout, stderr } = this.sh(line, env);
		assert.equal(status, 0, `${line}: ${stderr}`);
		return stdout + stderr;
	}

	/** Tells the org to change: `tell('change', { id, profile })`. */
	tell(verb, body) {
		this.run(`curl -sf --cacert "$ORG/ca.pem" -d '${JSON.stringify(body)}' "$OKTA_CLIENT_ORGURL/_sim/${verb}"`);
	}

	/** The ids of the users that are no longer active. */
	deprovisioned() {
		this.tell('write-truth', {});
		return lines(join(this.org, 'deprovisioned.ndjson')).map(({ id }) => id);
	}

	/** Users and groups as the org has them, each by its id, and "USER GROUP" for every membership. */
	truth() {
		this.tell('write-truth', {});
		const byId = records => new Map(records.map(record => [record.id, record]));
		const users = byId(lines(join(this.org, 'users.ndjson')));
		const groups = byId(lines(join(this.org, 'groups.ndjson')).filter(group => group.type !== 'BUILT_IN'));
		const memberships = lines(join(this.org, 'members.ndjson')).filter(({ groupId }) => groups.has(groupId))
			.flatMap(({ groupId, userIds }) => userIds.filter(id => users.has(id)).map(id => `${id} ${groupId}`));
		return { users, groups, memberships };
	}
}

/**
 * What okta-fetch writes for an org of these users, which are in no group.
 *
 * @param id of the provider
 * @param users of whom each has an id, a login, and an email or none
 */
export function oktaStream(id, users) {
	const records = [
		{ kind: 'OktaOrg', version: 1, id, oktaUrl: `https://${id}.okta.com` },
		...users.map(({ id: userId, login, email }, n) => ({
			kind: 'OktaUser',
			user: {
				id: userId, status: 'ACTIVE', created: `${2001 + n}-01-01T00:00:00Z`,
				profile: { login, email, firstName: 'F', lastName: 'L' },
			},
		})),
		{ kind: 'End', groups: 0, users: users.length, memberships: 0 },
	];
	return records.map(record => `${JSON.stringify(record)}\n`).join('');
}

/** Nothing but the org's people and teams is in the catalog, all of them, each membership seen from both sides. */
export async function assertShows(backstage, { users, groups, memberships }) {
	const entities = await backstage.entities('user', 'group');
	const idOf = ({ metadata: { annotations } }) => annotations['okta.com/user-id'] ?? annotations['okta.com/group-id'];
	const idByRef = new Map(entities.map(entity =>
		[`${entity.kind}:${entity.metadata.namespace}/${entity.metadata.name}`.toLowerCase(), idOf(entity)]));
	const ids = kind => entities.filter(entity => entity.kind === kind).map(idOf).sort();
	assert.deepEqual(ids('User'), [...users.keys()].sort());
	assert.deepEqual(ids('Group'), [...groups.keys()].sort());
	const seen = (kind, type, pair) => entities.filter(entity => entity.kind === kind).flatMap(entity => (entity.relations ?? [])
		.filter(relation => relation.type === type).map(({ targetRef }) => pair(idOf(entity), idByRef.get(targetRef)))).sort();
	assert.deepEqual(seen('User', 'memberOf', (user, group) => `${user} ${group}`), [...memberships].sort());
	assert.deepEqual(seen('Group', 'hasMember', (group, user) => `${user} ${group}`), [...memberships].sort());
	for (const entity of entities.filter(({ kind }) => kind === 'Group')) {
		assert.equal(entity.metadata.title, groups.get(idOf(entity)).profile.name);
	}
	return entities;
}

/**
 * A group of the org that has a few members, and one of them. Both are alone with their names: when one goes that others
 * wanted, theirs change as well.
 */
export function groupAndMember({ users, groups, memberships }) {
	const alone = (records, name) => {
		const plain = record => name(record).toLowerCase().replace(/[^a-z0-9]+/g, '-');
		const counts = new Map();
		for (const record of records.values()) counts.set(plain(record), (counts.get(plain(record)) ?? 0) + 1);
		return record => counts.get(plain(record)) === 1;
	};
	const isAloneGroup = alone(groups, ({ profile }) => profile.name);
	const isAloneUser = alone(users, ({ profile }) => profile.email.split('@')[0]);
	for (const group of groups.values()) {
		const members = memberships.filter(pair => pair.endsWith(` ${group.id}`)).map(pair => users.get(pair.split(' ')[0]));
		const leaver = members.find(isAloneUser);
		if (isAloneGroup(group) && members.length > 2 && members.length < 8 && leaver) return [group, leaver.id];
	}
	throw new Error('no group fits in this org: choose another seed');
}
