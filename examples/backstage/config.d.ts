import { SchedulerServiceTaskScheduleDefinitionConfig } from '@backstage/backend-plugin-api';

export interface Config {
  catalog?: {
    providers?: {
      /** Files that `catalog-emit --format mutation` publishes, each under an id of your choice. */
      oktaCatalog?: {
        [id: string]: {
          /** The file; a relative path counts from the backend's working directory. */
          file: string;
          /** How often to look whether the file has changed; every 5 seconds unless given. */
          schedule?: SchedulerServiceTaskScheduleDefinitionConfig;
        };
      };
    };
  };
}
