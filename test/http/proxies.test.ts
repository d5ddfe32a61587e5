import { describe, expect, test } from 'bun:test';
import { addressBlock, isInRange, parseAddress, parseAddressRange } from '#base/core/addresses.ts';
import { createPeerReader } from '#doors/http/proxies.ts';
import { testConfig } from '#test/harness/app.ts';

function inRange(address: string, range: string): boolean {
  const parsed = parseAddress(address);
  const parsedRange = parseAddressRange(range);
  return parsed !== null && parsedRange !== null && isInRange(parsed, parsedRange);
}

describe('addresses', () => {
  test('IPv4, IPv6 and IPv4 inside IPv6 are read; nothing else is', () => {
    expect(parseAddress('192.0.2.1')).toEqual([192, 0, 2, 1]);
    expect(parseAddress('::ffff:192.0.2.1')).toEqual([192, 0, 2, 1]);
    expect(parseAddress('::1')?.length).toBe(16);
    expect(parseAddress('2001:db8::1')?.slice(0, 4)).toEqual([0x20, 0x01, 0x0d, 0xb8]);
    for (const text of ['', '1.2.3', '1.2.3.256', '01.2.3.4', '1.2.3.4.5', ':::', '1::2::3', 'x']) {
      expect(parseAddress(text)).toBeNull();
    }
    expect(parseAddress('1:2:3:4:5:6:7:8:9')).toBeNull();
  });
  test('ranges end in the middle of a byte too', () => {
    expect(inRange('10.255.0.1', '10.0.0.0/8')).toBe(true);
    expect(inRange('172.31.0.1', '172.16.0.0/12')).toBe(true);
    expect(inRange('172.32.0.1', '172.16.0.0/12')).toBe(false);
    expect(inRange('fd12::1', 'fc00::/7')).toBe(true);
    expect(inRange('10.0.0.1', 'fc00::/7')).toBe(false);
    expect(inRange('192.0.2.1', '192.0.2.1')).toBe(true);
    expect(inRange('203.0.113.7', '0.0.0.0/0')).toBe(true);
    expect(parseAddressRange('10.0.0.0/33')).toBeNull();
  });
  test('a block is the address for IPv4 and the /64 for IPv6', () => {
    expect(addressBlock('::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(addressBlock('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
    expect(addressBlock('2001:db8:1:2::9')).toBe('2001:db8:1:2::/64');
  });
});

describe('trusted proxies', () => {
  const read = createPeerReader({
    config: { ...testConfig('/nowhere'), trustedProxies: ['127.0.0.0/8', '::1', '10.0.0.0/8'] },
  });
  const ask = (peer: string, headers: Record<string, string>) =>
    read(new Request('http://localhost/', { headers }), peer);

  test('a stranger can claim nothing', () => {
    const headers = { 'x-forwarded-for': '192.0.2.1', 'x-forwarded-proto': 'https' };
    expect(ask('203.0.113.9', headers)).toEqual({ address: '203.0.113.9', secure: false });
  });
  test('behind a proxy the last address that is no proxy counts', () => {
    const headers = { 'x-forwarded-for': '1.1.1.1, 203.0.113.9, 10.0.0.3' };
    expect(ask('127.0.0.1', headers).address).toBe('203.0.113.9');
  });
  test('https is believed from a proxy', () => {
    expect(ask('::1', { 'x-forwarded-proto': 'https' }).secure).toBe(true);
    expect(ask('::1', { 'x-forwarded-proto': 'http' }).secure).toBe(false);
  });
  test('ports are cut off, rubbish ends the walk', () => {
    expect(ask('127.0.0.1', { 'x-forwarded-for': '203.0.113.9:4711' }).address).toBe('203.0.113.9');
    expect(ask('127.0.0.1', { 'x-forwarded-for': '[2001:db8::9]:1' }).address).toBe('2001:db8::9');
    expect(ask('127.0.0.1', { 'x-forwarded-for': '203.0.113.9, <x>' }).address).toBe('127.0.0.1');
    expect(ask('127.0.0.1', { 'x-forwarded-for': '' }).address).toBe('127.0.0.1');
  });
  test('an https origin makes every cookie secure', () => {
    const config = { ...testConfig('/nowhere'), origin: 'https://photos.example.org' };
    const secure = createPeerReader({ config });
    expect(secure(new Request('http://localhost/'), '127.0.0.1').secure).toBe(true);
  });
});
