import { describe, expect, test } from 'vitest';
import { commentedConfig } from '../../src/config/commented.ts';
import { DEFAULT_SETTINGS } from '../../src/config/defaults.ts';
import { readSettings } from '../../src/config/read-settings.ts';
import { configJsonSchema } from '../../src/config/schema.ts';

describe('the commented configuration', () => {
  const text = commentedConfig();
  /** Takes away the # right before a name, as a reader is told to. */
  const uncommented = text.replaceAll(/^( *)#(?! )/gm, '$1').replaceAll(/^( *)#( {2,}\S)/gm, '$1$2');

  test('changes nothing as it stands', () => {
    expect(readSettings(text, 'drover.yaml')).toEqual(DEFAULT_SETTINGS);
  });

  test('says the defaults: with every setting live, it reads the same', () => {
    expect(uncommented).toContain('\nmode: auto\n');
    expect(uncommented).toContain('\n    load-balance:\n      weight: 1\n');
    expect(readSettings(uncommented, 'drover.yaml')).toEqual(DEFAULT_SETTINGS);
  });

  test('names every setting', () => {
    const names = new Set([...text.matchAll(/^ *#? *(\w+):/gm)].map((match) => match[1]));
    const { listen, observe, driver, prices, limits, profile } = DEFAULT_SETTINGS;
    for (const part of [DEFAULT_SETTINGS, listen, observe, driver, prices, limits, profile, profile.ceilings]) {
      for (const name of Object.keys(part)) expect(names).toContain(name);
    }
  });

  test('one setting can be taken out of its comment alone', () => {
    const changed = text.replace('#hosts: 16', 'hosts: 32');
    expect(readSettings(changed, 'drover.yaml')).toMatchObject({ driver: { hosts: 32, vms: 120 } });
  });

  test('is readable: no line is longer than a terminal', () => {
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });
});

test('the JSON Schema for editors has defaults, sentences and units', () => {
  expect(configJsonSchema()).toMatchObject({
    additionalProperties: false,
    properties: {
      mode: { default: 'auto', enum: ['observe', 'recommend', 'confirm', 'auto'] },
      observe: {
        properties: {
          sampleSeconds: { default: 10, unit: 'seconds', description: 'Time between two samples, in seconds' },
        },
      },
    },
  });
});
