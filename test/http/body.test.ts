import { describe, expect, test } from 'bun:test';
import { AppError } from '#base/core/errors.ts';
import { readBody, readQuery } from '#doors/http/body.ts';

const FORM = 'application/x-www-form-urlencoded';

function post(body: BodyInit, type?: string, query = ''): Request {
  const headers = type === undefined ? {} : { 'content-type': type };
  return new Request(`http://localhost/x${query}`, { method: 'POST', body, headers });
}

async function kindOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return error.kind;
    throw error;
  }
  return 'none';
}

/** Plain copies, since inputs have no prototype. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const form = async (text: string) => plain(await readBody(post(text, FORM)));
const json = async (text: string) => plain(await readBody(post(text, 'application/json')));

describe('names with brackets', () => {
  test('media_ids[] collects, in order', async () => {
    expect(await form('media_ids[]=3&media_ids[]=1&media_ids[]=2')).toEqual({
      media_ids: ['3', '1', '2'],
    });
  });
  test('a[b] nests and a[0][b] makes a list of objects, ordered by number', async () => {
    expect(await form('poll[expires_in]=60&poll[options][]=a&poll[options][]=b')).toEqual({
      poll: { expires_in: '60', options: ['a', 'b'] },
    });
    expect(await form('f[10][name]=c&f[0][name]=a&f[0][value]=x&f[2][name]=b')).toEqual({
      f: [{ name: 'a', value: 'x' }, { name: 'b' }, { name: 'c' }],
    });
  });
  test('a[][b] begins the next object when a name comes again', async () => {
    expect(await form('m[][id]=1&m[][description]=one&m[][id]=2&m[][description]=two')).toEqual({
      m: [
        { id: '1', description: 'one' },
        { id: '2', description: 'two' },
      ],
    });
  });
  test('works in the query, in JSON and in multipart alike', async () => {
    const request = new Request('http://localhost/x?id[]=1&id[]=2');
    expect(plain(readQuery(request))).toEqual({ id: ['1', '2'] });
    expect(await json('{"media_ids[]":["1","2"],"poll[multiple]":true}')).toEqual({
      media_ids: ['1', '2'],
      poll: { multiple: true },
    });
    const parts = new FormData();
    parts.append('media_ids[]', '7');
    parts.append('media_ids[]', '8');
    parts.append('photo', new File(['x'], 'a.jpg'));
    expect(plain(await readBody(post(parts)))).toEqual({ media_ids: ['7', '8'] });
  });
  test('contradicting names keep the last and never fail', async () => {
    expect(await form('a=1&a[b]=2')).toEqual({ a: { b: '2' } });
    expect(await form('a[b]=2&a=1')).toEqual({ a: '1' });
    expect(await form('a[]=1&a[b]=2&a[]=3')).toEqual({ a: ['3'] });
    expect(await form('[]=1&[a]=2&a[=3&a]=4&a[[b]]=5&=6')).toEqual({ 'a[': '3', 'a]': '4' });
  });
});

describe('what counts', () => {
  test('of a plain name the last wins, and the body beats the query', async () => {
    expect(await form('limit=1&limit=2')).toEqual({ limit: '2' });
    const request = post('{"a":"body"}', 'application/json', '?a=query&b=query');
    expect(plain(await readBody(request))).toEqual({ a: 'body', b: 'query' });
  });
  test('an empty JSON body is an empty object, also for GET with a type', async () => {
    expect(await json('')).toEqual({});
    expect(await json('  ')).toEqual({});
    const get = new Request('http://localhost/x?a=1', {
      headers: { 'content-type': 'application/json' },
    });
    expect(plain(await readBody(get))).toEqual({ a: '1' });
  });
  test('a caption that looks like JSON stays text', async () => {
    const parts = new FormData();
    parts.append('status', '{"x":1}');
    expect(plain(await readBody(post(parts)))).toEqual({ status: '{"x":1}' });
  });
  test('plus is a space, broken escapes stay as they were typed', async () => {
    expect(await form('a=one+two&b=100%&c=%ff&d=%E2%9C%93')).toEqual({
      a: 'one two',
      b: '100%',
      c: '%ff',
      d: '✓',
    });
  });
  test('a body may be asked for twice', async () => {
    const request = post('a=1', FORM);
    expect(await readBody(request)).toBe(await readBody(request));
  });
});

describe('what is refused', () => {
  test('bad JSON, lists and bare values are one clear sentence', async () => {
    for (const text of ['{', '{"a":}', '[1]', '"text"', '1', 'null']) {
      expect(await kindOf(readBody(post(text, 'application/json')))).toBe('bad_request');
    }
  });
  test('T75: JSON that is sent as text/plain is not read', async () => {
    expect(await kindOf(readBody(post('{"a":1}', 'text/plain')))).toBe('unsupported_type');
    expect(await kindOf(readBody(post(new Uint8Array([123, 125]))))).toBe('unsupported_type');
  });
  test('more than a megabyte, announced or not', async () => {
    const large = 'a'.repeat(1_000_001);
    expect(await kindOf(readBody(post(large, FORM)))).toBe('too_large');
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 100_000;
        controller.enqueue(new Uint8Array(100_000));
      },
    });
    expect(await kindOf(readBody(post(endless, FORM)))).toBe('too_large');
    expect(sent).toBeLessThan(2_000_000);
  });
  test('too many fields, too deep names, too deep and too full JSON', async () => {
    const fields = Array.from({ length: 1001 }, (_, index) => `a[]=${index}`).join('&');
    expect(await kindOf(readBody(post(fields, FORM)))).toBe('bad_request');
    expect(await kindOf(readBody(post(`a${'[b]'.repeat(9)}=1`, FORM)))).toBe('bad_request');
    const deep = '['.repeat(40) + ']'.repeat(40);
    expect(await kindOf(readBody(post(`{"a":${deep}}`, 'application/json')))).toBe('bad_request');
    const full = `{"a":[${'1,'.repeat(20_001)}1]}`;
    expect(await kindOf(readBody(post(full, 'application/json')))).toBe('bad_request');
  });
  test('brackets and commas inside JSON strings are text', async () => {
    const caption = `${'['.repeat(100)}${','.repeat(30_000)}\\"`;
    const text = JSON.stringify({ caption });
    expect(await json(text)).toEqual({ caption });
  });
  test('T67: a multipart body of very many parts ends early', async () => {
    const part = '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n';
    const body = `${part.repeat(5000)}--b--\r\n`;
    const request = post(body, 'multipart/form-data; boundary=b');
    expect(await kindOf(readBody(request))).toBe('bad_request');
  });
  test('broken multipart bodies are refused, not waited for', async () => {
    for (const [body, type] of [
      ['nothing', 'multipart/form-data'],
      [
        '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n1',
        'multipart/form-data; boundary=b',
      ],
      ['', 'multipart/form-data; boundary=b'],
      ['--b\r\n\r\n\r\n--b--', 'multipart/form-data; boundary=b'],
    ] as const) {
      const kind = await kindOf(readBody(post(body, type)));
      expect(['bad_request', 'none']).toContain(kind);
    }
  });
  test('T123: a body that trickles is given up', async () => {
    const { readBytes } = await import('#doors/http/read-bytes.ts');
    const slow = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await Bun.sleep(20);
        controller.enqueue(new Uint8Array(1));
      },
    });
    expect(await kindOf(readBytes(post(slow), 1_000_000, 100))).toBe('bad_request');
  });
});

describe('T78: names that mean something to JavaScript', () => {
  const names = ['__proto__', 'constructor', 'prototype'];
  test('never become keys, in any notation', async () => {
    for (const name of names) {
      for (const text of [`${name}=1`, `${name}[x]=1`, `a[${name}]=1`, `a[${name}][polluted]=1`]) {
        const input = await readBody(post(text, FORM));
        expect(JSON.stringify(input)).not.toContain(name);
      }
      const input = await readBody(
        post(`{"${name}":{"polluted":1},"a":{"${name}":{"polluted":1}}}`, 'application/json'),
      );
      expect(JSON.stringify(input)).toBe('{"a":{}}');
    }
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
  test('input has no prototype at any depth', async () => {
    const input = await readBody(post('{"a":{"b":{}}}', 'application/json'));
    expect(Object.getPrototypeOf(input)).toBeNull();
    expect(Object.getPrototypeOf(input.a)).toBeNull();
    expect('toString' in input).toBe(false);
  });
});
