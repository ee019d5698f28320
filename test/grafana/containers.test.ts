import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import manifest from '../../package.json' with { type: 'json' };
import { readSettings } from '../../src/config/read-settings.ts';
import type { Settings } from '../../src/config/settings.ts';
import { ask, serve } from '../serve/running.ts';
import { dockerfile, ignores, instructions } from './dockerfile.ts';
import { FOLDER, read } from './folder.ts';

const ROOT = join(FOLDER, '..');
const GRAFANA_PORT = 3000;
const PROMETHEUS_PORT = 9090;

interface Service {
  readonly build?: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

interface Compose {
  readonly services: Readonly<Record<'drover' | 'prometheus' | 'grafana', Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const { services, volumes } = parse(read('compose.yaml')) as Compose;
const settings = readSettings(read('compose/drover.yaml'), 'compose/drover.yaml') as Settings;
const plain = (path: string) => parse(read(path));

/** Where files of the folder appear inside a service, by what is mounted: container path to file. */
const mounts = ({ volumes }: Service) =>
  volumes.flatMap((mount) => {
    const [from, to] = mount.split(':') as [string, string];
    return from.startsWith('.') ? [[to, resolve(FOLDER, from)] as const] : [];
  });

function fileIn(service: Service, path: string): string | undefined {
  const mount = mounts(service).find(([to]) => path === to || path.startsWith(`${to}/`));
  return mount === undefined ? undefined : join(mount[1], posix.relative(mount[0], path));
}

const publishedBy = ({ ports }: Service) => ports.map((port) => port.split(':') as [string, string, string]);

describe('compose.yaml', () => {
  test.each(Object.entries(services))('%s mounts only what there is', (_, service) => {
    expect(mounts(service).filter(([, file]) => !existsSync(file))).toEqual([]);
    const named = service.volumes.filter((mount) => !mount.startsWith('.')).map((mount) => mount.split(':')[0]!);
    expect(named.filter((name) => !(name in volumes))).toEqual([]);
  });

  test.each([
    ['drover', settings.listen.port],
    ['prometheus', PROMETHEUS_PORT],
    ['grafana', GRAFANA_PORT],
  ] as const)('%s is published where it listens, to this machine only', (name, port) => {
    expect(publishedBy(services[name])).toEqual([['127.0.0.1', `${port}`, `${port}`]]);
  });

  test('Drover is built from this repository and reads a configuration that is right', () => {
    expect(resolve(FOLDER, services.drover.build!)).toBe(resolve(ROOT));
    expect(settings).toMatchObject({ listen: { address: '0.0.0.0' }, log: { format: 'json' } });
    const [, state] = services.drover.volumes.find((mount) => mount.startsWith('state:'))!.split(':');
    expect(settings.stateFolder).toBe(state);
  });

  test('Prometheus finds its configuration, the rules, and Drover', () => {
    const flags = Object.fromEntries(services.prometheus.command!.map((flag) => flag.split('=')));
    const config = flags['--config.file'];
    expect(fileIn(services.prometheus, config)).toBe(join(FOLDER, 'compose/prometheus.yaml'));
    expect(flags['--enable-feature']).toBe('exemplar-storage');
    const { rule_files, scrape_configs } = plain('compose/prometheus.yaml');
    for (const rules of rule_files)
      expect(existsSync(fileIn(services.prometheus, posix.join(dirname(config), rules))!)).toBe(true);
    expect(scrape_configs[0].static_configs[0].targets).toEqual([`drover:${settings.listen.port}`]);
  });

  test('Grafana finds its data source, its provider and the dashboards', () => {
    const { grafana } = services;
    expect(plain('compose/datasource.yaml').datasources[0].url).toBe(`http://prometheus:${PROMETHEUS_PORT}`);
    expect(fileIn(grafana, '/etc/grafana/provisioning/datasources/prometheus.yaml')).toBe(
      join(FOLDER, 'compose/datasource.yaml'),
    );
    expect(existsSync(fileIn(grafana, '/etc/grafana/provisioning/dashboards/drover.yaml')!)).toBe(true);
    const { path } = plain('provisioning/dashboards/drover.yaml').providers[0].options;
    expect(fileIn(grafana, path)).toBe(join(FOLDER, 'dashboards'));
    expect(existsSync(fileIn(grafana, grafana.environment!.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH!)!)).toBe(true);
  });
});

describe('without containers', () => {
  test('Prometheus loads rule files that exist, and scrapes where Drover listens by default', () => {
    const { rule_files, scrape_configs } = plain('prometheus.yaml');
    for (const path of rule_files) expect(read(path)).toContain('groups:');
    expect(scrape_configs[0].static_configs[0].targets).toEqual([`localhost:${settings.listen.port}`]);
  });

  test('all is as with containers but for the addresses', () => {
    const same = (text: string) => parse(text.replaceAll(/\b(drover|prometheus|localhost):(7070|9090)\b/g, 'it:$2'));
    expect(same(read('provisioning/datasources/prometheus.yaml'))).toEqual(same(read('compose/datasource.yaml')));
    expect(same(read('prometheus.yaml'))).toEqual(same(read('compose/prometheus.yaml')));
  });

  test('points in graphs link to a route that there is', async () => {
    const { url } = await serve();
    const [{ name, url: link }] = plain('compose/datasource.yaml').datasources[0].jsonData.exemplarTraceIdDestinations;
    expect(name).toBe('decision');
    const path = new URL(link.replace('$${__value.raw}', 'd1')).pathname.slice(1);
    expect(await ask(`${url}${path}`)).toMatchObject({ status: 200 });
  });
});

describe('the Dockerfile', () => {
  const all = instructions(dockerfile);
  const of = (name: string) => all.filter((one) => one.name === name).map(({ rest }) => rest);

  test('stands on the Node that Drover is tested with, and builds nothing', () => {
    const major = /\d+/.exec(manifest.devDependencies.node)![0];
    expect(of('FROM').map((image) => image.split(' ')[0])).toEqual([`node:${major}-alpine`, `node:${major}-alpine`]);
    expect(of('RUN').filter((command) => /npm (run|build)|tsc/.test(command))).toEqual([]);
    expect(of('RUN').some((command) => command.includes('npm ci --omit=dev'))).toBe(true);
  });

  test('copies only what there is and what is not kept out', () => {
    const copied = of('COPY').filter((rest) => !rest.startsWith('--from'));
    const sources = copied.flatMap((rest) => rest.split(' ').slice(0, -1));
    expect(sources.filter((source) => !existsSync(join(ROOT, source)))).toEqual([]);
    expect(sources.filter((source) => ignores(source))).toEqual([]);
    for (const kept of [
      'node_modules',
      '.git',
      'test',
      'README.md',
      'policies/load-balance/policy.test.ts',
      '.drover',
    ]) {
      expect([kept, ignores(kept)]).toEqual([kept, true]);
    }
  });

  test('has all that runs: every file that package.json names for imports', () => {
    const copied = of('COPY').flatMap((rest) => rest.split(' ').slice(0, -1));
    expect(copied).toEqual(expect.arrayContaining(['src', 'policies', 'package.json']));
    const start = JSON.parse(of('ENTRYPOINT')[0]!) as string[];
    expect(start[0]).toBe('node');
    expect(existsSync(join(ROOT, start[1]!))).toBe(true);
  });

  test('runs as nobody special, on a configuration that it has, in a folder that it may write', () => {
    expect(of('USER')).toEqual(['node']);
    const [command, flag, config] = JSON.parse(of('CMD').at(-1)!) as string[];
    expect([command, flag]).toEqual(['run', '--config']);
    const copy = of('COPY').find((rest) => rest.endsWith(` ${config}`))!;
    expect(relative(ROOT, join(ROOT, copy.split(' ')[0]!))).toBe('grafana/compose/drover.yaml');
    expect(fileIn(services.drover, config!)).toBe(join(FOLDER, 'compose/drover.yaml'));
    expect(of('VOLUME')).toEqual([settings.stateFolder]);
    expect(of('RUN').some((command) => command.includes(`chown node:node ${settings.stateFolder}`))).toBe(true);
  });

  test('is asked for its health where it answers', async () => {
    expect(of('EXPOSE')).toEqual([`${settings.listen.port}`]);
    const [, port, path] = /http:\/\/127\.0\.0\.1:(\d+)(\/\w+)'/.exec(of('HEALTHCHECK')[0]!)!;
    expect(Number(port)).toBe(settings.listen.port);
    const { url } = await serve();
    expect(await ask(`${url}${path!.slice(1)}`)).toMatchObject({ status: 200 });
  });
});

test('the README names only files that there are', () => {
  const page = readFileSync(join(FOLDER, 'README.md'), 'utf8');
  const named = [...page.matchAll(/`((?:[\w-]+\/)*[\w.-]+(?:\.(?:ts|yaml|json|md)|\/))`/g)].map(([, path]) => path!);
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((path) => !existsSync(join(FOLDER, path)) && !existsSync(join(ROOT, path)))).toEqual([]);
});
