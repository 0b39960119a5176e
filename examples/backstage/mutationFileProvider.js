// @ts-check
'use strict';

const { readFile, stat } = require('node:fs/promises');

/** @typedef {import('@backstage/plugin-catalog-node').EntityProvider} EntityProvider */
/** @typedef {import('@backstage/plugin-catalog-node').EntityProviderConnection} EntityProviderConnection */
/** @typedef {Extract<import('@backstage/plugin-catalog-node').EntityProviderMutation, { type: 'full' }>} FullMutation */
/** @typedef {import('@backstage/backend-plugin-api').LoggerService} LoggerService */
/** @typedef {import('@backstage/backend-plugin-api').SchedulerServiceTaskRunner} SchedulerServiceTaskRunner */

/** An unchanged file is applied again this often: that brings back what was deleted by hand or was held by another source. */
const APPLY_AGAIN_MS = 10 * 60 * 1000;

/** What is said once about a file, and leaves the catalog as it is. */
class NotTaken extends Error {}

/**
 * What a file holds, when Backstage can take it as a whole.
 *
 * @param {string} text
 * @returns {FullMutation}
 */
function parseMutation(text) {
	let mutation;
	try {
		mutation = JSON.parse(text);
	} catch (error) {
		throw new NotTaken(`it is not whole, or no JSON: ${error instanceof Error ? error.message : error}`);
	}
	if (mutation?.type === 'delta') {
		throw new NotTaken('it is a delta, and one that is missed leaves the catalog wrong: publish with --format mutation');
	}
	if (mutation?.type !== 'full' || !Array.isArray(mutation.entities)) {
		throw new NotTaken('it is no mutation: publish with --format mutation');
	}
	/** @param {any} item */
	const isGood = item => typeof item?.locationKey === 'string' && typeof item.entity?.kind === 'string'
		&& typeof item.entity.apiVersion === 'string' && typeof item.entity.metadata?.name === 'string';
	const bad = mutation.entities.findIndex((/** @type {any} */ item) => !isGood(item));
	if (bad >= 0) throw new NotTaken(`entities[${bad}] lacks locationKey, kind, apiVersion or metadata.name`);
	return mutation;
}

/**
 * Gives the catalog the content of one mutation file, whenever it has changed. A file that is missing, half there or
 * wrong changes nothing.
 *
 * @implements {EntityProvider}
 */
class MutationFileProvider {
	/** @param {{ id: string, file: string, logger: LoggerService, runner: SchedulerServiceTaskRunner }} options */
	constructor({ id, file, logger, runner }) {
		this.id = id;
		this.file = file;
		this.logger = logger;
		/** Calls look() on its schedule. */
		this.runner = runner;
		/** Which state of the file was dealt with last, taken or not, and when. */
		this.seen = '';
		this.seenAt = 0;
		/** What was complained about last: a trouble that lasts is told once. */
		this.complaint = '';
	}

	getProviderName() {
		return `okta-catalog:${this.id}`;
	}

	/** @param {EntityProviderConnection} connection */
	async connect(connection) {
		await this.runner.run({ id: `${this.getProviderName()}:look`, fn: () => this.look(connection) });
	}

	/**
	 * Looks at the file, and applies it if there is something new. Never throws.
	 *
	 * @param {EntityProviderConnection} connection
	 */
	async look(connection) {
		try {
			// Taken before reading: a file that is replaced in between is read again the next time.
			const { ino, size, mtimeNs } = await stat(this.file, { bigint: true });
			const state = `${ino} ${size} ${mtimeNs}`;
			if (state === this.seen && (this.complaint || Date.now() < this.seenAt + APPLY_AGAIN_MS)) return;
			await this.apply(connection, state);
		} catch (error) {
			this.seen = '';
			this.complain(`cannot be applied, will be tried again: ${error}`);
		}
	}

	/**
	 * @param {EntityProviderConnection} connection
	 * @param {string} state the file's
	 */
	async apply(connection, state) {
		const isNew = state !== this.seen;
		const text = await readFile(this.file, 'utf8');
		try {
			const mutation = parseMutation(text);
			await connection.applyMutation(mutation);
			if (isNew) this.logger.info(`${this.file}: ${mutation.entities.length} entities given to the catalog`);
			this.complaint = '';
		} catch (error) {
			if (!(error instanceof NotTaken)) throw error;
			this.complain(error.message);
		}
		this.seen = state;
		this.seenAt = Date.now();
	}

	/** @param {string} why */
	complain(why) {
		if (why !== this.complaint) this.logger.warn(`${this.file}: ${why}; the catalog stays as it is`);
		this.complaint = why;
	}
}

module.exports = { MutationFileProvider };
