/** The card of a sleeping host: `sleeper.ts DEVICE ADDRESS MAC` gives the device its address when the packet comes. */
import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { magicPacket } from '../../../src/drivers/wake-on-lan/magic-packet.ts';

const WAKE_PORT = 9;
const [device = '', address = '', mac = ''] = process.argv.slice(2);
const wanted = magicPacket(mac);

const card = createSocket('udp4');
card.on('message', (packet) => {
  if (packet.equals(wanted)) execFile('ip', ['addr', 'replace', address, 'dev', device]);
});
card.bind(WAKE_PORT);
