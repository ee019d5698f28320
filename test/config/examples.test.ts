import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readSettingsFile } from '../../src/config/read-settings.ts';

const FOLDER = 'examples';

test.each(readdirSync(FOLDER))('%s is a configuration without fault, and only advises', async (name) => {
  const settings = await readSettingsFile(`${FOLDER}/${name}`);
  expect(settings).toMatchObject({ mode: 'recommend', power: false });
});
