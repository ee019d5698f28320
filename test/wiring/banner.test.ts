import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/config/defaults.ts';
import { banner } from '../../src/wiring/banner.ts';

test('it says what runs, where to look and how fast time passes', () => {
  const text = banner(DEFAULT_SETTINGS, 'http://127.0.0.1:7070/');
  expect(text).toContain('keeps the embedded datacenter (16 hosts, 120 VMs) in shape.');
  expect(text).toContain('http://localhost:7070/      metrics: http://localhost:7070/metrics');
  expect(text).toContain('An hour passes there in 1 min.');
});

test('it says so when nothing will be done', () => {
  expect(banner({ ...DEFAULT_SETTINGS, mode: 'recommend' }, 'http://10.0.0.7:7070/')).toContain('and does nothing');
});
