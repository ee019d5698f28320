import { execFile, spawn } from 'node:child_process';
import { appendFile, chmod, copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { SECOND } from '../../../src/domain/units.ts';
import { addressOf, type Lab, STATE_FOLDER } from './lab.ts';

const run = promisify(execFile);
const PORT = 2222;

/** Hosts of the laboratory that can be logged in to, with keys made for the occasion. */
export class SshServers {
  readonly #folder: string;
  readonly #stops: (() => void)[] = [];

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** With a key that the hosts know, `id`, and others that they do not. */
  static async open(folder: string, strangers: readonly string[] = []): Promise<SshServers> {
    const servers = new SshServers(folder);
    for (const key of ['host-key', 'id', ...strangers])
      await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', servers.#at(key)]);
    await copyFile(servers.#at('id.pub'), servers.#at('authorized_keys'));
    await chmod(folder, 0o755);
    return servers;
  }

  async serve(lab: Lab, number: number): Promise<void> {
    const [kind, key] = (await readFile(this.#at('host-key.pub'), 'utf8')).split(' ');
    await appendFile(this.#at('known_hosts'), `[${addressOf(number)}]:${PORT} ${kind} ${key}\n`);
    const options = {
      Port: PORT,
      ListenAddress: addressOf(number),
      HostKey: this.#at('host-key'),
      AuthorizedKeysFile: this.#at('authorized_keys'),
      PidFile: 'none',
      PermitRootLogin: 'yes',
      StrictModes: 'no',
      UsePAM: 'no',
    };
    const words = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
    await lab.do('in', `h${number}`, 'mkdir', '-p', '/run/sshd');
    const pid = (await readFile(join(STATE_FOLDER, `h${number}`, 'pid'), 'utf8')).trim();
    const enter = ['-t', pid, '-m', '-u', '-i', '-n', '-p', '/usr/sbin/sshd', '-D', '-q', '-f', '/dev/null', ...words];
    const sshd = spawn('nsenter', enter, { stdio: 'ignore' });
    this.#stops.push(() => sshd.kill());
    await sleep(SECOND);
  }

  uri(number: number, user: string, key = 'id', known = 'known_hosts'): string {
    const files = `keyfile=${this.#at(key)}&known_hosts=${this.#at(known)}`;
    return `qemu+ssh://${user}@${addressOf(number)}:${PORT}/system?${files}`;
  }

  stop(): void {
    for (const stop of this.#stops) stop();
  }

  #at(name: string): string {
    return join(this.#folder, name);
  }
}
