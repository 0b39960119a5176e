// Okta's part of an OpenID Connect sign-in, and a browser that signs in to
// Backstage through it.
import { once } from 'node:events';
import { createServer } from 'node:http';

const PROVIDER = '/api/auth/okta';
const TOKENS = {
	token_type: 'Bearer', access_token: 'a-token', refresh_token: 'another',
	expires_in: 3600, scope: 'openid email profile',
};

// What the frame gives the app.
const REPORT = /authResponse = decodeURIComponent\('([^']*)'\)/;

/** A stand-in for Okta that signs in the next person without a password. */
export class OktaSignIn {
	/** What Okta's userinfo answers: `sub`, `email` and so on. */
	next = {};

	static async start() {
		const okta = new OktaSignIn();
		okta.server = createServer((request, response) =>
			okta.answer(new URL(request.url, okta.url), response));
		okta.server.listen(0, '127.0.0.1');
		await once(okta.server, 'listening');
		okta.url = `http://127.0.0.1:${okta.server.address().port}`;
		return okta;
	}

	stop() {
		this.server.close();
	}

	answer({ pathname, searchParams }, response) {
		if (pathname === '/oauth2/v1/authorize') {
			const back = new URL(searchParams.get('redirect_uri'));
			back.searchParams.set('code', 'a-code');
			const state = searchParams.get('state');
			back.searchParams.set('state', state);
			response.writeHead(302, { location: back.href }).end();
			return;
		}
		const isToken = pathname === '/oauth2/v1/token';
		response.setHeader('content-type', 'application/json')
			.end(JSON.stringify(isToken ? TOKENS : this.next));
	}

	/**
	 * Signs in to a Backstage as a browser does.
	 *
	 * @param backstage a running Backstage
	 * @param profile what Okta's userinfo answers
	 * @param environment of auth.providers.okta
	 * @return what Backstage's frame reports to the app ({ response } or
	 *     { error }), and the cookie of the session
	 */
	async signIn({ url }, profile, environment = 'development') {
		this.next = {
			name: 'Some Body', preferred_username: 'somebody',
			...profile,
		};
		const start = await visit(
			`${url}${PROVIDER}/start?env=${environment}`);
		const atOkta = await visit(start.headers.get('location'));
		const frame = await visit(atOkta.headers.get('location'),
			{ cookie: cookies(start) });
		const [, answer] = REPORT.exec(await frame.text());
		const report = JSON.parse(decodeURIComponent(answer));
		return { ...report, cookie: cookies(frame) };
	}

	/** Renews a session as the app does, with the cookie of a sign-in. */
	async refresh({ url }, profile, cookie, environment = 'development') {
		this.next = profile;
		const answer = await visit(
			`${url}${PROVIDER}/refresh?env=${environment}`,
			{ cookie, 'x-requested-with': 'XMLHttpRequest' });
		return answer.json();
	}
}

/** The cookies that a response sets; one without a value is removed. */
function cookies(response) {
	return response.headers.getSetCookie().map(text => text.split(';')[0])
		.filter(pair => !pair.endsWith('=')).join('; ');
}

async function visit(url, headers = {}, tries = 5) {
	try {
		return await fetch(url, { redirect: 'manual', headers });
	} catch (error) {
		// The backend may close an idle connection at any time.
		const passing = ['ECONNRESET', 'UND_ERR_SOCKET'];
		if (tries === 1 || !passing.includes(error.cause?.code)) {
			throw error;
		}
		return visit(url, headers, tries - 1);
	}
}
