import type * as z from 'zod';
import type { Limits } from '../domain/profile.ts';
import type { Rule } from '../domain/rule.ts';
import { hostsNamedBy } from '../domain/selection.ts';
import { didYouMean } from './closest.ts';
import { shown } from './issues.ts';
import type { CalendarEntry, Settings } from './settings.ts';

/** A host that something names, and where it does so. */
export interface NamedHost {
  readonly host: string;
  readonly path: readonly (string | number)[];
}

export function hostsOfLimits({ hosts, pairs }: Pick<Limits, 'hosts' | 'pairs'>): NamedHost[] {
  return [
    ...Object.keys(hosts).map((host) => ({ host, path: ['hosts', host] })),
    ...pairs.flatMap((pair, p) => pair.hosts.map((host, h) => ({ host, path: ['pairs', p, 'hosts', h] }))),
  ];
}

interface Naming {
  readonly limits: Pick<Limits, 'hosts' | 'pairs'>;
  readonly rules: readonly Rule[];
  readonly calendar: readonly CalendarEntry[];
}

/** Every host that a configuration names beside its driver. */
export function namedHosts({ limits, rules, calendar }: Naming): NamedHost[] {
  const below = (start: readonly (string | number)[], hosts: readonly string[]) =>
    hosts.map((host, h) => ({ host, path: [...start, h] }));
  return [
    ...hostsOfLimits(limits).map(({ host, path }) => ({ host, path: ['limits', ...path] })),
    ...rules.flatMap((rule, r) => below(['rules', r, 'hosts'], hostsNamedBy(rule))),
    ...calendar.flatMap((entry, e) => below(['calendar', e, 'maintenance', 'hosts'], entry.maintenance?.hosts ?? [])),
  ];
}

/** Where the configuration itself says which hosts there are, a name that is none of theirs is a mistake. */
export function refuseUnknownHosts(settings: Naming & Pick<Settings, 'driver'>, context: z.RefinementCtx): void {
  const { driver } = settings;
  if (driver.kind !== 'libvirt') return;
  const known = driver.hosts.map(({ id }) => id);
  for (const { host, path } of namedHosts(settings)) {
    if (known.includes(host)) continue;
    const message = `is ${shown(host)}, which is none of driver.hosts${didYouMean(host, known)}`;
    context.addIssue({ code: 'custom', path: [...path], message });
  }
}
