import { expect, test } from 'bun:test';
import { didYouMean } from '#base/config/did-you-mean.ts';
import { parseListen } from '#base/config/parse-listen.ts';
import { parseOrigin } from '#base/config/parse-origin.ts';
import { parseRanges } from '#base/config/parse-ranges.ts';

test('an address to listen on may leave the host away', () => {
  expect(parseListen('0.0.0.0:80')).toEqual({ host: '0.0.0.0', port: 80 });
  expect(parseListen('8081')).toEqual({ host: '127.0.0.1', port: 8081 });
  expect(parseListen(':8081')).toEqual({ host: '0.0.0.0', port: 8081 });
  expect(parseListen('[::1]:8081')).toEqual({ host: '::1', port: 8081 });
  expect(parseListen('localhost:0')).toEqual({ host: 'localhost', port: 0 });
});

test('what is no address to listen on is refused', () => {
  for (const text of ['', 'host', 'host:', 'host:99999', 'http://host:80', '1.2.3.4:80/x']) {
    expect(parseListen(text)).toBeNull();
  }
});

test('an origin has a scheme and a host and nothing else', () => {
  expect(parseOrigin('https://photos.example.org/')).toBe('https://photos.example.org');
  expect(parseOrigin('http://localhost:8080')).toBe('http://localhost:8080');
  expect(parseOrigin('https://BÜCHER.example')).toBe('https://xn--bcher-kva.example');
  for (const text of [
    'photos.example.org',
    'ftp://a.b',
    'https://a.b/c',
    'https://u:p@a.b',
    'https://a.b?c',
  ]) {
    expect(parseOrigin(text)).toBeNull();
  }
});

test('ranges are addresses with or without a length', () => {
  expect(parseRanges('')).toEqual([]);
  expect(parseRanges('127.0.0.1, 10.0.0.0/8,fd00::/8')).toEqual([
    '127.0.0.1',
    '10.0.0.0/8',
    'fd00::/8',
  ]);
  for (const text of ['proxy', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0.0/']) {
    expect(parseRanges(text)).toBeNull();
  }
});

test('only a near name is suggested', () => {
  expect(didYouMean('--lisen', ['--listen', '--data'])).toBe(' Did you mean --listen?');
  expect(didYouMean('--frobnicate', ['--listen', '--data'])).toBe('');
});
