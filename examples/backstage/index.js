// @ts-check
'use strict';

const {
	coreServices, createBackendModule, readSchedulerServiceTaskScheduleDefinitionFromConfig,
} = require('@backstage/backend-plugin-api');
const { catalogProcessingExtensionPoint } = require('@backstage/plugin-catalog-node');
const { MutationFileProvider } = require('./mutationFileProvider');

/** @type {import('@backstage/backend-plugin-api').SchedulerServiceTaskScheduleDefinition} */
const EVERY_FEW_SECONDS = { frequency: { seconds: 5 }, timeout: { minutes: 5 } };

/** An entity provider for each file under `catalog.providers.oktaCatalog`. */
module.exports = createBackendModule({
	pluginId: 'catalog',
	moduleId: 'okta-catalog',
	register(env) {
		env.registerInit({
			deps: {
				catalog: catalogProcessingExtensionPoint,
				config: coreServices.rootConfig,
				logger: coreServices.logger,
				scheduler: coreServices.scheduler,
			},
			async init({ catalog, config, logger, scheduler }) {
				const providers = config.getOptionalConfig('catalog.providers.oktaCatalog');
				if (!providers) return;
				for (const id of providers.keys()) {
					const options = providers.getConfig(id);
					const schedule = options.getOptionalConfig('schedule');
					catalog.addEntityProvider(new MutationFileProvider({
						id,
						file: options.getString('file'),
						logger,
						runner: scheduler.createScheduledTaskRunner(
							schedule ? readSchedulerServiceTaskScheduleDefinitionFromConfig(schedule) : EVERY_FEW_SECONDS,
						),
					}));
				}
			},
		});
	},
});
