// A Backstage backend as packages/backend of any Backstage is one: the catalog and, by name in FEATURES, more. Its
// configuration comes by --config, as always. Ends when the test that started it does.
const { createBackend } = require('@backstage/backend-defaults');

const backend = createBackend();
backend.add(import('@backstage/plugin-catalog-backend'));
for (const feature of process.env.FEATURES.split(' ').filter(Boolean)) backend.add(import(feature));
process.on('disconnect', () => process.exit(0));
backend.start().then(() => process.send({ started: true }), error => {
	console.error(error);
	process.exit(1);
});
