// A backend module whose entity provider applies the mutation files named in MUTATIONS, in this order, when it starts.
const { readFileSync } = require('node:fs');
const { createBackendModule } = require('@backstage/backend-plugin-api');
const { catalogProcessingExtensionPoint } = require('@backstage/plugin-catalog-node');

module.exports = createBackendModule({
	pluginId: 'catalog',
	moduleId: 'apply-mutations',
	register(env) {
		env.registerInit({
			deps: { catalog: catalogProcessingExtensionPoint },
			async init({ catalog }) {
				catalog.addEntityProvider({
					getProviderName: () => 'apply-mutations',
					async connect(connection) {
						for (const file of process.env.MUTATIONS.split(' ')) await connection.applyMutation(JSON.parse(readFileSync(file, 'utf8')));
					},
				});
			},
		});
	},
});
