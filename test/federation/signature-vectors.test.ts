import { describe, expect, test } from 'bun:test';
import { type InnerList, isInnerList, parseDictionary } from 'structured-headers';
import { isSignedBy } from '#doors/federation/signatures/algorithms.ts';
import { demandDigest } from '#doors/federation/signatures/digests.ts';
import { readRfc9421 } from '#doors/federation/signatures/rfc9421.ts';
import { signatureBase } from '#doors/federation/signatures/signature-base.ts';
import type { SignedRequest } from '#doors/federation/signatures/signed-request.ts';

// RFC 9421, appendix B.1: keys.
const RSA = `-----BEGIN RSA PUBLIC KEY-----
MIIBCgKCAQEAhAKYdtoeoy8zcAcR874L8cnZxKzAGwd7v36APp7Pv6Q2jdsPBRrw
WEBnez6d0UDKDwGbc6nxfEXAy5mbhgajzrw3MOEt8uA5txSKobBpKDeBLOsdJKFq
MGmXCQvEG7YemcxDTRPxAleIAgYYRjTSd/QBwVW9OwNFhekro3RtlinV0a75jfZg
kne/YiktSvLG34lw2zqXBDTC5NHROUqGTlML4PlNZS5Ri2U4aCNx2rUPRcKIlE0P
uKxI4T+HIaFpv8+rdV6eUgOrB2xeI1dSFFn/nnv5OoZJEIB+VmuKn3DCUcCZSFlQ
PSXSfBDiUGhwOw76WuSSsf1D4b/vLoJ10wIDAQAB
-----END RSA PUBLIC KEY-----`;
const RSA_PSS = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2
+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+
oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHq
gDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5W
Utzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4
aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI
2wIDAQAB
-----END PUBLIC KEY-----`;
const ED25519 = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
-----END PUBLIC KEY-----`;

const DIGEST =
  'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:';

/** The request of appendix B.2. */
const REQUEST: SignedRequest = {
  method: 'POST',
  path: '/foo',
  query: 'param=Value&Pet=dog',
  origin: 'https://example.com',
  host: 'example.com',
  headers: new Headers({
    date: 'Tue, 20 Apr 2021 02:07:55 GMT',
    'content-type': 'application/json',
    'content-digest': DIGEST,
    'content-length': '18',
  }),
};
/** The same after it passed the proxy of §4.3. */
const PROXIED: SignedRequest = {
  ...REQUEST,
  origin: 'https://origin.host.internal.example',
  host: 'origin.host.internal.example',
  headers: new Headers([
    ...REQUEST.headers,
    ['forwarded', 'for=192.0.2.123;host=example.com;proto=https'],
  ]),
};

const VECTORS = [
  {
    name: 'B.2.1, minimal, rsa-pss-sha512',
    request: REQUEST,
    key: RSA_PSS,
    algorithm: 'rsa-pss-sha512',
    input: '();created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"',
    signature:
      'd2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq786U7it++wgGxbtRxf8Udx7zFZsckzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72rgFWhzx2VjBqJzsPLMIQKhO4DGezXehhWwE56YCE+O6c0mKZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP5TmcAnLH1g+s++v6d4s8m0gCw1fV5/SITLq9mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q==',
  },
  {
    name: 'B.2.2, selected components and a query parameter, rsa-pss-sha512',
    request: REQUEST,
    key: RSA_PSS,
    algorithm: 'rsa-pss-sha512',
    input:
      '("@authority" "content-digest" "@query-param";name="Pet");created=1618884473;keyid="test-key-rsa-pss";tag="header-example"',
    signature:
      'LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKtjvuJyE5qH7KT8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17SARYhpTlaqwZVtR8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZfB4jY3I5rSV2DSBVkSFsURIjYErOs0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw==',
  },
  {
    name: 'B.2.3, everything, rsa-pss-sha512',
    request: REQUEST,
    key: RSA_PSS,
    algorithm: 'rsa-pss-sha512',
    input:
      '("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-rsa-pss"',
    signature:
      'bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU5p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aYA2HXXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==',
  },
  {
    name: 'B.2.6, ed25519',
    request: REQUEST,
    key: ED25519,
    algorithm: null,
    input:
      '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
    signature:
      'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==',
  },
  {
    name: '§4.3, behind a proxy, rsa-v1_5-sha256',
    request: PROXIED,
    key: RSA,
    algorithm: 'rsa-v1_5-sha256',
    input:
      '("@method" "@authority" "@path" "content-digest" "content-type" "content-length" "forwarded");created=1618884480;keyid="test-key-rsa";alg="rsa-v1_5-sha256";expires=1618884540',
    signature:
      'S6ZzPXSdAMOPjN/6KXfXWNO/f7V6cHm7BXYUh3YD/fRad4BCaRZxP+JH+8XY1I6+8Cy+CM5g92iHgxtRPz+MjniOaYmdkDcnL9cCpXJleXsOckpURl49GwiyUpZ10KHgOEe11sx3G2gxI8S0jnxQB+Pu68U9vVcasqOWAEObtNKKZd8tSFu7LB5YAv0RAGhB8tmpv7sFnIm9y+7X5kXQfi8NMaZaA8i2ZHwpBdg7a6CMfwnnrtflzvZdXAsD3LH2TwevU+/PBPv0B6NMNk93wUs/vfJvye+YuI87HU38lZHowtznbLVdp770I6VHR6WfgS9ddzirrswsE1w5o0LV/g==',
  },
];

function read(input: string): InnerList {
  const value = parseDictionary(`sig=${input}`).get('sig');
  if (value === undefined || !isInnerList(value)) throw new Error('The vector is no list.');
  return value;
}

describe('RFC 9421, the examples of the standard:', () => {
  for (const { name, request, key, algorithm, input, signature } of VECTORS) {
    test(name, () => {
      const base = signatureBase(request, read(input));
      const bytes = Buffer.from(signature, 'base64');
      expect(base).toEndWith(`"@signature-params": ${input}`);
      expect(isSignedBy(key, algorithm, base, bytes)).toBe(true);
      expect(isSignedBy(key, algorithm, `${base} `, bytes)).toBe(false);
    });
  }
  test('the digest of B.2', () => {
    const body = Buffer.from('{"hello": "world"}');
    demandDigest(REQUEST.headers, body, 'content-digest');
    expect(() => demandDigest(REQUEST.headers, Buffer.from('{}'), 'content-digest')).toThrow();
  });
  test('T15: B.2.1, B.2.2 and B.2.6 cover too little to be taken', () => {
    for (const { request, input, signature } of VECTORS.filter(({ name }) => name[0] === 'B')) {
      if (input.includes('@query"')) continue;
      const headers = new Headers([
        ...request.headers,
        ['signature-input', `sig=${input}`],
        ['signature', `sig=:${signature}:`],
      ]);
      expect(() => readRfc9421({ ...request, headers }, true, 1618884480_000)).toThrow('cover');
    }
  });
  test('B.2.3 covers enough', () => {
    const vector = VECTORS[2];
    const headers = new Headers([
      ...REQUEST.headers,
      ['signature-input', `sig=${vector?.input}`],
      ['signature', `sig=:${vector?.signature}:`],
    ]);
    const parsed = readRfc9421({ ...REQUEST, headers }, true, 1618884480_000);
    expect(parsed.keyId).toBe('test-key-rsa-pss');
  });
});
