import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { openBrowser } from '../../src/adapters/browser.ts';

const URL = 'http://127.0.0.1:3000/';
const DESKTOP = { DISPLAY: ':0' };

function started(
  url: string,
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string>> = DESKTOP,
): readonly (readonly string[])[] {
  const commands: (readonly string[])[] = [];
  openBrowser(url, { platform, env }, (program, args, options) => {
    assert.deepEqual(options, { detached: true, stdio: 'ignore' });
    commands.push([program, ...args]);
    const child = Object.assign(new EventEmitter(), { unref: () => undefined });
    setImmediate(() => child.emit('error', new Error('ENOENT')));
    return child as never;
  });
  return commands;
}

test('each desktop is asked in its own way, and one without the program is not minded', () => {
  assert.deepEqual(started(URL, 'linux'), [['xdg-open', URL]]);
  assert.deepEqual(started(URL, 'linux', { WAYLAND_DISPLAY: 'wayland-0' }), [['xdg-open', URL]]);
  assert.deepEqual(started(URL, 'darwin'), [['open', URL]]);
  assert.deepEqual(started(URL, 'win32'), [['cmd', '/c', 'start', '""', URL]]);
});

test('a terminal without a desktop stays as it is', () => {
  assert.deepEqual(started(URL, 'linux', {}), []);
});

test('what is more than an address is handed to no shell', () => {
  for (const url of [`${URL}&calc`, 'file:///etc/passwd', `${URL}"`, 'http://x/?a=%PATH%', '--help']) {
    assert.deepEqual(started(url, 'win32'), [], url);
  }
  assert.equal(started('https://amg-atlas-demo-abcd.se.grafana.azure.com/', 'win32').length, 1);
});

test('a program that cannot be started is not minded', () => {
  openBrowser(URL, { platform: 'darwin', env: {} }, () => {
    throw new Error('EAGAIN');
  });
});
