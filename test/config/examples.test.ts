import { readdirSync, readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { readSettingsFile } from '../../src/config/read-settings.ts';

const FOLDER = 'examples';

test.each(readdirSync(FOLDER).filter((name) => name.endsWith('.yaml')))(
  '%s is a configuration without fault, and only advises',
  async (name) => {
    const settings = await readSettingsFile(`${FOLDER}/${name}`);
    expect(settings).toMatchObject({ mode: 'recommend', power: false });
  },
);

describe('the polkit rules', () => {
  type Rule = (action: { readonly id: string }, subject: { readonly user: string }) => string | undefined;
  const rules: Rule[] = [];
  const polkit = { Result: { YES: 'yes', NO: 'no' }, addRule: (rule: Rule) => rules.push(rule) };
  runInNewContext(readFileSync(`${FOLDER}/50-drover.rules`, 'utf8'), { polkit });
  const answer = (id: string, user = 'drover') => rules.map((rule) => rule({ id }, { user }));

  test.each([
    'org.libvirt.unix.manage',
    'org.libvirt.api.connect.read',
    'org.libvirt.api.domain.migrate',
    'org.libvirt.api.domain.hibernate',
    'org.libvirt.api.storage-vol.delete',
  ])('allow %s', (id) => expect(answer(id)).toEqual(['yes']));

  test.each([
    'org.libvirt.api.domain.stop',
    'org.libvirt.api.domain.reset',
    'org.libvirt.api.domain.open-graphics',
    'org.libvirt.api.connect.pm-control',
    'org.libvirt.api.secret.read-secure',
    'org.libvirt.api.storage-pool.format',
  ])('refuse %s', (id) => expect(answer(id)).toEqual(['no']));

  test('are about nobody else, and about nothing but libvirt', () => {
    expect(answer('org.libvirt.api.domain.stop', 'root')).toEqual([undefined]);
    expect(answer('org.freedesktop.login1.reboot')).toEqual([undefined]);
  });
});
