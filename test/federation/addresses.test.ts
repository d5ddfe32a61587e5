import { expect, test } from 'bun:test';
import { isPublicAddress, parseAddress } from '#base/core/addresses.ts';
import { checkUrl } from '#base/platform/fetch/check-url.ts';
import { FetchError } from '#base/platform/fetch.ts';

const isPublic = (text: string): boolean => {
  const address = parseAddress(text);
  if (address === null) throw new Error(`${text} is no address`);
  return isPublicAddress(address);
};

test('T38: no reserved or private range is public, from its first address to its last', () => {
  const reserved = [
    ...['0.0.0.0', '0.255.255.255', '10.0.0.0', '10.255.255.255', '100.64.0.0', '100.127.255.255'],
    ...['127.0.0.1', '127.255.255.255', '169.254.0.0', '169.254.169.254', '169.254.255.255'],
    ...['172.16.0.0', '172.31.255.255', '192.0.0.0', '192.0.0.255', '192.0.2.1', '192.88.99.1'],
    ...['192.168.0.0', '192.168.255.255', '198.18.0.0', '198.19.255.255', '198.51.100.7'],
    ...['203.0.113.255', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
    ...['192.31.196.1', '192.52.193.1', '192.175.48.1'],
    ...['::', '::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:7f00:1', '::127.0.0.1'],
    ...['::8.8.8.8', '64:ff9b::7f00:1', '64:ff9b::8.8.8.8', '64:ff9b:1::1', '100::1'],
    ...['2001::1', '2001:0:7f00:1::', '2001:2::1', '2001:10::1', '2001:20::1', '2001:1ff:ffff::'],
    ...['2001:db8::1', '2002:7f00:1::', '2002:808:808::1', '2620:4f:8000::1', '3ffe::1'],
    ...['3fff::1', '3fff:fff:ffff::', '4000::1', '5f00::1', 'fc00::1', 'fdff:ffff::1'],
    ...['fe80::1', 'febf::1', 'fec0::1', 'feff::1', 'ff02::1', 'ffff::1', '1fff::1'],
  ];
  for (const text of reserved) expect([text, isPublic(text)]).toEqual([text, false]);
});

test('T38: the addresses beside the reserved ranges are public', () => {
  const open = [
    ...['1.0.0.0', '8.8.8.8', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0'],
    ...['126.255.255.255', '128.0.0.0', '169.253.255.255', '169.255.0.0', '172.15.255.255'],
    ...['172.32.0.0', '192.0.1.0', '192.167.255.255', '192.169.0.0', '198.17.255.255'],
    ...['198.20.0.0', '203.0.114.0', '223.255.255.255', '::ffff:8.8.8.8'],
    ...['2000::1', '2001:200::1', '2001:4860:4860::8888', '2003::1', '2606:4700::1', '2a00::1'],
    ...['3ffd::1', '3fff:1000::1'],
  ];
  for (const text of open) expect([text, isPublic(text)]).toEqual([text, true]);
});

test('T38: IPv4 in hex, octal, decimal, short and wide forms is read as the address it is', () => {
  const forms = [
    ...['127.0.0.1', '127.1', '127.0.1', '2130706433', '0x7f000001', '0x7f.1', '0177.0.0.1'],
    ...['0177.0.0.01', '017700000001', '127.0.0.1.', '0x7f.0x0.0x0.0x1', '１２７.０.０.１'],
    ...['127。0。0。1', '%31%32%37.0.0.1'],
  ];
  for (const form of forms) {
    expect([form, checkUrl(`https://${form}/`).hostname]).toEqual([form, '127.0.0.1']);
  }
  expect(checkUrl('https://[::ffff:127.0.0.1]/').hostname).toBe('[::ffff:7f00:1]');
});

test('T38: credentials, fragments, other schemes and crooked names are refused unasked', () => {
  const crooked = [
    ...['ftp://a.example/', 'file:///etc/passwd', 'data:text/plain,x', 'javascript:alert(1)'],
    ...['gopher://a.example/', 'blob:https://a.example/x', 'unix:/x', 's3://bucket/key'],
    ...['https://me@a.example/', 'https://me:secret@a.example/', 'https://:x@a.example/'],
    ...[
      'https://a.example/#key',
      'https://a.example/#',
      'https://localhost./',
      'https://a.example./',
    ],
    ...['https:///', 'https://', '//a.example/', '/path', 'a.example', '', 'https://a b.example/'],
    ...[
      'https://[fe80::1%25eth0]/',
      'https://a.example:99999/',
      `https://a.example/${'x'.repeat(5000)}`,
    ],
    ...['https://256.256.256.256/', 'https://1.2.3.4.5/', 'https://0x1ffffffff/'],
  ];
  for (const text of crooked) {
    let failure = '';
    try {
      checkUrl(text);
    } catch (error) {
      if (error instanceof FetchError) failure = error.failure;
    }
    expect([text, failure]).toEqual([text, 'bad_url']);
  }
});
