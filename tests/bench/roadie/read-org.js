// Runs RoadieHQ's provider once against the org of okta-fetch's environment and prints one line of JSON. Its
// configuration, logger and connection are the smallest that it takes; CA: NODE_EXTRA_CA_CERTS.
const fs = require('node:fs');
const { ConfigReader } = require('@backstage/config');
const { OktaOrgEntityProvider } = require('@roadiehq/catalog-backend-module-okta');

const quiet = () => {};
const logger = { info: quiet, warn: quiet, error: quiet, debug: quiet };
logger.child = () => logger;

async function main() {
  const config = new ConfigReader({
    orgUrl: process.env.OKTA_CLIENT_ORGURL,
    oauth: {
      clientId: process.env.OKTA_CLIENT_CLIENTID,
      keyId: process.env.OKTA_CLIENT_PRIVATEKEYID,
      privateKey: fs.readFileSync(process.env.OKTA_CLIENT_PRIVATEKEY, 'utf8'),
    },
  });
  const provider = OktaOrgEntityProvider.fromConfig(config, {
    logger,
    userNamingStrategy: 'strip-domain-email',
    groupNamingStrategy: 'id',
    includeEmptyGroups: true,
  });
  let entities = [];
  await provider.connect({
    applyMutation: async mutation => {
      entities = mutation.entities.map(({ entity }) => entity);
    },
  });
  const begun = process.hrtime.bigint();
  let error = null;
  try {
    await provider.run();
  } catch (e) {
    error = String(e && e.message);
  }
  const groups = entities.filter(e => e.kind === 'Group');
  console.log(JSON.stringify({
    seconds: Number(process.hrtime.bigint() - begun) / 1e9,
    users: entities.filter(e => e.kind === 'User').length,
    groups: groups.length,
    memberships: groups.reduce((sum, g) => sum + g.spec.members.length, 0),
    peakRssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    error,
  }));
}

main().catch(e => {
  console.error(e);
  process.exit(1);
});
