// A real Backstage backend in a process of its own, and what it says over HTTP.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const PATIENCE_MS = 300_000;
const TOKEN = 'the-token-of-this-test';

/** Tries until all that `attempt` asserts holds, and gives its result; after five minutes what did not hold. */
export async function eventually(attempt) {
	const end = Date.now() + PATIENCE_MS;
	for (;;) {
		try {
			return await attempt();
		} catch (error) {
			if (!(error instanceof assert.AssertionError) || Date.now() > end) throw error;
			await pause(200);
		}
	}
}

/** A port of this machine that nobody uses. */
export async function freePort() {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address();
	server.close();
	await once(server, 'close');
	return port;
}

/** The block of YAML of examples/backstage/README.md that holds `word`, with `values` in place of what it names. */
export function fromReadme(word, values) {
	const readme = readFileSync(new URL('../../examples/backstage/README.md', import.meta.url), 'utf8');
	let [block] = [...readme.matchAll(/^( *)```yaml\n([^]*?)^ *```$/gm)]
		.map(([, indent, text]) => text.replaceAll(new RegExp(`^${indent}`, 'gm'), '')).filter(text => text.includes(word));
	for (const [printed, value] of Object.entries(values)) {
		assert.ok(block.includes(printed), `README: no ${printed}`);
		block = block.replaceAll(printed, value);
	}
	return block;
}

export class Backstage {
	/**
	 * Starts one with what every backend needs and `appConfig` on top, and waits until it answers.
	 *
	 * @param folder where its configuration and its log go
	 * @param appConfig YAML
	 * @param features packages or files to add to the backend, as `backend.add(import(...))` does
	 */
	static async start(folder, appConfig, features = []) {
		const backstage = new Backstage();
		backstage.url = `http://127.0.0.1:${await freePort()}`;
		backstage.logFile = join(folder, 'backstage.log');
		writeFileSync(join(folder, 'backend.json'), JSON.stringify({
			app: { baseUrl: 'http://127.0.0.1:3000' },
			backend: {
				baseUrl: backstage.url,
				listen: backstage.url.replace('http://', ''),
				database: { client: 'better-sqlite3', connection: ':memory:' },
				auth: { externalAccess: [{ type: 'static', options: { token: TOKEN, subject: 'test' } }] },
			},
			// Files are read again soon, not only every two minutes.
			catalog: { processingInterval: { seconds: 1 } },
		}));
		writeFileSync(join(folder, 'app-config.yaml'), appConfig);
		const log = openSync(backstage.logFile, 'a');
		backstage.process = fork(fileURLToPath(new URL('backend/index.js', import.meta.url)), [
			'--config', join(folder, 'backend.json'), '--config', join(folder, 'app-config.yaml'),
		], {
			cwd: fileURLToPath(new URL('.', import.meta.url)),
			env: { ...process.env, FEATURES: features.join(' '), LOG_LEVEL: 'debug', NODE_ENV: 'development', NO_COLOR: '1' },
			stdio: ['ignore', log, log, 'ipc'],
		});
		const [said, signal] = await Promise.race([once(backstage.process, 'message'), once(backstage.process, 'exit')]);
		assert.ok(said?.started, `Backstage did not start (${signal ?? said}):\n${backstage.log().slice(-4000)}`);
		return backstage;
	}

	async stop() {
		if (this.process.exitCode !== null || this.process.signalCode !== null) return;
		const gone = once(this.process, 'exit');
		this.process.disconnect();
		await gone;
	}

	log() {
		return readFileSync(this.logFile, 'utf8');
	}

	/** The JSON that the backend answers; asked anew where a machine with too much to do broke the connection. */
	async ask(path, method = 'GET') {
		for (let tries = 1; ; tries++) {
			try {
				return await this.askOnce(path, method);
			} catch (error) {
				if (error.code !== 'ECONNRESET' || tries === 5) throw error;
			}
		}
	}

	async askOnce(path, method) {
		// On a connection of its own: one that was kept could be closed by the backend while a shell line was waited for.
		const call = request(this.url + path, { method, agent: false, headers: { authorization: `Bearer ${TOKEN}` } }).end();
		const [response] = await once(call, 'response');
		call.on('error', () => {}); // the response tells of it, too
		const body = await text(response);
		assert.ok(response.statusCode < 300, `${path}: ${response.statusCode} ${body}`);
		return body && JSON.parse(body);
	}

	/** All entities of the kinds. */
	async entities(...kinds) {
		return this.ask(`/api/catalog/entities?${kinds.map(kind => `filter=kind=${kind}`).join('&')}`);
	}

	/**
	 * Waits until the catalog has read all its files from now on, and has removed what is no longer in them: afterwards
	 * nothing that a file said before this call is still to come.
	 */
	async readAgain() {
		const start = this.log().length;
		const locations = await this.entities('location');
		await eventually(async () => {
			const since = this.log().slice(start).split('\n');
			for (const { metadata } of locations) {
				// The second time it begins with a location it has ended with it the first time.
				const times = since.filter(line => line.includes(`Processing location:${metadata.namespace}/${metadata.name}`)).length;
				assert.ok(times >= 2, `location ${metadata.name} was read ${times} times`);
			}
		});
		await this.runTask('catalog_orphan_cleanup');
	}

	/** Runs a task of the catalog's scheduler now, and waits for its end. */
	async runTask(id) {
		const tasksPath = '/api/catalog/.backstage/scheduler/v1/tasks';
		const start = new Date().toISOString();
		await eventually(async () => {
			// Refused while it runs: that run counts.
			await this.ask(`${tasksPath}/${encodeURIComponent(id)}/trigger`, 'POST').catch(() => {});
			const { tasks } = await this.ask(tasksPath);
			const { taskState } = tasks.find(task => task.taskId === id);
			assert.ok(taskState.lastRunEndedAt > start, `${id} has not run`);
		});
	}
}
