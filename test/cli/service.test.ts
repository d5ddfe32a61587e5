import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planInstall } from '#cli/service-plan.ts';
import { serviceUnit } from '#cli/service-unit.ts';
import { testConfig } from '#test/harness/app.ts';
import { runSourceVerb } from '#test/harness/source-server.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tintype-unit-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const unitFor = (facts: Partial<Parameters<typeof serviceUnit>[0]> = {}): string =>
  serviceUnit({
    executable: '/usr/local/bin/tintype',
    args: ['photos.example.org'],
    user: 'tintype',
    data: '/var/lib/tintype',
    writable: [],
    lowPorts: true,
    ...facts,
  });

async function analyze(unit: string, ...verb: string[]): Promise<{ code: number; text: string }> {
  const executable = join(folder, 'tintype');
  writeFileSync(executable, '#!/bin/sh\n');
  chmodSync(executable, 0o755);
  const path = join(folder, 'tintype.service');
  writeFileSync(path, unit.replaceAll('/usr/local/bin/tintype', executable));
  const child = Bun.spawn(['systemd-analyze', ...verb, path], { stdout: 'pipe', stderr: 'pipe' });
  const parts = await Promise.all(
    [child.stdout, child.stderr].map((stream) => new Response(stream).text()),
  );
  return { code: await child.exited, text: parts.join('') };
}

describe('the unit', () => {
  test('is one that systemd takes without a complaint', async () => {
    for (const unit of [unitFor(), unitFor({ lowPorts: false, writable: ['/mnt/disk/a b'] })]) {
      expect(await analyze(unit, 'verify', '--man=no')).toEqual({ code: 0, text: '' });
    }
  });

  test('is exposed to little, as systemd counts it', async () => {
    const exposure = async (unit: string): Promise<number> => {
      const { text } = await analyze(unit, 'security', '--offline=true', '--no-pager');
      return Number(/Overall exposure level for \S+: ([\d.]+)/.exec(text)?.[1] ?? Number.NaN);
    };
    expect(await exposure(unitFor())).toBeLessThanOrEqual(1.9);
    expect(await exposure(unitFor({ lowPorts: false }))).toBeLessThanOrEqual(1.5);
  });

  test('gives a right to low ports only where there are any, and none to compiled code less', () => {
    expect(unitFor()).toContain('\nAmbientCapabilities=CAP_NET_BIND_SERVICE\n');
    expect(unitFor({ lowPorts: false })).toContain('\nAmbientCapabilities=\n');
    expect(unitFor()).not.toMatch(/^MemoryDenyWriteExecute/m);
  });

  test('takes every word of the command line as it is', () => {
    const unit = unitFor({ args: ['--instance-name', 'Ada\'s "best" 100% $HOME \\ photos'] });
    expect(unit).toContain(
      'serve --instance-name "Ada\'s \\"best\\" 100%% $$HOME \\\\ photos" --data /var/lib/tintype\n',
    );
  });

  test('can write where backups go, and in a home only where the data are', () => {
    const unit = unitFor({ data: '/home/ada/photos', writable: ['/mnt/disk'] });
    expect(unit).toContain('\nReadWritePaths=/home/ada/photos -/mnt/disk\nProtectHome=read-only\n');
    expect(unitFor()).toContain('\nProtectHome=yes\n');
  });
});

describe('installing', () => {
  const facts = (names: string[]): Parameters<typeof planInstall>[0] => {
    const config = testConfig('/var/lib/tintype');
    const listen = { host: '::', port: 443 };
    return {
      config: { ...config, https: { ...config.https, names, listen } },
      args: names,
      user: 'tintype',
      userExists: false,
      executable: '/tmp/tintype',
      isActive: false,
    };
  };

  test('makes the user, the directory, the executable and the unit before it starts', () => {
    const kinds = planInstall(facts(['photos.example.org'])).map((step) =>
      'run' in step ? step.run[0] : Object.keys(step)[1],
    );
    expect(kinds).toEqual(['useradd', 'install', 'copy', 'write', ...Array(3).fill('systemctl')]);
  });

  test('a second time leaves user and executable as they are', () => {
    const executable = '/usr/local/bin/tintype';
    const again = planInstall({ ...facts([]), userExists: true, executable, isActive: true });
    expect(again.some((step) => 'copy' in step)).toBe(false);
    expect(again.flatMap((step) => ('run' in step ? [step.run[0]] : []))).not.toContain('useradd');
    expect(again.at(-1)).toMatchObject({ run: ['systemctl', 'restart', 'tintype'] });
  });

  test('dry, it prints every command and the whole unit, and does nothing', async () => {
    const dry = ['service', 'install', 'photos.example.org', '--mode', 'family', '--dry-run'];
    const { code, stdout } = await runSourceVerb(dry);
    expect(code).toBe(0);
    expect(stdout).toContain('useradd --system');
    expect(stdout).toContain('serve photos.example.org --mode family --data /var/lib/tintype');
    expect(stdout).toContain('systemctl enable --quiet tintype');
  });

  test('behind a proxy on this machine, that proxy is believed', async () => {
    const dry = ['service', 'install', '--origin', 'https://photos.example.org', '--dry-run'];
    const { stdout } = await runSourceVerb(dry);
    expect(stdout).toContain(
      'serve --origin https://photos.example.org --trusted-proxies 127.0.0.1 --data',
    );
    expect(stdout).toContain('PrivateUsers=yes');
  });

  test('what is no name, no user and no subverb is refused', async () => {
    for (const wrong of [
      ['install', 'a b', '--dry-run'],
      ['install', 'a.org', '--user', 'root', '--dry-run'],
      ['install', 'a.org', '--mode', 'none', '--dry-run'],
      ['instal'],
      [],
    ]) {
      expect((await runSourceVerb(['service', ...wrong])).code).toBeGreaterThan(0);
    }
  });

  test('removing keeps the data', async () => {
    const { stdout } = await runSourceVerb(['service', 'uninstall', '--dry-run']);
    expect(stdout).toContain('rm -f /etc/systemd/system/tintype.service');
    expect(stdout).not.toContain('/var/lib/tintype');
    expect(stdout).not.toContain('userdel');
  });
});
