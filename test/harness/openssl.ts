/** Certificates for tests, good for a day, by Debian's `openssl`: `<name>.pem` and `<name>.key` in `folder`. */
export async function makeAuthority(folder: string): Promise<void> {
  const ca = ['-subj', '/CN=Test authority', '-addext', 'basicConstraints=critical,CA:TRUE'];
  await openssl(folder, [...fresh, ...ca, ...out('ca')]);
}

/** A certificate of the authority of `makeAuthority` for names and addresses (`DNS:a.test`, `IP:127.0.0.1`). */
export async function makeLeaf(folder: string, name: string, says: string[]): Promise<void> {
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${says.join(',')}`];
  const leaf = ['-addext', 'basicConstraints=critical,CA:FALSE'];
  const issuer = ['-CA', 'ca.pem', '-CAkey', 'ca.key'];
  await openssl(folder, [...fresh, ...subject, ...leaf, ...issuer, ...out(name)]);
}

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const fresh = ['req', '-x509', ...curve, '-days', '1'];
const out = (name: string): string[] => ['-keyout', `${name}.key`, '-out', `${name}.pem`];

async function openssl(cwd: string, args: string[]): Promise<void> {
  const child = Bun.spawn(['openssl', ...args], { cwd, stdout: 'ignore', stderr: 'pipe' });
  const said = await new Response(child.stderr).text();
  if ((await child.exited) !== 0) throw new Error(`openssl ${args[0]}: ${said}`);
}
