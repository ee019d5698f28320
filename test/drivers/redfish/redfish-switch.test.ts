import { afterEach, describe, expect, test } from 'vitest';
import { RedfishSwitch } from '../../../src/drivers/redfish/redfish-switch.ts';
import { PASSWORD, RedfishService, type ServiceTraits } from './redfish-service.ts';

const services: RedfishService[] = [];
afterEach(() => {
  for (const service of services.splice(0)) service.close();
});

interface Access {
  readonly password?: string;
  readonly system?: string;
}

async function stage(traits: ServiceTraits = {}, { password = PASSWORD, ...system }: Access = {}) {
  const service = new RedfishService(traits);
  services.push(service);
  const url = await service.listen();
  const trust = { kind: 'authorities' } as const;
  const power = new RedfishSwitch({ url, user: 'drover', password: () => password, trust, ...system });
  return { service, power };
}

describe('power by Redfish', () => {
  test.each([
    ['On', true],
    ['Off', false],
    ['PoweringOn', false],
    ['PoweringOff', true],
    ['Asleep', undefined],
  ])('%s says whether it is on: %s', async (word, isOn) => {
    const { service, power } = await stage();
    service.power = word;
    expect(await power.isOn()).toBe(isOn);
  });

  test('each button is the best reset that is offered', async () => {
    const { service, power } = await stage({ resets: ['ForceOn', 'ForceOff', 'PushPowerButton'] });
    await power.press('shutdown');
    service.power = 'Off';
    await power.press('on');
    await power.press('cut');
    expect(service.told).toEqual(['1 PushPowerButton', '1 ForceOn', '1 ForceOff']);
  });

  test('what is on is not switched on', async () => {
    const { service, power } = await stage();
    await power.press('on');
    expect(service.told).toEqual([]);
  });

  test('it logs in once, again when the session has run out, and leaves none behind', async () => {
    const { service, power } = await stage();
    await Promise.all([power.isOn(), power.isOn(), power.watts()]);
    expect(service.logins).toBe(1);
    service.forgetSessions();
    expect(await power.isOn()).toBe(true);
    expect(service.logins).toBe(2);
    await power.close();
    expect(service.openSessions).toBe(0);
  });

  test('a service without sessions is told the password each time', async () => {
    const { service, power } = await stage({ sessions: false });
    await power.press('cut');
    expect([service.told, await power.isOn()]).toEqual([['1 ForceOff'], false]);
  });

  test.each(['EnvironmentMetrics', 'Power'] as const)('its meter is read at %s', async (meter) => {
    const { service, power } = await stage({ meter });
    expect(await power.watts()).toBe(187);
    service.watts = 201;
    expect(await power.watts()).toBe(201);
  });

  test('without a meter nothing is said of watts', async () => {
    expect(await (await stage({ meter: 'none' })).power.watts()).toBeUndefined();
  });

  test('of several systems the one that is named', async () => {
    const { service, power } = await stage({ systems: ['a', 'b'] }, { system: 'b' });
    await power.press('cut');
    expect(service.told).toEqual(['b ForceOff']);
  });

  test.each<[string, ServiceTraits, Access, string]>([
    ['a wrong password', {}, { password: 'wrong' }, 'refuses the user or the password'],
    [
      'a wrong password without sessions',
      { sessions: false },
      { password: 'wrong' },
      'refuses the user or the password',
    ],
    ['several systems, none named', { systems: ['a', 'b'] }, {}, 'has several systems, name one of them: a, b'],
    ['a system that is not there', {}, { system: 'x' }, 'has no system x, but 1'],
    ['no fitting reset', { resets: ['Nmi'] }, {}, 'offers none of ForceOff, but Nmi'],
  ])('%s is refused in a sentence', async (_, traits, access, words) => {
    const { power } = await stage(traits, access);
    await expect(power.press('cut')).rejects.toThrow(words);
  });

  test('a BMC that is not there is told in a sentence', async () => {
    const { service, power } = await stage();
    service.close();
    await expect(power.isOn()).rejects.toThrow('refuses the connection');
  });
});
